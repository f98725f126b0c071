package access

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// What Plain says by the form of a policy, the analysis says too: of policies drawn from statements of the usual form, some with
// something that is not.
func TestPlainPoliciesAreGood(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6)) // the same on every run
	pick := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	principals := []string{
		"arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/x/a", "arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:role/b",
		"arn:aws:iam::444455556666:root", "444455556666", "111122223333", "arn:aws:iam::111122223333:role/aws-service-role/s3.amazonaws.com/x", "*",
		"arn:aws:iam::444455556666:role/a",
	}
	lists := []string{
		`"kms:Describe*", "kms:Put*", "kms:Create*", "kms:Enable*", "kms:ScheduleKeyDeletion"`, `"kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"`, `"kms:CreateGrant", "kms:ListGrants"`,
		`"kms:*"`, `"kms:DescribeKey"`, `"kms:Sign"`,
	}
	said := 0
	for range 3000 {
		var statements []string
		if random.IntN(8) > 0 {
			statements = append(statements, rootStatement)
		}
		for range random.IntN(4) {
			var named []string
			for range 1 + random.IntN(2) {
				named = append(named, fmt.Sprintf("%q", principals[min(random.IntN(6)+random.IntN(6)*random.IntN(2), len(principals)-1)]))
			}
			condition := pick("", "", `, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}`, `, "Condition": {"StringEquals": {"kms:CallerAccount": "444455556666"}}`)
			statements = append(statements, fmt.Sprintf(`{"Effect": %q, "Principal": {"AWS": [%s]}, "Action": [%s], "Resource": %q%s}`,
				pick("Allow", "Allow", "Allow", "Allow", "Deny"), strings.Join(named, ", "), lists[min(random.IntN(9), len(lists)-1)], pick("*", "*", "*", "*", "arn:aws:kms:*:*:key/1"), condition))
		}
		doc := read(t, `{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ", ")+`]}`)
		a := NewAnalysis(doc, Env{Account: "111122223333", Partition: "aws"})
		if !a.Plain() {
			continue
		}
		said++
		l, e := a.Lockout(), a.Editing()
		good := l.Editors == EditorsAlways && l.DurableAnswer == Yes && l.RootUserAnswer == Yes && e.Account == EditorsAlways &&
			e.Undenied == EditorsAlways && len(e.DeniedBy) == 0 && a.Able() == (Able{ReadPolicy: Yes, Describe: Yes, ScheduleDeletion: Yes, CancelDeletion: Yes, Enable: Yes, Use: Yes})
		for i, left := range a.Leftovers() {
			outsider, _ := a.LetsOutsiderIn(i)
			good = good && a.Statements()[i].Status == Live && outsider == No && (left == nil || len(doc.Statements[i].Conditions) > 0)
		}
		if !good {
			t.Errorf("plain is not good: %v: lockout %+v, editing %+v, able %+v, statements %+v", statements, l, e, a.Able(), a.Statements())
		}
	}
	if said < 300 {
		t.Errorf("only %d policies are plain: this tests little", said)
	}
}
