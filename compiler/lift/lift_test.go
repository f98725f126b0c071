package lift_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/lift"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

func compile(t *testing.T, name, text string, opts compiler.Options) *spec.Compiled {
	t.Helper()
	unit, found := compiler.Compile(compiler.Input{Name: name, Text: []byte(text), Spec: true}, opts)
	if found.HasErrors() || len(unit.Documents) != 1 || len(unit.Documents[0].Policies) != 1 {
		t.Fatalf("%s does not compile: %v\n%s", name, found, text)
	}
	return unit.Documents[0].Policies[0]
}

func options() compiler.Options { return compiler.Options{Templates: expand.NewLibrary(nil)} }

// prove lifts a policy document and compiles it again.
func prove(t *testing.T, p *spec.Compiled) lift.Proven {
	t.Helper()
	proven, err := lift.Prove(p.Document, p.Key, options(), lift.Header(p.Key)...)
	if err != nil {
		t.Fatal(err)
	}
	again := compile(t, "again.keypolicy.yaml", string(proven.Text), options())
	if answer, why := access.Equivalent(p.Document, again.Document, access.EnvOf(p.Key.Key), access.EnvOf(p.Key.Key)); answer == access.No {
		t.Fatalf("not equivalent (%v):\n%s", why, proven.Text)
	}
	return proven
}

// TestWhatSpecsCompileToBecomesThoseSpecs goes there and back.
func TestWhatSpecsCompileToBecomesThoseSpecs(t *testing.T) {
	for _, text := range []string{
		"account: \"111122223333\"\nkey_users: [alice]\n",
		"account: \"111122223333\"\nkey_admins: [app/alice]\nkey_admins_roles: [ops]\nkey_users_roles: [a/b/payments]\nexternal_accounts: [\"444455556666\"]\n",
		"account: \"111122223333\"\nallow_key_deletion: false\nkey_admins_roles: [ops]\n",
		"account: \"111122223333\"\norigin: EXTERNAL\nmulti_region: true\nkey_admins_roles: [ops]\n",
		"account: \"111122223333\"\nkey_usage: SIGN_VERIFY\nkey_admins_roles: [ops]\nkey_users_roles: [signer]\n",
		"account: \"111122223333\"\nkey_usage: GENERATE_VERIFY_MAC\nkey_users_roles: [signer]\n",
		"account: \"111122223333\"\nkey_usage: KEY_AGREEMENT\nkey_users_roles: [signer]\n",
		"account: \"111122223333\"\nkey_users_roles:\n  - arn:aws:iam::444455556666:role/other\n",
		"account: \"111122223333\"\ndelegate_to_iam: true\n",
		"account: \"111122223333\"\nregion: eu-central-1\nkey_users_roles: [app]\ninclude:\n  - template: cloudwatch-logs\n    parameters:\n      log_group: \"/app/*\"\n",
		"account: \"111122223333\"\nregion: eu-central-1\npolicytemplate: s3-bucket-key\nparameters:\n  bucket: invoices\n  users: [app]\n  administrators: [ops]\n",
		"account: \"111122223333\"\nregion: eu-central-1\nkey_users: [alice]\ninclude:\n  - template: s3-bucket-key\n    parameters:\n      bucket: invoices\n      users: [app]\n",
		"account: \"111122223333\"\nkey_users_roles: [app]\nstatements:\n  - Sid: Deny\n    Effect: Deny\n    Principal: \"*\"\n    Action: kms:ScheduleKeyDeletion\n    Resource: \"*\"\n",
	} {
		p := compile(t, "a.keypolicy.yaml", text, options())
		document := compile(t, "a.json", string(p.Document.JSON(false)), options())
		if got := string(prove(t, document).Text); got != text {
			t.Errorf("the policy of\n%s became\n%s", text, got)
		}
	}
}

func TestHowItIsSpelledMakesNoDifference(t *testing.T) {
	p := compile(t, "a.json", `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/a"]}, "Action": ["kms:ListGrants", "kms:RevokeGrant", "kms:CreateGrant"], "Resource": ["*"], "Condition": {"Bool": {"kms:GrantIsForAWSResource": true}}},
	{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"], "Resource": "*"},
	{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}]}`, options())
	if got, want := string(prove(t, p).Text), "account: \"111122223333\"\nkey_users_roles: [a]\n"; got != want {
		t.Errorf("became\n%s", got)
	}
}

func TestWhatNoListSaysStandsAsItIs(t *testing.T) {
	for name, document := range map[string]string{
		"use without describing": `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": ["kms:Encrypt", "kms:CreateGrant"], "Resource": "*"}`,
		"a condition":            `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`,
		"a session":              `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/a/b"}, "Action": "kms:CreateGrant", "Resource": "*"}`,
		"a deleted role":         `{"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}, "Action": "kms:Encrypt", "Resource": "*"}`,
		"a Deny of the account":  `{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`,
	} {
		p := compile(t, "a.json", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}, `+document+`]}`, options())
		if got := prove(t, p); !slices.Equal(got.Verbatim, []int{1}) {
			t.Errorf("%s: kept %v:\n%s", name, got.Verbatim, got.Text)
		}
	}
}

func TestThePolicyStandsWholeWhereNothingIsSaved(t *testing.T) {
	for _, document := range []string{
		`{"Version": "2012-10-17", "Id": "mine", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}]}`,
		`{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:username": "${aws:username}"}}}]}`,
	} {
		p := compile(t, "a.json", document, options())
		if got := string(prove(t, p).Text); !strings.Contains(got, "\npolicy:\n") && !strings.HasPrefix(got, "policy:\n") {
			t.Errorf("became\n%s", got)
		}
	}
}

// TestTemplatesComeBack compiles each built-in template's example and lifts it.
func TestTemplatesComeBack(t *testing.T) {
	files, err := filepath.Glob("../../testdata/templates/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	came := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if !strings.HasSuffix(f.Name, ".yaml") {
				continue
			}
			p := compile(t, "a.keypolicy.yaml", string(f.Data), options())
			document := compile(t, "a.json", string(p.Document.JSON(false)), compiler.Options{
				Templates: expand.NewLibrary(nil), Flags: compiler.Defaults{Account: p.Key.Account},
			})
			got := prove(t, document)
			if name := strings.TrimSuffix(filepath.Base(file), ".txtar"); slices.Contains(got.Templates, name) {
				came++
			} else {
				t.Logf("%s came back as %v, verbatim %v", name, got.Templates, got.Verbatim)
			}
		}
	}
	if came < 20 {
		t.Errorf("%d of %d templates came back", came, len(files))
	}
}

// TestCorpus lifts every real policy that is one.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("KEYPOLICY_CORPUS")
	if folder == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder of real policies")
	}
	files, err := filepath.Glob(filepath.Join(folder, "policies", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no policies: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) { prove(t, compile(t, "a.json", string(text), options())) })
	}
}
