package uses_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// policyUses writes the uses that a policy of some statements lets be for a key, one a line.
func policyUses(t *testing.T, key policy.Key, statements ...string) []string {
	t.Helper()
	var lines []string
	for _, s := range uses.NewJudge(read(t, statements...), access.EnvOf(key)).PolicyUses() {
		line := fmt.Sprintf("%s %s by %v", s.Use.ID, s.Verdict, s.Statements)
		for _, part := range []struct {
			name  string
			value any
			none  bool
		}{{"of", s.Given, len(s.Given) == 0}, {"supposing", s.Supposed, len(s.Supposed) == 0}, {"with", s.Keys, len(s.Keys) == 0}, {"as", s.Reasons, len(s.Reasons) == 0}} {
			if !part.none {
				line += fmt.Sprintf(" %s %v", part.name, part.value)
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAccessUses(t *testing.T) {
	service := func(name, actions, condition string) string {
		return `{"Effect": "Allow", "Principal": {"Service": "` + name + `"}, "Action": [` + actions + `], "Resource": "*", "Condition": {` + condition + `}}`
	}
	logs := `"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"`
	for _, test := range []struct {
		name       string
		key        policy.Key
		statements []string
		want       []string
	}{
		{name: "the default policy: all of it depends on identity policies", key: key, statements: []string{root}},
		{
			name: "log groups", key: key, want: []string{"cloudwatch-logs fulfilled by [1]", "cloudwatch-logs-export not_documented by [1] with [kms:EncryptionContext:aws:logs:arn]"},
			statements: []string{root, service("logs.us-east-1.amazonaws.com", logs, `"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:111122223333:log-group:/app/*"}`)},
		},
		{
			name: "log groups of another Region", key: key,
			statements: []string{root, service("logs.eu-west-1.amazonaws.com", logs, `"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:*"}`)},
		},
		{
			name: "log groups of a Region and an account, for a key of which nothing is known",
			want: []string{
				"cloudwatch-logs fulfilled by [0] supposing map[account:444455556666 region:eu-west-1]",
				"cloudwatch-logs-export not_documented by [0] supposing map[region:eu-west-1] with [kms:EncryptionContext:aws:logs:arn]",
			},
			statements: []string{service("logs.eu-west-1.amazonaws.com", logs, `"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:444455556666:log-group:*"}`)},
		},
		{
			name: "a topic, and the same for each service that has it as its event source", key: key,
			want:       []string{"sns fulfilled by [1]", "sqs-event-source fulfilled by [1] of map[service:sns.amazonaws.com]"},
			statements: []string{root, service("sns.amazonaws.com", `"kms:Decrypt", "kms:GenerateDataKey"`, `"StringEquals": {"aws:SourceAccount": "111122223333"}`)},
		},
		{
			name: "a topic of another account",
			key:  key, statements: []string{root, service("sns.amazonaws.com", `"kms:Decrypt", "kms:GenerateDataKey"`, `"StringEquals": {"aws:SourceAccount": "444455556666"}`)},
		},
		{
			name: "an organization, which AWS's page does not say is sent", key: key,
			want: []string{
				"sns not_documented by [1] with [aws:SourceOrgID]",
				"sqs-event-source not_documented by [1] of map[service:sns.amazonaws.com] with [aws:SourceOrgID]",
			},
			statements: []string{root, service("sns.amazonaws.com", `"kms:Decrypt", "kms:GenerateDataKey"`, `"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}`)},
		},
		{
			name: "a Deny in the way", key: key,
			statements: []string{
				root, service("sns.amazonaws.com", `"kms:Decrypt", "kms:GenerateDataKey"`, `"StringEquals": {"aws:SourceAccount": "111122223333"}`),
				`{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}`,
			},
		},
		{
			name: "a Deny that depends on whether there is an account of a service's request, which nobody says", key: key,
			want: []string{
				"sns unknown by [] as [Statement 2: AWS does not document what kms:CallerAccount is in a service's own request.]",
				"sqs-event-source unknown by [] of map[service:sns.amazonaws.com] as [Statement 2: AWS does not document what kms:CallerAccount is in a service's own request.]",
			},
			statements: []string{
				root, service("sns.amazonaws.com", `"kms:Decrypt", "kms:GenerateDataKey"`, `"StringEquals": {"aws:SourceAccount": "111122223333"}`),
				`{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"Null": {"kms:CallerAccount": "false"}}}`,
			},
		},
		{
			name: "a role through one service", key: key,
			want:       []string{"kinesis fulfilled by [1]"},
			statements: []string{root, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*", "Condition": {"StringEquals": {"kms:ViaService": "kinesis.us-east-1.amazonaws.com"}}}`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := policyUses(t, test.key, test.statements...); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// A use is where its template is, and where it is fulfilled the policy is asked in vain what is in its way.
func TestATemplateByItselfFulfilsItsUse(t *testing.T) {
	eachUse(t, templateAndWay, func(t *testing.T, a uses.Asked) {
		doc := read(t, a.Statements(key)...)
		all := uses.NewJudge(doc, access.EnvOf(key)).PolicyUses()
		if !slices.ContainsFunc(all, func(s uses.PolicyUse) bool { return s.Use.ID == a.Use.ID && s.Verdict == uses.Fulfilled }) {
			t.Errorf("%s is not fulfilled", a.Use.ID)
		}
		for _, use := range facts.Uses() {
			answer := uses.NewJudge(doc, access.EnvOf(key)).Ask(uses.Asked{Use: use})
			listed := slices.ContainsFunc(all, func(s uses.PolicyUse) bool { return s.Use.ID == use.ID && s.Verdict == uses.Fulfilled })
			if (answer.Verdict == uses.Fulfilled) != listed {
				t.Errorf("%s: %s, and listed: %v", use.ID, answer.Verdict, listed)
			}
		}
	})
}
