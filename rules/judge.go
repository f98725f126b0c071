package rules

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Target is one document to be judged: a spec and the policies that it compiles to, one a Region, or a
// plain policy document.
type Target struct {
	Spec     *policy.Spec // nil for a plain policy document
	Policies []*policy.Policy
	Template bool // the document is a template: what its parameters will be is not known
}

// Judge runs every enabled rule that has something to judge in the target. The list is sorted.
func (s *Set) Judge(ctx context.Context, t Target) (diag.List, error) {
	j := s.judgement(ctx)
	s.warm(t)
	if t.Spec != nil && t.Spec.Root != nil {
		if err := j.spec(t.Spec, t.Policies, t.Template); err != nil {
			return nil, err
		}
	}
	for _, p := range t.Policies {
		if err := j.policy(p, t.Template); err != nil {
			return nil, err
		}
	}
	return j.done()
}

// warm begins to compile the groups that a target will ask, side by side.
func (s *Set) warm(t Target) {
	begin := func(subject Subject, has map[Need]bool) {
		for _, g := range s.groups[subject] {
			if g.wanted(has) && g.begun.CompareAndSwap(false, true) {
				go func() { _ = g.prepare() }() // whoever asks the group is told of its fault
			}
		}
	}
	if t.Spec != nil && t.Spec.Root != nil {
		begin(Spec, nil)
	}
	for _, p := range t.Policies {
		has := policyHas(p)
		begin(Policy, has)
		begin(Statement, has)
	}
}

// JudgeFiles runs the rules about all files of a run. whole says that it has read all that there are.
func (s *Set) JudgeFiles(ctx context.Context, files []FileSummary, whole bool) (diag.List, error) {
	j := s.judgement(ctx)
	if err := j.files(files, whole); err != nil {
		return nil, err
	}
	return j.done()
}

// JudgeSuppressions runs the rules about what suppresses findings, once it is known what each of them has suppressed.
func (s *Set) JudgeSuppressions(ctx context.Context, all []Suppression) (diag.List, error) {
	if len(all) == 0 {
		return nil, nil
	}
	j := s.judgement(ctx)
	if err := j.suppressions(all); err != nil {
		return nil, err
	}
	return j.done()
}

// judgement gathers the findings about one target.
type judgement struct {
	set   *Set
	ctx   context.Context
	list  diag.List
	told  map[told]int // by which subject a finding was made first
	said  map[said]bool
	asked int // subjects judged so far
}

// told identifies a finding: of two subjects that give the same one, only the first is told. Several
// statements may come from one entry of a spec, and several Regions from one spec.
type told struct {
	rule, reason string
	place        diag.Place
}

// said identifies a finding in its words: one subject tells it once too, though several of its paths lead to one place.
type said struct {
	told
	message string
}

func (s *Set) judgement(ctx context.Context) *judgement {
	return &judgement{set: s, ctx: ctx, told: map[told]int{}, said: map[said]bool{}}
}

func (j *judgement) done() (diag.List, error) {
	if err := j.ctx.Err(); err != nil {
		return nil, err
	}
	j.list.Sort()
	return j.list, nil
}

// subject is one thing judged: its input, and how a path in it leads to a place.
type subject struct {
	kind    Subject
	input   func() (*ast.Term, error)
	has     map[Need]bool
	resolve func(diag.Path) policy.Origin
	label   func(diag.Path) string // the statement's name, "" for none
}

func (j *judgement) spec(spec *policy.Spec, policies []*policy.Policy, template bool) error {
	if !j.set.judges(Spec) {
		return nil
	}
	return j.ask(subject{
		kind: Spec, input: ready(func() *ast.Term { return j.set.input.spec(spec, policies, template) }),
		resolve: spec.Map.Find,
		label:   func(diag.Path) string { return "" },
	})
}

func (j *judgement) policy(p *policy.Policy, template bool) error {
	m := sync.OnceValue(func() meaning { return j.set.input.meaning(p) })
	if j.set.judges(Policy) {
		err := j.ask(subject{
			kind: Policy, input: func() (*ast.Term, error) { return j.set.input.policy(p, m(), template) }, has: policyHas(p),
			resolve: p.Document.Map.Find,
			label:   func(path diag.Path) string { return labelAt(p.Document, path) },
		})
		if err != nil {
			return err
		}
	}
	if !j.set.judges(Statement) {
		return nil
	}
	for i := range p.Document.Statements {
		st := &p.Document.Statements[i]
		err := j.ask(subject{
			kind: Statement, input: func() (*ast.Term, error) { return j.set.input.statement(p, st, m(), template) }, has: statementHas(st),
			resolve: func(path diag.Path) policy.Origin { return p.Document.Map.Find(join(st.Path, path...)) },
			label:   func(diag.Path) string { return st.Label() },
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (j *judgement) files(all []FileSummary, whole bool) error {
	if !j.set.judges(Files) {
		return nil
	}
	return j.ask(subject{
		kind: Files, input: ready(func() *ast.Term { return j.set.input.files(all, whole) }),
		resolve: func(path diag.Path) policy.Origin { return findInFiles(all, path) },
		label:   func(diag.Path) string { return "" },
	})
}

func (j *judgement) suppressions(all []Suppression) error {
	if !j.set.judges(Suppressions) {
		return nil
	}
	return j.ask(subject{
		kind: Suppressions, input: ready(func() *ast.Term { return j.set.input.suppressions(all) }),
		resolve: func(path diag.Path) policy.Origin { return findInSuppressions(all, path) },
		label:   func(diag.Path) string { return "" },
	})
}

// labelAt names the statement that a path of a policy leads into.
func labelAt(doc *policy.Document, path diag.Path) string {
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if len(path) >= len(st.Path) && samePath(st.Path, path[:len(st.Path)]) {
			return st.Label()
		}
	}
	return ""
}

func samePath(a, b diag.Path) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// join appends without sharing the path's memory.
func join(path diag.Path, steps ...any) diag.Path {
	return append(append(make(diag.Path, 0, len(path)+len(steps)), path...), steps...)
}

// judges says whether there are enabled rules about a subject.
func (s *Set) judges(subject Subject) bool { return len(s.groups[subject]) > 0 }

// ready makes an input that cannot fail.
func ready(make func() *ast.Term) func() (*ast.Term, error) {
	return func() (*ast.Term, error) { return make(), nil }
}

// ask runs the groups that have something to judge in the subject and takes in their findings.
func (j *judgement) ask(s subject) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	j.asked++
	var input *ast.Term
	for _, g := range j.set.groups[s.kind] {
		if !g.wanted(s.has) {
			continue
		}
		if input == nil {
			var err error
			if input, err = s.input(); err != nil {
				return err
			}
		}
		findings, err := j.set.cache.findings(g, input, func() ([]finding, error) { return g.run(j.ctx, input) })
		if err != nil {
			return err
		}
		for _, f := range findings {
			if err := j.add(s, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// wanted says whether a subject has what the group's rules need.
func (g *group) wanted(has map[Need]bool) bool {
	if g.subject != Policy && g.subject != Statement {
		return true
	}
	for _, n := range g.needs {
		if !has[n] {
			return false
		}
	}
	return true
}

func (j *judgement) add(s subject, f finding) error {
	r := j.set.rule(f.rule)
	severity, told := j.set.severity(r, f)
	if !told {
		return nil
	}
	origin := s.resolve(f.path)
	if !origin.Exact {
		return fmt.Errorf("%s: the path %s of a finding of %s leads to nothing in the %s", r.file, strconv.Quote(f.path.Pointer()), r.name, s.kind)
	}
	d := diag.Diagnostic{
		Rule: f.rule, Reason: f.reason, Category: r.category, Severity: severity, Message: f.message, Help: f.help,
		Place: origin.Value, Statement: s.label(f.path), Witness: f.witness, Related: diag.Copied(origin.Value, origin.Origins),
	}
	if f.atKey && !origin.Key.IsZero() {
		d.Place = origin.Key
	}
	if d.Place.IsZero() {
		return errorf("%s: the path %s of a finding has no place", r.file, strconv.Quote(f.path.Pointer()))
	}
	if j.repeated(d) {
		return nil
	}
	for _, other := range f.related {
		beside := s.resolve(other.path)
		if !beside.Exact && r.user { // a built-in one may mean what stands in a policy that is one string
			return fmt.Errorf("%s: the path %s beside a finding of %s leads to nothing in the %s", r.file, strconv.Quote(other.path.Pointer()), r.name, s.kind)
		}
		d.Related = append(d.Related, diag.Related{Place: beside.Value, Message: other.message})
	}
	if d.Help == "" {
		remedy, err := r.help()
		if err != nil {
			return err
		}
		d.Help = diag.Phrase(remedy)
	}
	j.list = append(j.list, d)
	return nil
}

// repeated says whether another subject, or this one in the same words, has told of it.
func (j *judgement) repeated(d diag.Diagnostic) bool {
	key := told{d.Rule, d.Reason, d.Place}
	first, ok := j.told[key]
	if !ok {
		j.told[key] = j.asked
		first = j.asked
	}
	words := said{key, d.Message}
	if first != j.asked || j.said[words] {
		return true
	}
	j.said[words] = true
	return false
}

// severity is a finding's severity; false where it is not told at all. Nothing lowers an error of the category lockout.
func (s *Set) severity(r *rule, f finding) (diag.Severity, bool) {
	severity := r.severity
	if f.severity != 0 {
		severity = f.severity
	}
	name, configured := s.opts.Severity[r.name]
	switch {
	case !configured && (!r.optional || s.opts.Only == r.name):
		return severity, true
	case r.category == lockout && severity == diag.Error:
		return severity, true
	case !configured || name == Off:
		return 0, false
	default:
		configuredSeverity, _ := diag.ParseSeverity(name) // Load has looked
		return configuredSeverity, true
	}
}
