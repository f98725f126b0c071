package access

import "testing"

// conditioned is the report of a statement for everybody with a condition; a Deny is beside an Allow.
func conditioned(t *testing.T, effect, condition string, env Env) *Report {
	t.Helper()
	open := ""
	if effect == "Deny" {
		open = `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}, `
	}
	return Analyze(read(t, `{"Version": "2012-10-17", "Statement": [`+open+`{"Effect": "`+effect+`", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {`+condition+`}}]}`), env)
}

// TestConditionsLetStrangersIn: conditions that look like a limit, and leave strangers in.
func TestConditionsLetStrangersIn(t *testing.T) {
	for _, c := range []struct {
		effect, condition string
		want              Answer
	}{
		// An account's id is compared as a number, from 0 to twelve nines.
		{"Allow", `"NumericGreaterThanEquals": {"aws:SourceAccount": "30"}`, Yes},
		{"Allow", `"NumericGreaterThanEquals": {"aws:VpceAccount": "30"}`, Yes},
		{"Allow", `"NumericLessThan": {"aws:VpceAccount": "444455556666"}`, Yes},
		{"Allow", `"NumericGreaterThan": {"aws:SourceAccount": "111122223333"}`, Yes},
		{"Allow", `"DateLessThan": {"aws:VpceAccount": "444455556666"}`, Yes},
		{"Allow", `"NumericEquals": {"aws:VpceAccount": "444455556666"}`, No},
		// The beginning of a network's id names nobody's.
		{"Allow", `"StringLike": {"aws:Ec2InstanceSourceVpc": "vpc-99*"}`, Yes},
		{"Deny", `"StringNotLike": {"aws:Ec2InstanceSourceVpc": "vpc-99*"}`, Yes},
		{"Allow", `"StringEquals": {"aws:Ec2InstanceSourceVpc": "vpc-99999999"}`, No},
		// An empty text is a value.
		{"Deny", `"StringLikeIfExists": {"aws:PrincipalTag/team": "?*"}`, Yes},
		{"Deny", `"StringLikeIfExists": {"aws:PrincipalTag/team": "*"}`, No},
		{"Deny", `"ForAllValues:StringLike": {"kms:EncryptionContext:team": "?*"}`, Yes},
		// The organization of the key's account can be any that a pattern leaves.
		{"Deny", `"StringLikeIfExists": {"aws:ResourceOrgID": "o-a1b2c3d4e?"}`, Yes},
		{"Deny", `"StringEqualsIfExists": {"aws:PrincipalOrgID": "*"}, "Null": {"aws:ResourceOrgID": "true"}`, Yes},
		{"Allow", `"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}`, No},
		{"Allow", `"StringNotEquals": {"kms:EncryptionContext:team": "${aws:ResourceOrgID}"}, "StringLike": {"aws:PrincipalOrgID": "*"}`, Yes},
	} {
		if got := conditioned(t, c.effect, c.condition, testEnv()).Public; got != c.want {
			t.Errorf("%s with %s: public is %s, want %s", c.effect, c.condition, got, c.want)
		}
	}
}

// TestVariableOfAnotherForm: a tag can have the id of an organization, a network or a service, though tags are not of that form.
func TestVariableOfAnotherForm(t *testing.T) {
	keys := []string{"aws:SourceVpc", "aws:CalledViaFirst", "aws:CalledViaLast", "kms:ViaService", "aws:SourceVpce", "aws:PrincipalOrgID", "aws:SourceAccount"}
	testVariableOfAnotherForm(t, "aws:username", keys)
	testVariableOfAnotherForm(t, "aws:PrincipalTag/team", append(keys, "aws:Ec2InstanceSourceVpc", "aws:ChatbotSourceArn")) // those are of sessions, which have no name
}

func testVariableOfAnotherForm(t *testing.T, variable string, keys []string) {
	t.Helper()
	for _, key := range keys {
		for _, operator := range []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists"} {
			report := conditioned(t, "Deny", `"`+operator+`": {"`+key+`": "${`+variable+`}"}`, testEnv())
			if report.Public == No {
				t.Errorf("%s on %s of ${%s}: not public, they say, and whoever has another value is not denied", operator, key, variable)
			}
			if status := report.Statements[1].Status; status == NeverMatches {
				t.Errorf("%s on %s of ${%s} never matches, they say", operator, key, variable)
			}
		}
	}
}

// TestVariablesAreForText: operators for numbers, dates and addresses have no policy variables, the key's own account neither.
func TestVariablesAreForText(t *testing.T) {
	for condition, want := range map[string]Answer{
		`"StringNotEquals": {"aws:SourceAccount": "${aws:ResourceAccount}"}`:    Yes,
		`"NumericEquals": {"aws:VpceAccount": "${aws:ResourceAccount}"}`:        Unknown,
		`"NumericNotEquals": {"aws:ResourceAccount": "${aws:ResourceAccount}"}`: Unknown,
	} {
		if got := conditioned(t, "Allow", condition, testEnv()).Public; got != want {
			t.Errorf("%s: public is %s, want %s", condition, got, want)
		}
	}
	never := conditioned(t, "Allow", `"ArnLike": {"aws:userid": "x-${aws:PrincipalTag/team}-*"}`, testEnv())
	if never.Statements[0].Status == NeverMatches || never.Public == No {
		t.Errorf("a value that is not an ARN: %s, public %s; what it matches is not documented", never.Statements[0].Status, never.Public)
	}
}

// TestContraryOfASetOfBools: not all of several are true where one is not.
func TestContraryOfASetOfBools(t *testing.T) {
	report := conditioned(t, "Deny", `"ForAllValues:Bool": {"kms:EncryptionContextKeys": "true"}`, testEnv())
	for _, row := range report.Matrix {
		for _, keys := range row.Conditions.AnyOf {
			if got := keys["kms:EncryptionContextKeys"].Operator; got != "ForAnyValue:StringNotEqualsIgnoreCase" {
				t.Errorf("%s %s: %s (%s)", row.Principal, row.Decision, got, row.Conditions.Text)
			}
		}
	}
}
