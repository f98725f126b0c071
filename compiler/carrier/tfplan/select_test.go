package tfplan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// secret is in each place of a plan that is not about a key's policy.
const secret = "hunter2-4711"

const planWithSecrets = `{
  "format_version": "1.2", "terraform_version": "1.9.0",
  "variables": {"password": {"value": "hunter2-4711"}},
  "planned_values": {"outputs": {"x": {"value": "hunter2-4711"}}, "root_module": {"resources": [{"type": "aws_kms_key", "values": {"description": "hunter2-4711"}}]}},
  "resource_changes": [
    {"address": "aws_db_instance.d", "type": "aws_db_instance", "change": {"after": {"password": "hunter2-4711"}}},
    {"address": "aws_kms_key.k", "type": "aws_kms_key", "change": {"actions": ["update"], "before": {"policy": "p\"}", "tags": {"a": "hunter2-4711"}},
      "after": {"description": "hunter2-4711", "policy": "q", "tags": {"a": ["hunter2-4711"]}}, "after_unknown": {"tags_all": true}}}],
  "output_changes": {"x": {"after": "hunter2-4711"}},
  "prior_state": {"values": {"outputs": {"x": {"value": "hunter2-4711"}}, "root_module": {"resources": [{"type": "aws_ssm_parameter", "values": {"value": "hunter2-4711"}},
      {"type": "aws_caller_identity", "values": {"account_id": "111122223333", "user_id": "hunter2-4711"}}],
    "child_modules": [{"address": "module.a", "resources": [{"type": "random_password", "values": {"result": "hunter2-4711"}}]}]}}},
  "configuration": {
    "provider_config": {"vault": {"name": "vault", "expressions": {"token": {"constant_value": "hunter2-4711"}}}, "aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}},
    "root_module": {"variables": {"password": {"default": "hunter2-4711"}}, "resources": [
      {"address": "aws_iam_role.r", "type": "aws_iam_role", "expressions": {"description": {"constant_value": "hunter2-4711"}}}]}}
}`

// TestNothingElseIsKept: what is about no key's policy is neither shown nor made a node of, and what is stays in its place.
func TestNothingElseIsKept(t *testing.T) {
	chosen := selected([]byte(planWithSecrets))
	if bytes.Contains(chosen, []byte(secret)) {
		t.Errorf("a secret is kept:\n%s", chosen)
	}
	for _, want := range []string{`"p\"}"`, `"policy": "q"`, `["update"]`, `"111122223333"`, `{"constant_value": "eu-west-1"}`, `"aws_iam_role.r"`} {
		if strings.Index(planWithSecrets, want) != bytes.Index(chosen, []byte(want)) {
			t.Errorf("%s is not in its place", want)
		}
	}
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		planWithSecrets: true, "\ufeff" + planWithSecrets: true, planWithSecrets[:60]: true, "{\"format_version\": \"1.0\"}\n": true,
		`{"format_version": "1.0", "valid": true}`: false, `{"Statement": []}`: false, `["format_version", "values"]`: false,
		"format_version: '1.0'\nvalues: x": false, "": false,
	} {
		if Is([]byte(text)) != want {
			t.Errorf("%.40s: %v", text, !want)
		}
	}
}

// FuzzSelected holds that of valid JSON valid JSON is left, with all that is kept in its place.
func FuzzSelected(f *testing.F) {
	f.Add(planWithSecrets)
	f.Add(`{"resource_changes":[{"type":"aws_kms_key"},[[]],"\\\"",1e5]}`)
	f.Add(`{"configuration":{"root_module":{"module_calls":{"a":{"module":{}}}}},"x":"\u0022"}`)
	f.Fuzz(func(t *testing.T, text string) {
		chosen := selected([]byte(text))
		if chosen == nil {
			if strings.HasPrefix(text, "{") && json.Valid([]byte(text)) {
				t.Errorf("%q is valid", text)
			}
			return
		}
		if len(chosen) != len(text) || json.Valid([]byte(text)) && !json.Valid(chosen) {
			t.Errorf("%q became %q", text, chosen)
		}
		for i := range chosen {
			if chosen[i] != text[i] && chosen[i] != ' ' && chosen[i] != '0' || (chosen[i] == '\n') != (text[i] == '\n') {
				t.Fatalf("%q became %q", text, chosen)
			}
		}
	})
}
