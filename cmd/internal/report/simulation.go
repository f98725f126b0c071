package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// Simulation is the decision on one request.
type Simulation struct {
	Policy  Policy
	Request access.Request
	Result  access.Simulation
	Misses  []access.Miss
}

// WriteSimulation writes a decision in a format, text or json.
func WriteSimulation(w io.Writer, format string, s Simulation, colors bool) error {
	if format == "json" {
		return WriteValue(w, keypolicy.NewSimulation(s.Policy.Compiled, s.Result))
	}
	_, err := io.WriteString(w, Inert(s.text(painter(colors))))
	return err
}

// WriteDecisionLine writes a decision as one line of JSON.
func WriteDecisionLine(w io.Writer, s Simulation) error {
	line := keypolicy.NewSimulation(s.Policy.Compiled, s.Result)
	line.Account, line.Defaults = nil, nil // they are those of all lines
	return writeLine(w, line)
}

// WriteRefusalLine writes, as one line of JSON, why a request is none.
func WriteRefusalLine(w io.Writer, why string) error {
	return writeLine(w, keypolicy.Refusal{Decision: "error", Error: why})
}

func writeLine(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

func (s Simulation) text(p painter) string {
	var b strings.Builder
	who, action := Escape(s.Policy.short(s.Request.Principal)), Escape(s.Request.Action)
	verdict := p.decision(s.Result.Decision, decisionTitles[s.Result.Decision])
	fmt.Fprintf(&b, "%s: %s\n", verdict, p.bold(fmt.Sprintf(s.sentence(), who, action)))
	for _, st := range s.Result.Statements {
		place := s.Policy.statement(st.Index)
		fmt.Fprintf(&b, "  %s %s %s\n", p.dim("by"), Escape(place.name()), p.dim("("+Escape(place.place())+")"))
	}
	for _, reason := range s.Result.Reasons {
		fmt.Fprintf(&b, "  %s %s\n", p.dim("="), Escape(diag.Phrase(reason)))
	}
	for _, line := range s.misses() {
		fmt.Fprintf(&b, "  %s %s\n", p.dim("-"), Escape(line))
	}
	switch s.Policy.Account.From {
	case "policy":
		fmt.Fprintf(&b, "  %s the key's %s\n", p.dim("="), Escape(accountWords(s.Policy.Account)))
	case "unknown":
		fmt.Fprintf(&b, "  %s the key's account is not known: --account says which\n", p.dim("="))
	}
	if by := s.Policy.byDefault(); by != "" {
		fmt.Fprintf(&b, "  %s %s\n", p.dim("="), Escape(by))
	}
	return b.String()
}

var decisionTitles = map[access.Decision]string{
	access.Allowed: "allowed", access.NeedsIdentityPolicy: "needs an identity policy", access.ExplicitDeny: "denied explicitly",
	access.ImplicitDeny: "not allowed", access.Undecided: "unknown",
}

var decisionSentences = map[access.Decision]string{
	access.Allowed:             "%s may %s by the key policy itself",
	access.NeedsIdentityPolicy: "%s may %s where an identity policy of its account allows it too",
	access.ExplicitDeny:        "%s may not %s, and neither an identity policy nor a grant changes that",
	access.Undecided:           "whether %s may %s is not known",
}

// sentence says what a decision means for identity policies and for grants.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (s Simulation) sentence() string {
	if s.Result.Decision != access.ImplicitDeny {
		return decisionSentences[s.Result.Decision]
	}
	action, _ := facts.LookupAction(s.Request.Action)
	switch {
	case !action.EffectiveInKeyPolicy:
		return "%s gets no %s from a key policy"
	case action.GrantOperation:
		return "%s may not %s: the key policy does not allow it, and then no identity policy can; a grant could"
	}
	return "%s may not %s: the key policy does not allow it, and then nothing else can"
}

// misses say why statements that are about the request have no part in the decision.
func (s Simulation) misses() []string {
	var lines, others []string
	for _, m := range s.Misses {
		st := s.Policy.statement(m.Index)
		does := "allow"
		if m.Effect == "Deny" {
			does = "deny"
		}
		switch {
		case !s.explains(m):
		case m.Principal && m.Action:
			lines = append(lines, fmt.Sprintf("%s does not %s it: %s", st, does, m.Why))
		case m.Principal:
			lines = append(lines, fmt.Sprintf("%s is about this principal and not about %s", st, s.Request.Action))
		default:
			others = append(others, st.String())
		}
	}
	switch n := len(others); {
	case n == 0:
	case n > maxOthers:
		lines = append(lines, fmt.Sprintf("%s and %d more allow it to other principals", strings.Join(others[:maxOthers], ", "), n-maxOthers))
	default:
		lines = append(lines, fmt.Sprintf("%s %s it to other principals", diag.Join(others, "and"), verb(n, "allows", "allow")))
	}
	return lines
}

// maxOthers bounds the statements that are named for being about others.
const maxOthers = 3

// explains reports whether a miss explains the decision: an Allow where there is none, a Deny that could have been one.
func (s Simulation) explains(m access.Miss) bool {
	both := m.Principal && m.Action
	if m.Effect == "Deny" {
		return both && s.Result.Decision != access.ExplicitDeny && s.Result.Decision != access.ImplicitDeny
	}
	switch s.Result.Decision {
	case access.Allowed, access.ExplicitDeny:
		return false
	case access.NeedsIdentityPolicy:
		return both
	case access.ImplicitDeny, access.Undecided:
	}
	return true
}
