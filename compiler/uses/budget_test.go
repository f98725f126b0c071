package uses

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// wide is a policy of about 32 KB whose conditions name many accounts, Regions and resources of many services, so that there are many
// ways to fill a use in, beside a Deny that refuses them all.
func wide(tb testing.TB, statements int) *policy.Document {
	tb.Helper()
	regions := []string{"us-east-1", "eu-west-1", "eu-central-1", "us-west-2", "ap-south-1", "ca-central-1"}
	forms := []string{"cloudtrail:%s:%d:trail/t%d", "events:%s:%d:event-bus/b%d", "sns:%s:%d:t%d", "sqs:%s:%d:q%d", "athena:%s:%d:workgroup/w%d", "lambda:%s:%d:function:f%d"}
	list := []string{`{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringNotLike": {"aws:SourceArn": "arn:aws:none:*"}}}`}
	for i := range statements {
		var arns, accounts []string
		for j := range 8 {
			account := 100000000000 + 7919*(8*i+j)
			arns = append(arns, fmt.Sprintf(`"arn:aws:`+forms[(i+j)%len(forms)]+`*"`, regions[(i*j+j)%len(regions)], account, i))
			accounts = append(accounts, fmt.Sprintf(`"%d"`, account))
		}
		list = append(list, fmt.Sprintf(`{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringLike": {"aws:SourceArn": [%s]}, "StringEquals": {"aws:SourceAccount": [%s]}}}`,
			strings.Join(arns, ","), strings.Join(accounts, ",")))
	}
	doc := compiled(tb, []byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(list, ",")+`]}`))
	if doc == nil {
		tb.Fatal("the policy does not compile")
	}
	return doc
}

// taken are the steps that all simulators of a judge took.
func (j *Judge) taken() int {
	n := 0
	for _, of := range []map[location]*access.Simulator{j.simulators, j.allowing} {
		for _, s := range of {
			n += s.Steps()
		}
	}
	return n
}

func TestUsesHaveABudget(t *testing.T) {
	doc := wide(t, 36)
	for _, env := range []access.Env{{}, {Account: "111122223333", Region: "us-east-1", Partition: "aws"}} {
		j := NewJudge(doc, env)
		list := j.PolicyUses()
		cut := slices.ContainsFunc(list, func(u PolicyUse) bool { return u.Verdict == Unknown && slices.Contains(u.Reasons, reasonSteps) })
		if !cut {
			t.Errorf("%+v: no use is unknown for its budget", env)
		}
		// The last request of a use is decided to its end.
		if n := j.taken(); n > stepsOfPolicy+stepsOfPolicy/4 {
			t.Errorf("%+v: %d steps, and the budget is %d", env, n, stepsOfPolicy)
		}
	}
}

// TestLessBudgetOnlyMakesUnknown: a search that is cut says that it is, or what the whole search says.
func TestLessBudgetOnlyMakesUnknown(t *testing.T) {
	trail := `{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*", "Condition": {"StringLike": {"aws:SourceArn": [%s]}}}`
	var trails []string
	for i := range 70 {
		trails = append(trails, fmt.Sprintf(`"arn:aws:cloudtrail:us-east-1:111122223333:trail/t%d"`, i))
	}
	refuses := func(trails ...string) string {
		return fmt.Sprintf(`{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"ArnLike": {"aws:SourceArn": ["arn:aws:cloudtrail:us-east-1:111122223333:trail/t%s"]}}}`,
			strings.Join(trails, `", "arn:aws:cloudtrail:us-east-1:111122223333:trail/t`))
	}
	policies := map[string][]string{
		"the first trail":          {fmt.Sprintf(trail, strings.Join(trails, ","))},
		"a later trail":            {fmt.Sprintf(trail, strings.Join(trails[:40], ",")), refuses("?", "1?", "2?")},
		"a trail that is too late": {fmt.Sprintf(trail, strings.Join(trails, ",")), refuses("?", "1?", "2?", "3?", "4?", "5?", "60", "61", "62", "63", "64")},
		"no trail":                 {fmt.Sprintf(trail, strings.Join(trails[:20], ",")), refuses("*")},
		"roles and services": {
			`{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b", "arn:aws:iam::444455556666:root"]}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant"], "Resource": "*", "Condition": {"StringLike": {"kms:ViaService": ["s3.*.amazonaws.com", "rds.us-east-1.amazonaws.com"]}}}`,
			`{"Effect": "Allow", "Principal": {"Service": ["logs.us-east-1.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com"]}, "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": ["111122223333", "444455556666"]}}}`,
			`{"Effect": "Deny", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "false"}}}`,
		},
	}
	settled := map[Verdict]int{}
	for name, statements := range policies {
		doc := compiled(t, []byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ",")+`]}`))
		for _, env := range []access.Env{{}, {Account: "111122223333", Region: "us-east-1", Partition: "aws"}} {
			for asked := range everyUse() {
				j := NewJudge(doc, env)
				j.steps = math.MaxInt
				want := j.Ask(asked)
				for _, steps := range []int{1, 500, 2_000, 8_000, 30_000} {
					j := NewJudge(doc, env)
					j.steps = steps
					got := j.Ask(asked)
					settled[got.Verdict]++
					cut := slices.ContainsFunc(got.Requests, func(r Decided) bool {
						return r.Undecided == access.ReasonBudget && slices.Contains(r.Reasons, reasonSteps)
					})
					if got.Verdict != want.Verdict && !(got.Verdict == Unknown && cut) && !(want.Verdict == NotDocumented && got.Verdict == Refused) {
						t.Errorf("%s: %s %v of %+v with %d steps: %s, and %s with all", name, asked.Use.ID, asked.Given, env, steps, got.Verdict, want.Verdict)
					}
				}
			}
		}
	}
	for _, v := range []Verdict{Fulfilled, Unknown, Refused} {
		if settled[v] == 0 {
			t.Errorf("nothing is %s", v)
		}
	}
}

func BenchmarkPolicyUses(b *testing.B) {
	doc := wide(b, 36)
	for name, env := range map[string]access.Env{"account not known": {}, "account known": {Account: "111122223333", Region: "us-east-1", Partition: "aws"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				NewJudge(doc, env).PolicyUses()
			}
		})
	}
}
