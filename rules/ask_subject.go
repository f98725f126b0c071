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
)

// ask asks the rules that are due about a subject, and takes in their findings.
func (ev *evaluation) ask(ctx context.Context, p *program, s subject) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ev.asked++
	filled, err := ev.findings(ctx, p, s, s.due, s.input)
	if err != nil {
		return err
	}
	aware, err := ev.findings(ctx, p, s, s.aware, s.as)
	if err != nil {
		return err
	}
	for _, f := range slices.Concat(filled, aware) {
		if f.stopped {
			if s.kind == Files || s.kind == Suppressions { // of no file
				return fmt.Errorf("%s: %s", ev.set.rule(f.rule).File, f.message)
			}
			ev.stopped[f.rule] = true
		}
		if err := ev.take(s, f); err != nil {
			return err
		}
	}
	return nil
}

// findings are what some rules find in an input of a subject, and in its other fillings where they are asked with these.
func (ev *evaluation) findings(ctx context.Context, p *program, s subject, due []*rule, of func(*plan) *ast.Term) ([]finding, error) {
	due = slices.DeleteFunc(slices.Clone(due), func(r *rule) bool { return ev.stopped[r.Name] })
	if len(due) == 0 {
		return nil, nil
	}
	found, err := ev.found(printingOnce(ctx), p, s, ev.set.plan(due), of)
	if err != nil {
		return nil, err
	}
	return ev.exits(ctx, p, s, due, of, found)
}

// found are the findings of the rules of a plan.
func (ev *evaluation) found(ctx context.Context, p *program, s subject, asked *plan, of func(*plan) *ast.Term) ([]finding, error) {
	printing := ctx
	if s.root != nil && !asked.due[0].holes {
		printing = withWords(ctx, s.words[0])
	}
	found, err := p.ask(printing, s.kind, s.file(), asked, of(asked))
	switch {
	case err != nil || s.root == nil:
		return found, err
	case asked.due[0].holes:
		for i := range found {
			found[i].path = aboveHole(s.root, s.base, found[i].path)
		}
		return found, nil
	}
	return ev.whatever(ctx, p, s, asked, found)
}

// whatever keeps the findings that hold whatever is put in the place of what is not known. They point at what is written; those of
// a built-in rule about what the policy means may point at a reference.
func (ev *evaluation) whatever(ctx context.Context, p *program, s subject, asked *plan, findings []finding) ([]finding, error) {
	answers := []answer{{findings, s.words[0]}}
	for i, other := range s.others {
		list, err := p.ask(withWords(ctx, s.words[i+1]), s.kind, s.file(), asked, other(asked))
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer{list, s.words[i+1]})
	}
	for _, a := range answers {
		a.writePaths()
	}
	key := func(f finding) string {
		if ev.set.rule(f.rule).Category == Lockout { // it points at what is in the way, which may be what is not known
			return f.rule
		}
		return f.identity()
	}
	severity := func(f finding) diag.Severity { return cmp.Or(f.severity, ev.set.rule(f.rule).Severity) }
	points := func(f finding) bool {
		return f.stopped || !isHoleAt(s.root, s.base.Append(f.path...), f.atKey)
	}
	// What the policy means is worked out from the reference, and not from what is filled in, so it is reported there.
	refers := func(f finding) bool {
		r := ev.set.rule(f.rule)
		return !r.User && len(r.reads()) > 0 && !f.atKey && isText(s.root, s.base.Append(f.path...))
	}
	partly := func(f finding) bool {
		return ev.set.rule(f.rule).User && !f.atKey && partAt(s.root, s.base.Append(f.path...)) != nil
	}
	all := inAll(answers, key, severity, points, refers, partly)
	for i, f := range all {
		if !points(f) && partly(f) {
			all[i] = inPart(f, partAt(s.root, s.base.Append(f.path...)))
		}
	}
	return all, nil
}

func (ev *evaluation) take(s subject, f finding) error {
	r := ev.set.rule(f.rule)
	severity, on := ev.set.severity(r, f)
	if !on {
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
	if ev.repeated(r, d, s.policy, origin.Origins) {
		return nil
	}
	for _, other := range f.related {
		beside := s.resolve(other.path)
		if !beside.Exact && r.User { // a built-in one may mean what is in a policy that is one string
			return fmt.Errorf("%s: the path %s beside a finding of %s leads to nothing in the %s", r.File, strconv.Quote(other.path.Pointer()), r.Name, s.kind)
		}
		d.Related = append(d.Related, diag.Related{Place: beside.Value, Message: other.message})
	}
	for _, path := range f.among {
		one := s.resolve(path)
		if !one.Exact && r.User {
			return fmt.Errorf("%s: the path %s among those of a finding of %s leads to nothing in the %s", r.File, strconv.Quote(path.Pointer()), r.Name, s.kind)
		}
		if f.atKey && !one.Key.IsZero() {
			one.Value = one.Key
		}
		d.Among, d.Alike = append(d.Among, one.Value), f.alike
	}
	var err error
	if ev.areOfOneRegion(f.edits) {
		d.Help = ""
	} else if d.Edits, err = ev.edits(s, r, f); err != nil {
		return err
	}
	if d.Help == "" {
		remedy, err := r.help()
		if err != nil {
			return err
		}
		d.Help = diag.Phrase(remedy)
	}
	ev.list = append(ev.list, d)
	return nil
}

// areOfOneRegion reports whether edits write the name of one of several Regions, which is wrong in the policies of the others.
func (ev *evaluation) areOfOneRegion(edits []edit) bool {
	return len(ev.regions) > 1 && slices.ContainsFunc(edits, func(e edit) bool {
		text := fmt.Sprint(e.text, e.value, e.add)
		return slices.ContainsFunc(ev.regions, func(region string) bool { return region != "" && strings.Contains(text, region) })
	})
}

// repeated reports whether the spec or another statement of the same policy has reported it, or any subject in the same words.
// origins are where templates have it, the nearest first. An own rule may report different things of the statements that one entry of a
// list becomes part of, and is taken at its word.
func (ev *evaluation) repeated(r *rule, d diag.Diagnostic, policy int, origins []diag.Place) bool {
	key := findingKey{policy: policy, rule: d.Rule, reason: d.Reason, place: d.Place}
	if len(origins) > 0 {
		o := origins[len(origins)-1]
		key.written = fmt.Sprintf("%s:%d:%d", o.File, o.Document, o.Range.Start.Offset)
	}
	whole := key
	whole.policy = 0
	first, ok := ev.first[whole]
	if !ok {
		first, ok = ev.first[key]
	}
	if !ok {
		ev.first[key], first = ev.asked, ev.asked
	}
	words := messageKey{rule: d.Rule, reason: d.Reason, place: d.Place, message: d.Message}
	known := ev.reported[words]
	ev.reported[words] = true // also where only another subject's words are reported: they are not news in another Region
	return known || first != ev.asked && !r.User
}
