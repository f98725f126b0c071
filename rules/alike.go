package rules

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// twins keeps what the built-in rules found in targets, so that of those that differ in names alone only the first
// two are judged: the first is kept, and the second has to give the same in its own names. A run of many keys is mostly
// such targets. A user's own rules may do anything with a name, and judge every target.
type twins struct {
	texts [][]byte // of the built-in rules
	trust Trust

	reading sync.Once // when the run has more than a few targets
	shaper  *shaper

	mu   sync.Mutex
	seen int
	kept map[[32]byte]*example
}

func newTwins(all []*rule, libraries []library, trust Trust) *twins {
	a := &twins{trust: trust}
	for _, r := range all {
		if !r.user {
			a.texts = append(a.texts, r.text)
		}
	}
	for _, l := range libraries {
		a.texts = append(a.texts, l.text)
	}
	return a
}

// example is a target that stands for those of its shape.
type example struct {
	names    []string
	findings [][]finding // by the order in which its subjects were judged
	written  string      // all their texts
	proven   bool        // a second one gave the same
	differs  bool        // it did not: each is judged by itself
}

const (
	fewTargets = 4    // that are judged before shapes are looked for
	shapeLimit = 1024 // shapes that are kept
)

// shape gives a target its shape, once there are enough targets for it to be worth the while.
func (a *twins) shape(t Target) (shape, bool) {
	if t.Spec != nil && len(t.Spec.Expect) > 0 {
		return shape{}, false // what simulated requests get is of their names alone
	}
	a.mu.Lock()
	a.seen++
	enough := a.seen > fewTargets
	a.mu.Unlock()
	if !enough {
		return shape{}, false
	}
	a.reading.Do(func() { a.shaper = newShaper(a.texts, a.trust) })
	return a.shaper.of(t)
}

// replay gives the findings of a target of a shape that is proven, subject by subject; nil where it is to be judged.
func (a *twins) replay(sh shape) [][]finding {
	a.mu.Lock()
	e := a.kept[sh.sum]
	usable := e != nil && e.proven && !e.differs
	a.mu.Unlock()
	if !usable {
		return nil
	}
	return e.renamed(sh.names)
}

// keep takes in what was found in a target that was judged.
func (a *twins) keep(sh shape, made [][]finding) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e := a.kept[sh.sum]
	switch {
	case e == nil:
		if len(a.kept) >= shapeLimit || a.kept == nil {
			a.kept = map[[32]byte]*example{}
		}
		e = &example{names: sh.names, findings: made}
		for _, list := range made {
			for _, f := range list {
				f.eachText(func(text string) string { e.written += text + "\n"; return text })
			}
		}
		a.kept[sh.sum] = e
	case slices.Equal(e.names, sh.names): // the same again proves nothing
	default:
		mine := e.renamed(sh.names)
		if mine == nil {
			return
		}
		e.proven = true
		e.differs = e.differs || !reflect.DeepEqual(mine, made)
	}
}

// renamed are the example's findings with other names; nil where one of them stands in the findings for something else.
func (e *example) renamed(names []string) [][]finding {
	to := map[string]string{}
	for i, name := range e.names {
		to[name] = names[i]
		if name != names[i] && !slices.Contains(e.names, names[i]) && strings.Contains(e.written, names[i]) {
			return nil
		}
	}
	from := slices.SortedFunc(maps.Keys(to), func(a, b string) int { return len(b) - len(a) }) // the longest first
	all := make([][]finding, len(e.findings))
	for i, list := range e.findings {
		all[i] = slices.Clone(list)
		for j := range all[i] {
			all[i][j] = all[i][j].eachText(func(text string) string { return rename(text, from, to) })
		}
	}
	return all
}

// rename puts other names into a text, where a whole name stands.
func rename(text string, from []string, to map[string]string) string {
	var b strings.Builder
	start := 0
	for i := 0; i < len(text); {
		if i > 0 && isNameByte(text[i-1]) {
			i++
			continue
		}
		matched := ""
		for _, name := range from {
			if end := i + len(name); strings.HasPrefix(text[i:], name) && (end == len(text) || !isNameByte(text[end])) {
				matched = name
				break
			}
		}
		if matched == "" {
			i++
			continue
		}
		b.WriteString(text[start:i])
		b.WriteString(to[matched])
		i += len(matched)
		start = i
	}
	if start == 0 {
		return text
	}
	return b.String() + text[start:]
}

func isNameByte(b byte) bool { return isWordByte(b) || b == '_' || b == '-' }

// eachText is the finding with every text that a name may stand in put through change.
func (f finding) eachText(change func(string) string) finding {
	f.message, f.help = change(f.message), change(f.help)
	if f.witness != nil {
		w := diag.Witness{Principal: change(f.witness.Principal), Action: f.witness.Action}
		if f.witness.Context != nil {
			w.Context = map[string][]string{}
			for _, key := range slices.Sorted(maps.Keys(f.witness.Context)) {
				values := make([]string, len(f.witness.Context[key]))
				for i, value := range f.witness.Context[key] {
					values[i] = change(value)
				}
				w.Context[key] = values
			}
		}
		f.witness = &w
	}
	if f.related != nil {
		f.related = slices.Clone(f.related)
		for i := range f.related {
			f.related[i].message = change(f.related[i].message)
		}
	}
	return f
}
