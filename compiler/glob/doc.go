// Package glob has the patterns that policies match texts with: * is any run of characters, ? exactly one, and there is no way to
// escape them.
//
// Match and MatchFold hold one text against one pattern. A Pattern is the same as a list of tokens, which can be more than a
// glob can say (a set of characters at each place), and Intersect reports whether two of them share a text.
//
// Search finds the classes of texts that a list of patterns distinguishes, with one text for each: it walks the automata of all
// patterns at once, over an alphabet with one character for each class of characters that no pattern distinguishes.
//
// The package knows nothing of AWS. What ARNs, actions and names look like, its callers say.
package glob
