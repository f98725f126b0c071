package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

func load(t *testing.T, text string) *source.Node {
	t.Helper()
	file, found := source.Load("spec.yaml", []byte(text), source.DefaultLimits)
	if len(found) > 0 || len(file.Documents) != 1 {
		t.Fatalf("the test's own YAML is wrong: %v\n%s", found, text)
	}
	return file.Documents[0].Root
}

// lines writes findings as "LINE:COLUMN-LINE:COLUMN REASON: MESSAGE | HELP".
func lines(found diag.List) string {
	var b strings.Builder
	for _, d := range found {
		r := d.Place.Range
		fmt.Fprintf(&b, "%d:%d-%d:%d %s: %s | %s\n", r.Start.Line, r.Start.Column, r.End.Line, r.End.Column, d.Reason, d.Message, d.Help)
	}
	return b.String()
}

type test struct{ name, text, want string }

func run(t *testing.T, check func(*source.Node) diag.List, tests []test) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := load(t, test.text)
			found := check(root)
			if got := strings.TrimSpace(lines(found)); got != strings.TrimSpace(test.want) {
				t.Errorf("\n%s\ngave\n%s\nwant\n%s", test.text, got, test.want)
			}
			for _, d := range found {
				rule, category := "schema", "spec"
				if d.Reason == "template-parameter" {
					rule, category = "compile", "references"
				}
				if d.Rule != rule || d.Category != category || d.Severity != diag.Error || d.Place.File != "spec.yaml" {
					t.Errorf("%+v has not its stage's rule, category, severity and file", d)
				}
			}
		})
	}
}

func TestSpec(t *testing.T) {
	run(t, validate.Spec, []test{
		{
			"a spec's word for a template", "include: [{policytemplate: cloudwatch-logs}]\n",
			"1:12-1:26 unknown-spec-field: `policytemplate` is not a field of an entry of `include` | did you mean `template`?",
		},
		{"users", `{"key_users": ["user2"]}`, ""},
		{"nothing", "{}", ""},
		{
			"typo", "key_usrs: [alice]\n",
			"1:1-1:9 unknown-spec-field: `key_usrs` is not a field of a spec | did you mean `key_users`?",
		},
		{
			"known confusions", "keyusers_role: [a]\npolicy_template: x\nkey_admin_roles: [b]\nadmins: [c]\n",
			"1:1-1:14 unknown-spec-field: `keyusers_role` is not a field of a spec | did you mean `key_users_roles`?\n" +
				"2:1-2:16 unknown-spec-field: `policy_template` is not a field of a spec | did you mean `policytemplate`?\n" +
				"3:1-3:16 unknown-spec-field: `key_admin_roles` is not a field of a spec | did you mean `key_admins_roles`?\n" +
				"4:1-4:7 unknown-spec-field: `admins` is not a field of a spec | did you mean `key_admins`?",
		},
		{
			"near the other spelling", "key-admins-role: [a]\n",
			"1:1-1:16 unknown-spec-field: `key-admins-role` is not a field of a spec | did you mean `key_admins_roles`?",
		},
		{
			"no near name", "wibble: 1\n",
			"1:1-1:7 unknown-spec-field: `wibble` is not a field of a spec | remove it",
		},
		{
			"string for a list", "key_users: alice\n",
			"1:12-1:17 wrong-field-type: `key_users` is a list; this is a string | write `key_users: [alice]`",
		},
		{
			"number for a list", "key_users: 5\n",
			"1:12-1:13 wrong-field-type: `key_users` is a list; this is a number | write `key_users: [\"5\"]`",
		},
		{
			"null list", "key_users:\nname: x\n",
			"1:11-1:11 wrong-field-type: `key_users` is a list; this is empty (null) | list its entries, or remove the field",
		},
		{
			"mapping for a list", "key_users: {a: b}\n",
			"1:12-1:18 wrong-field-type: `key_users` is a list; this is a mapping | write a list: put `- ` before the entry",
		},
		{
			"null entry", "key_users: [~]\n",
			"1:13-1:14 wrong-field-type: an entry of `key_users` is a string; this is empty (null) | remove the entry, or give it a value",
		},
		{
			"mapping entry", "key_users:\n  - app: payments\n",
			"2:5-2:18 wrong-field-type: an entry of `key_users` is a string; this is a mapping | write a string",
		},
		{
			"number entry", "key_users: [alice, 0123]\n",
			"1:20-1:24 wrong-field-type: an entry of `key_users` is a string; this is a number | put it in quotes: `\"0123\"`",
		},
		{
			"boolean entry", "key_users: [true]\n",
			"1:13-1:17 wrong-field-type: an entry of `key_users` is a string; this is a boolean | put it in quotes: `\"true\"`",
		},
		{
			"key spec", "key_spec: RSA_1024\n",
			"1:11-1:19 wrong-field-type: `key_spec` is `RSA_1024`, which is not a key spec of KMS | write `SYMMETRIC_DEFAULT`, `RSA_2048`, `RSA_3072`, `RSA_4096`, `ECC_NIST_P256`, `ECC_NIST_P384`, `ECC_NIST_P521`, `ECC_SECG_P256K1`, `ECC_NIST_EDWARDS25519`, `HMAC_224`, `HMAC_256`, `HMAC_384`, `HMAC_512`, `ML_DSA_44`, `ML_DSA_65`, `ML_DSA_87` or `SM2`",
		},
		{
			"key spec near", "key_spec: rsa_2048\nkey_usage: SIGN\norigin: AWS\n",
			"1:11-1:19 wrong-field-type: `key_spec` is `rsa_2048`, which is not a key spec of KMS | did you mean `RSA_2048`?\n" +
				"2:12-2:16 wrong-field-type: `key_usage` is `SIGN`, which is not a key usage of KMS | did you mean `SIGN_VERIFY`?\n" +
				"3:9-3:12 wrong-field-type: `origin` is `AWS`, which is not an origin of key material | write `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`",
		},
		{
			"boolean", "multi_region: yes\ndelegate_to_iam: maybe\n",
			"1:15-1:18 wrong-field-type: `multi_region` is `true` or `false`; this is a string | write `multi_region: true`\n" +
				"2:18-2:23 wrong-field-type: `delegate_to_iam` is `true` or `false`; this is a string | write `true` or `false`",
		},
		{
			"name", "name: a/b\n",
			"1:7-1:10 wrong-field-type: `name` is `a/b`, which is not a file name | write only letters, digits, `.`, `_` and `-`, such as `payments`",
		},
		{
			"name empty", "name: \"\"\n",
			"1:7-1:9 wrong-field-type: `name` is empty, which is not a file name | write only letters, digits, `.`, `_` and `-`, such as `payments`",
		},
		{
			"region", "region: [eu-west-1, eu-west-2]\nregions: eu-west-1\n",
			"1:9-1:31 wrong-field-type: `region` is a string; this is a list | give several Regions as `regions`\n" +
				"2:1-2:8 unknown-spec-field: `regions` cannot be used together with `region` | remove one of the two\n" +
				"2:10-2:19 wrong-field-type: `regions` is a list; this is a string | write `regions: [eu-west-1]`",
		},
		{"no regions", "regions: []\n", "1:10-1:12 wrong-field-type: `regions` is empty | give it 1 or more"},
		{
			"include", "include: [cloudwatch-logs]\n",
			"1:11-1:26 wrong-field-type: an entry of `include` is a mapping; this is a string | write `{template: cloudwatch-logs}`",
		},
		{
			"include mapping", "include: {template: a}\n",
			"1:10-1:23 wrong-field-type: `include` is a list; this is a mapping | write a list: put `- ` before the entry",
		},
		{
			"include string", "include: cloudwatch-logs\n",
			"1:10-1:25 wrong-field-type: `include` is a list; this is a string | write `include: [{template: cloudwatch-logs}]`",
		},
		{
			"include fields", "include:\n  - {templte: a, params: {}}\n",
			"2:6-2:13 unknown-spec-field: `templte` is not a field of an entry of `include` | did you mean `template`?\n" +
				"2:18-2:24 unknown-spec-field: `params` is not a field of an entry of `include` | did you mean `parameters`?",
		},
		{
			"statements", "statements: [5]\n",
			"1:14-1:15 wrong-field-type: an entry of `statements` is a mapping; this is a number | write a mapping",
		},
		{
			"expect", "expect:\n  - principal: role/a\n    action: kms:Decrypt\n    decison: allowed\n",
			"4:5-4:12 unknown-spec-field: `decison` is not a field of an entry of `expect` | did you mean `decision`?",
		},
		{
			"expect decisions", "expect: [{principal: a, action: b, decision: [allowed, denied], context: {a: ~, b: [1, x, true], c: {}}}]\n",
			"1:56-1:62 wrong-field-type: an entry of `decision` is `denied`, which is not a decision | write `allowed`, `needs_identity_policy`, `explicit_deny`, `implicit_deny` or `unknown`\n" +
				"1:78-1:79 wrong-field-type: `a` is a single value or a list; this is empty (null) | give it a value, or remove the field\n" +
				"1:101-1:103 wrong-field-type: `c` is a single value or a list; this is a mapping | write a single value or a list",
		},
		{
			"policy list", "policy: [{Version: '2012-10-17'}]\n",
			"1:9-1:34 policy-not-an-object: `policy` is a policy document; this is a list | write the policy itself, without the list around it",
		},
		{
			"policy null", "policy:\n",
			"1:8-1:8 policy-not-an-object: `policy` is a policy document; this is empty (null) | write a mapping with `Version` and `Statement`, or the same as one JSON string",
		},
		{
			"policy number", "policy: 5\n",
			"1:9-1:10 policy-not-an-object: `policy` is a policy document; this is a number | write a mapping with `Version` and `Statement`, or the same as one JSON string",
		},
		{
			"both spellings", "key_admins_roles: [a]\nkey-admins-roles: [b]\n",
			"1:1-1:17 unknown-spec-field: `key_admins_roles` cannot be used together with `key-admins-roles` | remove one of the two",
		},
		{
			"multi-byte", "description: é\nnäme: é\n",
			"2:1-2:5 unknown-spec-field: `näme` is not a field of a spec | did you mean `name`?",
		},
		{
			"second thing", "parameters: [a]\npolicytemplate: {a: b}\n",
			"1:13-1:16 wrong-field-type: `parameters` is a mapping; this is a list | write a mapping\n" +
				"2:17-2:23 wrong-field-type: `policytemplate` is a string; this is a mapping | write a string",
		},
		{
			"description number", "description: 012\npartition: ~\n",
			"1:14-1:17 wrong-field-type: `description` is a string; this is a number | put it in quotes: `description: \"012\"`\n" +
				"2:12-2:13 wrong-field-type: `partition` is a string; this is empty (null) | give it a value, or remove the field",
		},
		{
			"root", "[a]\n",
			"1:1-1:4 wrong-field-type: a spec is a mapping; this is a list | write a mapping",
		},
	})
}

func TestLeftToRules(t *testing.T) {
	run(t, validate.Spec, []test{
		{"two forms", "key_users: [a]\npolicy: {Statement: []}\npolicytemplate: x\n", ""},
		{"empty lists", "key_users: []\nexternal_accounts: []\n", ""},
		{"unquoted account IDs", "account: 012345678901\nexternal_accounts: [111122223333, 012345670123, 5]\nkey_users: [111122223333]\nkey-admins-roles: [1111222233]\n", ""},
		{"malformed account IDs", "account: \"12\"\nexternal_accounts: [\"1234-5678-9012\", x]\n", ""},
		{"names", "key_users: [\"\", \"*\", \"a b\", root, \"arn:aws:iam::111122223333:group/a\"]\npartition: x\nregion: \"\"\n", ""},
		{"dates", "description: 2026-01-02\nkey_users: [2026-01-02]\n", ""},
		{"policy grammar", "policy: {Version: 2012-10-17, Statment: 5, Statement: [{Effect: allow, Actions: [1], Principal: ~, Condition: 5}]}\n", ""},
		{"policy without statements", "policy: {}\n", ""},
		{"policy with a null for statements", "policy: {Statement: ~}\n", ""},
		{"policy with one statement", "policy: {Statement: {Effect: Allow}}\n", ""},
		{"policy string", "policy: '{'\n", ""},
		{"statement grammar", "statements: [{Efect: x}]\n", ""},
		{"expectation", "expect: [{principal: role/a, action: kms:Decrypt, decision: [allowed, unknown], context: {\"kms:EncryptionContext:a\": x, b: [true, 5]}}]\n", ""},
		{"all", "name: a.b-c_d\ndescription: x\nkey: alias/x\naccount: \"111122223333\"\npartition: aws\nregions: [eu-west-1]\nkey_spec: HMAC_256\nkey_usage: GENERATE_VERIFY_MAC\norigin: EXTERNAL\nmulti_region: true\nallow_key_deletion: false\ndelegate_to_iam: True\ninclude: [{template: a, parameters: {b: [c]}}]\nstatements: []\nexpect: []\n", ""},
	})
}

func TestDocument(t *testing.T) {
	run(t, validate.Document, []test{
		{"good", "{Version: 5, Statement: [{Effect: x}], Statment: []}\n", ""},
		{"no mapping", "[{Statement: []}]\n", "1:1-1:18 policy-not-an-object: a policy document is a mapping; this is a list | write the policy itself, without the list around it"},
		{"encoded twice", "'{\"Statement\": []}'\n", "1:1-1:20 policy-not-an-object: a policy document is a mapping; this is a string | the policy is encoded twice: write the JSON that this string holds"},
		{"left to rules", "Statement: 5\n", ""},
		{"left to rules too", "Statement: [{}, 5, [{}], {Effect: [5]}]\n", ""},
		{
			"null", "{Statement: [~, {Principal: {AWS: ~}}], Id: null}\n",
			"1:14-1:15 wrong-field-type: the value is null, which no element of a policy may be | write a value, or remove the field\n" +
				"1:35-1:36 wrong-field-type: the value is null, which no element of a policy may be | write a value, or remove the field\n" +
				"1:45-1:49 wrong-field-type: the value is null, which no element of a policy may be | write a value, or remove the field",
		},
	})
}

func TestTemplate(t *testing.T) {
	run(t, validate.Template, []test{
		{
			"a spec that uses one", "template: s3-bucket-key\nparameters: {bucket: invoices, users: [a]}\n",
			"1:1-1:9 unknown-spec-field: `template` defines a template, and this reads as a spec that uses one | to use a template, write `policytemplate: s3-bucket-key`",
		},
		{
			"one without parameters", "template: s3-bucket-key\naccount: \"111122223333\"\nstatements: []\n",
			"1:1-1:9 unknown-spec-field: `template` defines a template, and this reads as a spec that uses one | to use a template, write `policytemplate: s3-bucket-key`",
		},
		{"a template of a list", "template: t\nkey_users: [a]\n", ""},
		{"references", "template: a\ndescription: x\nparameters: {b: {type: array}, c: true}\nkey_users: $(b)\nkey_admins_roles: [$(b), \"x-$(b)\"]\ninclude: [$(b), {template: $(b), parameters: $(b)}]\nstatements: [$(b), {Effect: Allow, Principal: $(b), Sid: [5]}]\ndelegate_to_iam: $(c)\nallow_key_deletion: false\n", ""},
		{"whole", "template: a\nparameters: {p: {}}\npolicy: {Version: 2012-10-17, Statement: $(p)}\n", ""},
		{
			"unknown", "template: a\nkey_usrs: [x]\naccount: \"111122223333\"\npolicytemplate: b\n",
			"2:1-2:9 unknown-spec-field: `key_usrs` is not a field of a template | did you mean `key_users`?\n" +
				"3:1-3:8 unknown-spec-field: `account` is not a field of a template | remove it\n" +
				"4:1-4:15 unknown-spec-field: `policytemplate` is not a field of a template | remove it",
		},
		{
			"no name", "description: a\n",
			"1:1-1:15 wrong-field-type: a template lacks `template` | add `template: …`: the name that policytemplate and include refer to",
		},
		{
			"empty name", "template: \"\"\n",
			"1:11-1:13 wrong-field-type: `template` is empty | give it a value: the name that policytemplate and include refer to",
		},
		{
			"wrong types", "template: 5\nkey_users: alice\nkey_admins: x b\ndelegate_to_iam: x\nstatements: x\ninclude: [{template: 5}, {}]\nexternal_accounts: [111122223333]\n",
			"1:11-1:12 wrong-field-type: `template` is a string; this is a number | put it in quotes: `template: \"5\"`\n" +
				"2:12-2:17 wrong-field-type: `key_users` is a list; this is a string | write `key_users: [alice]`\n" +
				"3:13-3:16 wrong-field-type: `key_admins` is a list; this is a string | write `key_admins: [\"x b\"]`\n" +
				"4:18-4:19 wrong-field-type: `delegate_to_iam` is `true` or `false`; this is a string | write `true` or `false`\n" +
				"5:13-5:14 wrong-field-type: `statements` is a list; this is a string | write a list of mappings: put `- ` before each\n" +
				"6:22-6:23 wrong-field-type: `template` is a string; this is a number | put it in quotes: `template: \"5\"`\n" +
				"6:26-6:28 wrong-field-type: an entry of `include` lacks `template` | add `template: …`: the template's name\n" +
				"7:21-7:33 wrong-field-type: an entry of `external_accounts` is a string; this is a number | put it in quotes: `\"111122223333\"`",
		},
		{
			"policy beside", "template: a\npolicy: {}\nstatements: []\nkey_users: [a]\n",
			"3:1-3:11 unknown-spec-field: `statements` cannot be used together with `policy` | remove one of the two\n" +
				"4:1-4:10 unknown-spec-field: `key_users` cannot be used together with `policy` | remove one of the two",
		},
		{
			"parameters", "template: a\nparameters: {1b: {}, c: string, d: ~, \"\": {}}\nkey_users: [$(c)]\n",
			"2:14-2:16 wrong-field-type: `1b` is not a name of a parameter | write a letter or `_`, then letters, digits, `_` and `-`, such as `log_group`\n" +
				"2:25-2:31 wrong-field-type: `c` is a mapping or a boolean; this is a string | write its JSON Schema: `c: {type: string}`\n" +
				"2:36-2:37 wrong-field-type: `d` is a mapping or a boolean; this is empty (null) | write its JSON Schema: `d: {type: string}`\n" +
				"2:39-2:41 wrong-field-type: `\"\"` is not a name of a parameter | write a letter or `_`, then letters, digits, `_` and `-`, such as `log_group`",
		},
		{
			"parameters list", "template: a\nparameters: [b]\n",
			"2:13-2:16 wrong-field-type: `parameters` is a mapping; this is a list | write a mapping",
		},
		{"parameter's schema", "template: a\nparameters: {b: {type: 5, pattern: [x]}, c: {type: strng}}\n", ""},
	})
}

func TestBody(t *testing.T) {
	run(t, validate.Body, []test{
		{"good", "key_users: [a]\nstatements: [{Effect: x}]\ninclude: [{template: a}]\n", ""},
		{
			"numbers", "key_users: [111122223333]\nexternal_accounts: [012345678901]\n",
			"1:13-1:25 wrong-field-type: an entry of `key_users` is a string; this is a number | put it in quotes: `\"111122223333\"`\n" +
				"2:21-2:33 wrong-field-type: an entry of `external_accounts` is a string; this is a number | put it in quotes: `\"012345678901\"`",
		},
		{
			"list in a list", "key_users: [[a]]\nkey_admins: b\n",
			"1:13-1:16 wrong-field-type: an entry of `key_users` is a string; this is a list | write `a`\n" +
				"2:13-2:14 wrong-field-type: `key_admins` is a list; this is a string | write `key_admins: [b]`",
		},
	})
}

func TestConfig(t *testing.T) {
	run(t, validate.Config, []test{
		{"all", `account: "111122223333"
partition: aws
region: eu-central-1
key: alias/x
include: ["keys/**/*.yaml"]
output: compiled
templates: [templates]
rules: [policy-rules]
trust: {accounts: ["444455556666"], organizations: [o-a1b2c3d4e5]}
severity: {single-editor: "off", missing-sid: error, x: info, y: warning, z: off}
ignore: [{rule: wildcard-principal, path: "legacy/**", until: 2027-03-31, reason: "ticket SEC-12"}]
accounts: {"111122223333": {role_arn: "arn:aws:iam::111122223333:role/keypolicy"}}
`, ""},
		{
			"account number", "account: 012345678901\ntrust: {accounts: [444455556666, \"12\"], organizations: [abc], orgs: []}\n",
			"1:10-1:22 wrong-field-type: `account` is a string; this is a number | put it in quotes: `account: \"012345678901\"`\n" +
				"2:20-2:32 wrong-field-type: an entry of `accounts` is a string; this is a number | put it in quotes: `\"444455556666\"`\n" +
				"2:34-2:38 wrong-field-type: an entry of `accounts` is `12`, which is not an account ID | write 12 digits, in quotes, such as `111122223333`\n" +
				"2:57-2:60 wrong-field-type: an entry of `organizations` is `abc`, which is not an id of an AWS organization | write `o-` and 10 to 32 lowercase letters and digits, such as `o-a1b2c3d4e5`\n" +
				"2:63-2:67 unknown-spec-field: `orgs` is not a field of `trust` | did you mean `organizations`?",
		},
		{
			"account form", "account: \"1111-2222-3333\"\n",
			"1:10-1:26 wrong-field-type: `account` is `1111-2222-3333`, which is not an account ID | write 12 digits, in quotes, such as `111122223333`",
		},
		{
			"severities", "severity: {a: eror, b: fatal, c: false, d: ~}\n",
			"1:15-1:19 wrong-field-type: `a` is `eror`, which is not a severity | did you mean `error`?\n" +
				"1:24-1:29 wrong-field-type: `b` is `fatal`, which is not a severity | write `off`, `info`, `warning` or `error`\n" +
				"1:34-1:39 wrong-field-type: `c` is a string; this is a boolean | to turn the rule off, write `c: \"off\"`\n" +
				"1:44-1:45 wrong-field-type: `d` is a string; this is empty (null) | give it a value, or remove the field",
		},
		{
			"ignore", "ignore: [{rule: a}, {reason: b, until: 2027-13-01}, {rule: a, reason: \"\", until: soon, why: x}, b]\n",
			"1:10-1:19 wrong-field-type: an entry of `ignore` lacks `reason` | add `reason: …`: why the findings are accepted\n" +
				"1:21-1:51 wrong-field-type: an entry of `ignore` lacks `rule` | add `rule: …`: the rule whose findings are accepted\n" +
				"1:40-1:50 wrong-field-type: `until` is `2027-13-01`, which is not a date | write year, month and day, such as `2027-03-31`\n" +
				"1:71-1:73 wrong-field-type: `reason` is empty | give it a value: why the findings are accepted\n" +
				"1:82-1:86 wrong-field-type: `until` is `soon`, which is not a date | write year, month and day, such as `2027-03-31`\n" +
				"1:88-1:91 unknown-spec-field: `why` is not a field of an entry of `ignore` | did you mean `reason`?\n" +
				"1:97-1:98 wrong-field-type: an entry of `ignore` is a mapping; this is a string | write a mapping with `rule` and `reason`",
		},
		{
			"accounts", "accounts: {\"12\": {role_arn: x}, \"111122223333\": {role: y}, \"444455556666\": \"arn:aws:iam::444455556666:role/a\"}\n",
			"1:12-1:16 wrong-field-type: `12` is not an account ID | write 12 digits, in quotes, such as `111122223333`\n" +
				"1:29-1:30 wrong-field-type: `role_arn` is `x`, which is not an ARN of an IAM role | write `arn:PARTITION:iam::ACCOUNT:role/NAME`, such as `arn:aws:iam::111122223333:role/keypolicy`\n" +
				"1:50-1:54 unknown-spec-field: `role` is not a field of `111122223333` | did you mean `role_arn`?\n" +
				"1:76-1:110 wrong-field-type: `444455556666` is a mapping; this is a string | write `{role_arn: arn:aws:iam::444455556666:role/a}`",
		},
		{
			"lists", "include: keys\ntemplates: {a: b}\nrules: ~\noutput: [a]\n",
			"1:10-1:14 wrong-field-type: `include` is a list; this is a string | write `include: [keys]`\n" +
				"2:12-2:18 wrong-field-type: `templates` is a list; this is a mapping | write a list: put `- ` before the entry\n" +
				"3:8-3:9 wrong-field-type: `rules` is a list; this is empty (null) | list its entries, or remove the field\n" +
				"4:9-4:12 wrong-field-type: `output` is a string; this is a list | write `output: a`",
		},
		{
			"unknown", "acount: a\nwibble: b\n",
			"1:1-1:7 unknown-spec-field: `acount` is not a field of the configuration | did you mean `account`?\n" +
				"2:1-2:7 unknown-spec-field: `wibble` is not a field of the configuration | remove it",
		},
	})
}
