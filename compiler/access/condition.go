package access

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// condition is one operator with one key, compiled.
type condition struct {
	op     operator
	text   string // the operator as written
	key    conditionKey
	values []value
	path   diag.Path
	where  string // which statement, for reasons

	variables []string // the keys that the values refer to, see variableNames

	literals map[string]bool // the values, where they are many and each is a text that a value of the key equals or not

	ofService bool // in a statement that names a service
	open      bool // its operator or its key is not known
}

// value is one value of a condition, read as its operator reads it.
type value struct {
	text    string
	written string       // as the policy has it
	named   string       // as reports name whom it takes in
	pieces  []piece      // where it has variables
	bad     bool         // no value of the operator's kind: AWS refuses it or it matches nothing
	open    bool         // not known yet, so it is bad too
	could   glob.Pattern // of what is not known: all that it can say; nil is anything
	parts   symbol.Text
	pat     glob.Pattern
	matcher *glob.Matcher // of pat, nil where that is not held against many texts
	plain   bool          // pat is the text itself
	number  float64
	prefix  netip.Prefix
}

// resourceAccount is the policy variable that represents the account of the key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
var resourceAccount = regexp.MustCompile(`(?i)\$\{ *aws:ResourceAccount *\}`)

// Policy variables are of version 2012-10-17 of the language; in a document without that version `${...}` is text.
// The one that is the key's own account is known before any request, so it is filled in here and couples nothing.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func compileCondition(c policy.Condition, where string, variables bool, own policy.OwnValues) condition {
	owner := own.Account
	out := condition{op: parseOperator(c.Operator.Value), text: c.Operator.Value, key: keyNamed(c.Key.Value), path: c.Key.Path, where: where}
	if c.Operator.Parts != nil || c.Key.Parts != nil {
		out.open, out.key = true, plainKey(c.Key.Value)
	}
	for _, v := range c.Values {
		text := v.Value
		if variables && owner != "" && out.op.takesVariables() {
			text = resourceAccount.ReplaceAllLiteralString(text, owner)
		}
		if v.Parts != nil {
			out.values = append(out.values, value{
				text: text, written: text, named: text, parts: v.Parts, bad: true, open: true, could: couldBe(out.op, v.Parts, own),
			})
			continue
		}
		compiled := out.compileValue(text, variables)
		if variables {
			out.supposeCallerAccount(&compiled, text)
		}
		if compiled.pat != nil && compiled.pieces == nil {
			compiled.matcher = glob.NewMatcher(compiled.pat)
		}
		compiled.written, compiled.named = v.Value, text
		if !variables { // of an older version of the language, which has no variables
			compiled.written = strings.ReplaceAll(v.Value, "${", "${$}{")
		}
		out.values = append(out.values, compiled)
	}
	out.collectLiterals()
	out.variables = variablesIn(out.values)
	return out
}

// namesOpenly says that the condition asks for one caller, account, organization or network that is still to be filled in:
// whichever it will be, it is one that the policy names.
func (c *condition) namesOpenly() bool {
	return (namesCallers(c.key.lower) || isCallerKey(c.key.lower)) && slices.ContainsFunc(c.values, c.isOne)
}

// isOne reports whether a value that is not known is one value, and no pattern.
func (c *condition) isOne(v value) bool {
	switch {
	case !v.open:
		return false
	case c.op.family == familyString && (c.op.compare == compareEquals || c.op.compare == compareFold):
		return true
	}
	return (c.op.family == familyString || c.op.family == familyARN) && !v.parts.MayHaveWildcards() && !strings.ContainsAny(v.parts.Fill(func(*symbol.Hole) string { return "" }), "*?")
}

// nameNobody takes what is still to be filled in for a value that nobody has.
// A plain text with the placeholder in it is equal to no value that a request has, and is still a value that the
// policy names.
func (c *condition) nameNobody() {
	for i := range c.values {
		if v := &c.values[i]; c.isOne(*v) {
			v.open, v.bad, v.plain = false, false, true
		}
	}
}

// namesOpenly says that the policy names somebody by a text that is still to be filled in.
func (m *model) namesOpenly() bool {
	return slices.ContainsFunc(m.statements, func(st statement) bool {
		return slices.ContainsFunc(st.looks, func(l principalLook) bool { return l.open != nil }) ||
			slices.ContainsFunc(st.conditions, func(c condition) bool { return c.namesOpenly() })
	})
}

// A value that is bad for its operator does not make the condition false: whether KMS refuses the policy or reads
// it in another way is not documented for every form, so the outcome is maybe, and reason says of which value.
func (c *condition) compileValue(text string, variables bool) value {
	v := value{text: text}
	switch c.op.family {
	case familyString, familyARN:
		v.compileText(c.op, text, variables)
		v.bad = v.bad || text == "" && c.key.multi // what an empty text is to a set is not documented
	case familyBool, familyNull:
		v.text = strings.ToLower(text)
		v.bad = v.text != "true" && v.text != "false"
	case familyNumeric:
		var ok bool
		v.number, ok = parseNumber(text)
		v.bad = !ok
	case familyDate:
		var ok bool
		v.number, ok = parseDate(text)
		v.bad = !ok
	case familyIP:
		var ok bool
		v.prefix, ok = parsePrefix(text)
		v.bad = !ok
	case familyBinary, familyUnknown:
		v.bad = true
	}
	return v
}

// Only StringLike and the ARN operators have wildcards; ArnEquals and ArnLike behave alike. An escaped `${*}` is a
// star that is not a wildcard, so pieces keep what is literal apart from what is not.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
func (v *value) compileText(op operator, text string, variables bool) {
	if strings.ContainsFunc(text, func(c rune) bool { return c > 0xff }) {
		v.bad = true // KMS refuses a policy with such a character
		return
	}
	if variables && strings.Contains(text, "${") {
		pieces, ok := parsePieces(text)
		if !ok {
			v.bad = true
			return
		}
		v.pieces = pieces
		for _, p := range pieces {
			if p.variable != "" {
				return
			}
		}
		chars, _ := resolvePieces(pieces, nil)
		v.pieces, v.pat, v.plain = nil, textPattern(op, chars), false
		return
	}
	if op.compare == compareEquals || op.compare == compareLike && op.family == familyString && !strings.ContainsAny(text, "*?") {
		v.plain = true
		return
	}
	v.pat = textPattern(op, glob.Chars(text))
	v.bad = v.pat == nil // an ARN operator with what is not an ARN
}

// textPattern is nil where an ARN operator is given what has fewer parts than an ARN.
func textPattern(op operator, chars []glob.Char) glob.Pattern {
	switch {
	case op.family == familyARN:
		return arnPattern(chars)
	case op.compare == compareLike:
		return glob.New(chars)
	}
	var b strings.Builder
	for _, c := range chars {
		b.WriteRune(c.Rune)
	}
	if op.compare == compareFold {
		return glob.Fold(b.String())
	}
	return glob.Exact(b.String())
}

// resolvePieces puts values in the place of variables. ok is false where a variable has none.
// What a variable brings in is literal, also where it has a star in it: a tag with the value "*" does not match
// everything. A variable that the request does not have makes the comparison fail, unless `${key, 'fallback'}`
// gives a default.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func resolvePieces(pieces []piece, lookup func(variable string) (string, bool)) (chars []glob.Char, ok bool) {
	for _, p := range pieces {
		switch {
		case p.variable == "" && !p.escaped:
			chars = append(chars, glob.Chars(p.text)...)
		case p.variable == "":
			chars = append(chars, literalChars(p.text)...)
		default:
			text, found := lookup(p.variable)
			if !found && p.fallback == nil {
				return nil, false
			}
			if !found {
				text = *p.fallback
			}
			chars = append(chars, literalChars(text)...)
		}
	}
	return chars, true
}

func literalChars(text string) []glob.Char {
	var list []glob.Char
	for _, c := range text {
		list = append(list, glob.Char{Rune: c})
	}
	return list
}

// variableNames lists the keys that the condition's values refer to. Whoever changes the values finds them again, with variablesIn.
func (c *condition) variableNames() []string { return slices.Clip(c.variables) }

func variablesIn(values []value) []string {
	var names []string
	for i := range values {
		for _, p := range values[i].pieces {
			if p.variable != "" {
				names = append(names, p.variable)
			}
		}
	}
	return names
}

// reason says why the condition's outcome is not known.
func (c *condition) reason() Reason {
	switch {
	case c.open:
		return fillInReason(c.where, fmt.Sprintf("the condition %s on %s is not known before a run.", c.text, c.key.name), SourceRun)
	case c.op.family == familyUnknown:
		return openReason(fmt.Sprintf("%s: AWS has no condition operator %s.", c.where, c.text))
	case !c.key.known:
		return openReason(fmt.Sprintf("%s: the condition key %s is not known.", c.where, c.key.name))
	case c.ofService && isIdentityKey(c.key.lower):
		return openReason(fmt.Sprintf("%s: AWS does not document what %s is in a service's own request.", c.where, c.key.name))
	case facts.KeySays(c.key.lower) == facts.RequestRegion && c.op.family == familyString && !slices.ContainsFunc(c.values, func(v value) bool { return v.bad }):
		return fillInReason(c.where, fmt.Sprintf("the key's Region is not known, and the condition on %s depends on it: give the Region (--region).", c.key.name), "")
	case isIdentityKey(c.key.lower) && !slices.ContainsFunc(c.values, func(v value) bool { return v.bad }):
		return openReason(fmt.Sprintf("%s: AWS does not document what %s is in a service's own request.", c.where, c.key.name))
	case c.op.set == forAnyValue && c.op.ifExists:
		return openReason(fmt.Sprintf("%s: AWS does not document what %s says where %s is absent.", c.where, c.text, c.key.name))
	case c.key.multi && c.op.set == plain && c.op.family != familyNull:
		return openReason(fmt.Sprintf("%s: %s has several values, and %s does not say whether one or all of them must match.", c.where, c.key.name, c.text))
	}
	if says := facts.KeySays(c.key.lower); says.OfResource() && !slices.ContainsFunc(c.values, func(v value) bool { return v.bad }) {
		return fillInReason(c.where, fmt.Sprintf("the condition on %s depends on %s, which the request does not say: give %s.", c.key.name, propertyName(says), c.key.name), "")
	}
	for _, v := range c.values {
		if v.open {
			return notKnownYet(c.where, fmt.Sprintf("value %q of %s", v.text, c.key.name), v.parts)
		}
		if _, form := policy.ParseDate(v.text); v.bad && c.op.family == familyDate && form == policy.DoubtfulDate {
			return openReason(fmt.Sprintf("%s: AWS does not document how it reads the date %q.", c.where, v.text))
		}
		if v.bad {
			return openReason(fmt.Sprintf("%s: %s does not accept the value %q.", c.where, c.text, v.text))
		}
	}
	return openReason(fmt.Sprintf("%s: AWS does not document the outcome of %s with %s.", c.where, c.text, c.key.name))
}

// propertyName is what a condition key says of the KMS key, for people.
func propertyName(says facts.Says) string {
	switch says {
	case facts.ResourceTag:
		return "the key's tags"
	case facts.ResourceAlias:
		return "the key's aliases"
	case facts.ResourceOrganization, facts.ResourceOrganizationPath:
		return "the organization of the key's account"
	case facts.ResourceKeySpec:
		return "the key's spec"
	case facts.ResourceKeyUsage:
		return "the key's usage"
	case facts.ResourceKeyOrigin:
		return "the origin of the key's material"
	}
	return "what the key is"
}
