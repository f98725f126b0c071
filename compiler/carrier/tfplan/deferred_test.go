package tfplan_test

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/carrier/tfplan"
)

// What Terraform puts off to a later plan is read as far as it is known, in the order of the file, and nothing else of it.
func TestDeferredChanges(t *testing.T) {
	deferred := func(changes ...string) string {
		for i, c := range changes {
			changes[i] = `{"reason": "instance_count_unknown", "resource_change": ` + c + `}`
		}
		return `"deferred_changes": [` + strings.Join(changes, ", ") + `], "complete": false, "resource_changes"`
	}
	known := resource("aws_kms_key.later", "aws_kms_key", "later", `["create"]`, "null", `{"policy": "P", "description": "SECRET"}`, "{}")
	unknown := resource(`module.m["*"].aws_kms_key.k`, "aws_kms_key", "k", `["create"]`, "null", `{}`, `{"policy": true}`)
	other := resource("aws_db_instance.d", "aws_db_instance", "d", `["create"]`, "null", `{"password": "SECRET", "policy": "SECRET"}`, "{}")
	now := resource("aws_kms_key.now", "aws_kms_key", "now", `["create"]`, "null", `{"policy": "Q"}`, "{}")
	keys := keysOf(t, strings.Replace(planOf("{}", now), `"resource_changes"`, deferred(known, other, unknown, "null", "1"), 1))
	if len(keys) != 3 || keys[0].Resource != "aws_kms_key.now" || keys[1].Resource != "aws_kms_key.later" || shown(keys[1].Policy) != "P" ||
		keys[1].Change.Action != carrier.Create || keys[2].Resource != `module.m["*"].aws_kms_key.k` || keys[2].Policy == nil || keys[2].Policy.Parts == nil {
		t.Errorf("%+v", keys)
	}
	file, found := tfplan.Load("plan.json", []byte(strings.Replace(planOf("{}"), `"resource_changes"`, deferred(other, known), 1)))
	if len(found) > 0 || strings.Contains(string(file.Shown), "SECRET") {
		t.Errorf("%v: %s", found, file.Shown)
	}
}

// A key that is created with a policy has it from its configuration, whether the plan has that or not.
func TestAPolicyThatAKeyIsCreatedWithIsItsOwn(t *testing.T) {
	of := resource("aws_kms_key_policy.p", "aws_kms_key_policy", "p", `["create"]`, "null", `{"policy": "other"}`, `{"key_id": true}`)
	configuration := configurationOf(`{"address": "aws_kms_key_policy.p", "type": "aws_kms_key_policy", "name": "p", "mode": "managed", "expressions": {"key_id": {"references": ["aws_kms_key.k.id", "aws_kms_key.k"]}}}`)
	for name, c := range map[string]struct {
		before, after, unknown string
		twice                  bool
	}{
		"written":        {"null", `{"policy": "own"}`, `{"id": true}`, true},
		"not written":    {"null", `{}`, `{"id": true, "policy": true}`, false},
		"empty":          {"null", `{"policy": ""}`, `{"id": true}`, false},
		"put by another": {`{"policy": "other", "id": "a"}`, `{"policy": "other", "id": "a"}`, `{}`, false},
	} {
		key := resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, c.before, c.after, c.unknown)
		if c.before != "null" {
			key = strings.Replace(key, `["create"]`, `["no-op"]`, 1)
		}
		file, _ := tfplan.Load("plan.json", []byte(planOf(configuration, key, of)))
		if _, found := tfplan.Read(file.Documents[0].Root); (len(found) == 1 && found[0].Reason == "policy-set-twice") != c.twice {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// A key that is imported by an id that is not known yet is there, and what its policy is before is not known.
func TestAnImportOfAnUnknownKeyIsNotANewKey(t *testing.T) {
	key := resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", `{"policy": "P"}`, `{"id": true}`)
	for importing, want := range map[string]carrier.Action{`{"unknown": true}`: carrier.Update, "null": carrier.Create} {
		keys := keysOf(t, planOf("{}", strings.Replace(key, `"actions"`, `"importing": `+importing+`, "actions"`, 1)))
		if k := keys[0]; k.Change.Action != want || (k.Change.Before != nil) != (want == carrier.Update) || shown(k.Policy) != "P" {
			t.Errorf("%s: %+v", importing, k.Change)
		}
	}
}
