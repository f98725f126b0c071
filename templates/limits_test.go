package templates_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/templates"
)

// limits are two values of each parameter that names what a template's statements are for, and no principal of a list.
var limits = map[string][2]string{
	"alarm":               {"cpu-high", "disk-full"},
	"anomaly_detector":    {"12345678-1234-1234-1234-123456789012", "98765432-4321-4321-4321-210987654321"},
	"bucket":              {"invoices", "receipts"},
	"caller_account":      {"444455556666", "777788889999"},
	"cluster":             {"orders", "billing"},
	"dashboard":           {"daily", "weekly"},
	"detector_id":         {"12abc34d567e8fa901bc2d34e56789f0", "98fed76c543b2af109cb8d76e54321f0"},
	"distribution_id":     {"E1ABCDEFGHIJKL", "E9ZYXWVUTSRQPO"},
	"event_bus":           {"orders", "billing"},
	"function":            {"orders", "billing"},
	"hosted_zone":         {"Z0123456789ABCDEFGHIJ", "Z9876543210ZYXWVUTSRQ"},
	"log_group":           {"/app/orders", "/app/billing"},
	"organization":        {"o-a1b2c3d4e5", "o-f6g7h8i9j0"},
	"queue":               {"orders", "billing"},
	"reader_account":      {"444455556666", "777788889999"},
	"rule":                {"to-archive", "to-inbox"},
	"rule_set":            {"inbound", "internal"},
	"service_linked_role": {"AWSServiceRoleForAutoScaling_build", "AWSServiceRoleForAutoScaling_test"},
	"source_account":      {"444455556666", "777788889999"},
	"source_bucket":       {"invoices", "receipts"},
	"table_bucket":        {"sales", "stock"},
	"topic":               {"orders", "billing"},
	"trail":               {"management", "data-events"},
	"trail_account":       {"444455556666", "777788889999"},
	"workgroup":           {"analysts", "finance"},
}

// limitsOf are the two values of a parameter whose form differs between templates.
var limitsOf = map[string][2]string{
	"account-through-service/service":            {"elasticfilesystem", "ec2"},
	"account-principals-through-service/service": {"elasticfilesystem", "ec2"},
	"service-metadata/service":                   {"dynamodb.amazonaws.com", "config.amazonaws.com"},
	"sns-event-source/service":                   {"ses.amazonaws.com", "ds.amazonaws.com"},
	"sns-event-source/source_arn":                {"arn:aws:rds:eu-central-1:111122223333:es:orders", "arn:aws:rds:eu-central-1:111122223333:es:billing"},
	"sqs-event-source/service":                   {"events.amazonaws.com", "sns.amazonaws.com"},
	"sqs-event-source/source_arn":                {"arn:aws:events:eu-central-1:111122223333:rule/orders", "arn:aws:events:eu-central-1:111122223333:rule/billing"},
}

// TestParametersLimit wants of each parameter that is not a list of principals that a policy with one value allows requests
// that name this value and are not allowed by the policy with another value, and the reverse; and that the two policies do
// not differ in a request that names neither.
func TestParametersLimit(t *testing.T) {
	for _, name := range templates.Names() {
		principals := principalParameters(t, name)
		for _, p := range spec.ParseTemplate(load(t, name)).Parameters {
			parameter := p.Name.Text
			if slices.Contains(principals, parameter) && p.Schema.Get("items") != nil {
				continue // see TestRightsOfParameters
			}
			t.Run(name+"/"+parameter, func(t *testing.T) {
				if parameter == "actions" {
					choices := p.Schema.Get("items").Get("enum").Items
					first, second := choices[0].Text, choices[len(choices)-1].Text
					differ(t, withValue(t, name, parameter, list(first)), withValue(t, name, parameter, list(second)), first, second)
					return
				}
				values, ok := limitsOf[name+"/"+parameter]
				if !ok {
					values, ok = limits[parameter]
				}
				if !ok {
					t.Fatal("no two values of it are known: add them to limits, or to limitsOf for this template only")
				}
				differ(t, withValue(t, name, parameter, scalar(values[0])), withValue(t, name, parameter, scalar(values[1])), values[0], values[1])
			})
		}
	}
}

// differ wants each policy to allow what names its value, and the other one to refuse that.
func differ(t *testing.T, one, other *spec.Compiled, first, second string) {
	t.Helper()
	a, b := access.EnvOf(one.Key.Key), access.EnvOf(other.Key.Key)
	simulate := func(p *spec.Compiled, env access.Env, request access.Request) access.Decision {
		result, err := access.Simulate(p.Document, env, request)
		if err != nil {
			t.Fatal(err)
		}
		return result.Decision
	}
	d := access.Diff(one.Document, other.Document, a, b)
	if len(d.Removed) == 0 || len(d.Added) == 0 || len(d.Unknown) > 0 {
		t.Errorf("%d requests are allowed with %s only, %d with %s only; not decided: %v", len(d.Removed), first, len(d.Added), second, d.Unknown)
	}
	for _, c := range d.Removed {
		if !names(c.Witness, first) || simulate(one, a, c.Witness) == simulate(other, b, c.Witness) {
			t.Errorf("with %s this is allowed: %+v", first, c.Witness)
		}
	}
	for _, c := range d.Added {
		if !names(c.Witness, second) || simulate(one, a, c.Witness) == simulate(other, b, c.Witness) {
			t.Errorf("with %s this is allowed: %+v", second, c.Witness)
		}
	}
}

// names reports whether a request has a text in it.
func names(r access.Request, text string) bool {
	if strings.Contains(r.Principal, text) || slices.Contains(facts.MatchActions(text), r.Action) {
		return true
	}
	for _, values := range r.Context {
		if slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, text) }) {
			return true
		}
	}
	return false
}

// withValue is the policy of a template's example with another value of one parameter.
func withValue(t *testing.T, name, parameter string, value *source.Node) *spec.Compiled {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join(examples, name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	file, found := source.Load("spec.keypolicy.yaml", archive.Files[0].Data, source.DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	root := file.Documents[0].Root
	of := root
	if include := root.Get("include"); include != nil {
		of = include.Items[0]
	}
	if of.Get("parameters") == nil {
		of.Members = append(of.Members, source.NewMember("parameters", diag.Place{}, source.NewMapping(diag.Place{})))
	}
	parameters := of.Get("parameters")
	if m := parameters.Member(parameter); m != nil {
		m.Value = value
	} else {
		parameters.Members = append(parameters.Members, source.NewMember(parameter, diag.Place{}, value))
	}
	text := policy.Compact(root)
	if of != root { // the account statement allows what a template gives to the account
		text = strings.Replace(text, "{", `{"delegate_to_iam": false, `, 1)
	}
	return compiled(t, []byte(text))
}

func scalar(text string) *source.Node { return source.NewScalar(text, diag.Place{}) }

func list(text string) *source.Node { return source.NewSequence(diag.Place{}, scalar(text)) }
