package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// A finding about a use that the policy refuses carries an edit, in each form of a spec. Once it is applied, no error or warning is left.
func TestTheEditForAUseLetsItBe(t *testing.T) {
	set, err := rules.Load(t.Context(), rules.Options{Today: keypolicy.ExampleDay})
	if err != nil {
		t.Fatal(err)
	}
	const root = `{"Sid":"Root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}`
	n := 0
	for _, use := range facts.Uses() {
		if use.Template == "" || use.Way != facts.WayKeyPolicy {
			continue
		}
		entry := entryFor(t, use)
		key := "account: \"111122223333\"\nregion: eu-central-1"
		if use.ID == "route53-dnssec" {
			key = "account: \"111122223333\"\nregion: us-east-1\nkey_usage: SIGN_VERIFY\nkey_spec: ECC_NIST_P256"
		}
		lists := fmt.Sprintf("%s\nkey_admins_roles: [KeyAdmin]\nkey_users_roles: [payments-api]\nused_by: [%s]\n", key, entry)
		if use.ID == "route53-dnssec" { // nobody signs with it beside the service
			lists = strings.Replace(lists, "key_users_roles: [payments-api]\n", "", 1)
		}
		forms := map[string]string{
			"lists":          lists,
			"an include":     lists + "include:\n  - {template: service-metadata, parameters: {service: cloudtrail.amazonaws.com}}\n",
			"a flow include": lists + "include: []\n",
			"a whole policy": fmt.Sprintf("%s\nused_by: [%s]\npolicy:\n  Version: \"2012-10-17\"\n  Statement:\n    - %s\n", key, entry, root),
		}
		for form, text := range forms {
			t.Run(use.ID+"/"+form, func(t *testing.T) {
				before := checkOne(t, set, text)
				i := slices.IndexFunc(before, func(d diag.Diagnostic) bool { return d.Rule == "service-cannot-use-key" && d.Severity == diag.Error })
				if i < 0 {
					t.Fatalf("the use is not refused: %v", before)
				}
				if len(before[i].Edits) == 0 {
					t.Fatalf("there is no edit: %s", before[i].Help)
				}
				n++
				edited := string(edit([]byte(text), before[i].Edits))
				for _, d := range checkOne(t, set, edited) {
					if d.Severity >= diag.Warning {
						t.Errorf("%s\n%s", keypolicy.FindingLine(d), edited)
					}
				}
			})
		}
	}
	if n < 100 {
		t.Errorf("only %d edits were made", n)
	}
}

// entryFor is an entry of used_by with everything that a use takes, as flow YAML.
func entryFor(t *testing.T, use facts.Use) string {
	t.Helper()
	where := "eu-central-1"
	if use.ID == "route53-dnssec" {
		where = "us-east-1"
	}
	fill := strings.NewReplacer("$(partition)", "aws", "$(account)", "111122223333", "$(region)", where)
	parameters := map[string]any{}
	for name, p := range use.Parameters {
		switch value := fill.Replace(p.Example); {
		case p.Free:
		case p.Principals:
			parameters[name] = []string{value}
		default:
			parameters[name] = value
		}
	}
	text, err := json.Marshal(map[string]any{"template": use.ID, "parameters": parameters})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func checkOne(t *testing.T, set *rules.Set, text string) diag.List {
	t.Helper()
	archive := &txtar.Archive{Files: []txtar.File{{Name: "a.keypolicy.yaml", Data: []byte(text)}}}
	e, err := keypolicy.ReadExample(txtar.Format(archive))
	if err != nil {
		t.Fatal(err)
	}
	found, err := e.Check(t.Context(), set, keypolicy.ExampleDay)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
