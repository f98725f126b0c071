package access

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// own are the key's own values, as far as they are known or supposed.
func (m *model) own() policy.OwnValues {
	return policy.OwnValues{Account: m.owner, Partition: m.partition, Region: m.env.Region, KeyID: m.keyID}
}

// glob is the pattern of all that a text with holes can say.
// A hole of known shape is narrower than a star: an account ID is twelve digits, so
// `arn:aws:iam::${var.account}:root` names an account whatever it will be, and no service.
func (m *model) glob(parts symbol.Text) string { return parts.Fill(m.own().Glob) }

// notKnown says of a part of a statement that it is not known, and how the user names what would settle it.
func notKnown(where, element string, t symbol.Text, written string) Reason {
	return notKnownYet(where, element+" "+cmp.Or(written, t.String()), t)
}

// notKnownYet is the same of what is named in full.
func notKnownYet(where, what string, t symbol.Text) Reason {
	if h := t.First(); h != nil && h.Kind != symbol.Placeholder {
		return fillInReason(where, fmt.Sprintf("the %s is not known before a run.", what), SourceRun)
	}
	return fillInReason(where, fmt.Sprintf("the %s is still to be filled in.", what), SourceWriter)
}

// readMore takes note of mappings that are not known as a whole: any condition may be among them.
func (st *statement) readMore(where string) {
	for _, more := range st.src.More {
		element := more.Element
		what := "statement may have more elements:"
		if element == "Condition" {
			what = "condition"
		}
		st.unreadable[element] = true
		st.reasons = append(st.reasons, notKnown(where, what, symbol.Of(more.Hole), ""))
	}
}

// compileFurther compiles the statement that represents those that a policy may have beside the written ones.
// A list such as `concat(local.statements, [...])` has an unknown rest. It may hold an Allow for anybody and a
// Deny of everything, so it is a statement that matches maybe in both ways; what holds with it holds for each
// value of the rest.
func (m *model) compileFurther(src *policy.Statement, h *symbol.Hole) statement {
	st := m.compileStatement(src)
	text, source := fmt.Sprintf("%s is not known before a run.", h), SourceRun
	if h.Kind == symbol.Placeholder {
		text, source = fmt.Sprintf("%s is still to be filled in.", h), SourceWriter
	}
	st.reasons = []Reason{fillInReason("The policy may have more statements", text, source)}
	return st
}

// written are the statements that the policy has, without the one that represents those that are not known.
func (m *model) written() int {
	if m.further {
		return len(m.statements) - 1
	}
	return len(m.statements)
}

// resourceGlob puts a star for what is not known of a resource, by a hole or by a policy variable.
func (m *model) resourceGlob(t policy.Text) (glob string, open bool) {
	glob = t.Value
	if t.Parts != nil {
		glob = m.glob(t.Parts)
	}
	glob = policyVariable.ReplaceAllLiteralString(glob, "*")
	return glob, t.Parts != nil || glob != t.Value
}

// isOwnKey reports whether a resource is the key's own ARN, whatever that is.
func isOwnKey(t symbol.Text) bool {
	h := t.Whole()
	return h != nil && h.Kind == symbol.Own && h.Shape == symbol.OwnKeyARN
}

// couldBe is the pattern of what a text with holes can say under an operator; nil where it can say anything.
func couldBe(op operator, parts symbol.Text, own policy.OwnValues) glob.Pattern {
	if op.family != familyString && op.family != familyARN || op.compare == compareFold {
		return nil
	}
	var chars []glob.Char
	fixed := false
	for _, p := range parts {
		switch {
		case p.Hole != nil:
			chars = append(chars, glob.Chars(own.Glob(p.Hole))...)
		case op.compare == compareEquals:
			for i, piece := range strings.Split(policyVariable.ReplaceAllLiteralString(p.Literal, "\x00"), "\x00") {
				if i > 0 {
					chars = append(chars, glob.Chars("*")...)
				}
				chars = append(chars, literalChars(piece)...)
			}
		default:
			chars = append(chars, glob.Chars(policyVariable.ReplaceAllLiteralString(p.Literal, "*"))...)
		}
	}
	for _, c := range chars {
		fixed = fixed || !c.Wild || c.Rune == '?'
	}
	if !fixed {
		return nil
	}
	return glob.New(chars)
}
