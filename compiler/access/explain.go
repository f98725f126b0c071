package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// Miss is a statement that has no part in a decision, though it is about the principal and the action, or about one of
// them, and why.
type Miss struct {
	Index  int
	Sid    string
	Effect string
	Path   diag.Path

	Principal, Action bool   // which of the two it is about
	Why               string // of a statement about both: what is not met
}

// Explain lists the statements that miss a request. Where the key's account is not known it supposes one that the policy
// does not name. A request that cannot be has no misses: Simulate says why.
// "Denied: no statement allows it" leaves a person with the whole policy to read. The statements that are about
// the same principal or action are the ones that were meant to allow it, and the first condition that is not met
// is usually the answer.
func (s *Simulator) Explain(req Request) []Miss {
	fact, ok := facts.LookupAction(req.Action)
	if !ok {
		return nil
	}
	supposed := s.owners(req.Principal)
	m := s.model(supposed[len(supposed)-1])
	callers, err := m.parseCaller(req.Principal)
	if err != nil {
		return nil
	}
	c := m.pathFromContext(req, callers)[0]
	a := actionOf(fact)
	ctx, err := m.readContext(req, a, &c)
	if err != nil {
		return nil
	}
	r := &request{caller: c, action: a, ctx: ctx}
	m.fillIn(r)
	var list []Miss
	for i := range m.statements {
		if miss, missed := m.explain(&m.statements[i], r); missed {
			list = append(list, miss)
		}
	}
	return list
}

func (m *model) explain(st *statement, r *request) (Miss, bool) {
	miss := Miss{
		Index: st.index, Sid: st.src.Sid.Value, Effect: st.src.Effect.Value, Path: st.src.Path,
		Principal: m.principalAt(st, &r.caller, delegated) != no, Action: st.actionMatch(r.action) != no,
	}
	if !miss.Principal || !miss.Action {
		return miss, miss.Principal || miss.Action
	}
	if st.resource == no {
		miss.Why = "its Resource is not this key"
		if !st.src.Has("Resource") && !st.src.Has("NotResource") {
			miss.Why = "it has no Resource, and without one a statement has no effect"
		}
		return miss, true
	}
	var unmet []string
	for i := range st.conditions {
		if c := &st.conditions[i]; c.eval(r) == no {
			unmet = append(unmet, c.unmet(r))
		}
	}
	if len(unmet) > 0 {
		miss.Why = strings.Join(unmet, "; ")
		return miss, true
	}
	if st.allow && r.caller.kind != callerService && r.caller.account != m.owner && r.action.cross == no {
		miss.Why = fmt.Sprintf("no other account than the key's can use %s, whatever its policy says", r.action.name)
		return miss, true
	}
	return miss, false
}

// unmet says what a condition wants of the request, and what it has.
func (c *condition) unmet(r *request) string {
	has := "the request has none"
	if got := r.lookup(c.key.lower)[0]; got != nil {
		has = "the request has " + joinWords(quoteEmpty(got), "and")
	}
	if c.op.family == familyNull {
		return fmt.Sprintf("it requires a request %s %s, and %s", map[bool]string{true: "without", false: "with"}[c.values[0].text == "true"], c.key.name, has)
	}
	var texts []string
	for _, v := range c.values {
		texts = append(texts, valueWord(c.op, v.text))
	}
	what := c.key.name
	switch c.op.set {
	case forAllValues:
		what = "every value of " + what
	case forAnyValue:
		what = "a value of " + what
	case plain:
	}
	be := "to be"
	if c.op.negated {
		be = "not to be"
	}
	if c.op.compare == compareLike {
		be += " like"
	}
	return fmt.Sprintf("it requires %s %s %s, and %s", what, be, joinWords(texts, "or"), has)
}

// quoteEmpty writes a value that is nothing as "".
func quoteEmpty(list []string) []string {
	out := slices.Clone(list)
	for i, text := range out {
		if text == "" {
			out[i] = `""`
		}
	}
	return out
}

// joinWords lists the first few texts of a list.
func joinWords(list []string, last string) string {
	if n := len(list); n > maxWords {
		return fmt.Sprintf("%s %s one of %d more", strings.Join(list[:maxWords], ", "), last, n-maxWords)
	}
	return diag.Join(list, last)
}

// maxWords bounds the values of a condition that a sentence names.
const maxWords = 5
