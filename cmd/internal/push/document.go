package push

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

var errNoPolicy = errors.New("it is no JSON object")

// read parses a policy's text.
func read(text []byte) (*policy.Document, error) {
	file, found := source.Load("policy.json", text, source.DefaultLimits)
	if found.HasErrors() {
		return nil, errors.New(found[0].Message)
	}
	if len(file.Documents) != 1 || file.Documents[0].Root == nil || file.Documents[0].Root.Kind != source.Mapping {
		return nil, errNoPolicy
	}
	return policy.Read(file.Documents[0].Root), nil
}

// same says whether two policies mean the same, also for actions that AWS may add.
func same(a, b []byte, env access.Env) bool {
	if string(a) == string(b) {
		return true
	}
	x, err := read(a)
	if err != nil {
		return false
	}
	y, err := read(b)
	if err != nil {
		return false
	}
	if alike(x, y) {
		return true
	}
	return settled(access.Diff(x, y, env, env))
}

func settled(d *access.Difference) bool { return d.Equivalent && len(d.Future) == 0 }

// alike says whether two policies differ in nothing but order, spelling and labels. It holds too where the meaning cannot
// be worked out.
func alike(x, y *policy.Document) bool {
	if len(x.Problems)+len(y.Problems) > 0 {
		return false
	}
	return slices.Equal(normal(x), normal(y))
}

// normal lists a policy's statements in a form without order, spelling and labels.
func normal(d *policy.Document) []string {
	list := []string{"version " + version(d)}
	for i := range d.Statements {
		list = append(list, normalStatement(&d.Statements[i]))
	}
	return set(list)
}

// version is what counts: without one the policy is of the old language.
func version(d *policy.Document) string {
	if d.Version.Value == "" {
		return "2008-10-17"
	}
	return d.Version.Value
}

func normalStatement(st *policy.Statement) string {
	var parts []string
	add := func(element string, values []string) {
		if st.Has(element) {
			parts = append(parts, fmt.Sprintf("%s %q", element, set(values)))
		}
	}
	add("Effect", []string{st.Effect.Value})
	add("Principal", principals(st.Principals))
	add("NotPrincipal", principals(st.NotPrincipals))
	add("Action", lower(st.Actions))
	add("NotAction", lower(st.NotActions))
	add("Resource", exact(st.Resources))
	add("NotResource", exact(st.NotResources))
	var conditions []string
	for _, c := range st.Conditions {
		conditions = append(conditions, fmt.Sprintf("%s %s %q", c.Operator.Value, c.Key.Value, set(exact(c.Values))))
	}
	add("Condition", conditions)
	return strings.Join(parts, " ")
}

// principals spells an account's root ARN as its id, as AWS takes one for the other. An ARN says its partition.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func principals(all []policy.Principal) []string {
	var list []string
	for _, p := range all {
		text := p.Text
		if p.Kind == policy.Account && (p.Partition == "" || p.Partition == "aws") {
			text = p.Account
		}
		list = append(list, p.Element+" "+text)
	}
	return list
}

func lower(texts []policy.Text) []string {
	var list []string
	for _, t := range texts {
		list = append(list, strings.ToLower(t.Value))
	}
	return list
}

func exact(texts []policy.Text) []string {
	var list []string
	for _, t := range texts {
		list = append(list, t.Value)
	}
	return list
}

func set(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
