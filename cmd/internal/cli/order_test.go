package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// writtenIn writes a value as JSON with the members of objects, and with what is in lists, in an order by chance.
func writtenIn(r *rand.Rand, value any) string {
	var parts []string
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			key, _ := json.Marshal(name)
			parts = append(parts, string(key)+": "+writtenIn(r, v[name]))
		}
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		return "{" + strings.Join(parts, ",\n") + "}"
	case []any:
		for _, item := range v {
			parts = append(parts, writtenIn(r, item))
		}
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		return "[" + strings.Join(parts, ",\n") + "]"
	default:
		text, _ := json.Marshal(v)
		return string(text)
	}
}

// severalAtFault are statements in which a rule finds several places at fault, of which it points at one.
var severalAtFault = map[string]string{
	"one-sid-three-times": `
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt", "Resource": "*"},
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/b"}, "Action": "kms:Encrypt", "Resource": "*"}`,
	"mergeable": `
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt", "Resource": "*"},
		{"Sid": "B", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/b"}, "Action": "kms:Decrypt", "Resource": "*"},
		{"Sid": "C", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/c"}, "Action": "kms:Decrypt", "Resource": "*"},
		{"Sid": "D", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`,
	"equal-in-effect": `
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}},
		{"Sid": "B", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": ["kms:Decrypt"], "Resource": "*", "Condition": {"StringLike": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}},
		{"Sid": "D", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`,
	"several-services": `
		{"Sid": "A", "Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com", "sqs.amazonaws.com", "cloudtrail.amazonaws.com"]}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:PutKeyPolicy"], "Resource": "*"},
		{"Sid": "B", "Effect": "Allow", "Principal": {"Service": ["s3.amazonaws.com", "ec2.amazonaws.com"]}, "Action": ["kms:Decrypt", "kms:CreateGrant"], "Resource": "*"},
		{"Sid": "D", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`,
	"several-conditions": `
		{"Sid": "A", "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:PrincipalAccount": "444455556666"}, "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/x"}}},
		{"Sid": "B", "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:SourceVpc": "vpc-12345678", "aws:SourceVpce": "vpce-12345678"}}},
		{"Sid": "C", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/b"}, "Action": ["kms:ReEncryptFrom", "kms:ReEncryptF*"], "Resource": "*"},
		{"Sid": "D", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"aws:SourceVpc": "vpc-12345678"}}}`,
	"several-others": `
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"]}, "Action": ["kms:*", "kms:Create*", "kms:Put*"], "Resource": "*"},
		{"Sid": "B", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/admin"}, "Action": ["kms:PutKeyPolicy", "kms:Decrypt", "kms:GenerateDataKey", "kms:ScheduleKeyDeletion"], "Resource": "*"},
		{"Sid": "C", "Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"], "AWS": ["arn:aws:iam::111122223333:role/b", "arn:aws:iam::111122223333:role/c"]}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333", "aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}`,
}

// TestFingerprintsSurviveOrder: in whatever order a policy's statements, lists and elements are written, its findings are the same
// ones, those included that report one of two places that are alike.
func TestFingerprintsSurviveOrder(t *testing.T) {
	names, err := filepath.Glob("../../../rules/*/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	documents := map[string]any{}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range archive.Files {
			var doc any
			if strings.HasSuffix(f.Name, ".json") && !strings.Contains(f.Name, "/") && json.Unmarshal(f.Data, &doc) == nil {
				documents[fmt.Sprintf("%s-%02d.json", strings.TrimSuffix(filepath.Base(name), ".txtar"), i)] = doc
			}
		}
	}
	if len(documents) < 150 {
		t.Fatalf("%d policies are too few", len(documents))
	}
	for name, text := range severalAtFault {
		var doc any
		if err := json.Unmarshal([]byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), &doc); err != nil {
			t.Fatal(name, err)
		}
		documents[name+".json"] = doc
	}
	var first map[sarifAlert]int
	for seed := range uint64(3) {
		folder, r := t.TempDir(), rand.New(rand.NewPCG(seed, 15))
		for _, name := range slices.Sorted(maps.Keys(documents)) {
			if err := os.WriteFile(filepath.Join(folder, name), []byte(writtenIn(r, documents[name])), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		again := alerts(t, folder)
		if first == nil {
			first = again
			continue
		}
		for alert, n := range first {
			if again[alert] != n {
				t.Errorf("seed %d: %s %s is there %d times, and then %d", seed, alert.file, alert.rule, n, again[alert])
			}
		}
		for alert, n := range again {
			if first[alert] == 0 {
				t.Errorf("seed %d: %s %s is there %d times, and was not", seed, alert.file, alert.rule, n)
			}
		}
	}
}
