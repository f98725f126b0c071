package rules

import (
	"context"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Target is one document to be evaluated: a spec and the policies that it compiles to, one a Region, or a
// plain policy document.
type Target struct {
	Spec     *spec.Document // nil for a plain policy document
	Policies []*spec.Compiled
	Template bool // the document is a template: what its parameters will be is not known
}

// Evaluate asks every enabled rule that is due about the target. The list is sorted.
func (s *Set) Evaluate(ctx context.Context, t Target) (diag.List, error) {
	ev := s.evaluation(s.ready)
	ev.target(t)
	return ev.done(ctx)
}

func (ev *evaluation) target(t Target) {
	for _, p := range t.Policies {
		if !slices.Contains(ev.regions, p.Key.Region) {
			ev.regions = append(ev.regions, p.Key.Region)
		}
	}
	if t.Spec != nil && t.Spec.Root != nil {
		ev.spec(t.Spec, t.Policies, t.Template)
	}
	for _, p := range t.Policies {
		ev.policy(p, t.Template)
	}
}

// EvaluateFiles runs the rules about all files of a run. whole says that it has read all that there are.
func (s *Set) EvaluateFiles(ctx context.Context, files []FileSummary, whole bool) (diag.List, error) {
	ev := s.evaluation(s.across)
	ev.files(files, whole)
	return ev.done(ctx)
}

// EvaluateSuppressions runs the rules about what suppresses findings, once it is known what each of them has suppressed.
func (s *Set) EvaluateSuppressions(ctx context.Context, all []Suppression) (diag.List, error) {
	if len(all) == 0 {
		return nil, nil
	}
	ev := s.evaluation(s.across)
	ev.suppressions(all)
	return ev.done(ctx)
}

// subject is one thing that rules are asked about: its input, and how a path in it leads to a place.
type subject struct {
	kind    Subject
	policy  int // which of the target's policies it is or is of, from 1; 0 for none
	due     []*rule
	input   func(*plan) *ast.Term
	resolve func(diag.Path) policy.Origin
	locate  func(diag.Path) (policy.SourceMap, diag.Path) // the document and the path in it, to edit; nil where there is none
	label   func(diag.Path) string                        // the statement's name, "" for none

	aware  []*rule                 // that are due and see what is not known as it is
	as     func(*plan) *ast.Term   // the input for these
	root   *source.Node            // of a policy of which not all is known; nil of others
	base   diag.Path               // where the subject is in it
	others []func(*plan) *ast.Term // the input with other values for what is not known
	words  []*strings.Replacer     // how the user names them, by filling

	doubt func() access.ReasonKind // what would settle what is left to its principals; nil where it has none
}

// file is the file that the subject is of; "" where it is of several.
func (s subject) file() string {
	if s.kind == Files || s.kind == Suppressions {
		return ""
	}
	return s.resolve(diag.Path{}).Value.File
}

func (ev *evaluation) spec(s *spec.Document, policies []*spec.Compiled, template bool) {
	ev.add(subject{
		kind:    Spec,
		input:   func(p *plan) *ast.Term { return ev.set.input.spec(s, policies, p.fields, template) },
		resolve: s.Find, label: unnamed,
		locate: func(path diag.Path) (policy.SourceMap, diag.Path) { return s.Map, path },
	}, &found{triggers: ev.set.input.specTriggers(s)})
}

func (ev *evaluation) policy(p *spec.Compiled, template bool) {
	ev.policies++
	m := ev.set.input.meaning(p)
	looks := []filled{{policy: p}} // at what the rules look: the policy as it is, or with what is not known filled in
	var root *source.Node
	if all := fill(p); all != nil {
		looks, root = all, p.Document.Symbolic()
	}
	var words []*strings.Replacer
	for _, look := range looks {
		words = append(words, look.words)
	}
	has, statements := ev.set.input.policyTriggers(looks[0].policy, m)
	if root != nil {
		also, each := ev.set.input.policyTriggers(p, m)
		has |= also
		for i := range statements {
			statements[i] |= each[i]
		}
	}
	inputs := func(of func(*spec.Compiled, *plan) *ast.Term) (all []func(*plan) *ast.Term) {
		for _, look := range looks {
			all = append(all, func(asked *plan) *ast.Term { return of(look.policy, asked) })
		}
		return all
	}
	ofPolicy := func(p *spec.Compiled, asked *plan) *ast.Term {
		return ev.set.input.policy(p, m, asked, template)
	}
	whole := inputs(ofPolicy)
	all := make([]int, len(p.Document.Statements))
	for i := range all {
		all[i] = i
	}
	ev.add(subject{
		kind:    Policy,
		policy:  ev.policies,
		input:   whole[0],
		root:    root,
		as:      func(asked *plan) *ast.Term { return ofPolicy(p, asked) },
		others:  whole[1:],
		words:   words,
		doubt:   func() access.ReasonKind { return m.doubt(all...) },
		resolve: p.Document.Map.Find,
		locate:  func(path diag.Path) (policy.SourceMap, diag.Path) { return p.Document.Map, path },
		label:   func(path diag.Path) string { return labelAt(p.Document, path) },
	}, &found{triggers: has, access: m.saysOfPolicy})
	for i := range p.Document.Statements {
		st := &p.Document.Statements[i]
		ofStatement := func(p *spec.Compiled, asked *plan) *ast.Term {
			return ev.set.input.statement(p, &p.Document.Statements[i], m, asked, template)
		}
		one := inputs(ofStatement)
		ev.add(subject{
			kind:    Statement,
			policy:  ev.policies,
			input:   one[0],
			root:    root,
			as:      func(asked *plan) *ast.Term { return ofStatement(p, asked) },
			base:    st.Path,
			others:  one[1:],
			words:   words,
			doubt:   func() access.ReasonKind { return m.doubt(st.Index) },
			resolve: func(path diag.Path) policy.Origin { return p.Document.Map.Find(st.Path.Append(path...)) },
			locate: func(path diag.Path) (policy.SourceMap, diag.Path) {
				return p.Document.Map, st.Path.Append(path...)
			},
			label: func(diag.Path) string { return st.Label() },
		}, &found{triggers: statements[i], access: func(name string) bool { return m.saysOfStatement(name, st.Index) }})
	}
}

func (ev *evaluation) files(all []FileSummary, whole bool) {
	groups := groupFiles(all, whole)
	ev.add(subject{
		kind:    Files,
		input:   func(p *plan) *ast.Term { return ev.set.input.files(all, groups, whole, p.fields) },
		resolve: func(path diag.Path) policy.Origin { return findInFiles(all, path) }, label: unnamed,
	}, &found{triggers: setIf("related_files", len(groups) > 0) | setIf("trust", ev.set.input.given)})
}

func (ev *evaluation) suppressions(all []Suppression) {
	ev.add(subject{
		kind:    Suppressions,
		input:   func(*plan) *ast.Term { return ev.set.input.suppressions(all) },
		resolve: func(path diag.Path) policy.Origin { return findInSuppressions(all, path) }, label: unnamed,
	}, &found{triggers: allTriggers})
}
