package keypolicy

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// changed are the statements that only one of two policies has. What both have, known or not, gives the same on both sides, so that
// whoever gains does so by a new Allow or a Deny that is gone, and whoever loses by the reverse.
type changed struct {
	gone, fresh *policy.Document
	known       bool // nothing else distinguishes the policies
}

func changedIn(was, now *spec.Compiled) changed {
	unread := func(w spec.World) bool { return w.Policy == nil }
	if was == now || slices.ContainsFunc(settled(was), unread) || slices.ContainsFunc(settled(now), unread) { // one side is not known
		return changed{}
	}
	old, next := was.Document, now.Document
	sameMore := (old.More == nil) == (next.More == nil) && (old.More == nil || old.More.ID() == next.More.ID())
	if len(old.Problems)+len(next.Problems) > 0 || !sameMore || versionOf(old) != versionOf(next) ||
		was.Key.Account != now.Key.Account || len(unset(was, now))+len(unset(now, was)) > 0 {
		return changed{}
	}
	return changed{gone: without(old, next), fresh: without(next, old), known: true}
}

// versionOf is equal for documents with the same Version, known or not, or with none.
func versionOf(d *policy.Document) string {
	if version := d.Root.Get("Version"); version != nil {
		return policy.Identity(version)
	}
	return ""
}

// without is a document with those of its statements that another does not have.
func without(d, other *policy.Document) *policy.Document {
	text := func(st *policy.Statement) string { return policy.Compact(st.Canonical(d.Partition())) }
	have := map[string]bool{}
	for i := range other.Statements {
		have[text(&other.Statements[i])] = true
	}
	statements := source.NewSequence(d.Root.Place)
	for i := range d.Statements {
		if st := &d.Statements[i]; !have[text(st)] {
			statements.Items = append(statements.Items, st.Node)
		}
	}
	root := source.NewMapping(d.Root.Place, source.NewMember("Statement", d.Root.Place, statements))
	if version := d.Root.Get("Version"); version != nil {
		root.Members = append(root.Members, source.NewMember("Version", d.Root.Place, version))
	}
	return policy.Read(root)
}

// allows reports whether all statements of a document are Allows.
func allows(d *policy.Document) bool {
	return !slices.ContainsFunc(d.Statements, func(st policy.Statement) bool { return st.Effect.Value != "Allow" || st.Effect.Parts != nil })
}

// sparesOutsiders reports whether nothing that changed can let in somebody from outside.
func (c changed) sparesOutsiders(env access.Env) bool {
	if !c.known || !allows(c.gone) || !allows(c.fresh) {
		return false
	}
	a := access.NewAnalysis(c.fresh, env)
	return len(a.External()) == 0 && a.Undecided(access.AskExternal) == ""
}

// sparesEditors reports whether nothing that changed can keep somebody from changing the policy.
func (c changed) sparesEditors(env access.Env) bool {
	return c.known && allows(c.gone) && allows(c.fresh) && access.NewAnalysis(c.gone, env).Lockout().Editors == access.EditorsNone
}
