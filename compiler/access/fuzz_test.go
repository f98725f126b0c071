package access

import (
	"errors"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// FuzzAccess reads any document as a policy and asks everything of it: nothing panics, what cannot be is refused as such,
// every request that a report shows gets what the report says, and a policy is equivalent to itself.
func FuzzAccess(f *testing.F) {
	wrap := func(statements string) string { return `{"Version": "2012-10-17", "Statement": [` + statements + `]}` }
	for _, text := range []string{
		wrap(consolePolicy), wrap(rootStatement), wrap(hardPolicy(6, 12)), `{"Statement": {"Effect": "Allow"}}`, `{"Statement": [null, 3, {"Effect": "Deny", "Principal": {"AWS": ["*", 7]}, "Action": {}, "Resource": "*"}]}`,
		newSmall(1).policy(4), newSmall(2).policy(4), newWide(1).policy(), newWide(2).policy(), newWide(5).policy(),
		wrap(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::*:role/a?b*", "Service": "*", "Federated": "x"}, "NotAction": "kms:*a*b*", "NotResource": "arn:*:${aws:username}", "Condition": {"ForAnyValue:StringLikeIfExists": {"kms:EncryptionContextKeys": ["${", "${*}", "${aws:userid, 'x'}"]}, "NotIpAddress": {"aws:SourceIp": "::/0"}, "DateLessThan": {"aws:EpochTime": "1e400"}}}`),
	} {
		f.Add(text, "arn:aws:sts::111122223333:assumed-role/app/s1", "kms:Decrypt", "kms:ViaService", "s3.us-east-1.amazonaws.com")
		f.Add(text, "sns.amazonaws.com", "kms:GenerateDataKey", "aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:t")
		f.Add(text, "root", "kms:PutKeyPolicy", "aws:userid", "111122223333")
	}
	f.Fuzz(func(t *testing.T, text, principal, action, key, value string) {
		file, found := source.Load("policy.json", []byte(text), source.Limits{})
		if found.HasErrors() || len(file.Documents) == 0 || file.Documents[0].Root == nil {
			return
		}
		doc, env := policy.Read(file.Documents[0].Root), testEnv()
		env.Budget = Budget{Steps: 2_000_000, Classes: 200}
		var refused *RequestError
		if _, err := Simulate(doc, env, Request{Principal: principal, Action: action, Context: map[string][]string{key: {value}}}); err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		env.Caller = principal
		a := NewAnalysis(doc, env)
		e := &exhaustive{t: t, m: newModel(doc, env, testAccount), env: env, analysis: a, report: Analyze(doc, env)}
		e.witnesses()
		for _, st := range e.report.Statements {
			if st.Status == "" {
				t.Errorf("statement %d has no status", st.Index)
			}
		}
		if d := Diff(doc, doc, env, env); len(d.Added)+len(d.Removed) > 0 || !d.Equivalent && len(d.Unknown) == 0 {
			t.Errorf("it differs from itself: %+v", d)
		}
	})
}
