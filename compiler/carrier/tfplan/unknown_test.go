package tfplan_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// TestWhichUnknownValuesAreEqual: the ARN of a role is one value wherever a plan refers to it. Of another reference only the name is in
// the plan and not what is made of it, so two texts of it are two values; and a list that is open for two reasons is open for both.
func TestWhichUnknownValuesAreEqual(t *testing.T) {
	written := func(first, second string) string {
		return configurationOf(`
			{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "provider_config_key": "aws", "expressions": {"policy": {"references": ["data.aws_iam_policy_document.d.json"]}}},
			{"address": "aws_iam_role.r", "type": "aws_iam_role", "name": "r", "mode": "managed", "provider_config_key": "aws", "expressions": {}},
			{"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data", "provider_config_key": "aws",
			 "expressions": {"source_policy_documents": {"references": ["module.a.json", "module.b.json"]}, "statement": [{"principals": [{"identifiers": {"references": [` + first + `]}}]}, {"principals": [{"identifiers": {"references": [` + second + `]}}]}]}}`)
	}
	block := `{"effect": "Allow", "actions": ["kms:*"], "resources": ["*"], "principals": [{"type": "AWS", "identifiers": [null]}]}`
	principals := func(first, second string) (all []*source.Node, statements *source.Node) {
		keys := keysOf(t, planOf(written(first, second),
			resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", "{}", `{"policy": true}`),
			resource("data.aws_iam_policy_document.d", "aws_iam_policy_document", "d", `["read"]`, "null",
				`{"source_policy_documents": [null, null], "statement": [`+block+`, `+block+`]}`,
				`{"json": true, "source_policy_documents": [true, true], "statement": [{"principals": [{"identifiers": [true]}]}, {"principals": [{"identifiers": [true]}]}]}`)))
		statements = keys[0].Policy.Get("Statement")
		for _, st := range statements.Items {
			all = append(all, st.Get("Principal").Get("AWS").Items[0])
		}
		return all, statements
	}
	role, account := `"aws_iam_role.r.arn", "aws_iam_role.r"`, `"aws_organizations_account.a.id", "aws_organizations_account.a"`
	for _, c := range []struct {
		name, first, second string
		equal               bool
	}{{"the ARN of a role", role, role, true}, {"a part of a text", account, account, false}, {"two references", role, account, false}} {
		all, statements := principals(c.first, c.second)
		if got := all[0].Hole().Equal(all[1].Hole()); got != c.equal {
			t.Errorf("%s: equal is %v", c.name, got)
		}
		if statements.Open == nil || statements.Open.Ref != "module.a.json, module.b.json" {
			t.Errorf("%s: the statements are open for %+v", c.name, statements.Open)
		}
	}
}
