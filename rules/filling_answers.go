package rules

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// answer is what the rules find in one filling.
type answer struct {
	list  []finding
	words *strings.Replacer
}

// writePaths gives the findings the paths of the policy: a field's name may have been filled in as well.
func (a answer) writePaths() {
	for i := range a.list {
		f := &a.list[i]
		f.path = a.written(f.path)
		f.related = slices.Clone(f.related)
		for j := range f.related {
			f.related[j].path = a.written(f.related[j].path)
		}
	}
}

func (a answer) written(path diag.Path) diag.Path {
	path = slices.Clone(path)
	for i, step := range path {
		if name, ok := step.(string); ok && strings.Contains(name, standIn) {
			path[i] = a.words.Replace(name)
		}
	}
	return path
}

// inAll are the findings that every filling has, in the user's words and as grave as the least of them. key says which are the
// same; of these the first one counts that the first of takes has no objection to, and where it objects to all of them, the next one.
func inAll(answers []answer, key func(finding) string, severity func(finding) diag.Severity, takes ...func(finding) bool) []finding {
	counts, least := map[string]int{}, map[string]diag.Severity{}
	for _, a := range answers {
		seen := map[string]bool{}
		for _, f := range a.list {
			k := key(f)
			if !seen[k] {
				seen[k] = true
				counts[k]++
			}
			if known, ok := least[k]; !ok || severity(f) < known {
				least[k] = severity(f)
			}
		}
	}
	var all []finding
	type origin struct{ takes, filling int }
	from := map[string]origin{} // what a finding is taken from: another one would report it again
	for way, takes := range takes {
		for at, a := range answers {
			for _, f := range a.list {
				k, here := key(f), origin{way, at}
				if first, taken := from[k]; counts[k] < len(answers) || taken && first != here || !takes(f) {
					continue
				}
				from[k] = here
				f.severity = least[k]
				all = append(all, a.said(f))
			}
		}
	}
	return all
}

// said is a finding in the user's words. It offers no edits: they were made for what was filled in.
func (a answer) said(f finding) finding {
	f.message, f.help, f.edits = a.words.Replace(f.message), a.words.Replace(f.help), nil
	for i := range f.related {
		f.related[i].message = a.words.Replace(f.related[i].message)
	}
	if f.witness != nil {
		w := *f.witness
		w.Principal = a.words.Replace(w.Principal)
		f.witness = &w
	}
	return f
}

// partAt is the text that a path leads to, where a part of it is written and another part is not known; else nil.
func partAt(root *source.Node, path diag.Path) symbol.Text {
	_, at := root.Resolve(path)
	if at == nil || at.Kind != source.Scalar || !slices.ContainsFunc(at.Parts, func(p symbol.Part) bool { return p.Hole == nil }) {
		return nil
	}
	return at.Parts
}

// inPart is what a user's rule finds, whatever is filled in, at a text of which a part is written. The key's own account, partition
// and Region are filled in as what they are, so it holds. Any other value may be one that the rule allows, and that no filling has: a rule
// can have a list of accounts, for example. So it is not known yet.
func inPart(f finding, text symbol.Text) finding {
	at := slices.IndexFunc(text, func(p symbol.Part) bool { return p.Hole != nil && p.Hole.Kind != symbol.Own })
	if at < 0 {
		return f
	}
	return unsure(f, "as it may depend on `"+text[at].Hole.String()+"`")
}
