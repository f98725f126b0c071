package rules

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// contextPrefix begins the condition keys on one key of an encryption context.
const contextPrefix = "kms:encryptioncontext:"

// What is wrong with a value of an encryption context. A value has one fault at most.
const (
	contextKey      = "key"      // the service is known, and sends other keys
	contextTail     = "tail"     // something after the end of what is sent
	contextEnd      = "end"      // something is missing at the end
	contextRegion   = "region"   // a Region where there is none, or the other way round
	contextAccount  = "account"  // an account that is none, or none where there is one
	contextResource = "resource" // another kind of resource
	contextForm     = "form"     // of another form
)

// contextTerm holds a value against the forms that the services send under the condition's key of the encryption context.
// It is nil where nothing is known of the key, or where another rule speaks of the operator.
func contextTerm(op facts.ParsedOperator, conditionKey, value string) *ast.Term {
	if !strings.HasPrefix(strings.ToLower(conditionKey), contextPrefix) || op.Base.Family != "String" && op.Base.Family != "Arn" {
		return nil
	}
	p := facts.ContextPattern{
		Text: value, Wildcards: op.Base.Wildcards, ByPart: op.Base.Family == "Arn",
		Fold: strings.Contains(op.Base.Name, "IgnoreCase"),
	}
	if p.ByPart && strings.Count(value, ":") < 5 {
		return nil
	}
	// Another rule proposes the operator that takes the wildcards: what is wrong with the pattern beside is held against that.
	literal := !p.Wildcards && strings.ContainsAny(value, "*?")
	p.Wildcards = p.Wildcards || literal
	key := conditionKey[len(contextPrefix):]
	forms := facts.LookupContext(key)
	if len(forms) == 0 {
		keys := facts.ContextKeysOf(key)
		if len(keys) == 0 {
			return nil
		}
		nearest, _ := facts.Nearest(key, keys)
		return contextObject(facts.LookupContext(keys[0])[0], contextKey, nearest, keys, nil, p)
	}
	var fitting []facts.ContextForm
	var texts []string
	for _, f := range forms {
		texts = append(texts, f.Form)
		if f.Fits(p) {
			fitting = append(fitting, f)
		}
	}
	if len(fitting) > 0 && literal {
		return nil
	}
	if len(fitting) > 0 {
		return contextObject(fitting[0], "", "", texts, otherSettings(forms, fitting, p), p)
	}
	fault, nearest := contextFault(forms, p)
	f := closest(forms, p)
	if nearest != "" {
		meant := facts.ContextPattern{Text: nearest, Wildcards: true, ByPart: p.ByPart, Fold: p.Fold}
		f = forms[slices.IndexFunc(forms, func(f facts.ContextForm) bool { return f.Fits(meant) })]
	}
	if fault != contextForm {
		texts = []string{f.Form}
	}
	return contextObject(f, fault, nearest, texts, nil, p)
}

func contextObject(f facts.ContextForm, fault, nearest string, forms []string, others []*ast.Term, p facts.ContextPattern) *ast.Term {
	region := ""
	if parts := strings.SplitN(p.Text, ":", 6); len(parts) == 6 && f.Region == "key" {
		region = parts[3]
	}
	return object(
		every.text("service", f.Service), every.text("fault", fault), every.text("nearest", nearest),
		every.texts("forms", forms), every.text("region", region),
		every.truth("same_source", f.SourceARN == "same"), every.list("others", others),
	)
}

// otherSettings are the forms that the same service sends by another setting, where the values fit one of them only.
func otherSettings(forms, fitting []facts.ContextForm, p facts.ContextPattern) []*ast.Term {
	others := []*ast.Term{}
	if slices.ContainsFunc(fitting, func(f facts.ContextForm) bool { return f.Setting == "" || f.Service != fitting[0].Service }) {
		return others
	}
	for _, f := range forms {
		has := func(fit facts.ContextForm) bool { return fit.Setting == f.Setting }
		if f.Setting != "" && f.Service == fitting[0].Service && !slices.ContainsFunc(fitting, has) {
			others = append(others, object(
				every.text("setting", f.Setting), every.text("sent_by", fitting[0].Setting), every.text("form", f.Form),
				every.text("nearest", companion(f, p)),
			))
		}
	}
	return others
}

// companion is a value of another form for the same resource: the text up to a slash, or with everything under it.
func companion(f facts.ContextForm, p facts.ContextPattern) string {
	for at := len(p.Text); at > 0; at = strings.LastIndexByte(p.Text[:at], '/') {
		shorter := p
		shorter.Text = p.Text[:at]
		if f.Fits(shorter) {
			return shorter.Text
		}
	}
	longer := facts.ContextPattern{Text: p.Text + "/*", Wildcards: true, ByPart: p.ByPart}
	if f.Fits(longer) {
		return longer.Text
	}
	return ""
}

// closest is the form of which the most parts fit.
func closest(forms []facts.ContextForm, p facts.ContextPattern) facts.ContextForm {
	return slices.MinFunc(forms, func(a, b facts.ContextForm) int { return len(a.Mismatches(p)) - len(b.Mismatches(p)) })
}

// contextFault is why a value fits no form, and what was probably meant.
func contextFault(forms []facts.ContextForm, p facts.ContextPattern) (fault, nearest string) {
	fits := func(text string, wildcards bool) bool {
		changed := p
		changed.Text, changed.Wildcards = text, wildcards
		return slices.ContainsFunc(forms, func(f facts.ContextForm) bool { return f.Fits(changed) })
	}
	if at := strings.LastIndexByte(p.Text, ':'); at > 0 && fits(p.Text[:at], p.Wildcards) {
		return contextTail, p.Text[:at]
	}
	if single := strings.ReplaceAll(p.Text, "//", "/"); single != p.Text && fits(single, p.Wildcards) {
		return contextResource, single
	}
	for _, f := range forms {
		whole := p
		whole.Text, whole.Wildcards = strings.TrimRight(p.Text, "-?")+"-??????", true
		if strings.HasSuffix(f.Form, "-SUFFIX") && f.Fits(whole) {
			return contextEnd, whole.Text
		}
	}
	if fits(p.Text+"*", true) {
		return contextEnd, ""
	}
	switch wrong := closest(forms, p).Mismatches(p); {
	case len(wrong) != 1:
		return contextForm, ""
	case slices.Contains([]string{contextRegion, contextAccount, contextResource}, wrong[0]):
		return wrong[0], ""
	}
	return contextForm, ""
}
