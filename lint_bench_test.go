package keypolicy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
)

// worstToLint are the policies of up to 32 KB that take all rules together the most work: conditions that distinguish callers in many
// ways, and those of many keys.
func worstToLint() map[string]string {
	statement := func(effect, principal, condition string) string {
		return fmt.Sprintf(`{"Effect": %q, "Principal": %s, "Action": "kms:Decrypt", "Resource": "*", "Condition": {%s}}`, effect, principal, condition)
	}
	effects := [2]string{"Allow", "Deny"}
	infixes := func(from, n int) string {
		var list []string
		for i := from; i < from+n; i++ {
			list = append(list, fmt.Sprintf(`"*%c%c%c*"`, 'a'+i%26, 'a'+i/26%26, 'a'+i*7%26))
		}
		return `"StringLike": {"aws:PrincipalArn": [` + strings.Join(list, ",") + `]}`
	}
	var infixed, sso, services, keys, tags []string
	for i := range 60 {
		infixed = append(infixed, statement(effects[i%2], `"*"`, infixes(i*20, 20)))
	}
	for i := range 300 {
		sso = append(sso, fmt.Sprintf(`"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_T%d_*"`, i))
	}
	for i := range 130 {
		services = append(services, statement("Allow", fmt.Sprintf(`{"Service": "service%d.amazonaws.com"}`, i), `"StringEquals": {"aws:SourceAccount": "111122223333"}`))
	}
	for i := range 90 {
		var tags []string
		for _, name := range "abcd" {
			tags = append(tags, fmt.Sprintf(`"aws:PrincipalTag/%c%d": "1"`, name, i))
		}
		keys = append(keys, statement(effects[i%2], `"*"`, fmt.Sprintf(`"StringEquals": {%s}, "StringLike": {"kms:ViaService": "s%d.*"}`, strings.Join(tags, ","), i)))
	}
	for i := range 200 {
		tags = append(tags, statement("Allow", `"*"`, fmt.Sprintf(`"StringEquals": {"aws:PrincipalTag/a%d": "${aws:PrincipalTag/b%d}"}`, i, i)))
	}
	out := map[string]string{}
	for name, list := range map[string][]string{
		"InfixPatterns": infixed, "SSORoles": {statement("Deny", `"*"`, `"ArnNotLike": {"aws:PrincipalArn": [`+strings.Join(sso, ",")+`]}`)},
		"Services": services, "FiveKeys": keys, "TagsThatAreOtherTags": tags,
		"Padded": {statement("Allow", `"*"`, infixes(0, 100)), statement("Deny", `"*"`, infixes(100, 100))},
	} {
		out[name] = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},` + strings.Join(list, ",") + `]}`
	}
	return out
}

// BenchmarkLintWorst lints each of the worst policies by itself, with all rules: it is to take no more than two seconds.
func BenchmarkLintWorst(b *testing.B) {
	for name, text := range worstToLint() {
		b.Run(name, func(b *testing.B) {
			l := worstLinter(b)
			b.ReportAllocs()
			for b.Loop() {
				lintWorst(b, l, text)
			}
		})
	}
}

// TestWorstPoliciesAreDecidedOrSaidNotToBe: a policy of them that is not decided is an error of the rule that asks, and the others are
// findings as of any policy.
func TestWorstPoliciesAreDecidedOrSaidNotToBe(t *testing.T) {
	undecided := map[string]bool{"InfixPatterns": true, "TagsThatAreOtherTags": true}
	for name, text := range worstToLint() {
		found := false
		for _, f := range lintWorst(t, worstLinter(t), text) {
			found = found || f.Severity == "error" && strings.Contains(f.Message, "could not be d")
		}
		if found != undecided[name] {
			t.Errorf("%s: a finding says that something could not be decided: %v", name, found)
		}
	}
}

func worstLinter(tb testing.TB) *keypolicy.Linter {
	tb.Helper()
	l, err := keypolicy.New(keypolicy.Options{Key: keypolicy.KeyDefaults{Account: "111122223333", Region: "us-east-1"}})
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func lintWorst(tb testing.TB, l *keypolicy.Linter, text string) []keypolicy.Finding {
	tb.Helper()
	result, err := l.LintText(context.Background(), "a.json", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return result.Findings
}
