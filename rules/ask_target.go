package rules

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Target is one document to be judged: a spec and the policies that it compiles to, one a Region, or a
// plain policy document.
type Target struct {
	Spec     *spec.Document // nil for a plain policy document
	Policies []*policy.Policy
	Template bool // the document is a template: what its parameters will be is not known
}

// Judge asks every enabled rule that is due about the target. The list is sorted.
func (s *Set) Judge(ctx context.Context, t Target) (diag.List, error) {
	j := s.judgement(ctx, s.ready)
	j.target(t)
	return j.done()
}

func (j *judgement) target(t Target) {
	for _, p := range t.Policies {
		if !slices.Contains(j.regions, p.Key.Region) {
			j.regions = append(j.regions, p.Key.Region)
		}
	}
	if t.Spec != nil && t.Spec.Root != nil {
		j.spec(t.Spec, t.Policies, t.Template)
	}
	for _, p := range t.Policies {
		j.policy(p, t.Template)
	}
}

// JudgeFiles runs the rules about all files of a run. whole says that it has read all that there are.
func (s *Set) JudgeFiles(ctx context.Context, files []FileSummary, whole bool) (diag.List, error) {
	j := s.judgement(ctx, s.across)
	j.files(files, whole)
	return j.done()
}

// JudgeSuppressions runs the rules about what suppresses findings, once it is known what each of them has suppressed.
func (s *Set) JudgeSuppressions(ctx context.Context, all []Suppression) (diag.List, error) {
	if len(all) == 0 {
		return nil, nil
	}
	j := s.judgement(ctx, s.across)
	j.suppressions(all)
	return j.done()
}

// judgement gathers the findings about one target.
type judgement struct {
	set      *Set
	ready    *programs // of the rules that may be due
	ctx      context.Context
	subjects []subject // for which rules are due
	list     diag.List
	policies int          // of the target, so far
	regions  []string     // of the target's policies, each once
	told     map[told]int // by which subject a finding was made first
	said     map[said]bool
	asked    int             // subjects asked about so far
	stopped  map[string]bool // rules that took too long, and are not asked about the target any more
}

// told identifies a fault of a spec, or of one policy: where two of its statements give the same one, only the first is reported,
// as one entry of a spec's list becomes part of several statements. What a template brings in stands at one place of the spec, so where the
// template has it counts too.
type told struct {
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
	return &judgement{set: s, ready: ready, ctx: ctx, told: map[told]int{}, said: map[said]bool{}, stopped: map[string]bool{}}
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
}

// file is the file that the subject is of; "" where it is of several.
func (s subject) file() string {
	if s.kind == Files || s.kind == Suppressions {
		return ""
	}
	return s.resolve(diag.Path{}).Value.File
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

func (j *judgement) spec(s *spec.Document, policies []*policy.Policy, template bool) {
	j.add(subject{
		kind:    Spec,
		input:   func(p *plan) *ast.Term { return j.set.input.spec(s, policies, p.fields, template) },
		resolve: s.Find, label: unnamed,
		locate: func(path diag.Path) (policy.SourceMap, diag.Path) { return s.Map, path },
	}, &found{triggers: j.set.input.specTriggers(s)})
}

func (j *judgement) policy(p *policy.Policy, template bool) {
	j.policies++
	m := j.set.input.meaning(p)
	looks := []filled{{policy: p}} // at what the rules look: the policy as it is, or with what is not known filled in
	var root *source.Node
	if all := fill(p); all != nil {
		looks, root = all, p.Document.Symbolic()
	}
	var words []*strings.Replacer
	for _, look := range looks {
		words = append(words, look.words)
	}
	has, statements := j.set.input.policyTriggers(looks[0].policy, m)
	if root != nil {
		also, each := j.set.input.policyTriggers(p, m)
		has |= also
		for i := range statements {
			statements[i] |= each[i]
		}
	}
	inputs := func(of func(*policy.Policy, *plan) *ast.Term) (all []func(*plan) *ast.Term) {
		for _, look := range looks {
			all = append(all, func(asked *plan) *ast.Term { return of(look.policy, asked) })
		}
		return all
	}
	ofPolicy := func(p *policy.Policy, asked *plan) *ast.Term {
		return j.set.input.policy(p, m, asked.parts, asked.fields, template)
	}
	whole := inputs(ofPolicy)
	j.add(subject{
		kind:    Policy,
		policy:  j.policies,
		input:   whole[0],
		root:    root,
		as:      func(asked *plan) *ast.Term { return ofPolicy(p, asked) },
		others:  whole[1:],
		words:   words,
		resolve: p.Document.Map.Find,
		locate:  func(path diag.Path) (policy.SourceMap, diag.Path) { return p.Document.Map, path },
		label:   func(path diag.Path) string { return labelAt(p.Document, path) },
	}, &found{triggers: has, access: m.saysOfPolicy})
	for i := range p.Document.Statements {
		st := &p.Document.Statements[i]
		ofStatement := func(p *policy.Policy, asked *plan) *ast.Term {
			return j.set.input.statement(p, &p.Document.Statements[i], m, asked.parts, asked.fields, template)
		}
		one := inputs(ofStatement)
		j.add(subject{
			kind:    Statement,
			policy:  j.policies,
			input:   one[0],
			root:    root,
			as:      func(asked *plan) *ast.Term { return ofStatement(p, asked) },
			base:    st.Path,
			others:  one[1:],
			words:   words,
			resolve: func(path diag.Path) policy.Origin { return p.Document.Map.Find(join(st.Path, path...)) },
			locate: func(path diag.Path) (policy.SourceMap, diag.Path) {
				return p.Document.Map, join(st.Path, path...)
			},
			label: func(diag.Path) string { return st.Label() },
		}, &found{triggers: statements[i], access: func(name string) bool { return m.saysOfStatement(name, st.Index) }})
	}
}

func (j *judgement) files(all []FileSummary, whole bool) {
	groups := groupFiles(all, whole)
	j.add(subject{
		kind:    Files,
		input:   func(*plan) *ast.Term { return j.set.input.files(all, groups, whole) },
		resolve: func(path diag.Path) policy.Origin { return findInFiles(all, path) }, label: unnamed,
	}, &found{triggers: setIf("related_files", len(groups) > 0) | setIf("trust", j.set.input.given)})
}

func (j *judgement) suppressions(all []Suppression) {
	j.add(subject{
		kind:    Suppressions,
		input:   func(*plan) *ast.Term { return j.set.input.suppressions(all) },
		resolve: func(path diag.Path) policy.Origin { return findInSuppressions(all, path) }, label: unnamed,
	}, &found{triggers: allTriggers})
}

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

// ask asks the rules that are due about a subject, and takes in their findings.
func (j *judgement) ask(p *program, s subject) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	j.asked++
	filled, err := j.findings(p, s, s.due, s.input)
	if err != nil {
		return err
	}
	aware, err := j.findings(p, s, s.aware, s.as)
	if err != nil {
		return err
	}
	for _, f := range slices.Concat(filled, aware) {
		if f.stopped {
			if s.kind == Files || s.kind == Suppressions { // of no file
				return fmt.Errorf("%s: %s", j.set.rule(f.rule).File, f.message)
			}
			j.stopped[f.rule] = true
		}
		if err := j.take(s, f); err != nil {
			return err
		}
	}
	return nil
}

// findings are what some rules find in an input of a subject, and in its other fillings where they are asked with these.
func (j *judgement) findings(p *program, s subject, due []*rule, of func(*plan) *ast.Term) ([]finding, error) {
	due = slices.DeleteFunc(slices.Clone(due), func(r *rule) bool { return j.stopped[r.Name] })
	if len(due) == 0 {
		return nil, nil
	}
	asked := j.set.plan(due)
	found, err := p.ask(j.ctx, s.kind, s.file(), asked, of(asked))
	switch {
	case err != nil || s.root == nil:
		return found, err
	case due[0].holes:
		for i := range found {
			found[i].path = aboveHole(s.root, s.base, found[i].path)
		}
		return found, nil
	}
	return j.whatever(p, s, asked, found)
}

// whatever keeps the findings that hold whatever will stand in the place of what is not known, and point at what is written.
func (j *judgement) whatever(p *program, s subject, asked *plan, findings []finding) ([]finding, error) {
	answers := []answer{{findings, s.words[0]}}
	for i, other := range s.others {
		list, err := p.ask(j.ctx, s.kind, s.file(), asked, other(asked))
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer{list, s.words[i+1]})
	}
	for _, a := range answers {
		a.writePaths()
	}
	key := func(f finding) string {
		if j.set.rule(f.rule).Category == Lockout { // it points at what stands in the way, which may be what is not known
			return f.rule
		}
		return strings.Join([]string{f.rule, f.reason, f.path.Pointer(), strconv.FormatBool(f.atKey)}, "\x00")
	}
	severity := func(f finding) diag.Severity { return cmp.Or(f.severity, j.set.rule(f.rule).Severity) }
	takes := func(f finding) bool {
		return f.stopped || !isHoleAt(s.root, join(s.base, f.path...), f.atKey)
	}
	return inAll(answers, key, severity, takes), nil
}

func (j *judgement) take(s subject, f finding) error {
	r := j.set.rule(f.rule)
	severity, told := j.set.severity(r, f)
	if !told {
		return nil
	}
	origin := s.resolve(f.path)
	if !origin.Exact {
		return fmt.Errorf("%s: the path %s of a finding of %s leads to nothing in the %s", r.File, strconv.Quote(f.path.Pointer()), r.Name, s.kind)
	}
	d := diag.Diagnostic{
		Rule: f.rule, Reason: f.reason, Category: r.Category, Severity: severity, Message: f.message, Help: f.help,
		Place: origin.Value, Statement: s.label(f.path), Witness: f.witness, Related: diag.Copied(origin.Value, origin.Origins),
	}
	if f.atKey && !origin.Key.IsZero() {
		d.Place = origin.Key
	}
	if d.Place.IsZero() {
		return errorf("%s: the path %s of a finding has no place", r.File, strconv.Quote(f.path.Pointer()))
	}
	if j.repeated(d, s.policy, origin.Origins) {
		return nil
	}
	for _, other := range f.related {
		beside := s.resolve(other.path)
		if !beside.Exact && r.User { // a built-in one may mean what stands in a policy that is one string
			return fmt.Errorf("%s: the path %s beside a finding of %s leads to nothing in the %s", r.File, strconv.Quote(other.path.Pointer()), r.Name, s.kind)
		}
		d.Related = append(d.Related, diag.Related{Place: beside.Value, Message: other.message})
	}
	var err error
	if j.areOfOneRegion(f.edits) {
		d.Help = ""
	} else if d.Edits, err = j.edits(s, r, f); err != nil {
		return err
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

// areOfOneRegion says whether edits write the name of one of several Regions, which is wrong in the policies of the others.
func (j *judgement) areOfOneRegion(edits []edit) bool {
	return len(j.regions) > 1 && slices.ContainsFunc(edits, func(e edit) bool {
		text := fmt.Sprint(e.text, e.value, e.add)
		return slices.ContainsFunc(j.regions, func(region string) bool { return region != "" && strings.Contains(text, region) })
	})
}

// repeated says whether the spec or another statement of the same policy has reported it, or any subject in the same words.
// origins are where templates have it, the nearest first.
func (j *judgement) repeated(d diag.Diagnostic, policy int, origins []diag.Place) bool {
	key := told{policy: policy, rule: d.Rule, reason: d.Reason, place: d.Place}
	if len(origins) > 0 {
		o := origins[len(origins)-1]
		key.written = fmt.Sprintf("%s:%d:%d", o.File, o.Document, o.Range.Start.Offset)
	}
	whole := key
	whole.policy = 0
	first, ok := j.told[whole]
	if !ok {
		first, ok = j.told[key]
	}
	if !ok {
		j.told[key], first = j.asked, j.asked
	}
	words := said{rule: d.Rule, reason: d.Reason, place: d.Place, message: d.Message}
	known := j.said[words]
	j.said[words] = true // also where only another subject's words are reported: they are not news in another Region
	return first != j.asked || known
}

// severity is a finding's severity; false where it is not told at all. Nothing lowers an error of the category lockout.
func (s *Set) severity(r *rule, f finding) (diag.Severity, bool) {
	severity, on := s.ownSeverity(r, f)
	enforced := s.atLeast(r)
	return max(severity, enforced), on || enforced > 0
}

// ownSeverity is a finding's severity by the rule and the configuration, whatever is enforced.
func (s *Set) ownSeverity(r *rule, f finding) (diag.Severity, bool) {
	severity := r.Severity
	if f.severity != 0 {
		severity = f.severity
	}
	name, configured := s.configured(r)
	switch {
	case !configured && (r.Enabled || s.opts.Only == r.Name):
		return severity, true
	case r.Category == Lockout && severity == diag.Error:
		return severity, true
	case !configured || name == Off:
		return 0, false
	default:
		configuredSeverity, _ := diag.ParseSeverity(name) // Load has looked
		return configuredSeverity, true
	}
}
