package access

import (
	"cmp"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// report writes changes down by caller, action and contexts, and gives back the boxes that it is sure of.
func (d *differ) report(whole, list []boxes.Box, now, was Decision, classes [][]int) []boxes.Box {
	if len(list) == 0 {
		return nil
	}
	for _, class := range classes {
		d.reportClass(whole, list, now, was, class)
	}
	return list
}

// shownIn picks the callers of a class that represent themselves in a report: all that the policies name, and one for each
// kind that nothing names. All kinds of an account together are the account.
// Callers whom neither policy distinguishes change alike. A reader wants one line for them: those that the policies
// name by name, and for the rest the kind or the account.
func (d *differ) shownIn(class []int) map[int]subject {
	out := map[int]subject{}
	names := map[string]bool{}
	unnamed := map[string]map[callerKind]bool{} // by account
	for _, i := range class {
		if c := &d.s.callers[i]; d.s.isGeneric(c) || d.s.isGenericFederated(c) {
			if unnamed[c.account] == nil {
				unnamed[c.account] = map[callerKind]bool{}
			}
			unnamed[c.account][c.kind] = true
		}
	}
	for _, i := range class {
		c := &d.s.callers[i]
		sub := d.s.subjectOf(c)
		whole := len(unnamed[c.account]) == 3
		switch {
		case c.kind == callerRoot && !whole:
			sub = d.s.kindSubject(c)
		case (d.s.isGeneric(c) || d.s.isGenericFederated(c)) && whole:
			sub = d.s.accountSubject(c)
		case d.s.isGeneric(c) || d.s.isGenericFederated(c):
			sub = d.s.kindSubject(c)
		case d.s.isUnnamed(c) && !unnamed[c.account][c.kind]:
			sub = d.s.kindSubject(c)
		}
		if sub.pattern && d.takenIn(class, i, sub) {
			continue
		}
		if sub.shown && !names[sub.principal] {
			names[sub.principal] = true
			out[i] = sub
		}
	}
	if len(out) == 0 {
		out[class[0]] = d.s.kindSubject(&d.s.callers[class[0]])
	}
	return out
}

// takenIn reports whether a caller who is named by a pattern changes as others do whom a wider pattern names and who are of an
// account that nothing names: a line about these speaks for it.
func (d *differ) takenIn(class []int, callerAt int, sub subject) bool {
	c := &d.s.callers[callerAt]
	return slices.ContainsFunc(class, func(i int) bool {
		o := d.s.subjectOf(&d.s.callers[i])
		of, _ := scopeOf(o)
		return o.pattern && o != sub && !d.s.naming.accounts[d.s.callers[i].account] && of.takes(c)
	})
}

// of are the boxes that a caller of a class is in, and so are the others of the class.
func (d *differ) of(callerAt int, list []boxes.Box) []boxes.Box {
	d.s.meter.Take(len(list))
	var own []boxes.Box
	for _, b := range list {
		if b[dimCaller].Has(callerAt) {
			own = append(own, b)
		}
	}
	return own
}

func (d *differ) reportClass(whole, list []boxes.Box, now, was Decision, class []int) {
	first := class[0]
	everywhere := whole
	whole, list = d.of(first, whole), d.of(first, list)
	if len(list) == 0 {
		return
	}
	byKey := map[string][]int{}
	contexts := map[string][]projection{}
	for i := range d.s.actions {
		if !slices.ContainsFunc(list, func(b boxes.Box) bool { return b[dimAction].Has(i) }) {
			continue
		}
		found := d.s.contexts(whole, first, i)
		key := d.s.key(found)
		if d.s.actions[i].future {
			key = "future" + key
		}
		byKey[key] = append(byKey[key], i)
		contexts[key] = found
	}
	if len(byKey) == 0 {
		return
	}
	shown := d.shownIn(class)
	for _, key := range sortedKeys(byKey) {
		actions := byKey[key]
		for _, i := range class {
			sub, ok := shown[i]
			if !ok {
				continue
			}
			d.change(list, now, was, i, sub, actions, contexts[key], d.others(everywhere, i, actions[0]))
		}
	}
}

// others are the contexts, by caller, in which those change alike whom an entry about all of a kind speaks for too.
func (d *differ) others(whole []boxes.Box, callerAt, action int) map[int][]projection {
	c := &d.s.callers[callerAt]
	if !d.s.variesByCaller() || !d.s.isUnnamed(c) && !d.s.isGeneric(c) && !d.s.isGenericFederated(c) {
		return nil
	}
	out := map[int][]projection{}
	for _, i := range d.s.peersOf(callerAt, nil).callers {
		out[i] = d.s.contexts(whole, i, action)
	}
	return out
}

// A change without a request that both evaluators confirm is not reported: it is a doubt of the difference of
// boxes, and goes to what is not known.
func (d *differ) change(list []boxes.Box, now, was Decision, callerAt int, sub subject, actions []int, contexts []projection, others map[int][]projection) {
	ch := Change{Principal: sub.principal, Kind: sub.kind, Decision: now, Was: was, Conditions: d.s.describeFor(contexts, d.s.key(contexts), callerAt, actions[0], others)}
	set := boxes.NewSet(len(d.s.actions))
	named := map[string]bool{}
	for _, i := range actions {
		// Several classes of actions that AWS may add have one name: those that a pattern matches, with and without a second one.
		if name := d.s.actionName(d.s.actions[i]); !named[name] {
			named[name] = true
			ch.Actions = append(ch.Actions, name)
		}
		set.Add(i)
	}
	future := d.s.actions[actions[0]].future
	where := d.s.all().With(dimCaller, d.s.single(dimCaller, callerAt)).With(dimAction, set)
	var witness *request
	for _, b := range boxes.MeetAll(list, where) {
		if witness = d.s.witness(b, func(r *request) bool {
			return d.new.m.evaluate(r).decision == now && d.old.m.evaluate(r).decision == was || future
		}); witness != nil {
			break
		}
	}
	if witness == nil {
		d.unknown.add(ReasonBudget, "Whether "+sub.principal+" differs in "+ch.Actions[0]+" could not be confirmed.")
		d.may(now, was)
		d.out.May.Future = d.out.May.Future || d.s.actions[actions[0]].future
		return
	}
	ch.Witness = d.s.report(witness)
	ch.Conditions = ch.Conditions.limitedTo(d.limits(now, was, sub, witness), witness.caller.kind)
	switch {
	case future:
		d.out.Future = append(d.out.Future, ch)
		for _, i := range actions {
			if name := d.s.actions[i].written; name != "" {
				d.unknown.add(ReasonOpen, "The action "+name+" is not among those that keypolicy knows, so whether KMS has it is not known.")
			}
		}
	case decisionRank(now) > decisionRank(was):
		d.out.Added = append(d.out.Added, ch)
	default:
		d.out.Removed = append(d.out.Removed, ch)
	}
}

// mergeChanges joins changes that read the same, leaves out those of whom another speaks for, and sorts.
// A line about everybody covers root users and services that change alike, and a line about an account covers its
// root user: to print both would double what a reviewer reads.
func mergeChanges(list []Change) []Change {
	out := []Change{}
	alike := func(a, b Change) bool {
		return a.Decision == b.Decision && a.Was == b.Was && a.Conditions.same(b.Conditions)
	}
	for _, c := range list {
		at := slices.IndexFunc(out, func(o Change) bool { return o.Principal == c.Principal && o.Kind == c.Kind && alike(o, c) })
		if at < 0 {
			out = append(out, c)
			continue
		}
		out[at].Actions = append(out[at].Actions, c.Actions...)
		slices.Sort(out[at].Actions)
		out[at].Actions = slices.Compact(out[at].Actions)
	}
	all := slices.Clone(out)
	out = slices.DeleteFunc(out, func(c Change) bool {
		return slices.ContainsFunc(all, func(o Change) bool {
			covers := o.Kind == "anyone" && (c.Kind == "service" || c.Kind == "root_user") || o.Principal == c.Principal && c.Kind == "root_user" && o.Kind != c.Kind
			return covers && alike(o, c) && !slices.ContainsFunc(c.Actions, func(a string) bool { return !slices.Contains(o.Actions, a) })
		})
	})
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Decision, b.Decision), cmp.Compare(a.Was, b.Was),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Conditions.Text, b.Conditions.Text))
	})
	return out
}
