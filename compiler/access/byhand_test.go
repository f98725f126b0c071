package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// TestAnswersByHand: policies whose answers follow from AWS's pages by hand, several for each way in which an engine that reasons over
// classes of values says no where the answer is yes, or the reverse.
//
//   - principals, conditions, absent keys, sets: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
//   - which requests have which keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
//   - NotPrincipal: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
//   - what other accounts can do: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
func TestAnswersByHand(t *testing.T) {
	const (
		own     = `{"AWS": "arn:aws:iam::111122223333:root"}`
		partner = `{"AWS": "arn:aws:iam::444455556666:role/x"}`
		app     = `{"AWS": "arn:aws:iam::111122223333:role/app"}`
		sns     = `{"Service": "sns.amazonaws.com"}`
		alice   = `"arn:aws:iam::111122223333:user/alice"`
	)
	on := func(effect, principal, action, condition string) string {
		return fmt.Sprintf(`{"Effect": %q, "Principal": %s, "Action": %q, "Resource": "*", "Condition": %s}`, effect, principal, action, condition)
	}
	allow := func(principal, action, condition string) string { return on("Allow", principal, action, condition) }
	deny := func(principal, action, condition string) string { return on("Deny", principal, action, condition) }
	sso := make([]string, 9)
	for i := range sso {
		sso[i] = fmt.Sprintf(`"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Team%d_*"`, i)
	}
	for _, c := range []struct{ why, statements, ask, want string }{
		{"a network or any", rootStatement + "," + allow(`"*"`, "kms:Decrypt", `{"StringLike": {"aws:SourceVpc": ["vpc-111bbb22", "vpc-*"]}}`), "public", "yes"},
		{"an organization", rootStatement + "," + allow(`"*"`, "kms:Decrypt", `{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`), "public", "no"},
		{"a service of an organization or any", allow(sns, "kms:Decrypt", `{"StringLike": {"aws:SourceOrgID": ["o-a1b2c3d4e5", "o-*"]}}`), "deputies", "sns.amazonaws.com"},
		{"a service for a name in any account", allow(sns, "kms:Decrypt", `{"ArnLike": {"aws:SourceArn": ["arn:aws:sns:*:111122223333:*", "arn:aws:sns:*:*:alerts"]}}`), "deputies", "sns.amazonaws.com"},
		{"a service for its own account", allow(sns, "kms:Decrypt", `{"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}}`), "deputies", ""},
		{"two pairs and no other key", allow(app, "kms:Decrypt", `{"StringEquals": {"kms:EncryptionContext:A": "1", "kms:EncryptionContext:B": "2"}, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["A", "B"]}}`), "status", "live"},
		{"a pair and another key", allow(app, "kms:Decrypt", `{"StringEquals": {"kms:EncryptionContext:A": "1"}, "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "C"}}`), "status", "live"},
		{"an ARN of another account beside an account", allow(sns, "kms:Decrypt", `{"StringEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:444455556666:t"}}`) + "," + allow(sns, "kms:Decrypt", `{"StringEquals": {"aws:SourceAccount": "111122223333"}}`), "status", "live"},

		{"a service for an organization", allow(sns, "kms:Decrypt", `{"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}`), "status", "live"},
		{"a role by way of a service", allow(app, "kms:Decrypt", `{"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}`), "status", "live"},
		{"a service has no organization", allow(sns, "kms:Decrypt", `{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}`), "status", "never_matches"},
		{"pages disagree on a user's source", allow(`{"AWS": `+alice+`}`, "kms:Decrypt", `{"StringEquals": {"aws:SourceAccount": "111122223333"}}`), "status", "unknown"},

		{"a Deny leaves decryption", rootStatement + `,{"Effect": "Allow", "Principal": ` + partner + `, "Action": "kms:*", "Resource": "*"},{"Effect": "Deny", "Principal": {"AWS": "444455556666"}, "NotAction": "kms:Decrypt", "Resource": "*"}`, "external", "kms:Decrypt"},
		{"a Deny for other organizations and none", rootStatement + `,{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},` + deny(`"*"`, "kms:Decrypt", `{"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}`), "public", "no"},
		{"a Deny for only none", rootStatement + `,{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"},` + deny(`"*"`, "kms:Decrypt", `{"Null": {"aws:PrincipalOrgID": "true"}}`), "public", "yes"},

		{"a service-linked role without its path", allow(own, "kms:*", `{"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/AWSServiceRoleForRDS"}}`), "editors", "none"},
		{"and with it", allow(own, "kms:*", `{"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"}}`), "editors", "always"},
		{"a grantee under any path", allow(app, "kms:CreateGrant", `{"StringLike": {"kms:GranteePrincipal": "arn:aws:iam::111122223333:role/*/AWSReservedSSO_Admin_*"}}`), "status", "live"},

		{"only the root user by its type", allow(own, "kms:*", `{"StringEquals": {"aws:PrincipalType": "Account"}}`), "by identity policy", "none"},
		{"only users by their type", allow(own, "kms:*", `{"StringEquals": {"aws:PrincipalType": "User"}}`), "root user", "no"},
		{"a Deny but for root", rootStatement + "," + deny(`"*"`, "kms:PutKeyPolicy", `{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:root"}}`), "by identity policy", "none"},

		{"keys by the pairs given", allow(app, "kms:Decrypt", `{"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}`), "role/app kms:Decrypt kms:EncryptionContext:tenant=a", "allowed"},
		{"and another pair", allow(app, "kms:Decrypt", `{"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}`), "role/app kms:Decrypt kms:EncryptionContext:other=a", "implicit_deny"},
		{"the same of another key", `{"Effect": "Allow", "Principal": ` + app + `, "Action": "kms:Decrypt", "Resource": "arn:aws:kms:us-east-1:111122223333:key/99999999-12ab-34cd-56ef-1234567890ab"}`, "equivalent", "true"},

		{"an account to be filled in", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::<ACCOUNT>:root"}, "Action": "kms:*", "Resource": "*"}`, "editors", "unknown"},
		{"an organization to be filled in", rootStatement + "," + allow(`"*"`, "kms:Decrypt", `{"StringEquals": {"aws:PrincipalOrgID": "${org_id}"}}`), "public", "no"},

		{"the user that NotPrincipal lists", rootStatement + `,{"Effect": "Deny", "NotPrincipal": {"AWS": [` + alice + `, "arn:aws:iam::111122223333:root"]}, "Action": "kms:*", "Resource": "*"}`, "user/alice kms:Decrypt", "needs_identity_policy"},
		{"a user that it does not list", rootStatement + `,{"Effect": "Deny", "NotPrincipal": {"AWS": [` + alice + `, "arn:aws:iam::111122223333:root"]}, "Action": "kms:*", "Resource": "*"}`, "user/bob kms:Decrypt", "explicit_deny"},
		{"only the account", rootStatement + `,{"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`, "role/app kms:Decrypt", "unknown"},

		{"another session than the one named", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/app/s1"}, "Action": "kms:Decrypt", "Resource": "*"}`, "role/app kms:Decrypt", "implicit_deny"},
		{"a session of a role that is denied", rootStatement + `,{"Effect": "Deny", "Principal": ` + app + `, "Action": "kms:Decrypt", "Resource": "*"}`, "arn:aws:sts::111122223333:assumed-role/app/s1 kms:Decrypt", "explicit_deny"},

		{"a Deny of plain HTTP", rootStatement + "," + deny(`"*"`, "kms:*", `{"Bool": {"aws:SecureTransport": "false"}}`), "editors", "always"},
		{"another Region than the key's", allow(app, "kms:Decrypt", `{"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}`), "status", "never_matches"},
		{"by way of a service is by way of one", allow(app, "kms:Decrypt", `{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}, "Bool": {"aws:ViaAWSService": "true"}}`), "status", "live"},

		{"the only editor's time is over", allow(own, "kms:*", `{"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}`), "editors", "none"},
		{"an id of one session", allow(own, "kms:*", `{"StringEquals": {"aws:userid": "AROA1234567890ABCDEFG:s1"}}`), "durable", "no"},

		{"an empty tag", allow(app, "kms:Decrypt", `{"StringEquals": {"aws:PrincipalTag/x": ""}}`), "status", "live"},
		{"a tag around another", allow(app, "kms:Decrypt", `{"StringLike": {"aws:PrincipalTag/team": "${aws:PrincipalTag/project}-*"}}`), "status", "live"},
		{"nine permission sets", allow(own, "kms:*", `{"ArnLike": {"aws:PrincipalArn": [`+strings.Join(sso, ",")+`]}}`), "editors", "always"},

		{"the root user of another account", `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:Decrypt", "Resource": "*"}`, "arn:aws:iam::444455556666:root kms:Decrypt", "allowed"},
		{"another account's administration", allow(`"*"`, "kms:PutKeyPolicy", `{"StringEquals": {"aws:PrincipalAccount": "444455556666"}}`), "external", ""},
	} {
		env := testEnv()
		env.Region, env.Today = "us-east-1", time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
		doc := statements(t, c.statements)
		if got := answerTo(t, doc, env, c.ask); got != c.want {
			t.Errorf("%s: %s is %q, want %q", c.why, c.ask, got, c.want)
		}
	}
}

// answerTo asks a question by its name, or decides a request: a principal, an action and KEY=VALUE.
func answerTo(t *testing.T, doc *policy.Document, env Env, ask string) string {
	t.Helper()
	report := Analyze(doc, env)
	switch ask {
	case "public":
		return string(report.Public)
	case "editors":
		return string(report.Lockout.Editors)
	case "by identity policy":
		return string(report.Lockout.ByIdentityPolicy)
	case "root user":
		return string(report.Lockout.RootUserAnswer)
	case "durable":
		return string(report.Lockout.DurableAnswer)
	case "status":
		return string(report.Statements[0].Status)
	case "equivalent":
		return fmt.Sprint(Diff(doc, doc, env, env).Equivalent)
	case "external", "deputies":
		var names []string
		for _, e := range report.External {
			if ask == "external" {
				names = append(names, e.Actions...)
			}
		}
		for _, d := range report.ConfusedDeputy {
			if ask == "deputies" {
				names = append(names, d.Service)
			}
		}
		slices.Sort(names)
		return strings.Join(slices.Compact(names), " ")
	}
	words := strings.Fields(ask)
	r := Request{Principal: words[0], Action: words[1], Context: map[string][]string{}}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		r.Context[key] = []string{value}
	}
	got, err := Simulate(doc, env, r)
	if err != nil {
		t.Fatal(err)
	}
	return string(got.Decision)
}
