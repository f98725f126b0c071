package policydocument_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
	"github.com/keypolicy/keypolicy/compiler/carrier/tfplan"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// block is a block of a data source: its arguments and its nested blocks, in order.
type block []entry

// entry is an argument, or a nested block. The value is a text, a list, a block, a reference, or nil, which is null.
type entry struct {
	name  string
	value any
}

type (
	list      []any
	reference string // to a variable that is not known, or to the document of another data source
)

// documents are data sources by their names; the key's policy is that of d.
type documents map[string]block

// module writes documents as Terraform source.
func (d documents) module() string {
	var b strings.Builder
	for _, name := range d.names() {
		fmt.Fprintf(&b, "data \"aws_iam_policy_document\" %q {\n%s}\n", name, d[name].hcl())
		for _, r := range d[name].references() {
			if variable, is := strings.CutPrefix(string(r), "var."); is {
				fmt.Fprintf(&b, "variable %q {}\n", variable)
			}
		}
	}
	return b.String() + "resource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n"
}

func (d documents) names() (names []string) {
	for name := range d {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (b block) hcl() string {
	var out strings.Builder
	for _, e := range b {
		if nested, is := e.value.(block); is {
			fmt.Fprintf(&out, "%s {\n%s}\n", e.name, nested.hcl())
		} else {
			fmt.Fprintf(&out, "%s = %s\n", e.name, expression(e.value))
		}
	}
	return out.String()
}

func expression(v any) string {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(strconv.Quote(v), "${", "$${")
	case reference:
		return string(v)
	case list:
		var items []string
		for _, item := range v {
			items = append(items, expression(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return "null"
}

// references are all that a block refers to, in order.
func (b block) references() (all []reference) {
	for _, e := range b {
		switch v := e.value.(type) {
		case block:
			all = append(all, v.references()...)
		default:
			all = append(all, referencesIn(v)...)
		}
	}
	return all
}

func referencesIn(v any) (all []reference) {
	switch v := v.(type) {
	case reference:
		return []reference{v}
	case list:
		for _, item := range v {
			all = append(all, referencesIn(item)...)
		}
	}
	return all
}

// plan writes documents as a plan has them where they are only known after apply. Sets have nothing twice there.
func (d documents) plan() string {
	key := `{"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k"`
	resources := []string{key + `, "change": {"actions": ["create"], "before": null, "after": {}, "after_unknown": {"policy": true}}}`}
	configuration := []string{key + `, "expressions": {"policy": {"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]}}}`}
	for _, name := range d.names() {
		after, unknown, written := d[name].planned()
		unknown["json"] = true
		this := fmt.Sprintf(`{"address": "data.aws_iam_policy_document.%[1]s", "mode": "data", "type": "aws_iam_policy_document", "name": %[1]q`, name)
		resources = append(resources, this+`, "change": {"actions": ["read"], "before": null, "after": `+text(after)+`, "after_unknown": `+text(unknown)+`}}`)
		configuration = append(configuration, this+`, "expressions": `+text(written)+`}`)
	}
	return `{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [` + strings.Join(resources, ",\n") +
		`], "configuration": {"root_module": {"resources": [` + strings.Join(configuration, ",\n") + `]}}}`
}

func text(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

type object = map[string]any

// planned are a block's values, which of them are not known, and what its expressions refer to.
func (b block) planned() (after, unknown, written object) {
	after, unknown, written = object{}, object{}, object{}
	for _, e := range b {
		nested, is := e.value.(block)
		if !is {
			after[e.name], unknown[e.name] = known(e.value, isSet(e.name))
			if refs := referencesIn(e.value); refs != nil {
				written[e.name] = object{"references": refs}
			} else {
				written[e.name] = object{"constant_value": after[e.name]}
			}
			continue
		}
		a, u, w := nested.planned()
		of := func(o object) []any { l, _ := o[e.name].([]any); return l }
		if e.name == "statement" || !slices.Contains(texts(of(after)), text(a)) || strings.Contains(text(u), "true") {
			after[e.name], unknown[e.name], written[e.name] = append(of(after), a), append(of(unknown), u), append(of(written), w)
		}
	}
	return after, unknown, written
}

func isSet(name string) bool {
	return slices.Contains([]string{"actions", "not_actions", "resources", "not_resources", "identifiers"}, name)
}

func texts(list []any) (out []string) {
	for _, v := range list {
		out = append(out, text(v))
	}
	return out
}

func known(v any, set bool) (after, unknown any) {
	switch v := v.(type) {
	case reference:
		return nil, true
	case list:
		items, unknowns := []any{}, []any{}
		for _, item := range v {
			a, u := known(item, false)
			if set && u == false && slices.Contains(texts(items), text(a)) {
				continue
			}
			items, unknowns = append(items, a), append(unknowns, u)
		}
		return items, unknowns
	default:
		return v, false
	}
}

type oneFile string

func (oneFile) List(string) ([]string, error) { return []string{"main.tf"}, nil }

func (f oneFile) Read(name string) ([]byte, error) {
	if name != "main.tf" {
		return nil, errors.New(name + " is not there")
	}
	return []byte(f), nil
}

// policies are the policy of the key as it is read from source, and from a plan.
func (d documents) policies(t *testing.T) (fromSource, fromPlan *source.Node) {
	t.Helper()
	m, found, err := terraform.NewModules(oneFile(d.module())).Read(".")
	if err != nil || len(found) > 0 || len(m.Keys) != 1 {
		t.Fatal(err, found, d.module())
	}
	file, found := tfplan.Load("plan.json", []byte(d.plan()))
	if len(found) > 0 {
		t.Fatal(found)
	}
	var keys []*carrier.Key
	if keys, found = tfplan.Read(file.Documents[0].Root); len(found) > 0 || len(keys) != 1 {
		t.Fatal(found, d.plan())
	}
	return m.Keys[0].Policy, keys[0].Policy
}
