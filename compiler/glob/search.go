package glob

import "slices"

// Meter counts the steps that searches take. Allowance is what one of several searches may use before it ends with what it
// has, in steps and in bytes. Take may end the search by a panic that its owner recovers.
type Meter interface {
	Take(steps int)
	Allowance() (steps, bytes int)
}

// Search finds one string for every way in which strings of a domain can match a list of patterns: it walks all
// patterns at once, a set of positions in each, over an alphabet of the characters that no pattern distinguishes.
type Search struct {
	Limit   int // states; more are not looked at
	Meter   Meter
	Starts  []Positions // where each pattern starts, nil for the beginning
	Groups  []int       // of each pattern, nil where each is its own: see find
	Grouped bool        // each for itself, they were too many
	Unnamed bool        // no pattern needs a string of its own
	Named   []string    // strings that patterns have already
	ByState bool

	Domain   Pattern
	Patterns []Pattern
}

// Representatives gives the literals and one more string for every way of matching the patterns without being a literal;
// per is how many of each such.
func (c Search) Representatives(domain Pattern, literals []string, patterns []Pattern, per int) (list []string, exact bool) {
	c.Domain, c.Patterns = domain, slices.Clone(patterns)
	c.Starts, c.Groups = slices.Clone(c.Starts), slices.Clone(c.Groups)
	taken := map[string]bool{}
	for _, l := range literals {
		if domain.Match(l) && !taken[l] {
			taken[l] = true
			list = append(list, l)
		}
	}
	exact = true
	for range per {
		found, ok := c.fresh(taken)
		exact = exact && ok
		for _, f := range found {
			taken[f] = true
			list = append(list, f)
		}
	}
	return list, exact
}

// fresh finds the classes' strings that are not taken. Where one is, it becomes a pattern of its own, and the classes are
// looked for again.
func (c *Search) fresh(taken map[string]bool) (fresh []string, exact bool) {
	if len(c.Patterns) == 0 {
		if text := shortest(c.Domain); !taken[text] {
			return []string{text}, true
		}
	}
	for {
		found, ok := c.TellApart()
		again := false
		fresh = fresh[:0]
		for _, f := range found {
			if !taken[f] {
				fresh = append(fresh, f)
				continue
			}
			if !slices.ContainsFunc(c.Patterns, func(p Pattern) bool { l, lit := p.Literal(); return lit && l == f }) {
				c.Add(Exact(f))
				again = true
			}
		}
		if !again {
			return fresh, ok
		}
	}
}

// Add takes in one more pattern, in a group of its own.
func (c *Search) Add(p Pattern) {
	if c.Groups != nil {
		c.Groups = append(c.Groups, -len(c.Patterns)-1)
	}
	if c.Starts != nil {
		c.Starts = append(c.Starts, nil)
	}
	c.Patterns = append(c.Patterns, p)
}

// TellApart finds the classes by which of the patterns match; where these are too many and the patterns are in groups, by
// which of the groups do, and beside them a string that each pattern matches, so that each of them is somebody's.
func (c *Search) TellApart() (found []string, exact bool) {
	single := *c
	single.Groups = nil
	if c.Groups == nil {
		return single.find()
	}
	single.Limit = c.Limit / 2
	if !c.Grouped && len(c.Patterns) <= maxAlone {
		if found, exact = single.find(); exact {
			return found, true
		}
	}
	c.Grouped = true
	found, exact = c.find()
	if c.Unnamed {
		return found, exact
	}
	named := slices.Concat(c.Named, found)
	for i, p := range c.Patterns {
		one := Search{Limit: c.Limit, Meter: c.Meter, Domain: c.Domain, Patterns: []Pattern{p}}
		if c.Starts != nil {
			one.Starts = []Positions{c.Starts[i]}
		}
		c.Meter.Take(StepPattern * StepPattern * len(named))
		if slices.ContainsFunc(named, one.matches) {
			continue
		}
		strings, _ := one.find()
		for _, text := range strings {
			if one.matches(text) && !slices.Contains(found, text) {
				found = append(found, text)
			}
		}
	}
	return found, exact
}

// StepPattern is the steps that it takes to match a pattern, a character.
const StepPattern = 8

// maxAlone is how many patterns are tried one by one before they are taken by groups.
const maxAlone = 32

// matches holds a text against the one pattern.
func (c *Search) matches(text string) bool {
	p := c.Patterns[0]
	from := p.Start()
	if c.Starts != nil && c.Starts[0] != nil {
		from = slices.Clone(c.Starts[0])
	}
	return p.accepts(p.Run(from, text))
}
