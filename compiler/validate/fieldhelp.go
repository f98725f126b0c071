package validate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// fieldsOf gives the names and the patterns of the fields that a schema knows, the names sorted.
func fieldsOf(schema map[string]any) (names []string, patterns []*regexp.Regexp) {
	properties, _ := schema["properties"].(map[string]any)
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	expressions, _ := schema["patternProperties"].(map[string]any)
	for e := range expressions {
		if p, err := regexp.Compile(e); err == nil {
			patterns = append(patterns, p)
		}
	}
	return names, patterns
}

// fieldHelp offers the field that was meant, or all of them where they are few.
func (s subject) fieldHelp(name string, f fault) string {
	if named, written := namedTemplate(f); named != nil {
		return "write " + quoted(written)
	}
	offered := offeredFields(f.schema)
	if slices.Equal(offered, entryFields) && meantField(name, offered) == "" && !s.parameter {
		return "a parameter of the template goes below `parameters`"
	}
	if meant := meantField(name, offered); meant != "" && (meant != "template" || f.value.Member(meant) == nil) {
		return "did you mean " + quoted(meant) + "?"
	}
	const few = 8
	if len(offered) == 0 || len(offered) > few {
		return "remove it"
	}
	return "there is " + choices(offered)
}

// entryFields are the fields of an entry that uses a template.
var entryFields = []string{"parameters", "template"}

// namedTemplate gives the only field of such an entry where it has the template's name, with its parameters or nothing as its value,
// and how the entry is written.
func namedTemplate(f fault) (key *source.Node, written string) {
	if f.value == nil || len(f.value.Members) != 1 || !slices.Equal(offeredFields(f.schema), entryFields) {
		return nil, ""
	}
	key, value := f.value.Members[0].Key, f.value.Members[0].Value
	switch {
	case meantField(key.Text, entryFields) != "":
		return nil, ""
	case value.IsNull():
		return key, "{template: " + key.Text + "}"
	case value.Kind == source.Mapping:
		return key, "{template: " + key.Text + ", parameters: {…}}"
	}
	return nil, ""
}

// meantField is the field that a name was most likely meant for; "" where that is open.
func meantField(name string, offered []string) string {
	if nearest, ok := facts.Nearest(name, offered); ok {
		return nearest
	}
	if meant := otherWords[strings.ToLower(strings.ReplaceAll(name, "-", "_"))]; slices.Contains(offered, meant) {
		return meant
	}
	return ""
}

// offeredFields are the fields that a schema knows, sorted, without those that are another spelling of a field.
func offeredFields(schema map[string]any) []string {
	names, _ := fieldsOf(schema)
	return slices.DeleteFunc(names, func(name string) bool { return property(schema, name)["deprecated"] == true })
}

// otherWords are words that people write for a field and that edit distance does not find.
var otherWords = map[string]string{
	"users": "key_users", "user": "key_users", "user_roles": "key_users_roles", "users_roles": "key_users_roles", "roles": "key_users_roles",
	"admins": "key_admins", "administrators": "key_admins", "key_administrators": "key_admins",
	"admin_roles": "key_admins_roles", "admins_roles": "key_admins_roles", "key_administrators_roles": "key_admins_roles",
	"accounts": "external_accounts", "policy_document": "policy", "policydocument": "policy",
	"params": "parameters", "name": "template", "policytemplate": "template", "policy_template": "template", "alias": "key", "key_id": "key", "key_arn": "key", "id": "key", "arn": "key",
	"account_id": "account", "accountid": "account", "usage": "key_usage", "spec": "key_spec", "customer_master_key_spec": "key_spec",
	"statement": "statements", "tests": "expect", "includes": "include", "role": "role_arn", "orgs": "organizations",
	"why": "reason", "expires": "until", "expected": "decision", "result": "decision",
}
