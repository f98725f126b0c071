package access

import (
	"cmp"
	"slices"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Leftover says what an Allow statement leaves one of its principals, after its conditions and all Deny statements.
type Leftover struct {
	Taken
	Perhaps Taken      // what is taken away beside it, or is not
	Kind    ReasonKind // what would settle that: what is open in AWS's pages, or not yet known; "" where nothing is left open
	Outside *Leftover  // what is left to the principal's callers outside of the key's account, where it has others too
}

// Taken is what conditions and Deny statements take away of what a statement names.
type Taken struct {
	Denied  []string // actions that the principal can never do by the statement
	Bounded []string // of kms:CreateGrant and the like: the actions of which limited requests only are left
	Nothing bool     // all that the statement names is denied
}

// With is what is taken away for sure, with what perhaps is.
func (l Leftover) With() Taken {
	if l.Kind == "" {
		return l.Taken
	}
	return Taken{
		Denied: eitherName(l.Denied, l.Perhaps.Denied), Bounded: eitherName(l.Bounded, l.Perhaps.Bounded), Nothing: l.Nothing || l.Perhaps.Nothing,
	}
}

// IsOpen reports whether more may be taken away than is taken for sure.
func (l Leftover) IsOpen() bool {
	return len(l.Perhaps.Denied)+len(l.Perhaps.Bounded) > 0 || l.Perhaps.Nothing && !l.Nothing || l.Outside != nil && l.Outside.IsOpen()
}

// eitherName is what one of two lists has, sorted.
func eitherName(x, y []string) []string {
	all := union(x, y)
	slices.Sort(all)
	return all
}

// Leftovers gives for each statement, by index, what is left to each of its principals, by index. A statement has none
// where it is not an Allow, or where nothing can have been taken away from what it says.
func (a *Analysis) Leftovers() [][]Leftover { return a.leftovers.ask(a.findLeftovers) }

func (a *Analysis) findLeftovers() [][]Leftover {
	var out [][]Leftover
	unknown := func() [][]Leftover { return make([][]Leftover, len(a.doc.Statements)) } // nothing is taken away for sure
	ask := func(v assumption) (list [][]Leftover) {
		v.s.fromToday(func() { list = v.s.leftovers(v.r) })
		return list
	}
	for i, list := range answers(a, AskLeftovers, shareLeftovers, ask, unknown) {
		if i == 0 {
			out = list
			continue
		}
		for at := range out {
			out[at] = foldLeftovers(out[at], list[at])
		}
	}
	return out
}

// foldLeftovers keeps what is taken away whatever the key's account is.
func foldLeftovers(a, b []Leftover) []Leftover {
	if len(a) != len(b) {
		return nil
	}
	for i := range a {
		a[i] = a[i].fold(b[i])
	}
	return a
}

func (l Leftover) fold(other Leftover) Leftover {
	both := func(x, y []string) []string {
		return slices.DeleteFunc(x, func(name string) bool { return !slices.Contains(y, name) })
	}
	out := Leftover{
		Taken: Taken{Denied: both(l.Denied, other.Denied), Bounded: both(l.Bounded, other.Bounded), Nothing: l.Nothing && other.Nothing},
		Perhaps: Taken{
			Denied:  eitherName(l.Perhaps.Denied, other.Perhaps.Denied),
			Bounded: eitherName(l.Perhaps.Bounded, other.Perhaps.Bounded), Nothing: l.Perhaps.Nothing || other.Perhaps.Nothing,
		},
		Kind: l.Kind,
	}
	if out.Kind.rank() < other.Kind.rank() {
		out.Kind = other.Kind
	}
	if l.Outside != nil || other.Outside != nil {
		outside := cmp.Or(l.Outside, &l).fold(*cmp.Or(other.Outside, &other))
		out.Outside = &outside
	}
	return out
}

func (s *space) leftovers(r *compiledPolicy) [][]Leftover {
	out := make([][]Leftover, len(r.m.statements))
	for i := range r.m.statements {
		st := &r.m.statements[i]
		plain := len(st.conditions) == 0 && len(r.allDenied[classMay]) == 0 && st.resource == yes
		if !st.allow || st.deny || plain || len(st.unreadable) > 0 || st.src.Has("NotPrincipal") {
			continue
		}
		out[i] = s.leftover(r, i)
	}
	return out
}

// leftover looks at what the text of a statement gives, so that what KMS does not let other accounts do counts as given:
// that is not what a condition or a Deny takes away.
// A rule that reports "kms:Decrypt is listed and always denied" must not count what another Deny, or the missing
// cross-account use of the action, would have taken anyway from somebody else: it is about this principal and this
// statement.
func (s *space) leftover(r *compiledPolicy, at int) []Leftover {
	st := &r.m.statements[at]
	exact, about := true, *st
	if st.resource == maybe && !st.resourceDue {
		about.resource = yes // what it gives is what it gives if it is about this key
	}
	given := (&compiler{s: s, m: r.m, st: &about, exact: &exact}).boxes(delegated, false)
	outside := s.callersWhere(func(c *caller) bool { return c.kind != callerService && c.account != r.m.owner })
	callers := s.callersOf(r.m, st)
	list := make([]Leftover, len(callers))
	for i, of := range callers {
		one := leftoverOf{s: s, r: r, at: at, given: given, everyone: st.src.Principals[i].Kind == policy.Anyone}
		list[i] = one.left(of)
		if other := of.And(outside); !other.Empty() && !of.Within(other) {
			left := one.left(other)
			list[i].Outside = &left
		}
	}
	return list
}

// leftoverOf is one principal of a statement.
type leftoverOf struct {
	s        *space
	r        *compiledPolicy
	at       int  // the statement
	given    part // what the statement's text gives
	everyone bool // the principal is "*"
}

func (o leftoverOf) left(callers boxes.Set) Leftover {
	s := o.s
	out := Leftover{Taken: Taken{Denied: []string{}, Bounded: []string{}}, Perhaps: Taken{Denied: []string{}, Bounded: []string{}}}
	if callers.Empty() {
		return out // a principal that cannot be: other rules report it
	}
	named := s.actionsWhere(func(a action) bool { return !a.future && o.r.m.statements[o.at].actionMatch(a) != no })
	taken := o.taken(callers, named, classMay, classMust)
	out.Denied, out.Nothing = s.actionNames(taken), !named.Empty() && named.Within(taken)
	more := boxes.NewSet(len(s.actions))
	switch out.Kind = o.kind(); out.Kind {
	case ReasonNotYetKnown:
		more = o.taken(callers, named, classMay, classMay)
		if o.r.m.statements[o.at].resourceDue { // the statement may be about another key
			more = named
		}
	case ReasonOpen:
		more = o.taken(callers, named, repMust, repMay)
	case ReasonBudget:
	}
	out.Perhaps.Denied, out.Perhaps.Nothing = s.actionNames(more.Minus(taken, len(s.actions))), !named.Empty() && named.Within(more)
	for _, name := range limitable() {
		one := s.actionsWhere(func(a action) bool { return a.name == name })
		if !one.Within(named) {
			continue
		}
		switch unlimited := o.unlimited(callers, one); {
		case unlimited == No:
			out.Bounded = append(out.Bounded, name)
		case unlimited == Unknown && out.Kind != "":
			out.Perhaps.Bounded = append(out.Perhaps.Bounded, name)
		}
	}
	return out
}

// kind is what would settle what perhaps is taken away; "" where the budget would, so that nothing but what is taken for sure counts:
// a gate must not pass what could not be decided.
func (o leftoverOf) kind() ReasonKind {
	switch kind := o.s.compiled.heaviest(); {
	case kind == ReasonBudget:
		return ""
	case o.r.m.doc.HasHoles():
		return ReasonNotYetKnown
	default:
		return kind
	}
}

// callersOf are the callers that each principal of a statement can be.
func (s *space) callersOf(m *model, st *statement) []boxes.Set {
	list := make([]boxes.Set, len(st.src.Principals))
	for i := range list {
		list[i] = boxes.NewSet(len(s.callers))
	}
	for at := range s.callers {
		for _, candidates := range st.candidates(&s.callers[at]) {
			for _, i := range candidates {
				if t, _ := m.matchPrincipal(&st.src.Principals[i], st.looks[i], &s.callers[at]); t != no {
					list[i].Add(at)
				}
			}
		}
	}
	return list
}

// taken are those of some actions that none of some callers can do by a statement, by approximations of what it gives and of what is denied.
func (o leftoverOf) taken(callers, left boxes.Set, given, denied approximation) boxes.Set {
	s := o.s
	less := s.prepared.Union(o.r.denied(denied), s.impossible)
	sub := s.subtraction()
	for _, b := range o.given[given] {
		where, ok := b.Meet(s.all().With(dimCaller, callers).With(dimAction, left))
		if !ok {
			continue
		}
		sub.Remainder(where, less, func(rest boxes.Box) bool {
			left = left.Minus(rest[dimAction], len(s.actions))
			return !left.Empty()
		})
	}
	return left
}

func (s *space) actionNames(set boxes.Set) []string {
	names := []string{}
	for i, a := range s.actions {
		if set.Has(i) {
			names = append(names, a.name)
		}
	}
	slices.Sort(names)
	return names
}

// limitable are the actions whose requests KMS describes by condition keys, so that some can be allowed and others not.
var limitable = sync.OnceValue(func() (names []string) {
	for _, a := range facts.Actions() {
		if a.HasLimits() {
			names = append(names, a.Name)
		}
	}
	return names
})

// decrypts reports whether an operation of a grant gives what a key protects.
func decrypts(operation string) bool {
	a, known := facts.LookupAction("kms:" + operation)
	return known && a.Decrypts
}

// unlimited asks whether callers can do such an action, by themselves, with values that no condition names. A grant is
// one of kms:Decrypt, not for an AWS resource, and without constraints.
// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
// Whoever can make a grant of kms:Decrypt without limits to a principal of his choice can give the key away,
// whatever else the policy says. A condition that limits such grants is what the rule asks for, so the request is
// built to meet none that is known.
func (o leftoverOf) unlimited(callers, actions boxes.Set) Answer {
	s := o.s
	where := s.all().With(dimCaller, callers).With(dimAction, actions)
	for i, d := range s.dims {
		switch facts.KeySays(d.key.lower) {
		case facts.GrantForAWSResource:
			where[dimKeys+i] = d.where(func(a class) bool { return a.values == nil || a.values[0] == "false" })
		case facts.GrantGrantee, facts.GrantRetirer, facts.GrantRetirerService, facts.RequestReplicaRegion, facts.RequestPrimaryRegion:
			where[dimKeys+i] = d.where(func(a class) bool { return a.values == nil || !s.namesClass(d, a) })
		case facts.GrantOperations:
			where[dimKeys+i] = d.where(func(a class) bool { return a.values == nil || slices.ContainsFunc(a.values, decrypts) })
		case facts.GrantGranteeService, facts.GrantConstraint, facts.GrantConstraintSource:
			where[dimKeys+i] = d.absent()
		case facts.ViaServiceName:
			if !o.everyone { // who is named and acts through a service makes the service's grants only
				where[dimKeys+i] = d.absent()
			}
		}
	}
	answer, _ := s.allowedBy(o.r, where, o.at, delegated).ask()
	return answer
}
