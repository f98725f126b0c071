package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// star is the keys that are compared with one variable, and with no other.
// It is the second way of treating variables, for templates: `/team/${aws:PrincipalTag/team}/*` is more than an
// equality, and splitting by each value of the tag would need all prefixes of all keys. One variable that many
// keys are compared with has the shape of a star.
type star struct {
	root   string               // the variable, in lower case
	leaves map[string]*starLeaf // by key, in lower case
}

// starLeaf is a key that is compared with templates.
type starLeaf struct {
	templates []template
	own       []glob.Pattern // what its values are asked for beside
}

// maxTemplates bounds the patterns that templates add to one search.
const maxTemplates = 400

// starValues is how many values of the variable represent each way: a text and one that begins with it can differ.
const starValues = 3

// collect takes in what is asked of the key beside its templates; it is false where that cannot be distinguished from them.
func (l *starLeaf) collect(b *dimensionBuilder, m *model) bool {
	fold := slices.ContainsFunc(l.templates, func(t template) bool { return t.op.compare == compareFold })
	for _, c := range b.conds {
		for i := range c.values {
			switch p := c.values[i].pattern(); {
			case c.op.family == familyNull || c.values[i].bad:
			case c.op.family == familyBool:
				l.own = append(l.own, glob.Fold(c.values[i].text))
			case p != nil:
				l.own = append(l.own, p)
			}
		}
	}
	for _, t := range l.templates {
		for _, p := range t.pieces {
			if p.variable != "" && p.fallback != nil {
				l.own = append(l.own, t.resolve(*p.fallback))
			}
		}
	}
	if domain := m.domainOf(b.key); !slices.Equal(domain, glob.AnyText()) {
		l.own = append(l.own, domain)
	}
	return !fold || len(l.own) == 0 // the cases of a text would have to be followed together
}

// distinguished are what values of the variable are distinguished by: how far each pattern of a key has come after the text before
// the variable and a value of it, where what follows can go on from there.
// After the text before the variable, each pattern that is asked of the key is in some of its positions. The
// values of the variable are distinguished by which positions they lead to, among those from which the rest of the
// template can still be matched: the quotient of a regular language by another, in the words of automata.
func (st *star) distinguished(m *meter) (literals []string, patterns []glob.Pattern) {
	seen := map[string]bool{}
	add := func(p glob.Pattern) {
		text, literal := p.Literal()
		key := "=" + text
		if !literal {
			key = p.Key()
		}
		if seen[key] {
			return
		}
		seen[key] = true
		if literal {
			literals = append(literals, text)
		} else {
			patterns = append(patterns, p)
		}
	}
	for _, key := range sortedKeys(st.leaves) {
		l := st.leaves[key]
		for _, p := range l.own {
			from := p.Run(p.Start(), l.templates[0].before)
			for i := range len(p) + 1 {
				if from[i/64]&(1<<(i%64)) == 0 {
					continue
				}
				for j := i; j <= len(p); j++ {
					m.Take(glob.StepPattern * len(p))
					end := j
					if j < len(p) && p[j].Star {
						end++ // some of the run can be in the variable's value
					}
					if slices.ContainsFunc(l.templates, func(t template) bool { return glob.Intersect(p[j:], t.after) }) {
						add(slices.Clip(p[i:end]))
					}
				}
			}
		}
	}
	return literals, patterns
}

// longer are patterns, and for each that ends with a run, one of those texts of it that are not the shortest: what
// begins with the shortest may begin with nothing else.
func longer(patterns []glob.Pattern) []glob.Pattern {
	var list []glob.Pattern
	for _, p := range patterns {
		if list = append(list, p); len(p) > 0 && p[len(p)-1].Star {
			list = append(list, glob.Concat(p, []glob.Token{{Set: p[len(p)-1].Set}}))
		}
	}
	return list
}

// fill gives a leaf's builder the patterns that its templates are for the values that the variable has.
func (l *starLeaf) fill(b *dimensionBuilder, values []string) (exact bool) {
	exact = true
	seen := map[string]bool{}
	for _, v := range values {
		for _, t := range l.templates {
			p := t.resolve(v)
			if p == nil || seen[p.Key()] {
				continue
			}
			if seen[p.Key()] = true; len(seen) > maxTemplates {
				return false
			}
			text, literal := p.Literal()
			b.empty = b.empty || p.Match("")
			if literal {
				b.known = append(b.known, text)
			} else {
				b.splits = append(b.splits, p)
			}
		}
	}
	return exact
}
