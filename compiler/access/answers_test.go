package access

import (
	"slices"
	"testing"
)

const (
	allowAlice = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/Alice"}, "Resource": "*", `
	denyAll    = `{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": `
	allowSNS   = `{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"`
)

// TestStatuses: what statements do, where an answer short of the exact one would be unknown, or wrong.
func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		why, statements string
		want            []Status
	}{
		{"an address and an endpoint are not in one request", allowAlice + `"Action": "kms:*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:SourceVpce": "vpce-1"}}}`, []Status{NeverMatches}},
		{"KMS does not send the key with the action", allowAlice + `"Action": "kms:DescribeKey", "Condition": {"StringEquals": {"kms:EncryptionContext:App": "x"}}}`, []Status{NeverMatches}},
		{"it is there with CreateGrant", allowAlice + `"Action": "kms:CreateGrant", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}`, []Status{Live}},
		{"and not with Decrypt", allowAlice + `"Action": "kms:Decrypt", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}`, []Status{NeverMatches}},
		{"a user may be no source", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}`, []Status{StatusUnknown}},
		{"the key's spec is always there", allowAlice + `"Action": "kms:Decrypt", "Condition": {"Null": {"kms:KeySpec": "true"}}}`, []Status{NeverMatches}},
		{"a pair's key is among the context's keys", allowAlice + `"Action": "kms:Decrypt", "Condition": {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "Env"}, "Null": {"kms:EncryptionContext:App": "false"}}}`, []Status{NeverMatches}},
		{"and a key has its pair", allowAlice + `"Action": "kms:Decrypt", "Condition": {"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "App"}, "Null": {"kms:EncryptionContext:App": "true"}}}`, []Status{NeverMatches}},
		{"a pair with its key", allowAlice + `"Action": "kms:Decrypt", "Condition": {"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "App"}, "Null": {"kms:EncryptionContext:App": "false"}}}`, []Status{Live}},
		{"another form of id", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringLike": {"aws:userid": "AROA*:*"}}}`, []Status{NeverMatches}},
		{"a user's id", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringLike": {"aws:userid": "AIDA*"}}}`, []Status{Live}},
		{"a service is in no organization", allowSNS + `, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a"}}}`, []Status{NeverMatches}},
		{"a path is in its organization", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a"}, "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-b/*"}}}`, []Status{NeverMatches}},
		{"no rotation so short", allowAlice + `"Action": "kms:EnableKeyRotation", "Condition": {"NumericLessThan": {"kms:RotationPeriodInDays": "90"}}}`, []Status{NeverMatches}},
		{"the shortest rotation", allowAlice + `"Action": "kms:EnableKeyRotation", "Condition": {"NumericLessThanEquals": {"kms:RotationPeriodInDays": "90"}}}`, []Status{Live}},
		{"before a time", allowAlice + `"Action": "kms:Decrypt", "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"}}}`, []Status{Live}},
		{"after a time", allowAlice + `"Action": "kms:Decrypt", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"}}}`, []Status{Live}},
		{"both bounds of one time", allowAlice + `"Action": "kms:Decrypt", "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"}, "NumericGreaterThan": {"aws:EpochTime": "1780272000"}}}`, []Status{NeverMatches}},
		{"a range without its halves", allowAlice + `"Action": "kms:Decrypt", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"]}}}`, []Status{NeverMatches}},
		{"a range without one half", allowAlice + `"Action": "kms:Decrypt", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/9"}}}`, []Status{Live}},
		{"the middle of a range", allowAlice + `"Action": "kms:Decrypt", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": ["10.0.0.0/10", "10.192.0.0/10"]}}}`, []Status{Live}},
		{"an address of the other kind", allowAlice + `"Action": "kms:Decrypt", "Condition": {"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}, "Null": {"aws:SourceIp": "false"}}}`, []Status{Live}},
		{"two values in one set", allowAlice + `"Action": "kms:Encrypt", "Condition": {"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "App"}, "ForAnyValue:StringLike": {"kms:EncryptionContextKeys": "E*"}}}`, []Status{Live}},
		{"a set of one kind with one of another", allowAlice + `"Action": "kms:Encrypt", "Condition": {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "App"}, "ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "Env"}}}`, []Status{NeverMatches}},
		{"another account cannot", `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:PutKeyPolicy", "Resource": "*"}`, []Status{NeverMatches}},
		{"a service calls the keys of its own Region", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}}`, []Status{NeverMatches}},
		{"a service has a Region", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"kms:ViaService": "s3.amazonaws.com"}}}`, []Status{NeverMatches}},
		{"a service of any Region is of the key's", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}}`, []Status{Live}},
		{"a service may call only by itself", allowSNS + `, "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}`, []Status{StatusUnknown}},
		{"what is redundant with an identity policy is not by itself", rootStatement + "," + allowAlice + `"Action": "kms:Decrypt"}`, []Status{Live, Live}},
		{"redundant", rootStatement + "," + allowAlice + `"Action": "kms:*"},` + allowAlice + `"Action": "kms:Decrypt"}`, []Status{Live, Live, Redundant}},
		{"one of two", allowAlice + `"Action": "kms:Decrypt"},` + allowAlice + `"Action": "kms:Decrypt"}`, []Status{Live, Redundant}},
		{"shadowed", rootStatement + "," + denyAll + `{"Null": {"kms:ViaService": "true"}}},` + denyAll + `{"Null": {"kms:ViaService": "false"}}}`, []Status{Shadowed, Live, Live}},
		{"a session without a name is nobody's", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/app"}, "Action": "kms:*", "Resource": "*"}`, []Status{NeverMatches}},
		{
			"a Deny of what a redundant statement allows", allowAlice + `"Action": "kms:Decrypt"},` + allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringNotEquals": {"kms:KeyOrigin": "EXTERNAL"}}},` +
				`{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:user/Alice"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:KeyOrigin": "EXTERNAL"}}}`, []Status{Live, Redundant, Live},
		},
		{
			"a Deny of what a redundant statement after it allows", `{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:user/Alice"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:KeyOrigin": "EXTERNAL"}}},` +
				allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringNotEquals": {"kms:KeyOrigin": "EXTERNAL"}}},` + allowAlice + `"Action": "kms:Decrypt"}`, []Status{Live, Live, Redundant},
		},
		{"grants only", rootStatement + `,{"Effect": "Deny", "Principal": {"AWS": "777788889999"}, "Action": "kms:Decrypt", "Resource": "*"}`, []Status{Live, GrantsOnly}},
	} {
		report := Analyze(statements(t, c.statements), testEnv())
		var got []Status
		for _, st := range report.Statements {
			got = append(got, st.Status)
		}
		if !slices.Equal(got, c.want) || len(report.Unknown) > 0 {
			t.Errorf("%s: %v, want %v; unknown %v\n%s", c.why, got, c.want, report.Unknown, c.statements)
		}
	}
}

// TestUnknownKeys: what a condition on a key that AWS does not name says is not known where the key is there, since it may
// have several values; where it is absent all is as usual.
func TestUnknownKeys(t *testing.T) {
	for _, c := range []struct {
		why, statements string
		want            []Status
	}{
		{"there or not, one denies, if the key has one value", rootStatement + "," + denyAll + `{"StringEquals": {"kms:ViaServce": "a"}}},` + denyAll + `{"StringNotEquals": {"kms:ViaServce": "a"}}}`, []Status{StatusUnknown, StatusUnknown, Live}},
		{"absent, none matches", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"kms:ViaServce": "a"}, "Null": {"kms:ViaServce": "true"}}}`, []Status{NeverMatches}},
	} {
		report := Analyze(statements(t, c.statements), testEnv())
		var got []Status
		for _, st := range report.Statements {
			got = append(got, st.Status)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v\n%s", c.why, got, c.want, c.statements)
		}
	}
}

// TestEditors: who can change the policy, and what KMS's safety check says to a caller.
func TestEditors(t *testing.T) {
	const alice, admin = "arn:aws:iam::111122223333:user/Alice", "arn:aws:sts::111122223333:assumed-role/Admin/s1"
	for _, c := range []struct {
		why, statements, caller string
		editors                 Editors
		check                   CallerCheck
		durable, root           bool
	}{
		{"the account", rootStatement, alice, EditorsAlways, CallerPassIfIAM, true, true},
		{"its root user", rootStatement, "arn:aws:iam::111122223333:root", EditorsAlways, CallerPass, true, true},
		{"by itself", allowAlice + `"Action": "kms:*"}`, alice, EditorsAlways, CallerPass, false, false},
		{"somebody else", allowAlice + `"Action": "kms:*"}`, admin, EditorsAlways, CallerFail, false, false},
		{"nobody", allowAlice + `"Action": "kms:Decrypt"}`, alice, EditorsNone, CallerFail, false, false},
		{"a session's ARN is nobody's aws:PrincipalArn", rootStatement + "," + denyAll + `{"ArnNotEquals": {"aws:PrincipalArn": "` + admin + `"}}}`, admin, EditorsNone, CallerFail, false, false},
		{"a role's ARN is", rootStatement + "," + denyAll + `{"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Admin"}}}`, admin, EditorsAlways, CallerPassIfIAM, false, false},
		{"in some contexts", rootStatement + "," + denyAll + `{"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`, alice, EditorsConditional, CallerConditional, true, true},
		{"only the root user", `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalType": "Account"}}}`, alice, EditorsAlways, CallerFail, true, true},
		{"a service is not an editor", `{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}`, alice, EditorsNone, CallerFail, false, false},
		{"another account is not an editor", `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": "kms:*", "Resource": "*"}`, alice, EditorsNone, CallerFail, false, false},
	} {
		env := testEnv()
		env.Caller = c.caller
		l := NewAnalysis(statements(t, c.statements), env).Lockout()
		if l.Editors != c.editors || l.Caller != c.check || l.Durable != c.durable || l.RootUser != c.root {
			t.Errorf("%s: editors %s, caller %s, durable %v, root user %v", c.why, l.Editors, l.Caller, l.Durable, l.RootUser)
		}
	}
	const wild = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/A*"}, "Action": "kms:*", "Resource": "*"}`
	for _, caller := range []string{"", admin} { // also where no caller says which role the wildcard could represent
		env := testEnv()
		env.Caller = caller
		r := Analyze(statements(t, wild), env)
		if r.Lockout.Editors != EditorsUnknown || caller != "" && r.Lockout.Caller != CallerUnknown || r.Statements[0].Status != StatusUnknown {
			t.Errorf("a wildcard in a principal may match: %+v", r.Lockout)
		}
	}
}

// TestDifferences: pairs that look alike and are not, and the other way round.
func TestDifferences(t *testing.T) {
	decrypt := func(condition string) string {
		return allowAlice + `"Action": "kms:Decrypt", "Condition": ` + condition + `}`
	}
	for _, c := range []struct {
		why, older, newer string
		equivalent        bool
	}{
		{"an account's id and its ARN", rootStatement, `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}`, true},
		{"all IPv4 addresses are not all", decrypt(`{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}`), decrypt(`{"Null": {"aws:SourceIp": "false"}}`), false},
		{"all addresses are", decrypt(`{"IpAddress": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}}`), decrypt(`{"Null": {"aws:SourceIp": "false"}}`), true},
		{
			"none of two values, and none of one twice", rootStatement + "," + denyAll + `{"StringNotEquals": {"kms:ViaService": ["s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com"]}}}`,
			rootStatement + "," + denyAll + `{"StringNotEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}},` + denyAll + `{"StringNotEquals": {"kms:ViaService": "ec2.us-east-1.amazonaws.com"}}}`, false,
		},
		{"IfExists of a negated operator", rootStatement + "," + denyAll + `{"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`, rootStatement + "," + denyAll + `{"StringNotEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}}`, true},
		{"IfExists of another", decrypt(`{"StringEquals": {"aws:SourceVpce": "vpce-1"}}`), decrypt(`{"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}}`), false},
		{
			"ARNs as text, of callers", `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/App"}}}`,
			`{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/App"}}}`, true,
		},
		{"ARNs as text, of sources", allowSNS + `, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:t"}}}`, allowSNS + `, "Condition": {"StringLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:t"}}}`, false},
		{"a deny that only blocks grants", rootStatement, rootStatement + `,{"Effect": "Deny", "Principal": {"AWS": "777788889999"}, "Action": "kms:Decrypt", "Resource": "*"}`, false},
		{"an identity policy less", rootStatement, rootStatement + "," + allowAlice + `"Action": "kms:Decrypt"}`, false},
		{
			"a session and its role", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:sts::111122223333:assumed-role/Admin/s1"}, "Action": "kms:Decrypt", "Resource": "*"}`,
			`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/Admin"}, "Action": "kms:Decrypt", "Resource": "*"}`, false,
		},
		{"actions of AWS to come", allowAlice + `"Action": "kms:Verify*"}`, allowAlice + `"Action": ["kms:Verify", "kms:VerifyMac"]}`, true},
		{"an action that a key policy cannot give", rootStatement, rootStatement + "," + allowAlice + `"Action": "kms:ListKeys"}`, true},
	} {
		d := Diff(statements(t, c.older), statements(t, c.newer), testEnv(), testEnv())
		if d.Equivalent != c.equivalent || len(d.Unknown) > 0 || !c.equivalent && len(d.Added)+len(d.Removed) == 0 {
			t.Errorf("%s: equivalent %v, added %v, removed %v, unknown %v", c.why, d.Equivalent, d.Added, d.Removed, d.Unknown)
		}
	}
}

// TestNobodyIsMadeUpInTheMatrix: whom no policy names is in the row of its kind.
func TestNobodyIsMadeUpInTheMatrix(t *testing.T) {
	r := Analyze(statements(t, rootStatement+`,{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}}`), testEnv())
	for _, row := range r.Matrix {
		if row.Kind == "role" && row.Principal != "arn:aws:iam::111122223333:role/*" {
			t.Errorf("%s has a row, and nothing names it", row.Principal)
		}
	}
}
