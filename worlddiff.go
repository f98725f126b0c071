package keypolicy

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// differ compares two policies that may rest on choices. What is so for some ways of settling these is not known.
func differ(was, now *spec.Compiled, before, after access.Env) *access.Difference {
	whole := access.Diff(was.Document, now.Document, before, after)
	unsetBefore, unsetAfter := unset(was, now), unset(now, was)
	// What is not known is equal on both sides where it is made of the same values, whatever these are.
	if whole.Equivalent && len(unsetBefore)+len(unsetAfter) == 0 || was.Worlds == nil && now.Worlds == nil {
		return whole
	}
	var list comparisons
	compare := func(a, b spec.World) {
		if !together(a.Assumed, b.Assumed) {
			return
		}
		one := comparison{assumed: union(a.Assumed, b.Assumed)}
		if a.Policy == nil || b.Policy == nil {
			one.difference = &access.Difference{
				Unknown: []access.Reason{yetUnknown("what differs where %s: a policy is not valid there", assumed(spec.World{Assumed: one.assumed}))}, May: mayAll(),
			}
		} else {
			one.difference = access.Diff(a.Policy.Document, b.Policy.Document, before, after)
		}
		list = append(list, one)
	}
	old, fresh := settled(was), settled(now)
	for _, a := range slices.Concat(old, unsetBefore) {
		for _, b := range fresh {
			compare(a, b)
		}
	}
	for _, b := range unsetAfter {
		for _, a := range slices.Concat(old, unsetBefore) {
			compare(a, b)
		}
	}
	if complete(was) && complete(now) && len(list) > 0 {
		return list.fold()
	}
	// What is so whatever is not known is kept; the ways that are tried say what else may be.
	if len(unsetBefore)+len(unsetAfter) > 0 {
		whole.Added, whole.Removed, whole.Future, whole.May = []access.Change{}, []access.Change{}, []access.Change{}, mayAll()
	}
	if tried := list.fold(); len(whole.Unknown) > 0 || tried != nil && len(unsetBefore)+len(unsetAfter) > 0 {
		whole.Equivalent = false
		if tried != nil {
			whole.Unknown = append(append(whole.Unknown, tried.Unknown...), onlyTried("added", tried.Added, whole.Added)...)
			whole.Unknown = append(whole.Unknown, onlyTried("removed", tried.Removed, whole.Removed)...)
		}
		whole.Unknown = sortedReasons(append(whole.Unknown, notAllTried()))
	}
	return whole
}

// onlyTried says what differs in all ways that were tried, and may not in others.
func onlyTried(what string, tried, sure []access.Change) (list []access.Reason) {
	for _, c := range tried {
		if !slices.ContainsFunc(sure, func(have access.Change) bool { return sameChange(have, c) }) {
			list = append(list, yetUnknown("%s: %s is %s in every combination of conditions that was tried.", c.Principal, few(c.Actions), what))
		}
	}
	return list
}

func mayAll() access.May { return access.May{Add: true, Remove: true, Future: true} }

func complete(p *spec.Compiled) bool { return p.Worlds == nil || p.Worlds().All }

// settled are a policy's worlds; one that rests on no choice is its own.
func settled(p *spec.Compiled) []spec.World {
	if list := worldsOf(p); len(list) > 0 {
		return list
	}
	return []spec.World{{Policy: p}}
}

// unset are the worlds in which a policy is KMS's default one and another policy may not be.
func unset(p, other *spec.Compiled) []spec.World {
	if p.Worlds == nil {
		return nil
	}
	var theirs []spec.World
	if other.Worlds != nil {
		theirs = other.Worlds().Unset
	}
	return slices.DeleteFunc(slices.Clone(p.Worlds().Unset), func(w spec.World) bool {
		return slices.ContainsFunc(theirs, func(o spec.World) bool {
			return w.Assumed[0].Choice.ID == o.Assumed[0].Choice.ID && w.Assumed[0].String() == o.Assumed[0].String()
		})
	})
}

// together reports whether two worlds agree on the choices that both rest on.
func together(a, b []symbol.Assumption) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Choice.ID == y.Choice.ID && x.Choice.Options[x.Option] != y.Choice.Options[y.Option] {
				return false
			}
		}
	}
	return true
}

func union(a, b []symbol.Assumption) []symbol.Assumption {
	all := slices.Clone(a)
	for _, y := range b {
		if !slices.ContainsFunc(all, func(x symbol.Assumption) bool { return x.Choice.ID == y.Choice.ID }) {
			all = append(all, y)
		}
	}
	return all
}

func assumes(all []symbol.Assumption, a symbol.Assumption) bool {
	return slices.ContainsFunc(all, func(b symbol.Assumption) bool {
		return a.Choice.ID == b.Choice.ID && a.Choice.Options[a.Option] == b.Choice.Options[b.Option]
	})
}

func sameChange(a, b access.Change) bool {
	return a.Principal == b.Principal && slices.Equal(a.Actions, b.Actions) && a.Decision == b.Decision && a.Was == b.Was && a.Conditions.Text == b.Conditions.Text
}
