package facts

import (
	"slices"
	"strings"
	"sync"
)

// ContextForm is one form of the values that a service puts into the encryption context under one key.
type ContextForm struct {
	// Key is the key of the encryption context, as in aws:logs:arn. Condition keys that name it ignore case.
	Key string `json:"key"`
	// Service and Use say for people who sends it, and for what.
	Service string `json:"service"`
	Use     string `json:"use"`
	// Form is the value, with parts in capitals, as in arn:PARTITION:logs:REGION:ACCOUNT:log-group:LOGGROUP.
	Form string `json:"form"`
	// Region is key where the value has the key's Region, any where it can have another, and none where it has none.
	Region string `json:"region"`
	// SourceARN is same where aws:SourceArn is this very ARN.
	SourceARN string `json:"source_arn"`
	// Setting is what a user chooses, where the service sends one of several forms of the key by it.
	Setting string `json:"setting"`
	// Page is the AWS page that gives it.
	Page string `json:"page"`

	whole []position   // of the form
	parts [][]position // of the six parts of an ARN; nil where the form is none
}

// contextPart is a word in capitals of a form: how many characters it has, and which.
type contextPart struct {
	Name    string `json:"name"`
	Example string `json:"example"`
	Allowed string `json:"characters"`
	Refused string `json:"not_characters"`
	// NotFirst are the characters that it does not begin with: the ARN of a parameter /a/b has parameter/a/b.
	NotFirst string `json:"not_first"`
	Min      int    `json:"min"`
	Max      int    `json:"max"`
}

type contextData struct {
	Parts    []contextPart `json:"parts"`
	Contexts []ContextForm `json:"contexts"`
}

var contextFile = lazy[contextData]("encryption-contexts.json")

// position is one character of a form or of a pattern, or with repeat any number of them.
type position struct {
	allows func(r rune) bool
	repeat bool
}

var contextForms = sync.OnceValue(func() []ContextForm {
	forms := slices.Clone(contextFile().Contexts)
	for i := range forms {
		forms[i].whole = positionsOf(forms[i].Form)
		if parts := strings.SplitN(forms[i].Form, ":", arnParts); len(parts) == arnParts && parts[0] == "arn" {
			for _, part := range parts {
				forms[i].parts = append(forms[i].parts, positionsOf(part))
			}
		}
	}
	return forms
})

const arnParts = 6

// ContextForms returns every known form of a value of an encryption context, sorted by key.
func ContextForms() []ContextForm { return slices.Clone(contextForms()) }

// LookupContext returns the forms of the values under a key of an encryption context, whose case does not count.
func LookupContext(key string) []ContextForm {
	var forms []ContextForm
	for _, f := range contextForms() {
		if strings.EqualFold(f.Key, key) {
			forms = append(forms, f)
		}
	}
	return forms
}

// ContextKeysOf returns the keys of the service that an unknown key names, as aws:s3:arn of aws:s3:bucket.
func ContextKeysOf(key string) []string {
	parts := strings.SplitN(strings.ToLower(key), ":", 3)
	if len(parts) < 3 {
		return nil
	}
	var keys []string
	for _, f := range contextForms() {
		of := strings.HasPrefix(strings.ToLower(f.Key), parts[0]+":"+parts[1]+":") || strings.Contains(f.Form, ":"+parts[1]+":")
		if of && parts[0] == "aws" && !slices.Contains(keys, f.Key) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// partNamed finds the part that a form begins with.
func partNamed(form string) (contextPart, bool) {
	var longest contextPart
	for _, p := range contextFile().Parts {
		if strings.HasPrefix(form, p.Name) && len(p.Name) > len(longest.Name) {
			longest = p
		}
	}
	return longest, longest.Name != ""
}

func positionsOf(form string) []position {
	var all []position
	for len(form) > 0 {
		p, ok := partNamed(form)
		if !ok {
			all, form = append(all, literal(rune(form[0]))), form[1:]
			continue
		}
		allows := func(r rune) bool { return !strings.ContainsRune(p.Refused, r) }
		if p.Allowed != "" {
			allows = func(r rune) bool { return strings.ContainsRune(p.Allowed, r) }
		}
		for i := range p.Min {
			at := position{allows: allows}
			if i == 0 && p.NotFirst != "" {
				at.allows = func(r rune) bool { return allows(r) && !strings.ContainsRune(p.NotFirst, r) }
			}
			all = append(all, at)
		}
		if p.Max > p.Min {
			all = append(all, position{allows: allows, repeat: true})
		}
		form = form[len(p.Name):]
	}
	return all
}

func literal(want rune) position {
	return position{allows: func(r rune) bool { return r == want }}
}

// Example is a value of the form.
func (f ContextForm) Example() string {
	var b strings.Builder
	for form := f.Form; form != ""; {
		if p, ok := partNamed(form); ok {
			b.WriteString(p.Example)
			form = form[len(p.Name):]
			continue
		}
		b.WriteByte(form[0])
		form = form[1:]
	}
	return b.String()
}
