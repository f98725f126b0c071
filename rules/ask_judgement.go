package rules

import (
	"context"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// judgement gathers the findings about one target.
type judgement struct {
	set      *Set
	ready    *programs // of the rules that may be due
	ctx      context.Context
	subjects []subject // for which rules are due
	list     diag.List
	policies int                // of the target, so far
	regions  []string           // of the target's policies, each once
	first    map[findingKey]int // by which subject a finding was made first
	said     map[said]bool
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

// said identifies a finding in its words, which are reported once, though several paths lead to one place, and a spec becomes the
// policies of several Regions.
type said struct {
	rule, reason string
	place        diag.Place
	message      string
}

func (s *Set) judgement(ctx context.Context, ready *programs) *judgement {
	return &judgement{set: s, ready: ready, ctx: ctx, first: map[findingKey]int{}, said: map[said]bool{}, stopped: map[string]bool{}}
}

// done asks the rules that are due, and gives all that they found.
func (j *judgement) done() (diag.List, error) {
	var due []*rule
	for _, s := range j.subjects {
		due = append(due, s.due...)
		due = append(due, s.aware...)
	}
	if len(due) > 0 {
		p, err := j.ready.with(due)
		if err != nil {
			return nil, err
		}
		for _, s := range j.subjects {
			if err := j.ask(p, s); err != nil {
				return nil, err
			}
		}
	}
	if err := j.ctx.Err(); err != nil {
		return nil, err
	}
	j.list.Sort()
	return j.list, nil
}

// add takes in a subject if rules are due for it.
func (j *judgement) add(s subject, has *found) {
	for _, r := range j.set.asked[s.kind] {
		switch {
		case !j.set.opts.AskAll && !r.when.meets(has):
		case r.holes && s.root != nil:
			s.aware = append(s.aware, r)
		default:
			s.due = append(s.due, r)
		}
	}
	if len(s.due)+len(s.aware) > 0 || j.set.opts.AskAll {
		j.subjects = append(j.subjects, s)
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

// join appends without sharing the path's memory.
func join(path diag.Path, steps ...any) diag.Path {
	return append(append(make(diag.Path, 0, len(path)+len(steps)), path...), steps...)
}
