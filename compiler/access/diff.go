package access

import (
	"cmp"
	"slices"
	"time"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Diff compares two policies in both directions. One that decides every request as the other does is equivalent to it.
// It is about decisions and not about text: reordered statements, merged lists and a statement that another one
// made superfluous do not differ, nor does a changed Sid. Two documents that are the same in all that
// decides are found equal without a space.
func Diff(oldDoc, newDoc *policy.Document, oldEnv, newEnv Env) *Difference {
	if sameKey(oldEnv, newEnv) && sameDocument(oldDoc, newDoc, cmp.Or(newEnv.Partition, "aws")) {
		return &Difference{Equivalent: true, Added: []Change{}, Removed: []Change{}, Future: []Change{}, Unknown: []Reason{}}
	}
	accounts := slices.Concat(possibleOwners(oldDoc), possibleOwners(newDoc))
	slices.Sort(accounts)
	accounts = slices.Compact(accounts)
	oldOwners, newOwners := owners(oldEnv, accounts), owners(newEnv, accounts)
	var out *Difference
	supposed := max(len(oldOwners), len(newOwners))
	for i := range min(supposed, maxOwners) {
		d := diffFor(oldDoc, newDoc, oldEnv, newEnv, oldOwners[min(i, len(oldOwners)-1)], newOwners[min(i, len(newOwners)-1)], min(supposed, maxOwners))
		if out == nil {
			out = d
		} else {
			out.fold(d)
		}
	}
	if supposed > maxOwners {
		out.Unknown = append(out.Unknown, Reason{Kind: ReasonNotYetKnown, Text: "The key's account is not known, and the policies name too many accounts to try each."})
		out.May = anything()
	}
	if knownOwner(oldEnv) == "" && knownOwner(newEnv) == "" && len(accounts) == 0 {
		for _, list := range [][]Change{out.Added, out.Removed, out.Future} {
			for i := range list {
				list[i].Principal = ownAccount(list[i].Principal)
			}
		}
	}
	out.Equivalent = out.Equivalent && len(out.Added) == 0 && len(out.Removed) == 0 && len(out.Unknown) == 0
	out.Remarks = boundaryRemarks(oldDoc, newDoc, knownOwner(oldEnv), knownOwner(newEnv))
	return out
}

// Equivalent reports whether two policies decide every request alike, for the actions that there are.
func Equivalent(oldDoc, newDoc *policy.Document, oldEnv, newEnv Env) (Answer, []Reason) {
	d := Diff(oldDoc, newDoc, oldEnv, newEnv)
	switch {
	case len(d.Added) > 0 || len(d.Removed) > 0:
		return No, d.Unknown
	case d.Equivalent:
		return Yes, nil
	}
	return Unknown, d.Unknown
}

// fold keeps what holds for either account of the key.
func (d *Difference) fold(o *Difference) {
	d.Equivalent = d.Equivalent && o.Equivalent
	keep := func(list, other []Change) []Change {
		out := []Change{}
		for _, c := range list {
			if slices.ContainsFunc(other, func(x Change) bool {
				return x.Principal == c.Principal && x.Decision == c.Decision && x.Was == c.Was && slices.Equal(x.Actions, c.Actions) && x.Conditions.same(c.Conditions)
			}) {
				out = append(out, c)
			}
		}
		if len(out) != len(list) || len(out) != len(other) {
			d.Unknown = append(d.Unknown, Reason{Kind: ReasonNotYetKnown, Text: "What differs depends on the key's account, which is not known."})
			d.May = anything()
		}
		return out
	}
	d.Added, d.Removed, d.Future = keep(d.Added, o.Added), keep(d.Removed, o.Removed), keep(d.Future, o.Future)
	d.May = d.May.or(o.May)
	all := reasons{}
	for _, r := range slices.Concat(d.Unknown, o.Unknown) {
		all.add(r.Kind, r.Text)
	}
	d.Unknown = all.list()
}

// differ compares two policies over their common dimensions.
type differ struct {
	s        *space
	old, new *compiledPolicy
	within   []boxes.Box // where a difference can be
	out      *Difference
	unknown  reasons
}

// diffFor supposes one account for the key on either side, one of several that share the budget.
// Both policies are in one space: a class is one for both only if neither distinguishes its members, so a box of one
// can be subtracted from a box of the other.
func diffFor(oldDoc, newDoc *policy.Document, oldEnv, newEnv Env, oldOwner, newOwner string, parts int) *Difference {
	oldModel, newModel := newModel(oldDoc, oldEnv, oldOwner), newModel(newDoc, newEnv, newOwner)
	env := commonEnv(oldEnv, newEnv)
	s := newSpace(env, env.Budget.meter(shareBuild, parts), newModel, oldModel)
	d := &differ{s: s, out: &Difference{Added: []Change{}, Removed: []Change{}, Future: []Change{}}, unknown: reasons{}}
	if s.spent {
		d.unknown.add(ReasonBudget, reasonBuild)
		d.out.May = anything()
	} else {
		d.new, d.old = s.policies[0], s.policies[1]
		s.meter = env.Budget.meter(shareCompare, parts)
		if !within(func() {
			d.within = d.apart(sameKey(oldEnv, newEnv) && oldOwner == newOwner)
			d.run()
		}) {
			d.unknown.add(ReasonBudget, reasonSearch)
			d.out.May = anything()
		}
	}
	for _, list := range []*[]Change{&d.out.Added, &d.out.Removed, &d.out.Future} {
		*list = mergeChanges(*list)
	}
	d.out.Unknown = d.unknown.list()
	d.out.Equivalent = len(d.out.Added) == 0 && len(d.out.Removed) == 0 && len(d.out.Unknown) == 0
	return d.out
}

// commonEnv is the new policy's environment with no more callers to look at.
// A date condition that has passed still differs from none: the comparison is about the policies, and a plan that
// is read next year has to say the same.
func commonEnv(oldEnv, newEnv Env) Env {
	env := newEnv
	env.TrustAccounts = slices.Concat(newEnv.TrustAccounts, oldEnv.TrustAccounts)
	env.Caller = ""
	env.Today = time.Time{} // a difference is one at any time
	return env
}

// decisionRank ranks decisions by what they let in: an implicit deny still lets grants in.
// A grant can allow what no policy does, and no grant can allow what a policy denies, so an implicit deny is the
// larger of the two.
// https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
func decisionRank(d Decision) int {
	return map[Decision]int{ExplicitDeny: 0, ImplicitDeny: 1, NeedsIdentityPolicy: 2, Allowed: 3}[d]
}

func (d *differ) run() {
	decisions := []Decision{ExplicitDeny, ImplicitDeny, NeedsIdentityPolicy, Allowed}
	classes := d.classes()
	for _, now := range decisions {
		for _, was := range decisions {
			if now != was {
				d.compare(now, was, classes)
			}
		}
	}
}

// What is sure is reported with a witness. Then the largest reading of both policies is compared: a request that
// may have changed and was not reported makes the answer "may", with the reasons. Where both are exact the
// readings are the same and it is done.
func (d *differ) compare(now, was Decision, classes [][]int) {
	whole, list := d.changed(now, was, repMust)
	reported := d.report(d.s.real(whole), list, now, was, classes)
	if d.new.exact && d.old.exact {
		return
	}
	_, possible := d.changed(now, was, classMay)
	sub, said := d.s.subtraction(), boxes.NewUnion(reported)
	unreported := func(among boxes.Box) bool {
		return slices.ContainsFunc(boxes.MeetAll(possible, among), func(b boxes.Box) bool { return !sub.Covers(said, b) })
	}
	d.out.May.Future = d.out.May.Future || unreported(d.futureActions())
	if unreported(d.knownActions()) {
		d.may(now, was)
		d.unknown.addAll(d.s.unknown)
		if len(d.s.unknown) == 0 {
			d.unknown.add(ReasonBudget, "Parts of the policies could not be compared.")
		}
		return
	}
	if _, sure := d.changed(now, was, classMust); len(d.subtract(reported, append(sure, d.futureActions()))) > 0 {
		d.unknown.addAll(d.s.unknown) // they may differ in fewer contexts than they are reported to
	}
}

// may says that there may be a change from one decision to another.
func (d *differ) may(now, was Decision) {
	if decisionRank(now) > decisionRank(was) {
		d.out.May.Add = true
	} else {
		d.out.May.Remove = true
	}
}

func (d *differ) futureActions() boxes.Box {
	return d.s.all().With(dimAction, d.s.actionsWhere(func(a action) bool { return a.future }))
}

func (d *differ) knownActions() boxes.Box {
	return d.s.all().With(dimAction, d.s.knownActions())
}

func (d *differ) classes() [][]int {
	index := map[string]int{}
	var out [][]int
	all := boxes.FullSet(len(d.s.callers))
	second := map[int]int{}
	for i, class := range d.s.callerClasses(d.old, all) {
		for _, c := range class {
			second[c] = i
		}
	}
	for i, class := range d.s.callerClasses(d.new, all) {
		for _, c := range class {
			key := formatNumber(float64(i)) + "/" + formatNumber(float64(second[c]))
			at, ok := index[key]
			if !ok {
				at = len(out)
				index[key] = at
				out = append(out, nil)
			}
			out[at] = append(out[at], c)
		}
	}
	return out
}
