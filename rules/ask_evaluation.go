package rules

import (
	"context"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// evaluation gathers the findings about one target.
type evaluation struct {
	set      *Set
	ready    *programs // of the rules that may be due
	subjects []subject // for which rules are due
	list     diag.List
	policies int                // of the target, so far
	regions  []string           // of the target's policies, each once
	first    map[findingKey]int // by which subject a finding was made first
	reported map[messageKey]bool
	asked    int             // subjects asked about so far
	stopped  map[string]bool // rules that took too long, and are not asked about the target any more
}

// findingKey identifies a fault of a spec, or of one policy: where two of its statements give the same one, only the first is reported,
// as one entry of a spec's list becomes part of several statements. What a template brings in is at one place of the spec, so where the
// template has it counts too.
type findingKey struct {
	policy       int // 0 for a spec's, and for what is of no policy
	rule, reason string
	place        diag.Place
	written      string // where the template has it
}

// messageKey identifies a finding in its words, which are reported once, though several paths lead to one place, and a spec becomes the
// policies of several Regions.
type messageKey struct {
	rule, reason string
	place        diag.Place
	message      string
}

func (s *Set) evaluation(ready *programs) *evaluation {
	return &evaluation{set: s, ready: ready, first: map[findingKey]int{}, reported: map[messageKey]bool{}, stopped: map[string]bool{}}
}

// done asks the rules that are due, and gives all that they found.
func (ev *evaluation) done(ctx context.Context) (diag.List, error) {
	var due []*rule
	for _, s := range ev.subjects {
		due = append(due, s.due...)
		due = append(due, s.aware...)
	}
	if len(due) > 0 {
		p, err := ev.ready.with(due)
		if err != nil {
			return nil, err
		}
		for _, s := range ev.subjects {
			if err := ev.ask(ctx, p, s); err != nil {
				return nil, err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ev.list.Sort()
	return ev.list, nil
}

// add takes in a subject if rules are due for it.
func (ev *evaluation) add(s subject, has *found) {
	for _, r := range ev.set.asked[s.kind] {
		switch {
		case !ev.set.opts.AskAll && !r.when.meets(has):
		case r.holes && s.root != nil:
			s.aware = append(s.aware, r)
		default:
			s.due = append(s.due, r)
		}
	}
	if len(s.due)+len(s.aware) > 0 || ev.set.opts.AskAll {
		ev.subjects = append(ev.subjects, s)
	}
}

func unnamed(diag.Path) string { return "" }

// labelAt names the statement that a path of a policy leads into.
func labelAt(doc *policy.Document, path diag.Path) string {
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if len(path) >= len(st.Path) && slices.Equal(st.Path, path[:len(st.Path)]) {
			return st.Label()
		}
	}
	return ""
}
