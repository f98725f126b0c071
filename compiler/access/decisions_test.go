package access

import (
	"strings"
	"testing"
)

// TestDecisions: each rule of who is matched by what, and how far it goes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
func TestDecisions(t *testing.T) {
	const allow, deny = `{"Effect": "Allow", "Action": "kms:*", "Resource": "*", `, `{"Effect": "Deny", "Action": "kms:*", "Resource": "*", `
	const user, session, other = "arn:aws:iam::111122223333:user/Alice", "arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::444455556666:user/Bob"
	const sns, otherRoot = "sns.amazonaws.com", "arn:aws:iam::444455556666:root"
	everyone := allow + `"Principal": "*"}`
	for _, c := range []struct {
		why, statements, principal, action string
		want                               Decision
	}{
		{"everyone, by itself", everyone, user, "kms:PutKeyPolicy", Allowed},
		{"everyone, services too", everyone, sns, "kms:Decrypt", Allowed},
		{"another account's identity policy must allow it too", everyone, other, "kms:Decrypt", NeedsIdentityPolicy},
		{"another account's root user has no identity policy", everyone, otherRoot, "kms:Decrypt", Allowed},
		{"another account's root user has no identity policy", allow + `"Principal": {"AWS": "444455556666"}}`, otherRoot, "kms:Decrypt", Allowed},
		{"another account's root user uses some actions only", everyone, otherRoot, "kms:PutKeyPolicy", ImplicitDeny},
		{"another account's root user is not named by its users", allow + `"Principal": {"AWS": "` + other + `"}}`, otherRoot, "kms:Decrypt", ImplicitDeny},
		{"another account uses some actions only", everyone, other, "kms:PutKeyPolicy", ImplicitDeny},
		{"another account uses some actions only", everyone, other, "kms:ScheduleKeyDeletion", ImplicitDeny},
		{"another account uses some actions only", everyone, other, "kms:CreateGrant", NeedsIdentityPolicy},
		{"a key policy has no say in it", everyone, user, "kms:ListKeys", ImplicitDeny},
		{"a key policy has no say in it", everyone, user, "kms:RetireGrant", ImplicitDeny},
		{"a key policy cannot deny it either", deny + `"Principal": "*"}`, user, "kms:CreateKey", ImplicitDeny},
		{"the account delegates", allow + `"Principal": {"AWS": "111122223333"}}`, user, "kms:Decrypt", NeedsIdentityPolicy},
		{"the account delegates", allow + `"Principal": {"AWS": "111122223333"}}`, session, "kms:Decrypt", NeedsIdentityPolicy},
		{"the account is not a service", allow + `"Principal": {"AWS": "111122223333"}}`, sns, "kms:Decrypt", ImplicitDeny},
		{"the account names its root user", allow + `"Principal": {"AWS": "111122223333"}}`, "root", "kms:PutKeyPolicy", Allowed},
		{"nothing names the root user", allow + `"Principal": {"AWS": "` + user + `"}}`, "root", "kms:PutKeyPolicy", ImplicitDeny},
		{"both ways: by itself", rootStatement + "," + allow + `"Principal": {"AWS": "` + user + `"}}`, user, "kms:Decrypt", Allowed},
		{"denying the account denies all in it", everyone + "," + deny + `"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}`, session, "kms:Decrypt", ExplicitDeny},
		{"denying the account denies its root user", everyone + "," + deny + `"Principal": {"AWS": "111122223333"}}`, "root", "kms:Decrypt", ExplicitDeny},
		{"denying the account denies nobody else", everyone + "," + deny + `"Principal": {"AWS": "111122223333"}}`, other, "kms:Decrypt", NeedsIdentityPolicy},
		{"a deny wins", deny + `"Principal": "*"},` + everyone, user, "kms:Decrypt", ExplicitDeny},
		{"a user's path counts", allow + `"Principal": {"AWS": "arn:aws:iam::111122223333:user/team/Alice"}}`, user, "kms:Decrypt", ImplicitDeny},
		{"names are distinguished by case", allow + `"Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}}`, user, "kms:Decrypt", ImplicitDeny},
		{"of another account", allow + `"Principal": {"AWS": "arn:aws:iam::444455556666:user/Alice"}}`, user, "kms:Decrypt", ImplicitDeny},
		{"a role is all its sessions", allow + `"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}}`, session, "kms:Decrypt", Allowed},
		{"a role's path is not in its session's ARN", allow + `"Principal": {"AWS": "arn:aws:iam::111122223333:role/team/app"}}`, session, "kms:Decrypt", Allowed},
		{"a session is one session", allow + `"Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/app/s2"}}`, session, "kms:Decrypt", ImplicitDeny},
		{"a session is that session", allow + `"Principal": {"AWS": "` + session + `"}}`, session, "kms:Decrypt", Allowed},
		{"a user is not a role", allow + `"Principal": {"AWS": "arn:aws:iam::111122223333:user/app"}}`, session, "kms:Decrypt", ImplicitDeny},
		{"a federated user represents the user of its name", allow + `"Principal": {"AWS": "` + user + `"}}`, "arn:aws:sts::111122223333:federated-user/Alice", "kms:Decrypt", Allowed},
		{"a federated user", allow + `"Principal": {"AWS": "arn:aws:sts::111122223333:federated-user/Alice"}}`, user, "kms:Decrypt", ImplicitDeny},
		{"a service is that service", allow + `"Principal": {"Service": "` + sns + `"}}`, sns, "kms:Decrypt", Allowed},
		{"a service is not another", allow + `"Principal": {"Service": "` + sns + `"}}`, "logs.us-east-1.amazonaws.com", "kms:Decrypt", ImplicitDeny},
		{"a deleted user is nobody", allow + `"Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}}`, user, "kms:Decrypt", ImplicitDeny},
		{"a wildcard in a principal may match", allow + `"Principal": {"AWS": "arn:aws:iam::111122223333:role/a*"}}`, session, "kms:Decrypt", Undecided},
		{"a wildcard in a principal matches no other", allow + `"Principal": {"AWS": "arn:aws:iam::111122223333:role/b*"}}`, session, "kms:Decrypt", ImplicitDeny},
		{"of another partition", allow + `"Principal": {"AWS": "arn:aws-cn:iam::111122223333:root"}}`, user, "kms:Decrypt", ImplicitDeny},
		{"NotPrincipal denies others", everyone + "," + deny + `"NotPrincipal": {"AWS": ["111122223333"]}}`, other, "kms:Decrypt", ExplicitDeny},
		{"NotPrincipal denies services", everyone + "," + deny + `"NotPrincipal": {"AWS": ["111122223333"]}}`, sns, "kms:Decrypt", ExplicitDeny},
		{"NotPrincipal leaves services out", everyone + "," + deny + `"NotPrincipal": {"Service": "` + sns + `"}}`, sns, "kms:Decrypt", Allowed},
		{"NotPrincipal with only the account", everyone + "," + deny + `"NotPrincipal": {"AWS": ["111122223333"]}}`, session, "kms:Decrypt", Undecided},
		{"NotPrincipal without the account may deny", everyone + "," + deny + `"NotPrincipal": {"AWS": "` + user + `"}}`, user, "kms:Decrypt", Undecided},
		{"NotPrincipal with Allow is not supported", allow + `"NotPrincipal": {"AWS": "` + user + `"}}`, session, "kms:Decrypt", Undecided},
		{"NotPrincipal with Allow is not supported", allow + `"NotPrincipal": {"AWS": "` + user + `"}}`, other, "kms:PutKeyPolicy", ImplicitDeny},
		{"case of actions", `{"Effect": "Allow", "Principal": "*", "Action": "KMS:DECRYPT", "Resource": "*"}`, user, "kms:Decrypt", Allowed},
		{"patterns of actions", `{"Effect": "Allow", "Principal": "*", "Action": "kms:D?crypt", "Resource": "*"}`, user, "kms:Decrypt", Allowed},
		{"patterns of actions", `{"Effect": "Allow", "Principal": "*", "Action": "kms:D?crypt", "Resource": "*"}`, user, "kms:DescribeKey", ImplicitDeny},
		{"NotAction", `{"Effect": "Allow", "Principal": "*", "NotAction": "kms:D*", "Resource": "*"}`, user, "kms:Decrypt", ImplicitDeny},
		{"NotAction", `{"Effect": "Allow", "Principal": "*", "NotAction": "kms:D*", "Resource": "*"}`, user, "kms:PutKeyPolicy", Allowed},
		{"NotAction of other services is all of KMS", `{"Effect": "Allow", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}`, user, "kms:PutKeyPolicy", Allowed},
		{"without Resource there is no effect", `{"Effect": "Allow", "Principal": "*", "Action": "kms:*"}`, user, "kms:Decrypt", ImplicitDeny},
		{"without Resource a Deny has none", rootStatement + `, {"Effect": "Deny", "Principal": "*", "Action": "kms:*"}`, user, "kms:Decrypt", NeedsIdentityPolicy},
		{"without Action there is no effect", `{"Effect": "Allow", "Principal": "*", "Resource": "*"}`, user, "kms:Decrypt", ImplicitDeny},
		{"this key", `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "` + testKey + `"}`, user, "kms:Decrypt", Allowed},
		{"another key", `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/other"}`, user, "kms:Decrypt", ImplicitDeny},
		{"a pattern of keys", `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "arn:aws:kms:*:111122223333:key/*"}`, user, "kms:Decrypt", Allowed},
		{"an alias is not a key", `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:alias/*"}`, user, "kms:Decrypt", ImplicitDeny},
		{"NotResource", `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "NotResource": "arn:aws:kms:us-east-1:111122223333:alias/*"}`, user, "kms:Decrypt", Allowed},
		{"a session has its role's ARN", allow + `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}}`, session, "kms:Decrypt", Allowed},
		{"a session's own ARN is not aws:PrincipalArn", allow + `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalArn": "` + session + `"}}}`, session, "kms:Decrypt", ImplicitDeny},
		{"a role has no user name", allow + `"Principal": "*", "Condition": {"Null": {"aws:username": "true"}}}`, session, "kms:Decrypt", Allowed},
		{"the root user's type", allow + `"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalType": "Account"}}}`, "root", "kms:Decrypt", Allowed},
		{"what a service's account is nobody says", allow + `"Principal": "*", "Condition": {"Null": {"kms:CallerAccount": "false"}}}`, sns, "kms:Decrypt", Undecided},
		{"a service is of no account of yours", allow + `"Principal": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}`, sns, "kms:Decrypt", ImplicitDeny},
		{"a service's account is the same in two conditions", allow + `"Principal": "*", "Condition": {"StringEqualsIfExists": {"kms:CallerAccount": "1"}, "Null": {"kms:CallerAccount": "false"}}}`, sns, "kms:Decrypt", ImplicitDeny},
		{"services are in no organization", allow + `"Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a"}}}`, sns, "kms:Decrypt", Allowed},
		{"a service is one", allow + `"Principal": "*", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}}`, sns, "kms:Decrypt", Allowed},
		{"all conditions", allow + `"Principal": "*", "Condition": {"Null": {"kms:ViaService": "true"}, "Bool": {"aws:SecureTransport": "false"}}}`, user, "kms:Decrypt", ImplicitDeny},
	} {
		got, err := Simulate(statements(t, c.statements), testEnv(), Request{Principal: c.principal, Action: c.action})
		if err != nil || got.Decision != c.want {
			t.Errorf("%s: %s %s: %s (%v), want %s\n%s", c.why, c.principal, c.action, got.Decision, err, c.want, c.statements)
		}
	}
}

// TestNoSay: where a key policy has no say, that is the reason, and no statement is.
func TestNoSay(t *testing.T) {
	got, err := Simulate(statements(t, rootStatement), testEnv(), Request{Principal: "root", Action: "kms:ListKeys"})
	if err != nil || got.Decision != ImplicitDeny || len(got.Reasons) != 1 || !strings.HasPrefix(got.Reasons[0], "A key policy does not apply to kms:ListKeys") {
		t.Errorf("%+v (%v)", got, err)
	}
}

// TestVariablesOfOlderVersions: they are text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
func TestVariablesOfOlderVersions(t *testing.T) {
	for version, want := range map[string]Decision{`"Version": "2012-10-17",`: Allowed, `"Version": "2008-10-17",`: ImplicitDeny, "": ImplicitDeny} {
		doc := read(t, `{`+version+` "Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"kms:EncryptionContext:u": "${aws:username}"}}}}`)
		got, err := Simulate(doc, testEnv(), Request{Principal: "user/Alice", Action: "kms:Encrypt", Context: map[string][]string{"kms:EncryptionContext:u": {"Alice"}}})
		if err != nil || got.Decision != want {
			t.Errorf("%q: %s (%v), want %s", version, got.Decision, err, want)
		}
	}
}
