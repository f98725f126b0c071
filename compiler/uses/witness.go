package uses

import "strings"

// mostWitnesses bounds how many ways are given in which a form meets a pattern.
const mostWitnesses = 4

// meeting is how a form is met by patterns. Two cases need no search: a pattern that begins with another letter than the form has no
// witness, and of a text without wildcards one reference has all that is not around it.
type meeting struct {
	form          []part
	examples      supposed
	only          string // the reference, where there is one
	before, after string // the texts around it
}

func newMeeting(form []part, examples supposed) meeting {
	m := meeting{form: form, examples: examples}
	for _, p := range form {
		switch {
		case p.name == "" && m.only == "":
			m.before += p.text
		case p.name == "":
			m.after += p.text
		case m.only != "":
			m.only = ""
			return m
		default:
			m.only = p.name
		}
	}
	return m
}

// steps are about those that the witnesses of a pattern take.
func (m meeting) steps(pattern string) int {
	n := 16
	if strings.ContainsAny(pattern, "*?") {
		for _, p := range m.form {
			n += (1 + len(p.text)) * len(pattern)
		}
	}
	return n
}

// witnesses are values for the references of the form with which it is a text that a pattern matches, where `*` and `?` are
// wildcards. What a wildcard leaves open is the example's.
func (m meeting) witnesses(pattern string) []map[string]string {
	switch {
	case len(m.form) > 0 && m.form[0].name == "" && beginsOtherwise(m.form[0].text, pattern):
		return nil
	case m.only != "" && !strings.ContainsAny(pattern, "*?"):
		rest, begins := strings.CutPrefix(pattern, m.before)
		value, ends := strings.CutSuffix(rest, m.after)
		if !begins || !ends || value == "" {
			return nil
		}
		return []map[string]string{{m.only: value}}
	}
	return searchWitnesses(m.form, pattern, m.examples)
}

func searchWitnesses(form []part, pattern string, examples supposed) []map[string]string {
	w := &witness{pattern: []rune(pattern), examples: examples}
	for _, p := range form {
		if p.name != "" {
			w.form = append(w.form, symbol{name: p.name})
		}
		for _, r := range p.text {
			w.form = append(w.form, symbol{r: r})
		}
	}
	w.seen = make([]bool, 2*(len(w.form)+1)*(len(w.pattern)+1))
	w.search(position{}, nil)
	return w.found
}

// beginsOtherwise reports whether a pattern begins, before its first wildcard, with another text than a literal one does, so that
// it matches nothing that begins so. Most values of a policy differ from a use's in their first letters.
func beginsOtherwise(literal, pattern string) bool {
	for i := range min(len(literal), len(pattern)) {
		if pattern[i] == '*' || pattern[i] == '?' {
			return false
		}
		if pattern[i] != literal[i] {
			return true
		}
	}
	return false
}

type symbol struct {
	r    rune
	name string // of a reference
}

// position is how far the search is in both; open says that the reference has some text already.
type position struct {
	form, pattern int
	open          bool
}

type witness struct {
	form     []symbol
	pattern  []rune
	examples supposed
	seen     []bool // the positions, by their number, from which nothing new is found
	found    []map[string]string
}

// piece is a text that a reference takes on the way.
type piece struct {
	name, text string
	before     *piece
}

func (w *witness) search(at position, taken *piece) {
	if len(w.found) >= mostWitnesses || w.seen[w.number(at)] {
		return
	}
	before := len(w.found)
	w.step(at, taken)
	if len(w.found) == before {
		w.seen[w.number(at)] = true
	}
}

// number is a position's own.
func (w *witness) number(at position) int {
	n := at.form*(len(w.pattern)+1) + at.pattern
	if at.open {
		return 2*n + 1
	}
	return 2 * n
}

func (w *witness) step(at position, taken *piece) {
	var next rune
	if at.pattern < len(w.pattern) {
		next = w.pattern[at.pattern]
	}
	if at.form == len(w.form) {
		switch {
		case at.pattern == len(w.pattern):
			w.found = append(w.found, taken.values())
		case next == '*':
			w.search(position{at.form, at.pattern + 1, false}, taken)
		}
		return
	}
	s := w.form[at.form]
	if s.name == "" {
		switch {
		case next == '*':
			w.search(position{at.form + 1, at.pattern, false}, taken)
			w.search(position{at.form, at.pattern + 1, false}, taken)
		case next == '?' || next == s.r && at.pattern < len(w.pattern):
			w.search(position{at.form + 1, at.pattern + 1, false}, taken)
		}
		return
	}
	take := func(text string, to position) { w.search(to, &piece{s.name, text, taken}) }
	switch {
	case at.pattern == len(w.pattern):
	case next == '*':
		if !at.open {
			take(w.examples[s.name], position{at.form + 1, at.pattern, false})
		} else {
			take("x", position{at.form + 1, at.pattern, false})
			take("", position{at.form, at.pattern + 1, true})
		}
	case next == '?':
		take("x", position{at.form, at.pattern + 1, true})
	default:
		take(string(next), position{at.form, at.pattern + 1, true})
	}
	if at.open {
		w.search(position{at.form + 1, at.pattern, false}, taken)
	}
}

// values are the texts of the references.
func (p *piece) values() map[string]string {
	values := map[string]string{}
	for ; p != nil; p = p.before {
		values[p.name] = p.text + values[p.name]
	}
	return values
}
