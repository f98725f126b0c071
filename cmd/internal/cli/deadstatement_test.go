package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// aboutAccess are the categories whose rules say what somebody can do.
var aboutAccess = map[string]bool{"privilege": true, "exposure": true, "services": true, "actions": true}

// aboutText are the rules of these categories that are about what is written, whether or not it takes effect.
var aboutText = map[string]bool{
	"action-format": true, "action-not-cross-account": true, "action-not-in-key-policy": true, "foreign-service-action": true,
	"reencrypt-is-not-an-action": true, "secret-in-encryption-context": true, "service-condition-wrong-key": true, "source-account-mismatch": true,
	"statement-never-matches": true, "unknown-action": true, "wildcard-matches-nothing": true,
}

// TestNoRuleAccusesADeadStatement: where a Deny takes away all that there is, no rule says of an Allow what it lets
// somebody do. The documents are those of the rules' own examples.
func TestNoRuleAccusesADeadStatement(t *testing.T) {
	const all = `{"Sid": "Deny all", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}`
	set, err := rules.Load(t.Context(), rules.Options{Today: keypolicy.ExampleDay})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range set.Names() {
		if name == "template-placeholder-left" {
			continue // who its principals are is not known
		}
		for _, f := range txtar.Parse(set.ExampleText(name)).Files {
			if denied, ok := withStatement(f.Data, all); ok && !strings.Contains(string(f.Data), `"Deny"`) {
				files[name+"/"+f.Name] = denied
			}
		}
	}
	for _, d := range lintFiles(t, files) {
		if d.Severity >= diag.Warning && aboutAccess[d.Category] && !aboutText[d.Rule] && d.Statement != "Deny all" {
			t.Errorf("%s:%d: %s %s: %s", d.Place.File, d.Place.Range.Start.Line, d.Severity, d.Rule, d.Message)
		}
	}
	if len(files) < 100 {
		t.Errorf("only %d documents were denied", len(files))
	}
}

// withStatement adds a statement to a policy document.
func withStatement(text []byte, statement string) ([]byte, bool) {
	var doc map[string]json.RawMessage
	var statements []json.RawMessage
	if json.Unmarshal(text, &doc) != nil || json.Unmarshal(doc["Statement"], &statements) != nil || len(statements) == 0 {
		return nil, false
	}
	doc["Statement"], _ = json.Marshal(append(statements, json.RawMessage(statement)))
	out, err := json.Marshal(doc)
	return out, err == nil
}
