package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// statement is one statement, compiled for one key.
type statement struct {
	src         *policy.Statement
	index       int
	allow, deny bool // both where the effect cannot be read
	conditions  []condition
	held        map[string]tri   // see once
	looks       []principalLook  // of the principals, then of those in NotPrincipal
	named       map[string][]int // of the principals, by name, those that a bare name can be
	accounts    map[string][]int // those that are accounts, by their ids
	others      []int            // and the rest
	openActions []string         // those that are not known yet, as patterns
	resource    tri
	resourceDue bool            // whether it is about this key is known once its resources are filled in
	unreadable  map[string]bool // elements of which a part could not be read; "" is any element
	reasons     []Reason        // why parts of it are not known, conditions apart
}

// Nothing is refused here: KMS decides what is a valid policy, and validation reports it. What cannot be read
// makes the statement match maybe where it could not be read, and all else is read as it is.
func (m *model) compileStatement(src *policy.Statement) statement {
	st := statement{src: src, index: src.Index, allow: src.Effect.Value == "Allow", deny: src.Effect.Value == "Deny", unreadable: map[string]bool{}}
	where := st.where()
	for _, p := range m.doc.Problems {
		m.readProblem(&st, p, where)
	}
	variables := m.doc.Version.Value == policy.Current
	for _, c := range src.Conditions {
		cond := compileCondition(c, where, variables, m.own())
		if m.env.outsiders && cond.namesOpenly() {
			cond.nameNobody()
		}
		st.conditions = append(st.conditions, cond)
	}
	service := slices.ContainsFunc(src.Principals, func(p policy.Principal) bool { return p.Kind == policy.Service })
	for i := range st.conditions {
		st.conditions[i].ofService = service
	}
	for _, list := range [][]policy.Principal{src.Principals, src.NotPrincipals} {
		for i := range list {
			look := m.lookAt(&list[i])
			look.every = look.whole && st.deny && !st.allow && list[i].Parts.MayHaveWildcards()
			st.looks = append(st.looks, look)
		}
	}
	st.indexPrincipals()
	m.readHoles(&st, where)
	st.readMore(where)
	st.resource = m.resourceMatch(&st, where)
	st.principalReasons(where)
	return st
}

// where names the statement in reasons.
func (st *statement) where() string { return "Statement " + st.src.Label() }

func (m *model) readProblem(st *statement, p policy.Problem, where string) {
	if len(p.Path) <= len(st.src.Path) || p.Path[:len(st.src.Path)].Pointer() != st.src.Path.Pointer() {
		return
	}
	element, _ := p.Path[len(st.src.Path)].(string)
	switch element {
	case "Sid":
		return
	case "Effect":
		st.allow, st.deny = true, true
		element = ""
	case "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition":
	default:
		element = ""
	}
	st.unreadable[element] = true
	if p.Parts != nil {
		st.reasons = append(st.reasons, notKnown(where, strings.ToLower(element), p.Parts, ""))
		return
	}
	st.reasons = append(st.reasons, openReason(fmt.Sprintf("%s: %s could not be read.", where, p.Path.Pointer())))
}

// These are reasons for a maybe in advance: which of them applies is found out only by a caller whom the principal
// may match, and then the reader wants to know the element and not the caller.
func (st *statement) principalReasons(where string) {
	for _, list := range [][]policy.Principal{st.src.Principals, st.src.NotPrincipals} {
		for _, p := range list {
			if p.Parts != nil {
				st.reasons = append(st.reasons, notKnown(where, "principal", p.Parts, p.Text))
				continue
			}
			if p.Kind == policy.Federated || p.Kind == policy.CanonicalUser || p.HasWildcard() || p.Kind == policy.Service && p.Text == "*" {
				st.reasons = append(st.reasons, openReason(fmt.Sprintf("%s: AWS does not document what the principal %s matches in a key policy.", where, p.Text)))
			}
		}
	}
	switch {
	case st.src.Has("NotPrincipal") && st.allow:
		st.reasons = append(st.reasons, openReason(where+": AWS does not support NotPrincipal with Allow."))
	case st.src.Has("NotPrincipal"):
		st.reasons = append(st.reasons, openReason(where+": AWS may deny a principal of which NotPrincipal lists only a part, of its account, its role and itself."))
	}
}

// readHoles takes note of what is not known yet of the effect and of actions.
// An effect that is not known makes the statement both an Allow and a Deny, each of which matches maybe. An action
// that is not known is a pattern: what it cannot be, whatever is filled in, is not matched.
func (m *model) readHoles(st *statement, where string) {
	open := func(element string, t policy.Text) bool {
		if t.Parts == nil {
			return false
		}
		st.reasons = append(st.reasons, notKnown(where, element, t.Parts, t.Value))
		return true
	}
	if open("effect", st.src.Effect) {
		st.allow, st.deny = true, true
	}
	for _, a := range slices.Concat(st.src.Actions, st.src.NotActions) {
		if open("action", a) {
			st.openActions = append(st.openActions, m.glob(a.Parts))
		}
	}
}
