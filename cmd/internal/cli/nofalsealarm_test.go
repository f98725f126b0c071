package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// What AWS itself writes, what the templates built in give, and what other tools are known to be wrong about: no rule
// says a word on it of severity warning or error.
func TestNoFalseAlarm(t *testing.T) {
	files := map[string][]byte{".keypolicy.yaml": []byte("account: \"111122223333\"\nregion: eu-central-1\ntrust: {accounts: [\"444455556666\"], organizations: [o-a1b2c3d4e5]}\n")}
	for name, text := range withRoot(rightAndAccused) {
		files["accused/"+name] = text
	}
	for name, text := range withRoot(fromPractice) {
		files["practice/"+name] = text
	}
	for name, text := range consolePolicies() {
		files["console/"+name] = text
	}
	for name, text := range servicePolicies(t) {
		files["service/"+name] = text
	}
	for name, text := range templatePolicies(t) {
		files["template/"+name] = text
	}
	for _, d := range lintFiles(t, files) {
		if d.Rule == "user-or-role" && d.Place.File == "console/cckm.keypolicy.json" {
			continue // CCKM's own example names a user, and a spec that does is warned of once
		}
		if d.Severity >= diag.Warning {
			t.Errorf("%s:%d:%d %s %s/%s: %s", d.Place.File, d.Place.Range.Start.Line, d.Place.Range.Start.Column, d.Severity, d.Rule, d.Reason, d.Message)
		}
	}
	if len(files) < 115 {
		t.Errorf("only %d files were looked at", len(files))
	}
}

// lintFiles goes the whole road with files, one of which may be a configuration, and every rule that is on.
func lintFiles(t *testing.T, files map[string][]byte) diag.List {
	t.Helper()
	archive := &txtar.Archive{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: files[name]})
	}
	e, err := keypolicy.ReadExample(txtar.Format(archive))
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load(t.Context(), e.RuleOptions(keypolicy.ExampleDay))
	if err != nil {
		t.Fatal(err)
	}
	found, err := e.Check(t.Context(), set, keypolicy.ExampleDay)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// rightAndAccused are statements that are right, and that tools for policies of other kinds complain of.
var rightAndAccused = map[string]string{
	"star-limited-by-caller-account.json": `{"Sid": "Through S3", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*",
		"Condition": {"StringEquals": {"kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-central-1.amazonaws.com"}}}`,
	"deny-for-everyone.json":    `{"Sid": "No deletion", "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}`,
	"sid-with-spaces.json":      `{"Sid": "Allow use of the key", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": "*"}`,
	"encryption-context.json":   `{"Sid": "App", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:EncryptionContext:app": "x"}}}`,
	"legal-suffixes.json":       `{"Sid": "Network", "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotEqualsIfExists": {"aws:SourceVpc": "vpc-0a1b2c3d"}, "BoolIfExists": {"aws:ViaAWSService": "false"}}}`,
	"attestation.json":          `{"Sid": "Enclave", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": "a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4"}}}`,
	"statement-only.json":       `{"Sid": "Describe", "Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:DescribeKey", "Resource": ["*"]}`,
	"booleans-and-numbers.json": `{"Sid": "Grants", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], "Resource": "*", "Condition": {"Bool": {"kms:GrantIsForAWSResource": true}}}`,
}

const rootStatement = `{"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`

func withRoot(statements map[string]string) map[string][]byte {
	files := map[string][]byte{}
	for name, st := range statements {
		files[name] = fmt.Appendf(nil, "{\"Version\": \"2012-10-17\", \"Id\": \"a\", \"Statement\": [%s,\n%s]}\n", rootStatement, st)
	}
	return files
}

// consolePolicies are what the console writes for each kind of key, the policy that the API gives by default, and the
// body of CCKM's own example.
func consolePolicies() map[string][]byte {
	files := map[string][]byte{
		"default.keypolicy.yaml": []byte("{}\n"),
		"cckm.keypolicy.json":    []byte(`{"key_users": ["user2"]}` + "\n"),
		"default.json": []byte(`{"Version": "2012-10-17", "Id": "key-default-1", "Statement": [
			{"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}]}` + "\n"),
	}
	for name, fields := range map[string]string{
		"symmetric":     "",
		"no-deletion":   "allow_key_deletion: false\n",
		"imported":      "origin: EXTERNAL\n",
		"multi-region":  "multi_region: true\n",
		"hmac":          "key_spec: HMAC_256\nkey_usage: GENERATE_VERIFY_MAC\n",
		"rsa-encrypt":   "key_spec: RSA_2048\nkey_usage: ENCRYPT_DECRYPT\n",
		"rsa-sign":      "key_spec: RSA_2048\nkey_usage: SIGN_VERIFY\n",
		"ecc-sign":      "key_spec: ECC_NIST_P256\nkey_usage: SIGN_VERIFY\n",
		"key-agreement": "key_spec: ECC_NIST_P256\nkey_usage: KEY_AGREEMENT\n",
		"post-quantum":  "key_spec: ML_DSA_65\nkey_usage: SIGN_VERIFY\n",
		"external":      "external_accounts: [\"444455556666\"]\n",
	} {
		files[name+".keypolicy.yaml"] = []byte(fields + "key_admins_roles: [KeyAdmin, Security]\nkey_users_roles: [payments-api]\n")
	}
	return files
}

// servicePolicies are the statements that services need, each beside the account's own.
func servicePolicies(t *testing.T) map[string][]byte {
	t.Helper()
	fill := strings.NewReplacer("REGION", "eu-central-1", "ACCOUNT", "111122223333", "PARTITION", "aws", "ORG_ID", "o-a1b2c3d4e5",
		"DISTRIBUTION_ID", "E1A2B3C4D5", "TABLE_OR_TABLE_BUCKET_ARN", "arn:aws:s3tables:eu-central-1:111122223333:bucket/x", "SOURCE_BUCKET", "source", "BUCKET", "invoices",
		"RULE_SET", "set", "RULE", "rule", "QUEUE", "queue", "TOPIC", "topic", "TRAIL", "trail", "GROUP", "group", "READER", "reader", "ROLE", "role",
		"WORKGROUP", "wg", "DASHBOARD", "dash", "BUS", "bus", "RESOURCE", "x", "SERVICE", "s3")
	files := map[string][]byte{}
	for _, use := range facts.ServiceUses() {
		var all []string
		for _, st := range use.Statements {
			all = append(all, fill.Replace(string(st)))
		}
		text := fmt.Sprintf("{\"Version\": \"2012-10-17\", \"Statement\": [%s,\n%s]}\n", rootStatement, strings.Join(all, ",\n"))
		if !json.Valid([]byte(text)) {
			t.Fatalf("%s: the statements are not JSON: %s", use.ID, text)
		}
		if len(all) > 0 {
			files[use.ID+".json"] = []byte(text)
		}
	}
	return files
}

// templatePolicies are the compiled examples of the templates built in.
func templatePolicies(t *testing.T) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../../testdata/templates/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d templates: %v", len(names), err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(text).Files {
			if strings.HasPrefix(f.Name, "policy") && strings.HasSuffix(f.Name, ".json") {
				files[strings.TrimSuffix(filepath.Base(name), ".txtar")+"."+f.Name] = f.Data
			}
		}
	}
	return files
}
