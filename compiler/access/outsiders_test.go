package access

import (
	"slices"
	"strings"
	"testing"
)

// TestOutsiders: who outside of what is trusted gets in, and which services they can drive.
func TestOutsiders(t *testing.T) {
	star := `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": `
	for _, c := range []struct {
		why, statements  string
		public           Answer
		external, deputy bool
	}{
		{"nobody", rootStatement, No, false, false},
		{"through a service from any account", star + `{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}`, Yes, true, true},
		{"from half the internet", star + `{"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1", "::/0"]}}}`, Yes, true, true},
		{"from a known network", star + `{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}`, No, true, false},
		{"of this account", star + `{"StringEquals": {"kms:CallerAccount": "111122223333"}}}`, No, false, false},
		{"of the trusted organization", star + `{"StringEquals": {"aws:PrincipalOrgID": "o-a"}}}`, No, false, false},
		{"of another organization", star + `{"StringEquals": {"aws:PrincipalOrgID": "o-b"}}}`, No, true, false},
		{"of a trusted account", `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:Decrypt", "Resource": "*"}`, No, false, false},
		{"of another account", `{"Effect": "Allow", "Principal": {"AWS": "555566667777"}, "Action": "kms:Decrypt", "Resource": "*"}`, No, true, false},
		{"of any account whose name fits", star + `{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/app"}}}`, Yes, true, false},
		{"of accounts that begin alike", star + `{"StringLike": {"kms:CallerAccount": "1111*"}}}`, Yes, true, false},
		{"of organizations that begin alike", star + `{"StringLike": {"aws:PrincipalOrgID": "o-b1*"}}}`, Yes, true, false},
		{"of a unit of any organization", star + `{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}}}`, Yes, true, false},
		{"of a path of one organization", star + `{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*"}}}`, No, true, false},
		{"of the key's organization", star + `{"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}}`, No, true, false},
		{"of the key's account", star + `{"StringEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}}`, No, false, false},
		{"of any organization, by its own word", star + `{"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}}`, Yes, true, false},
		{"of any organization, to a key of one", star + `{"StringEquals": {"aws:ResourceOrgID": "o-b"}}}`, Yes, true, true},
		{"from networks that begin alike", star + `{"StringLike": {"aws:SourceVpc": "vpc-0*"}}}`, Yes, true, true},
		{"from a network by most of its id", star + `{"StringLike": {"aws:SourceVpc": "vpc-0a1b2c3d*"}}}`, No, true, false},
		{"by the name of a session", star + `{"StringLike": {"aws:userid": "*:deploy"}}}`, Yes, true, true},
		{"by the id of a role", star + `{"StringLike": {"aws:userid": "AROAEXAMPLEID12345678:*"}}}`, No, true, false},
		{"all denied", star + `{"Null": {"kms:ViaService": "true"}}},` + denyAll + `{"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}`, No, false, false},
		{"a service for anyone", allowSNS + `}`, No, false, true},
		{"a service for this account", allowSNS + `, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`, No, false, false},
		{"a service for another account", allowSNS + `, "Condition": {"StringEquals": {"aws:SourceAccount": "555566667777"}}}`, No, false, true},
		{"a service, for this account if it says for whom", allowSNS + `, "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}}`, No, false, true},
		{"a service for a resource of this account", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}}}`, No, false, false},
		{"a service for any resource but some", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:topic-*"}, "ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:topic-e*"}}}`, No, false, true},
		{"a service for a bucket that is named", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}}}`, No, false, false},
		{"a service for all buckets", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}}`, No, false, true},
		{"a service by its encryption context", allowSNS + `, "Condition": {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:*:111122223333:*"}}}`, No, false, false},
		{"a service by the encryption context of any account", allowSNS + `, "Condition": {"StringLike": {"kms:EncryptionContext:aws:sns:topicArn": "arn:aws:sns:*:*:topic"}}}`, No, false, true},
		{"a service for a bucket of another account", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}, "StringEquals": {"aws:SourceAccount": "555566667777"}}}`, No, false, true},
		{"a service for a bucket of whatever account", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}, "StringLike": {"aws:SourceAccount": "*"}}}`, No, false, true},
		{"a service for a bucket of this account", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}}`, No, false, false},
		{"a service for a bucket, and another for this account", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}}},` + allowSNS + `, "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`, No, false, false},
		{"any service", star + `{"Bool": {"aws:PrincipalIsAWSService": "true"}}}`, No, false, true},
		{"any service, for this account", star + `{"Bool": {"aws:PrincipalIsAWSService": "true"}, "StringEquals": {"aws:SourceAccount": "111122223333"}}}`, No, false, false},
		{"services by their names", star + `{"StringEquals": {"aws:PrincipalServiceName": ["sns.amazonaws.com", "sqs.amazonaws.com"]}}}`, No, false, true},
		{"services by a pattern", star + `{"StringLike": {"aws:PrincipalServiceName": "logs.*.amazonaws.com"}}}`, No, false, true},
		{"services by one of their names", star + `{"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": "sns.amazonaws.com"}}}`, No, false, true},
		{"services that a Deny spares", star + `{"Null": {"kms:ViaService": "true"}}},` + denyAll + `{"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}`, No, false, true},
		{"this account through a service", star + `{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com", "kms:CallerAccount": "111122223333"}}}`, No, false, false},
		{"users by a pattern of names", star + `{"StringLike": {"aws:username": "admin-*"}}}`, Yes, true, false},
		{"a service for any resource", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}}`, No, false, true},
	} {
		env := testEnv()
		env.TrustAccounts, env.TrustOrgs = []string{otherAccount}, []string{"o-a"}
		r := Analyze(statements(t, c.statements), env)
		if r.Public != c.public || (len(r.External) > 0) != c.external || (len(r.ConfusedDeputy) > 0) != c.deputy || len(r.Unknown) > 0 {
			t.Errorf("%s: public %s, external %v, deputies %v, unknown %v", c.why, r.Public, r.External, r.ConfusedDeputy, r.Unknown)
		}
	}
}

// TestRootUserOfAnotherAccount: what its account's row says counts for a root user too, which needs no identity policy. It
// has a row of its own for what nobody else of the account may do.
func TestRootUserOfAnotherAccount(t *testing.T) {
	const account = `{"Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "kms:*", "Resource": "*"`
	star := `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"`
	for _, c := range []struct {
		why, statements  string
		external, matrix []string
	}{
		{"an account", account + `}`, []string{"account 777788889999 needs_identity_policy"}, []string{"arn:aws:iam::777788889999:root needs_identity_policy"}},
		{"anyone", star + `}`, []string{"any account needs_identity_policy"}, []string{"* needs_identity_policy"}},
		{"an account beside anyone", star + `},` + account + `}`, []string{"account 777788889999 needs_identity_policy", "any account needs_identity_policy"}, []string{"* needs_identity_policy", "arn:aws:iam::777788889999:root needs_identity_policy"}},
		{"a limit on what a root user never has", star + `, "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "x"}}}`, []string{"any account needs_identity_policy"}, []string{"* needs_identity_policy"}},
		{"itself", account + `, "Condition": {"StringEquals": {"aws:PrincipalType": "Account"}}}`, []string{"account 777788889999 allowed"}, []string{"arn:aws:iam::777788889999:root allowed"}},
		{"the root user of any account", star + `, "Condition": {"StringEquals": {"aws:PrincipalType": "Account"}}}`, []string{"any account allowed"}, []string{"arn:aws:iam::*:root allowed"}},
	} {
		r := Analyze(statements(t, rootStatement+","+c.statements), testEnv())
		var external, matrix []string
		for _, e := range r.External {
			external = append(external, e.Principal+" "+string(e.Decision))
		}
		for _, row := range r.Matrix {
			if row.Kind != "service" && !strings.Contains(row.Principal, testAccount) {
				matrix = append(matrix, row.Principal+" "+string(row.Decision))
			}
		}
		slices.Sort(matrix)
		if !slices.Equal(external, c.external) || !slices.Equal(matrix, c.matrix) {
			t.Errorf("%s: external %q, matrix %q", c.why, external, matrix)
		}
	}
}
