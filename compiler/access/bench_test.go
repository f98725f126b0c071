package access

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// consolePolicy is what the console writes, with CloudTrail and a limit to a VPC endpoint.
const consolePolicy = rootStatement + `,
	{"Sid": "admins", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/KeyAdmin", "arn:aws:iam::111122223333:user/alice"]},
	 "Action": ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"], "Resource": "*"},
	{"Sid": "users", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/app", "arn:aws:iam::444455556666:root"]},
	 "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"},
	{"Sid": "grants", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/app", "arn:aws:iam::444455556666:root"]},
	 "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], "Resource": "*", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}},
	{"Sid": "trail", "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "kms:GenerateDataKey*", "Resource": "*",
	 "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/t"}, "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}},
	{"Sid": "endpoint", "Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`

// largePolicy is near the limit of 32 KB.
func largePolicy() string {
	list := []string{rootStatement}
	for i := range 69 {
		effect, condition := "Allow", ""
		switch i % 5 {
		case 1:
			condition = fmt.Sprintf(`, "Condition": {"StringEquals": {"kms:ViaService": "svc%d.us-east-1.amazonaws.com"}}`, i)
		case 2:
			condition = fmt.Sprintf(`, "Condition": {"StringLike": {"kms:EncryptionContext:app": "app%d-*"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}`, i)
		case 3:
			condition = fmt.Sprintf(`, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-%d"}, "StringEquals": {"aws:PrincipalTag/team": "t%d"}}`, i, i)
			effect = "Deny"
		case 4:
			condition = fmt.Sprintf(`, "Condition": {"IpAddress": {"aws:SourceIp": "10.%d.0.0/16"}, "StringEquals": {"aws:PrincipalOrgID": "o-%d"}}`, i, i)
		}
		list = append(list, fmt.Sprintf(`{"Sid": "s%d", "Effect": "%s", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/team/service-%d-a", "arn:aws:iam::111122223333:role/team/service-%d-b", "arn:aws:iam::111122223333:user/person-%d", "arn:aws:iam::44445555%04d:role/partner"]}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"%s}`,
			i, effect, i, i, i, i%20, condition))
	}
	return strings.Join(list, ",")
}

// hardPolicy has Deny statements that together say a random formula with three alternatives a clause.
func hardPolicy(keys, clauses int) string {
	list := []string{rootStatement}
	seed := uint32(7)
	next := func(n int) int { seed = seed*1664525 + 1013904223; return int(seed>>16) % n }
	for range clauses {
		var conds []string
		for _, op := range []string{"StringEquals", "StringNotEquals"} {
			var in []string
			for range 1 + next(2) {
				in = append(in, fmt.Sprintf(`"aws:PrincipalTag/k%d": "1"`, next(keys)))
			}
			if len(in) == 2 && in[0] == in[1] {
				in = in[:1]
			}
			conds = append(conds, fmt.Sprintf(`"%s": {%s}`, op, strings.Join(in, ",")))
		}
		list = append(list, fmt.Sprintf(`{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {%s}}`, strings.Join(conds, ",")))
	}
	return strings.Join(list, ",")
}

func benchmarkRules(b *testing.B, doc *policy.Document) {
	b.ReportAllocs()
	for b.Loop() {
		a := NewAnalysis(doc, testEnv())
		a.Lockout()
		a.External()
		a.Statements()
	}
}

func BenchmarkConsole(b *testing.B) { benchmarkRules(b, statements(b, consolePolicy)) }

func BenchmarkLarge(b *testing.B) { benchmarkRules(b, statements(b, largePolicy())) }

func BenchmarkHard(b *testing.B) { benchmarkRules(b, statements(b, hardPolicy(40, 150))) }

func BenchmarkMatrixLarge(b *testing.B) {
	doc := statements(b, largePolicy())
	for b.Loop() {
		NewAnalysis(doc, testEnv()).Matrix()
	}
}

func BenchmarkDiff(b *testing.B) {
	older, newer := statements(b, consolePolicy), statements(b, strings.Replace(consolePolicy, `"kms:ReEncrypt*", `, "", 1))
	for b.Loop() {
		Diff(older, newer, testEnv(), testEnv())
	}
}

// BenchmarkAccessLarge answers all of what `access` shows.
func BenchmarkAccessLarge(b *testing.B) {
	doc := statements(b, largePolicy())
	b.ReportAllocs()
	for b.Loop() {
		Analyze(doc, testEnv())
	}
}

// BenchmarkDiffLarge compares policies near the limit that differ in one statement.
func BenchmarkDiffLarge(b *testing.B) {
	older, newer := statements(b, largePolicy()), statements(b, strings.Replace(largePolicy(), `"kms:ReEncrypt*", `, "", 1))
	b.ReportAllocs()
	for b.Loop() {
		Diff(older, newer, testEnv(), testEnv())
	}
}

// BenchmarkSimulateLarge decides requests by a policy near the limit, one after the other.
func BenchmarkSimulateLarge(b *testing.B) {
	doc := statements(b, largePolicy())
	req := Request{Principal: "arn:aws:sts::111122223333:assumed-role/service-7-a/s1", Action: "kms:Decrypt", Context: map[string][]string{}}
	by := NewSimulator(doc, testEnv())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := by.Simulate(req); err != nil {
			b.Fatal(err)
		}
	}
}
