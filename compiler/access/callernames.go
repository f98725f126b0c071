package access

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// pathChars may be in paths: the printable characters of ASCII, but for wildcards and the colon, with which an ARN could
// be read in two ways.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
const pathChars = nameChars + "/!\"#$%&'();<>[\\]^`{|}~"

// tailNames lists what can follow the prefix: the literals, a fresh name, and one of each way of matching the patterns.
// Names with and without a path are two domains, since a pattern without a slash can match both and a literal one
// of them. Most accounts of a policy ask for the same tails, so what is left of the patterns behind the prefix is
// the key of a memo.
func (s *callerSet) tailNames(prefix string, literals []string, patterns []glob.Pattern) []string {
	var list []string
	for _, l := range append(slices.Clone(literals), s.fresh) {
		if path, n := cutName(l); callerName.MatchString(n) && callerPath.MatchString(path) && !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	if len(patterns) == 0 {
		return list
	}
	search, key := s.after(prefix, patterns)
	search.Unnamed = !slices.Contains(append(slices.Clone(s.accounts), freshAccount(s.accounts)), strings.Split(prefix, ":")[4])
	key += strconv.FormatBool(search.Unnamed) + "\x00" + strings.Join(list, "\x00")
	if known, ok := s.tails[key]; ok {
		return known
	}
	var found []string
	for _, tail := range []glob.Pattern{glob.Concat(glob.OneOrMore(nameChars)), glob.Concat(glob.OneOrMore(pathChars), glob.Exact("/"), glob.OneOrMore(nameChars))} {
		found = append(found, s.find(search, tail, list)...)
		search.Named = found
	}
	s.tails[key] = found
	return found
}

// find gives the representatives of a search, and notes where they are not all.
// Names that are missing make whatever rests on all callers unknown, however many others are found. What a longer search then adds
// are more callers for a yes, and of those each pattern has one already. So once a search was too large, later ones end sooner.
func (s *callerSet) find(search glob.Search, domain glob.Pattern, literals []string) []string {
	if !s.exact {
		search.Limit /= s.afterInexact
	}
	found, exact := search.Representatives(domain, literals, search.Patterns, 1)
	s.exact = s.exact && exact
	return found
}

// after is the search for what follows a prefix: of each pattern, what is left of it, and the places where it starts then.
// Prefixes that leave the same have the same tails, which the key says.
// What a pattern still asks for after a prefix is a suffix of it and the set of positions in which it can be. Two
// accounts that leave the same suffixes and positions have the same names to distinguish.
func (s *callerSet) after(prefix string, patterns []glob.Pattern) (search glob.Search, key string) {
	patterns = slices.Clone(patterns)
	slices.SortStableFunc(patterns, func(a, b glob.Pattern) int { return cmp.Compare(s.group(a), s.group(b)) })
	search = s.classes
	var b strings.Builder
	for _, p := range patterns {
		s.classes.Meter.Take(glob.StepPattern * len(prefix))
		at := glob.Advance(p, prefix)
		first := at.First()
		if first < 0 {
			continue
		}
		left, start := p[first:], make(glob.Positions, (len(p)-first)/64+1)
		for i := first; i <= len(p); i++ {
			if at[i/64]&(1<<(i%64)) != 0 {
				start[(i-first)/64] |= 1 << ((i - first) % 64)
			}
		}
		if slices.Equal(start, left.Start()) {
			start = nil
		}
		search.Patterns, search.Starts = append(search.Patterns, left), append(search.Starts, start)
		search.Groups = append(search.Groups, s.group(p))
		fmt.Fprintf(&b, "%d %x|", s.identity(left), start)
	}
	return search, b.String()
}

// identity is a number that patterns have in common if they are the same.
func (s *callerSet) identity(p glob.Pattern) int {
	if len(p) == 0 {
		return 0
	}
	if id, ok := s.identities[&p[0]]; ok {
		return id
	}
	text := fmt.Sprint(p)
	id, ok := s.contents[text]
	if !ok {
		id = len(s.contents) + 1
		s.contents[text] = id
	}
	s.identities[&p[0]] = id
	return id
}

// group is the condition that a pattern is of; one that is of none is for itself.
// Patterns of one condition are alternatives, so which of them matches makes no difference: a class for "a* but
// not ab*" is needed only where they are of different conditions. That is what keeps a list of four hundred roles
// from having as many classes.
func (s *callerSet) group(p glob.Pattern) int {
	if len(p) > 0 {
		if g, ok := s.groups[&p[0]]; ok {
			return g
		}
		s.conds++
		s.groups[&p[0]] = s.conds
	}
	return s.conds
}

func cutName(tail string) (path, name string) {
	cut := strings.LastIndexByte(tail, '/') + 1
	return tail[:cut], tail[cut:]
}

func withoutSlash(p glob.Pattern) glob.Pattern {
	out := slices.Clone(p)
	for i := range out {
		out[i].Set = out[i].Set.Without('/')
	}
	return out
}

// literalTails are what the literal ARNs have after the prefix.
func (s *callerSet) literalTails(prefix string) []string {
	var list []string
	for _, a := range s.arns {
		if tail, ok := strings.CutPrefix(a, prefix); ok {
			list = append(list, tail)
		}
	}
	return list
}
