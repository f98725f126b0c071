package keypolicy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
	"github.com/keypolicy/keypolicy/rules"
)

// undecided is the rule of what is not known before a run.
const undecided = "undecided"

// evaluateWorlds evaluates a document in each way in which the choices can be settled that its policy rests on. What is found in all of
// them is reported, and what is found in some is undecided.
func evaluateWorlds(ctx context.Context, set *rules.Set, d *compiler.Document) (diag.List, error) {
	if len(d.Policies) != 1 || d.Policies[0].Worlds == nil {
		return checkDocument(ctx, set, d)
	}
	worlds := d.Policies[0].Worlds()
	severity, reported := set.Severity(undecided)
	if len(worlds.List) == 0 {
		list, err := checkDocument(ctx, set, d)
		if err == nil && reported && !worlds.All {
			list = append(list, untried(d, severity))
			list.Sort()
		}
		return list, err
	}
	var w worldFindings
	for _, one := range worlds.List {
		found := one.Found
		if one.Policy != nil {
			settled := *d
			settled.Policies = []*spec.Compiled{one.Policy}
			evaluated, err := checkDocument(ctx, set, &settled)
			if err != nil {
				return nil, err
			}
			found = append(slices.Clone(found), evaluated...)
		}
		w.add(one, found)
	}
	if !worlds.All { // there are worlds that were not looked at: what is reported has to hold whatever the choices come to
		found, err := checkDocument(ctx, set, d)
		if err != nil {
			return nil, err
		}
		w.add(spec.World{Policy: d.Policies[0]}, found)
	}
	w.join()
	list := w.definiteFindings()
	if reported {
		list = append(list, w.undecided(severity)...)
	}
	if reported && !worlds.All {
		list = append(list, untried(d, severity))
	}
	list.Sort()
	return list, nil
}

// untried reports a policy whose choices were not settled in every way, so that it may have faults that were not looked for.
func untried(d *compiler.Document, severity diag.Severity) diag.Diagnostic {
	var choices []symbol.Choice
	if d.Carried != nil {
		choices = d.Carried.Choices
	}
	return diag.Diagnostic{
		Rule: undecided, Reason: "choices-untried", Category: "hygiene", Severity: severity, Place: d.Root.Place,
		Message: fmt.Sprintf("the policy depends on %s, not known before a run, in more combinations than are tried: in the others it may have other faults", refsOf(choices)),
		Help:    "give them values, or lint a plan, to have it checked",
	}
}

// worldFindings are the findings of each world, the same ones together.
type worldFindings struct {
	worlds []spec.World
	order  []findingKey
	found  map[findingKey]*worldFinding
}

// worldFinding is a finding with the worlds in which it is made.
type worldFinding struct {
	diag.Diagnostic
	in map[int]bool
}

func (w *worldFindings) add(one spec.World, found diag.List) {
	if w.found == nil {
		w.found = map[findingKey]*worldFinding{}
	}
	for _, d := range found {
		key := keyOf(d)
		have := w.found[key]
		if have == nil {
			have = &worldFinding{d, map[int]bool{}}
			w.found[key], w.order = have, append(w.order, key)
		}
		have.Severity = min(have.Severity, d.Severity)
		have.in[len(w.worlds)] = true
	}
	w.worlds = append(w.worlds, one)
}

// definite reports whether a finding is made in every world in which there is a policy. Where several resources may set it, a finding about
// what one of them says is kept if it is made in every world in which that one does.
func (w *worldFindings) definite(f *worldFinding) bool {
	missed := map[string]bool{}
	for i, one := range w.worlds {
		if !f.in[i] && one.Policy != nil {
			missed[one.By] = true
		}
	}
	if len(missed) == 0 {
		return true
	}
	if missed[""] || f.Rule == "compile" {
		return false
	}
	for i := range f.in {
		if !missed[w.worlds[i].By] {
			return true
		}
	}
	return false
}

func (w *worldFindings) definiteFindings() (list diag.List) {
	for _, key := range w.order {
		if f := w.found[key]; w.definite(f) {
			list = append(list, f.Diagnostic)
		}
	}
	return list
}

// join makes one finding of those of one rule and reason of which every world has one, each at another place.
func (w *worldFindings) join() {
	type fault struct{ rule, reason string }
	groups := map[fault][]findingKey{}
	for _, key := range w.order {
		if f := w.found[key]; f.Severity >= diag.Warning && f.Rule != undecided && !w.definite(f) {
			groups[fault{f.Rule, f.Reason}] = append(groups[fault{f.Rule, f.Reason}], key)
		}
	}
	for _, keys := range groups {
		first := w.found[keys[0]]
		all := worldFinding{first.Diagnostic, maps.Clone(first.in)}
		all.Related = slices.Clone(first.Related)
		for _, key := range keys[1:] {
			f := w.found[key]
			maps.Copy(all.in, f.in)
			all.Severity = min(all.Severity, f.Severity)
			all.Related = append(all.Related, diag.Related{Place: f.Place, Message: "or here, by " + refsOf(w.deciding(f)) + ": " + f.Message})
		}
		if !w.definite(&all) {
			continue
		}
		w.found[keys[0]] = &all
		for _, key := range keys[1:] {
			delete(w.found, key)
		}
		w.order = slices.DeleteFunc(w.order, func(key findingKey) bool { return w.found[key] == nil })
	}
}

// undecided are the findings that are made in some worlds only. What is found of one statement for the same choices is one.
func (w *worldFindings) undecided(severity diag.Severity) (list diag.List) {
	type group struct{ statement, refs string }
	at := map[group]int{}
	editors := false
	for _, key := range w.order {
		f := w.found[key]
		if w.definite(f) {
			continue
		}
		if f.Rule == undecided {
			if f.Reason != "editors" || !editors {
				list = append(list, f.Diagnostic)
			}
			editors = editors || f.Reason == "editors"
			continue
		}
		if f.Severity < diag.Warning {
			continue
		}
		choices := w.deciding(f)
		g := group{f.Statement, refsOf(choices)}
		if i, ok := at[g]; ok {
			list[i].Related = append(list[i].Related, diag.Related{Place: f.Place, Message: f.Message})
			list[i].StandsFor = append(list[i].StandsFor, f.Diagnostic)
			continue
		}
		at[g] = len(list)
		d := diag.Diagnostic{
			Rule: undecided, Reason: "choice", Category: "hygiene", Severity: severity, Place: f.Place, Statement: f.Statement,
			Message: fmt.Sprintf("whether this finding applies depends on %s, not known before a run: %s", g.refs, f.Message),
			Help:    "give it a value, or lint a plan, to have it checked", StandsFor: diag.List{f.Diagnostic},
		}
		for _, c := range choices {
			if c.Place != f.Place {
				d.Related = append(d.Related, diag.Related{Place: c.Place, Message: "it is decided here"})
			}
		}
		d.Related = append(d.Related, f.Related...)
		list = append(list, d)
	}
	return list
}

// deciding are the choices without which a finding would be made everywhere or nowhere, as far as the worlds show that; all
// of them where they do not.
func (w *worldFindings) deciding(f *worldFinding) []symbol.Choice {
	var list []symbol.Choice
	for i, one := range w.worlds {
		for at, a := range one.Assumed {
			if slices.ContainsFunc(list, func(c symbol.Choice) bool { return c.ID == a.Choice.ID }) {
				continue
			}
			for j, other := range w.worlds {
				if f.in[i] != f.in[j] && differOnlyAt(one.Assumed, other.Assumed, at) {
					list = append(list, a.Choice)
					break
				}
			}
		}
	}
	if len(list) == 0 && len(w.worlds) > 0 {
		for _, a := range w.worlds[0].Assumed {
			list = append(list, a.Choice)
		}
	}
	return list
}

func differOnlyAt(a, b []symbol.Assumption, at int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if (a[i].Option == b[i].Option) == (i == at) {
			return false
		}
	}
	return true
}

// mostRefs is how many references a finding names.
const mostRefs = 3

func refsOf(choices []symbol.Choice) string {
	var refs []string
	for _, c := range choices {
		if ref := "`" + c.Ref + "`"; !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	if len(refs) > mostRefs {
		return strings.Join(refs[:mostRefs], ", ") + " and others"
	}
	return strings.Join(refs, " and ")
}
