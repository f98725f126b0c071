package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

const allowService = `{"Effect": "Allow", "Principal": {"Service": "myapp.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": `

// What AWS publishes, and what its pages contradict each other on, is possible.
func TestWhatMayBeSent(t *testing.T) {
	for _, c := range []struct {
		why, statement string
		status         Status
		unsent         []string
	}{
		{"a service through another one", allowService + `{"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}}}`, Live, nil},
		{"and for an account", allowService + `{"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com", "aws:SourceAccount": "111122223333"}, "Bool": {"aws:PrincipalIsAWSService": "true"}}}`, Live, nil},
		{"a role for a resource", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/id"}}}`, StatusUnknown, []string{"aws:SourceArn"}},
		{"a service that was called", allowService + `{"ForAnyValue:StringEquals": {"aws:CalledVia": "sns.amazonaws.com"}}}`, StatusUnknown, []string{"aws:CalledVia"}},
		{"a service by its account", allowService + `{"StringEquals": {"kms:CallerAccount": "111122223333"}}}`, StatusUnknown, nil},
		{"users and roles by their account", `{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}`, Live, nil},
		{"a service of an organization", allowService + `{"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}`, NeverMatches, nil},
		{"an id of a service", allowService + `{"StringEquals": {"aws:userid": "AROAEXAMPLE:x"}}}`, Live, nil},
		{"an empty text", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"kms:EncryptionContext:note": ""}}}`, Live, nil},
		{"an empty tag, or none", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEqualsIfExists": {"aws:PrincipalTag/team": ""}}}`, Live, nil},
		{"an empty text in a set", allowAlice + `"Action": "kms:Decrypt", "Condition": {"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": ""}}}`, StatusUnknown, nil},
		{"an empty account", allowAlice + `"Action": "kms:Decrypt", "Condition": {"StringEquals": {"aws:ResourceAccount": ""}}}`, NeverMatches, nil},
		{"TLS", allowAlice + `"Action": "kms:Decrypt", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`, Live, nil},
		{"no TLS", allowAlice + `"Action": "kms:Decrypt", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`, NeverMatches, nil},
		{"TLS left out", allowAlice + `"Action": "kms:Decrypt", "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}`, Live, nil},
		{"TLS left out of a call of one's own", allowAlice + `"Action": "kms:Decrypt", "Condition": {"Null": {"aws:SecureTransport": "true"}, "Bool": {"aws:ViaAWSService": "false"}}}`, NeverMatches, nil},
	} {
		report := Analyze(statements(t, c.statement), testEnv())
		got := report.Statements[0]
		if got.Status != c.status || !slices.Equal(got.Unsent, c.unsent) {
			t.Errorf("%s: %s %v, want %s %v (%s)", c.why, got.Status, got.Unsent, c.status, c.unsent, got.Why)
		}
	}
}

// A context that is not known to be sent hinders nobody from editing.
func TestEditorsInDocumentedContexts(t *testing.T) {
	for _, deny := range []string{
		`{"StringNotEqualsIfExists": {"aws:SourceAccount": "111122223333"}, "Null": {"aws:SourceAccount": "false"}}}`,
		`{"BoolIfExists": {"aws:SecureTransport": "false"}}}`,
	} {
		report := Analyze(statements(t, rootStatement+","+denyAll+deny), testEnv())
		if report.Lockout.Editors != EditorsAlways {
			t.Errorf("%s: editors %s %s", deny, report.Lockout.Editors, report.Lockout.Conditions.Text)
		}
	}
}

// Whom a source key lets in follows from its values.
func TestOutsidersByTheirSource(t *testing.T) {
	for values, public := range map[string]Answer{`["111122223333"]`: No, `["444455556666"]`: No, `["*"]`: Yes, `["1*"]`: Yes, `["111122223333", "*"]`: Yes} {
		report := Analyze(statements(t, rootStatement+`,{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringLike": {"aws:SourceAccount": `+values+`}}}`), testEnv())
		if report.Public != public {
			t.Errorf("%s: public %s, want %s", values, report.Public, public)
		}
		if values == `["111122223333"]` && len(report.External) > 0 {
			t.Errorf("%s: external %+v", values, report.External)
		}
	}
	report := Analyze(statements(t, allowService+`{"StringEquals": {"kms:ViaService": "sns.us-east-1.amazonaws.com"}}}`), testEnv())
	if len(report.ConfusedDeputy) != 1 {
		t.Errorf("a service limited by kms:ViaService only: %+v", report.ConfusedDeputy)
	}
}

// A value that an Allow asks for lies outside of a key's domain only by a fact with its page.
func TestLawDomainsAreFacts(t *testing.T) {
	random := rand.New(rand.NewPCG(10, 4))
	alphabet := []rune("ab9-_/.:@ \t\n\r\u007f\u0085é\u00ff\x01*?$")
	text := func() string {
		var b strings.Builder
		for range 1 + random.IntN(6) {
			b.WriteRune(alphabet[random.IntN(len(alphabet))])
		}
		return b.String()
	}
	tried := 0
	for _, k := range facts.ConditionKeys() {
		name := k.Spell("note")
		_, limited := facts.LookupValueLimit(name)
		key := keyNamed(name)
		if k.Type != "String" && k.Type != "ARN" || k.Values != nil || limited || k.Numbers != nil || isCallerKey(key.lower) || key.lower == keyUserID || !k.RelevantInKeyPolicy {
			continue
		}
		operator := "StringEquals"
		if k.Multivalued {
			operator = "ForAnyValue:StringEquals"
		}
		for i := range 4 {
			value := text()
			if i == 0 && key.takesEmpty() {
				value = ""
			}
			tried++
			doc := statements(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/x", "Service": "sns.amazonaws.com"}, "Action": "kms:*", "Resource": "*", "Condition": `+
				string(mustJSON(map[string]any{operator: map[string]any{name: value}}))+`}`)
			report := Analyze(doc, testEnv())
			if report.Statements[0].Status == NeverMatches {
				t.Errorf("%s = %q: never matches: %s", name, value, report.Statements[0].Why)
			}
			if d := Diff(statements(t, rootStatement), doc, testEnv(), testEnv()); len(d.Added) == 0 {
				t.Errorf("%s = %q: diff adds nothing", name, value)
			}
		}
	}
	if tried < 50 {
		t.Errorf("%d values were tried, want more", tried)
	}
}

// Simulate, access and diff take keys that are always there in one way.
func TestLawPinnedKeys(t *testing.T) {
	conditions := []string{
		`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, `{"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}`, `{"StringLike": {"aws:RequestedRegion": "eu-*"}}`,
		`{"StringEquals": {"aws:ResourceAccount": "111122223333"}}`, `{"StringNotEquals": {"aws:ResourceAccount": "111122223333"}}`, `{"Null": {"aws:ResourceAccount": "true"}}`,
		`{"Bool": {"aws:ViaAWSService": "true"}}`, `{"Bool": {"aws:ViaAWSService": "false"}}`, `{"Null": {"aws:ViaAWSService": "true"}}`,
		`{"Bool": {"aws:SecureTransport": "true"}}`, `{"Bool": {"aws:SecureTransport": "false"}}`, `{"BoolIfExists": {"aws:SecureTransport": "false"}}`, `{"Null": {"aws:SecureTransport": "true"}}`,
		`{"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}`,
	}
	random := rand.New(rand.NewPCG(10, 11))
	env := testEnv()
	env.Region = "us-east-1"
	empty := statements(t, rootStatement)
	for round := range 60 {
		var list []string
		for range 2 {
			effect := []string{"Allow", "Allow", "Deny"}[random.IntN(3)]
			principal := []string{`"*"`, `{"AWS": "arn:aws:iam::111122223333:role/app"}`, `{"Service": "sns.amazonaws.com"}`}[random.IntN(3)]
			list = append(list, fmt.Sprintf(`{"Effect": %q, "Principal": %s, "Action": "kms:Decrypt", "Resource": "*", "Condition": %s}`, effect, principal, conditions[random.IntN(len(conditions))]))
		}
		doc := statements(t, strings.Join(list, ","))
		report := Analyze(doc, env)
		d := Diff(empty, doc, env, env)
		for _, c := range slices.Concat(d.Added, d.Removed) {
			if got, err := Simulate(doc, env, c.Witness); err != nil || got.Decision != c.Decision {
				t.Errorf("%d %s: simulate gives %s (%v) to the witness of %+v", round, list, got.Decision, err, c)
			}
		}
		for _, who := range []string{"role/app", "user/eve", "sns.amazonaws.com"} {
			for _, context := range []map[string][]string{nil, {"kms:ViaService": {"s3.us-east-1.amazonaws.com"}}} {
				got, err := Simulate(doc, env, Request{Principal: who, Action: "kms:Decrypt", Context: context})
				if err != nil {
					t.Fatal(err)
				}
				for _, st := range got.Statements {
					if status := report.Statements[st.Index].Status; got.Decision != Undecided && (status == NeverMatches || status == Shadowed && st.Effect == "Allow") {
						t.Errorf("%d %s: %s with %v is %s by statement %d, which is %s", round, list, who, context, got.Decision, st.Index, status)
					}
				}
			}
		}
	}
}

func TestWhatIsFilledIn(t *testing.T) {
	statement := func(condition string) string {
		return `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app", "Service": "sns.amazonaws.com"}, "Action": "kms:*", "Resource": "*", "Condition": ` + condition + `}`
	}
	via := map[string][]string{"kms:ViaService": {"s3.us-east-1.amazonaws.com"}}
	for _, c := range []struct {
		condition, principal string
		context              map[string][]string
		region               string
		want                 Decision
	}{
		{`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, "role/app", nil, "us-east-1", Allowed},
		{`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, "role/app", nil, "eu-west-1", ImplicitDeny},
		{`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`, "role/app", nil, "", Undecided},
		{`{"StringLike": {"aws:RequestedRegion": "*"}}`, "role/app", nil, "", Allowed},
		{`{"StringEquals": {"aws:ResourceAccount": "111122223333"}}`, "role/app", nil, "", Allowed},
		{`{"Bool": {"aws:ViaAWSService": "false"}}`, "role/app", nil, "", Allowed},
		{`{"Bool": {"aws:ViaAWSService": "true"}}`, "role/app", via, "us-east-1", Allowed},
		{`{"Bool": {"aws:ViaAWSService": "true"}}`, "sns.amazonaws.com", via, "us-east-1", Undecided},
		{`{"Bool": {"aws:SecureTransport": "true"}}`, "role/app", nil, "", Allowed},
		{`{"Bool": {"aws:SecureTransport": "true"}}`, "role/app", via, "us-east-1", Undecided},
		{`{"Bool": {"aws:SecureTransport": "true"}}`, "sns.amazonaws.com", nil, "", Undecided},
		{`{"Null": {"aws:SecureTransport": "true"}}`, "sns.amazonaws.com", map[string][]string{"aws:SecureTransport": {}}, "", Allowed},
		{`{"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "App"}}`, "role/app", map[string][]string{"kms:EncryptionContext:App": {"x"}}, "", Allowed},
		{`{"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "App"}}`, "role/app", map[string][]string{"kms:EncryptionContext:App": {"x"}, "kms:EncryptionContext:Env": {"y"}}, "", ImplicitDeny},
		{`{"StringEquals": {"kms:CallerAccount": "111122223333"}}`, "sns.amazonaws.com", nil, "", Undecided},
		{`{"StringEquals": {"kms:CallerAccount": "111122223333"}}`, "sns.amazonaws.com", map[string][]string{"kms:CallerAccount": {"111122223333"}}, "", Allowed},
		{`{"StringEquals": {"aws:SourceAccount": "111122223333"}}`, "role/app", map[string][]string{"aws:SourceAccount": {"111122223333"}}, "", Allowed},
		{`{"StringEquals": {"kms:EncryptionContext:note": "a\nb"}}`, "role/app", map[string][]string{"kms:EncryptionContext:note": {"a\nb"}}, "", Allowed},
	} {
		env := testEnv()
		env.Region, env.KeyARN, env.KeyID = c.region, "", ""
		got, err := Simulate(statements(t, statement(c.condition)), env, Request{Principal: c.principal, Action: "kms:Decrypt", Context: c.context})
		if err != nil || got.Decision != c.want {
			t.Errorf("%s for %s with %v in %q: %s (%v), want %s %v", c.condition, c.principal, c.context, c.region, got.Decision, err, c.want, got.Reasons)
		}
	}
}

// Roles that AWS makes are under paths of their own.
func TestReservedRoles(t *testing.T) {
	const account = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*", "Condition": `
	for _, c := range []struct {
		why, statement string
		editors        Editors
		status         Status
	}{
		{"no role of a permission set", account + `{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_*"}}}`, EditorsNone, NeverMatches},
		{"as text", account + `{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/AWSReservedSSO_Admin_*"}}}`, EditorsNone, NeverMatches},
		{"one", account + `{"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_0123456789abcdef"}}}`, EditorsNone, NeverMatches},
		{"with the path", account + `{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"}}}`, EditorsAlways, Live},
		{"under any path", account + `{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*AWSReservedSSO_Admin_*"}}}`, EditorsAlways, Live},
		{"a principal", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_0123456789abcdef"}, "Action": "kms:*", "Resource": "*"}`, EditorsNone, NeverMatches},
		{"a principal with the path", `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-2/AWSReservedSSO_Admin_0123456789abcdef"}, "Action": "kms:*", "Resource": "*"}`, EditorsAlways, Live},
		{"a grantee", allowAlice + `"Action": "kms:CreateGrant", "Condition": {"StringEquals": {"kms:GranteePrincipal": "arn:aws:iam::111122223333:role/AWSServiceRoleForAutoScaling"}}}`, EditorsNone, NeverMatches},
		{"grantees", allowAlice + `"Action": "kms:CreateGrant", "Condition": {"StringLike": {"kms:GranteePrincipal": "arn:aws:iam::111122223333:role/AWSServiceRoleFor*"}}}`, EditorsNone, NeverMatches},
		{"a grantee with the path", allowAlice + `"Action": "kms:CreateGrant", "Condition": {"StringLike": {"kms:GranteePrincipal": "arn:aws:iam::111122223333:role/aws-service-role/*/AWSServiceRoleForAutoScaling"}}}`, EditorsNone, Live},
	} {
		report := Analyze(statements(t, c.statement), testEnv())
		if report.Lockout.Editors != c.editors || report.Statements[0].Status != c.status {
			t.Errorf("%s: editors %s, %s, want %s, %s; unknown %v", c.why, report.Lockout.Editors, report.Statements[0].Status, c.editors, c.status, report.Unknown)
		}
	}
}
