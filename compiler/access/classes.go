package access

import "slices"

// classes finds one string for every way in which strings of a domain can match a list of patterns: it walks all
// patterns at once, a set of positions in each, over an alphabet of the characters that no pattern tells apart.
type classes struct {
	patterns []pattern
	domain   pattern
	limit    int // states; more are not looked at
	byState  bool
}

type classState struct {
	sets   []positions // of the patterns, the domain's last
	parent int
	char   rune
}

// find returns the strings, shortest first; exact is false where the limit did not suffice.
func (c classes) find() (found []string, exact bool) {
	all := append(slices.Clone(c.patterns), c.domain)
	alphabet := alphabetOf(all)
	states := []classState{{parent: -1}}
	for _, p := range all {
		states[0].sets = append(states[0].sets, p.start())
	}
	seen := map[string]bool{stateKey(states[0].sets): true}
	vectors := map[string]bool{}
	for i := 0; i < len(states); i++ {
		if c.domain.accepts(states[i].sets[len(c.patterns)]) {
			if v := c.vector(states[i].sets); !vectors[v] {
				vectors[v] = true
				found = append(found, spell(states, i))
			}
		}
		for _, char := range alphabet {
			next := c.step(all, states[i].sets, charIndex(char))
			if next == nil {
				continue
			}
			key := stateKey(next)
			if seen[key] {
				continue
			}
			if len(states) >= c.limit {
				return found, false
			}
			seen[key] = true
			states = append(states, classState{next, i, char})
		}
	}
	return found, true
}

// step is nil where the domain has no such string.
func (c classes) step(all []pattern, sets []positions, char uint) []positions {
	last := len(c.patterns)
	end := make(positions, len(sets[last]))
	all[last].step(sets[last], end, char)
	if end.dead() {
		return nil
	}
	next := make([]positions, len(all))
	for j, p := range c.patterns {
		next[j] = make(positions, len(sets[j]))
		p.step(sets[j], next[j], char)
	}
	next[last] = end
	return next
}

func (c classes) vector(sets []positions) string {
	if c.byState {
		return stateKey(sets[:len(c.patterns)])
	}
	v := make([]byte, len(c.patterns))
	for i, p := range c.patterns {
		if p.accepts(sets[i]) {
			v[i] = 1
		}
	}
	return string(v)
}

func spell(states []classState, i int) string {
	var text []rune
	for ; states[i].parent >= 0; i = states[i].parent {
		text = append(text, states[i].char)
	}
	slices.Reverse(text)
	return string(text)
}

func stateKey(sets []positions) string {
	var b []byte
	for _, s := range sets {
		for _, w := range s {
			for ; w >= 0x80; w >>= 7 {
				b = append(b, byte(w)|0x80)
			}
			b = append(b, byte(w))
		}
	}
	return string(b)
}

// alphabetOf gives one character of each kind that the patterns tell apart, a readable one where there is one.
func alphabetOf(patterns []pattern) []rune {
	var sets []charset
	for _, p := range patterns {
		for _, t := range p {
			if !slices.Contains(sets, t.set) {
				sets = append(sets, t.set)
			}
		}
	}
	const nice = "xyzabcdefghijklmnopqrstuvw0123456789XABCDEFGHIJKLMNOPQRSTUVWYZ-_./:@=+, "
	order := []rune(nice)
	for c := rune(0x20); c <= 0xff; c++ {
		if c < 0x7f || c > 0xa0 {
			order = append(order, c)
		}
	}
	order = append(order, 'Ā') // the first beyond Latin-1
	var alphabet []rune
	signatures := map[string]bool{}
	for _, c := range order {
		s := make([]byte, len(sets))
		for i := range sets {
			if sets[i].has(charIndex(c)) {
				s[i] = 1
			}
		}
		if key := string(s); !signatures[key] {
			signatures[key] = true
			alphabet = append(alphabet, c)
		}
	}
	return alphabet
}

// representatives gives the literals and one more string for every way of matching the patterns without being a literal;
// per is how many of each such.
func representatives(domain pattern, literals []string, patterns []pattern, per, limit int) (list []string, exact bool) {
	patterns = slices.Clone(patterns)
	taken := map[string]bool{}
	for _, l := range literals {
		if domain.match(l) && !taken[l] {
			taken[l] = true
			list = append(list, l)
		}
	}
	exact = true
	for range per {
		found, ok := freshStrings(domain, &patterns, taken, limit)
		exact = exact && ok
		for _, f := range found {
			taken[f] = true
			list = append(list, f)
		}
	}
	return list, exact
}

// freshStrings finds the classes' strings that are not taken. Where one is, it becomes a pattern of its own, and the
// classes are looked for again.
func freshStrings(domain pattern, patterns *[]pattern, taken map[string]bool, limit int) (fresh []string, exact bool) {
	for {
		found, ok := classes{patterns: *patterns, domain: domain, limit: limit}.find()
		again := false
		fresh = fresh[:0]
		for _, f := range found {
			if !taken[f] {
				fresh = append(fresh, f)
				continue
			}
			if !slices.ContainsFunc(*patterns, func(p pattern) bool { l, lit := p.literal(); return lit && l == f }) {
				*patterns = append(*patterns, exactPattern(f))
				again = true
			}
		}
		if !again {
			return fresh, ok
		}
	}
}
