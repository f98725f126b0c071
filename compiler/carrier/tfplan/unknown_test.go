package tfplan_test

import (
	"fmt"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
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
		if isRole := c.first == role; isRole != (all[0].Hole().Shape == symbol.OwnRole) {
			t.Errorf("%s: %+v", c.name, all[0].Hole())
		}
		if got := all[0].Hole().Equal(all[1].Hole()); got != c.equal {
			t.Errorf("%s: equal is %v", c.name, got)
		}
		if statements.Open == nil || statements.Open.Ref != "module.a.json, module.b.json" {
			t.Errorf("%s: the statements are open for %+v", c.name, statements.Open)
		}
	}
}

// TestAReferenceIsNotThePolicy: a plan has the names that an expression refers to and not what is made of them. So whatever the one name is,
// nothing is known of a policy, of a block, or of what a list has, and two of them are two values.
func TestAReferenceIsNotThePolicy(t *testing.T) {
	for _, name := range []string{
		"aws_iam_role.r.arn", `aws_iam_role.r["a.b"].arn`, "aws_iam_user.u.arn", "module.m.arn", "data.aws_caller_identity.me.account_id",
		"aws_sns_topic.t.arn", "local.policy", "var.policy", "data.aws_iam_policy_document.elsewhere.json",
	} {
		references := fmt.Sprintf(`{"references": [%q]}`, name)
		keys := keysOf(t, planOf(configurationOf(`
			{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "provider_config_key": "aws", "expressions": {"policy": `+references+`}},
			{"address": "aws_kms_key.other", "type": "aws_kms_key", "name": "other", "mode": "managed", "provider_config_key": "aws", "expressions": {"policy": `+references+`}},
			{"address": "aws_kms_key.built", "type": "aws_kms_key", "name": "built", "mode": "managed", "provider_config_key": "aws", "expressions": {"policy": {"references": ["data.aws_iam_policy_document.d.json"]}}},
			{"address": "aws_iam_role.r", "type": "aws_iam_role", "name": "r", "mode": "managed", "provider_config_key": "aws", "expressions": {}},
			{"address": "aws_iam_user.u", "type": "aws_iam_user", "name": "u", "mode": "managed", "provider_config_key": "aws", "expressions": {}},
			{"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data", "provider_config_key": "aws",
			 "expressions": {"source_policy_documents": `+references+`, "statement": [{"actions": `+references+`, "principals": [{"identifiers": `+references+`}]}, {"principals": `+references+`, "condition": `+references+`}]}}`),
			resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", "{}", `{"policy": true}`),
			resource("aws_kms_key.other", "aws_kms_key", "other", `["create"]`, "null", "{}", `{"policy": true}`),
			resource("aws_kms_key.built", "aws_kms_key", "built", `["create"]`, "null", "{}", `{"policy": true}`),
			resource("data.aws_iam_policy_document.d", "aws_iam_policy_document", "d", `["read"]`, "null",
				`{"source_policy_documents": [null], "statement": [{"principals": [{"type": "AWS"}]}, {}]}`,
				`{"json": true, "source_policy_documents": [true], "statement": [{"actions": true, "principals": [{"identifiers": true}]}, {"principals": true, "condition": true}]}`)))
		statements := keys[2].Policy.Get("Statement")
		first, second := statements.Items[0], statements.Items[1]
		holes := map[string]*symbol.Hole{
			"policy": keys[0].Policy.Hole(), "other policy": keys[1].Policy.Hole(), "statements": statements.Open, "actions": first.Get("Action").Open,
			"identifiers": first.Get("Principal").Get("AWS").Open, "principals": second.Get("Principal").Open, "condition": second.Get("Condition").Open,
		}
		for what, h := range holes {
			if h == nil || h.Ref != name || h.Shape != symbol.AnyText || !h.MayHaveWildcards() {
				t.Errorf("%s: %s: %+v", name, what, h)
			}
		}
		if holes["policy"].Equal(holes["other policy"]) {
			t.Errorf("%s: two policies are one value", name)
		}
	}
}
