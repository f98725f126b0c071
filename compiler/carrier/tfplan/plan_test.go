package tfplan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/carrier/tfplan"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

const document = `{\"Version\":\"2012-10-17\",\"Statement\":[]}`

// resource writes one of a plan's resource_changes; the address's module, index and mode are found in it.
func resource(address, kind, name, actions, before, after, unknown string) string {
	mode, module := "managed", ""
	if strings.Contains(address, "data."+kind) {
		mode = "data"
	}
	if at := strings.Index(address, kind+"."+name); at > 0 {
		module = strings.TrimSuffix(strings.TrimSuffix(address[:at], "data."), ".")
	}
	return fmt.Sprintf(`{"address": %q, "module_address": %q, "mode": %q, "type": %q, "name": %q, "change": {"actions": %s, "before": %s, "after": %s, "after_unknown": %s}}`,
		address, module, mode, kind, name, actions, before, after, unknown)
}

// planOf is a plan of the current format.
func planOf(configuration string, resources ...string) string {
	return `{"format_version": "1.2", "terraform_version": "1.9.0", "variables": {"password": {"value": "hunter2"}}, "resource_changes": [` +
		strings.Join(resources, ",\n") + `], "configuration": ` + configuration + `}`
}

// keysOf reads the keys of a plan that must be sound.
func keysOf(t *testing.T, text string) []*carrier.Key {
	t.Helper()
	file, found := tfplan.Load("plan.json", []byte(text))
	if len(found) > 0 {
		t.Fatalf("%+v", found)
	}
	keys, found := tfplan.Read(file.Documents[0].Root)
	if len(found) > 0 {
		t.Fatalf("%+v", found)
	}
	return keys
}

// shown is a node in one line: texts in quotes, what is not known as its reference.
func shown(n *source.Node) string {
	var list []string
	switch {
	case n == nil:
		return "default"
	case n.Hole() != nil:
		return "?" + n.Hole().Ref
	case n.Kind == source.Scalar:
		return n.Text
	case n.Kind == source.Mapping:
		for _, m := range n.Members {
			list = append(list, m.Key.Text+": "+shown(m.Value))
		}
		return "{" + strings.Join(list, ", ") + "}"
	}
	for _, item := range n.Items {
		list = append(list, shown(item))
	}
	if n.Open != nil {
		list = append(list, "…"+n.Open.Ref)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func configurationOf(resources string) string {
	return `{"provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-central-1"}}}}, "root_module": {"resources": [` + resources + `]}}`
}

func TestPolicies(t *testing.T) {
	const create = `["create"]`
	key := func(after, unknown string) string {
		return resource("aws_kms_key.k", "aws_kms_key", "k", create, "null", after, unknown)
	}
	written := func(expression string) string {
		return configurationOf(`{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "provider_config_key": "aws", "expressions": {` + expression + `}}`)
	}
	for _, c := range []struct{ name, plan, want string }{
		{"literal", planOf("{}", key(`{"policy": "`+document+`"}`, "{}")), `{"Version":"2012-10-17","Statement":[]}`},
		{"none is written, and KMS's own is known after apply", planOf(written(`"description": {}`), key("{}", `{"policy": true}`)), "default"},
		{"null", planOf(written(""), key(`{"policy": null}`, "{}")), "default"},
		{"a variable", planOf(written(`"policy": {"references": ["var.policy"]}`), key("{}", `{"policy": true}`)), "?var.policy"},
		{"an expression of two names", planOf(written(`"policy": {"references": ["aws_iam_role.a.arn", "aws_iam_role.a", "local.b"]}`), key("{}", `{"policy": true}`)), "?aws_iam_role.a.arn, local.b"},
		{"without a configuration", planOf("{}", key("{}", `{"policy": true}`)), "?aws_kms_key.k"},
	} {
		keys := keysOf(t, c.plan)
		if len(keys) != 1 || shown(keys[0].Policy) != c.want {
			t.Errorf("%s: %s, want %s", c.name, shown(keys[0].Policy), c.want)
		}
	}
}

// TestPolicyDocumentIsRebuilt: the data source's blocks are in the plan where its JSON is known after apply.
func TestPolicyDocumentIsRebuilt(t *testing.T) {
	configuration := configurationOf(`
		{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "provider_config_key": "aws",
		 "expressions": {"policy": {"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]}}},
		{"address": "aws_iam_role.admin", "type": "aws_iam_role", "name": "admin", "mode": "managed", "provider_config_key": "aws", "expressions": {"assume_role_policy": {"constant_value": "hunter2"}}},
		{"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data", "provider_config_key": "aws",
		 "expressions": {"statement": [{}, {"principals": [{"identifiers": {"references": ["aws_iam_role.admin.arn", "aws_iam_role.admin"]}}, {}]}]}}`)
	blocks := `{"source_policy_documents": ["{\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Deny\"},{\"Sid\":\"old\",\"Effect\":\"Deny\"}]}"], "statement": [
		{"sid": "a", "effect": null, "actions": ["kms:*"], "not_actions": [], "resources": ["*"], "principals": [{"type": "AWS", "identifiers": ["111122223333"]}],
		 "condition": [{"test": "StringEquals", "variable": "kms:ViaService", "values": ["s3.eu-central-1.amazonaws.com"]}, {"test": "StringEquals", "variable": "aws:userid", "values": ["&{aws:PrincipalTag/x}"]}]},
		{"sid": "", "effect": "Allow", "actions": ["kms:Decrypt"], "resources": ["*"], "principals": [{"type": "AWS"}, {"type": "Service", "identifiers": ["s3.amazonaws.com"]}], "condition": []}]}`
	unknown := `{"json": true, "statement": [{}, {"principals": [{"identifiers": true}, {}]}]}`
	plan := planOf(configuration,
		resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", "{}", `{"policy": true}`),
		resource("data.aws_iam_policy_document.d", "aws_iam_policy_document", "d", `["read"]`, "null", blocks, unknown))
	want := `{Version: 2012-10-17, Statement: [` +
		`{Sid: a, Effect: Allow, Principal: {AWS: [111122223333]}, Action: [kms:*], Resource: [*], Condition: {StringEquals: {kms:ViaService: [s3.eu-central-1.amazonaws.com], aws:userid: [${aws:PrincipalTag/x}]}}}, ` +
		`{Sid: old, Effect: Deny}, ` +
		`{Effect: Allow, Principal: {AWS: […aws_iam_role.admin.arn], Service: [s3.amazonaws.com]}, Action: [kms:Decrypt], Resource: [*]}]}`
	keys := keysOf(t, plan)
	if got := shown(keys[0].Policy); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if open := keys[0].Policy.Get("Statement").Items[2].Get("Principal").Get("AWS").Open; open.Shape != symbol.AnyText { // compact and for have one reference too
		t.Errorf("the list is open for %+v", open)
	}
	if keys[0].Region != "eu-central-1" {
		t.Errorf("the Region is %q", keys[0].Region)
	}
}

// TestPolicyIsFollowedThroughModules: from the module's variable to its caller, and from an output to the module.
func TestPolicyIsFollowedThroughModules(t *testing.T) {
	document := func(module string) string {
		return resource(module+"data.aws_iam_policy_document.d", "aws_iam_policy_document", "d", `["read"]`, "null", `{"statement": []}`, `{"json": true}`)
	}
	const inModule = `{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "expressions": {"policy": {"references": ["var.policy"]}}}`
	const data = `{"address": "data.aws_iam_policy_document.d", "type": "aws_iam_policy_document", "name": "d", "mode": "data", "expressions": {}}`
	call := func(reference, more string) string {
		return `{"root_module": {"resources": [` + data + `], "module_calls": {"keys": {"source": "./keys", "expressions": {"policy": {"references": ["` + reference + `"]}}, "module": {"resources": [` + inModule + `]}}` + more + `}}}`
	}
	keys := func(address string) string {
		return resource(address, "aws_kms_key", "k", `["create"]`, "null", "{}", `{"policy": true}`)
	}
	const rebuilt = `{Version: 2012-10-17, Statement: []}`
	for _, c := range []struct{ name, plan, want string }{
		{"a variable of the module", planOf(call("data.aws_iam_policy_document.d.json", ""), keys("module.keys.aws_kms_key.k"), document("")), rebuilt},
		{"of a module with instances", planOf(call("data.aws_iam_policy_document.d.json", ""), keys(`module.keys["a.b"].aws_kms_key.k[0]`), document("")), rebuilt},
		{"the output of another module", planOf(call("module.docs.json", `, "docs": {"module": {"resources": [`+data+`], "outputs": {"json": {"expression": {"references": ["data.aws_iam_policy_document.d.json"]}}}}}`),
			keys("module.keys.aws_kms_key.k"), document("module.docs.")), rebuilt},
		{"a format that names no attributes", planOf(call("data.aws_iam_policy_document.d", ""), keys("module.keys.aws_kms_key.k"), document("")), rebuilt},
		{"a variable of the root", planOf(call("var.p", ""), keys("module.keys.aws_kms_key.k"), document("")), "?var.p"},
	} {
		got := keysOf(t, c.plan)
		if len(got) != 1 || shown(got[0].Policy) != c.want {
			t.Errorf("%s: %s, want %s", c.name, shown(got[0].Policy), c.want)
		}
	}
}

func TestKeyPolicyResources(t *testing.T) {
	const update = `["update"]`
	key := resource("aws_kms_key.k", "aws_kms_key", "k", `["no-op"]`, `{"arn": "arn:aws:kms:eu-west-1:111122223333:key/a", "key_id": "a", "policy": "before"}`, `{"key_id": "a", "policy": null}`, "{}")
	of := func(id string) string {
		return resource("aws_kms_key_policy.p", "aws_kms_key_policy", "p", update, `{"policy": "before"}`, `{"key_id": "`+id+`", "policy": "after"}`, "{}")
	}
	keys := keysOf(t, planOf("{}", key, of("a")))
	if len(keys) != 1 || shown(keys[0].Policy) != "after" || keys[0].Resource != "aws_kms_key.k" || keys[0].Change.Action != carrier.Update || keys[0].Account != "111122223333" || keys[0].Region != "eu-west-1" {
		t.Errorf("one key with its policy: %+v", keys[0])
	}
	keys = keysOf(t, planOf("{}", key, of("b")))
	if len(keys) != 2 || keys[1].Resource != "aws_kms_key_policy.p" {
		t.Errorf("a key that is elsewhere: %+v", keys)
	}
	own := strings.Replace(key, `"policy": null`, `"policy": "own"`, 1)
	gone := resource("aws_kms_key_policy.p", "aws_kms_key_policy", "p", `["delete"]`, `{"key_id": "a", "policy": "before"}`, "null", "{}")
	with := func(expressions string) string {
		return configurationOf(`{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "expressions": {` + expressions + `}}`)
	}
	file, _ := tfplan.Load("plan.json", []byte(planOf(with(`"policy": {}`), own, of("a"))))
	if _, found := tfplan.Read(file.Documents[0].Root); len(found) != 1 || found[0].Reason != "policy-set-twice" {
		t.Errorf("a policy that is set twice: %+v", found)
	}
	other := strings.NewReplacer("aws_kms_key_policy.p", "aws_kms_key_policy.q", `"name": "p"`, `"name": "q"`).Replace(of("a"))
	file, _ = tfplan.Load("plan.json", []byte(planOf(with(""), key, of("a"), other)))
	if _, found := tfplan.Read(file.Documents[0].Root); len(found) != 1 || !strings.Contains(found[0].Message, "by `aws_kms_key_policy.p` and by `aws_kms_key_policy.q`") {
		t.Errorf("a policy that two other resources set: %+v", found)
	}
	for _, c := range []struct {
		name, plan     string
		policy, before string
		action         carrier.Action
	}{
		{"a key that has the policy that was put", planOf(with(""), own, of("a")), "after", "before", carrier.Update},
		{"no configuration", planOf("{}", own, of("a")), "after", "before", carrier.Update},
		{"the resource is taken out", planOf(with(""), own, gone), "default", "before", carrier.Update},
		{"the resource is taken out where the key has its own", planOf(with(`"policy": {}`), own, gone), "own", "before", carrier.NoChange},
		{"the resource is new and the key is not", planOf(with(""), own, strings.Replace(of("a"), update, `["create"]`, 1)), "after", "before", carrier.Update},
		{"the resource is forgotten", planOf(with(""), own, strings.Replace(gone, `"delete"`, `"forget"`, 1)), "own", "before", carrier.NoChange},
		{"both are deleted", planOf("{}", strings.Replace(own, `"no-op"`, `"delete"`, 1), gone), "default", "before", carrier.Delete},
	} {
		keys := keysOf(t, c.plan)
		if k := keys[0]; len(keys) != 1 || shown(k.Policy) != c.policy || shown(k.Change.Before) != c.before || k.Change.Action != c.action {
			t.Errorf("%s: %d keys, the policy %s, before %s, action %q", c.name, len(keys), shown(k.Policy), shown(k.Change.Before), k.Change.Action)
		}
	}
}

// TestKeyOutsideOfThePlan: what a key has before is not known where the plan does not have it, and its ARN says where it is.
func TestKeyOutsideOfThePlan(t *testing.T) {
	const id = `"key_id": "arn:aws:kms:eu-west-1:444455556666:key/a"`
	for actions, want := range map[string]string{
		`["create"]`: "?the policy that the key of aws_kms_key_policy.p has", `["update"]`: "before", `["delete"]`: "before",
	} {
		before, after := `{`+id+`, "policy": "before"}`, `{`+id+`, "policy": "after"}`
		if actions == `["delete"]` {
			after = "null"
		}
		k := keysOf(t, planOf("{}", resource("aws_kms_key_policy.p", "aws_kms_key_policy", "p", actions, before, after, "{}")))[0]
		if shown(k.Change.Before) != want || k.Change.Action != carrier.Update || k.Account != "444455556666" || k.Region != "eu-west-1" {
			t.Errorf("%s: before %s, %+v", actions, shown(k.Change.Before), k)
		}
	}
}

// TestInstancesByPosition: an expression that takes an instance by count.index or each.key is to the one of the same index.
func TestInstancesByPosition(t *testing.T) {
	configuration := configurationOf(`
		{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "expressions": {"policy": {"references": ["data.aws_iam_policy_document.d", "each.key"]}}},
		{"address": "aws_kms_key.l", "type": "aws_kms_key", "name": "l", "mode": "managed", "expressions": {"description": {}}},
		{"address": "aws_kms_key_policy.p", "type": "aws_kms_key_policy", "name": "p", "mode": "managed", "expressions": {"key_id": {"references": ["aws_kms_key.l", "count.index"]}, "policy": {}}}`)
	var resources []string
	for _, index := range []string{`["a"]`, `["b.c"]`} {
		document := `{"policy_id": "` + index[2:3] + `", "statement": []}`
		resources = append(resources, resource("aws_kms_key.k"+index, "aws_kms_key", "k", `["create"]`, "null", "{}", `{"policy": true}`),
			resource("data.aws_iam_policy_document.d"+index, "aws_iam_policy_document", "d", `["read"]`, "null", document, `{"json": true}`))
	}
	for _, index := range []string{"[0]", "[1]"} {
		resources = append(resources, resource("aws_kms_key.l"+index, "aws_kms_key", "l", `["create"]`, "null", "{}", `{"policy": true, "key_id": true}`),
			resource("aws_kms_key_policy.p"+index, "aws_kms_key_policy", "p", `["create"]`, "null", `{"policy": "of `+index+`"}`, `{"key_id": true}`))
	}
	var got []string
	for _, k := range keysOf(t, planOf(configuration, resources...)) {
		got = append(got, k.Resource+" "+shown(k.Policy))
	}
	want := []string{
		`aws_kms_key.k["a"] {Version: 2012-10-17, Id: a, Statement: []}`, `aws_kms_key.k["b.c"] {Version: 2012-10-17, Id: b, Statement: []}`,
		"aws_kms_key.l[0] of [0]", "aws_kms_key.l[1] of [1]",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// TestDocumentsOfDocuments: a source that is in the plan is rebuilt too, and one that is made of itself is not known.
func TestDocumentsOfDocuments(t *testing.T) {
	written := func(name, sources string) string {
		return `{"address": "data.aws_iam_policy_document.` + name + `", "type": "aws_iam_policy_document", "name": "` + name + `", "mode": "data",
			"expressions": {"source_policy_documents": {"references": [` + sources + `]}}}`
	}
	document := func(name, sources, unknown string) string {
		return resource("data.aws_iam_policy_document."+name, "aws_iam_policy_document", name, `["read"]`, "null",
			`{"source_policy_documents": [`+sources+`], "statement": [{"sid": "`+name+`", "effect": "Deny"}]}`, `{"json": true, "source_policy_documents": [`+unknown+`]}`)
	}
	const key = `{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "mode": "managed", "expressions": {"policy": {"references": ["data.aws_iam_policy_document.top.minified_json"]}}},`
	for _, c := range []struct{ name, base, want string }{
		{"a chain", "", "{Version: 2012-10-17, Statement: [{Sid: base, Effect: Deny}, {Sid: top, Effect: Deny}]}"},
		{"a circle", `"data.aws_iam_policy_document.top.json"`, "{Version: 2012-10-17, Statement: [{Sid: top, Effect: Deny}, {Sid: base, Effect: Deny}, …data.aws_iam_policy_document.base.json]}"},
	} {
		unknown, null := "", ""
		if c.base != "" {
			unknown, null = "true", "null"
		}
		plan := planOf(configurationOf(key+written("top", `"data.aws_iam_policy_document.base.json"`)+","+written("base", c.base)),
			resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", "{}", `{"policy": true}`), document("top", "null", "true"), document("base", null, unknown))
		if got := shown(keysOf(t, plan)[0].Policy); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestMarksOfWholeObjects: a resource that is sensitive as a whole has a sensitive policy, and a deposed object is distinguished from the
// one that is there.
func TestMarksOfWholeObjects(t *testing.T) {
	key := resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", `{"policy": "p"}`, "{}")
	if k := keysOf(t, planOf("{}", strings.Replace(key, `"after_unknown"`, `"after_sensitive": true, "after_unknown"`, 1)))[0]; !k.Sensitive {
		t.Errorf("it is not sensitive: %+v", k)
	}
	if k := keysOf(t, planOf("{}", strings.Replace(key, `"change"`, `"deposed": "ab12", "change"`, 1)))[0]; k.Resource != "aws_kms_key.k (deposed ab12)" {
		t.Errorf("it is shown as %s", k.Resource)
	}
}

// TestForgottenKey: Terraform leaves a key that it forgets as it is.
func TestForgottenKey(t *testing.T) {
	k := keysOf(t, planOf("{}", resource("aws_kms_key.k", "aws_kms_key", "k", `["forget"]`, `{"policy": "b"}`, "null", "{}")))[0]
	if k.Change.Action != carrier.NoChange || shown(k.Policy) != "b" {
		t.Errorf("%+v: %s", k.Change, shown(k.Policy))
	}
}

func TestActions(t *testing.T) {
	for actions, want := range map[string]carrier.Action{
		`["no-op"]`: carrier.NoChange, `["create"]`: carrier.Create, `["update"]`: carrier.Update, `["delete"]`: carrier.Delete,
		`["delete", "create"]`: carrier.Replace, `["create", "delete"]`: carrier.Replace, `["read"]`: carrier.NoChange,
	} {
		before, after := `{"policy": "b"}`, `{"policy": "a"}`
		if want == carrier.Delete {
			after = "null"
		}
		k := keysOf(t, planOf("{}", resource("aws_kms_key.k", "aws_kms_key", "k", actions, before, after, "{}")))[0]
		if k.Change.Action != want || shown(k.Change.Before) != "b" {
			t.Errorf("%s: %+v", actions, k.Change)
		}
	}
}

// TestState: `terraform show -json` of a state has values and no changes.
func TestState(t *testing.T) {
	keys := keysOf(t, `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": {"child_modules": [{"address": "module.a[0]", "resources": [
		{"address": "module.a[0].aws_kms_replica_key.k", "mode": "managed", "type": "aws_kms_replica_key", "name": "k", "values": {"policy": "p", "arn": "arn:aws:kms:eu-west-1:111122223333:key/mrk-a", "tags": {"x": "hunter2"}}}]}]}}}`)
	if len(keys) != 1 || keys[0].Resource != "module.a[0].aws_kms_replica_key.k" || shown(keys[0].Policy) != "p" || !keys[0].MultiRegion || keys[0].Change.Action != carrier.NoChange {
		t.Errorf("%+v", keys)
	}
}

func TestAccountOfAKey(t *testing.T) {
	key := resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", "{}", "{}")
	resources := `{"address": "aws_kms_key.k", "type": "aws_kms_key", "name": "k", "provider_config_key": "PROVIDER", "expressions": {}},
		{"address": "data.aws_caller_identity.c", "type": "aws_caller_identity", "name": "c", "mode": "data", "provider_config_key": "aws", "expressions": {}}`
	const prior = `"prior_state": {"values": {"root_module": {"resources": [{"address": "data.aws_caller_identity.c", "mode": "data", "type": "aws_caller_identity", "name": "c", "values": {"account_id": "111122223333"}}]}}}, "resource_changes"`
	for _, c := range []struct{ name, provider, expressions, want string }{
		{"the data source of its provider", "aws", "{}", "111122223333"},
		{"that of another provider", "aws.other", "{}", ""},
		{"the one allowed account", "aws.other", `{"allowed_account_ids": {"constant_value": ["444455556666"]}}`, "444455556666"},
		{"two allowed accounts", "aws.other", `{"allowed_account_ids": {"constant_value": ["444455556666", "111122223333"]}}`, ""},
		{"the role that is assumed", "aws.other", `{"assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::444455556666:role/deploy"}}]}`, "444455556666"},
	} {
		configuration := `{"provider_config": {"aws.other": {"name": "aws", "alias": "other", "expressions": ` + c.expressions + `}}, "root_module": {"resources": [` + strings.Replace(resources, "PROVIDER", c.provider, 1) + `]}}`
		plan := strings.Replace(planOf(configuration, key), `"resource_changes"`, prior, 1)
		if got := keysOf(t, plan)[0].Account; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestHostileNesting: what is nested without end is one error that says so, wherever it is.
func TestHostileNesting(t *testing.T) {
	const deep = 200_000
	brackets := strings.Repeat("[", deep) + strings.Repeat("]", deep)
	modules := strings.Repeat(`{"child_modules": [`, deep) + strings.Repeat("]}", deep)
	for name, text := range map[string]string{
		"a policy":        planOf("{}", resource("aws_kms_key.k", "aws_kms_key", "k", `["create"]`, "null", `{"policy": `+brackets+`}`, "{}")),
		"modules":         `{"format_version": "1.0", "terraform_version": "1.9.0", "values": {"root_module": ` + modules + `}}`,
		"resources":       `{"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": ` + brackets + `}`,
		"no end of these": `{"format_version": "1.0", "terraform_version": "1.9.0", "values": ` + strings.Repeat("[", deep),
	} {
		file, found := tfplan.Load("plan.json", []byte(text))
		if len(found) != 1 || !found.HasErrors() || found[0].Reason != "oversized-input" && found[0].Reason != "syntax-error" {
			t.Errorf("%s: %d findings, of %d documents: %+v", name, len(found), len(file.Documents), found)
		}
	}
}

func TestAPlanThatFailedIsReported(t *testing.T) {
	key := resource("aws_kms_key.a", "aws_kms_key", "a", `["create"]`, "null", `{"policy": "`+document+`"}`, `{"arn": true}`)
	for errored, want := range map[string]string{"true": "plan-failed", "false": ""} {
		file, _ := tfplan.Load("plan.json", []byte(strings.Replace(planOf(`{}`, key), `"configuration"`, `"errored": `+errored+`, "configuration"`, 1)))
		keys, found := tfplan.Read(file.Documents[0].Root)
		got := ""
		if len(found) > 0 {
			got = found[0].Reason
		}
		if got != want || len(keys) != 1 {
			t.Errorf("errored %s: %q, %d keys", errored, got, len(keys))
		}
	}
}
