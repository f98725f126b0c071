package rules_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// Each row of the facts is read by encryption-context-arn: the rule is silent of the row's example, and reports the example
// with something before it. So a row needs no more than its data.
func TestEveryContextIsRead(t *testing.T) {
	set := load(t, rules.Options{})
	reported := func(f facts.ContextForm, value string) bool {
		statement, err := json.Marshal(map[string]any{
			"Sid": "S", "Effect": "Allow", "Principal": map[string]any{"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt",
			"Resource": "*", "Condition": map[string]any{"StringEquals": map[string]any{"kms:EncryptionContext:" + f.Key: value}},
		})
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [%s]}`, statement)
		for _, d := range only(judge(t, set, "p.json", text), "encryption-context-arn") {
			if d.Reason != "setting" {
				return true
			}
		}
		return false
	}
	for _, f := range facts.ContextForms() {
		if reported(f, f.Example()) {
			t.Errorf("%s: reported of %s", f.Key, f.Example())
		}
		if strings.ContainsAny(f.Form, ":-") && !reported(f, "::"+f.Example()) {
			t.Errorf("%s: not reported of ::%s", f.Key, f.Example())
		}
	}
}
