package access

import (
	"errors"
	"testing"
)

func TestSimulateEvalCases(t *testing.T) {
	for _, c := range loadCases(t) {
		if c.Request == nil {
			continue
		}
		got, err := Simulate(read(t, string(c.Policy)), testEnv(), *c.Request)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
		} else if got.Decision != c.Want.Decision {
			t.Errorf("%s: %s, want %s (%v)", c.Name, got.Decision, c.Want.Decision, got.Reasons)
		}
	}
}

func TestSimulatePrincipals(t *testing.T) {
	doc := statements(t, rootStatement+`,
		{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::111122223333:user/team/alice", "arn:aws:iam::111122223333:role/app", "444455556666",
		  "arn:aws:sts::111122223333:assumed-role/ops/s1", "arn:aws:sts::111122223333:federated-user/fed"]}, "Action": "kms:Decrypt", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"},
		{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:role/blocked"}, "Action": "kms:*", "Resource": "*"}`)
	for _, c := range []struct {
		principal, action string
		want              Decision
	}{
		{"user/team/alice", "kms:Decrypt", Allowed},
		{"user/alice", "kms:Decrypt", NeedsIdentityPolicy},
		{"user/team/alice", "kms:decrypt", Allowed},
		{"role/app", "kms:Decrypt", Allowed},
		{"arn:aws:sts::111122223333:assumed-role/app/x", "kms:Decrypt", Allowed},
		{"arn:aws:sts::111122223333:assumed-role/ops/s1", "kms:Decrypt", Allowed},
		{"role/ops", "kms:Decrypt", NeedsIdentityPolicy},
		{"arn:aws:sts::111122223333:federated-user/fed", "kms:Decrypt", Allowed},
		{"arn:aws:sts::111122223333:federated-user/other", "kms:Decrypt", NeedsIdentityPolicy},
		{"root", "kms:Decrypt", Allowed},
		{"root", "kms:PutKeyPolicy", Allowed},
		{"logs.us-east-1.amazonaws.com", "kms:Decrypt", Allowed},
		{"logs.eu-west-1.amazonaws.com", "kms:Decrypt", ImplicitDeny},
		{"arn:aws:iam::444455556666:user/bob", "kms:Decrypt", NeedsIdentityPolicy},
		{"arn:aws:iam::444455556666:user/bob", "kms:PutKeyPolicy", ImplicitDeny},
		{"arn:aws:iam::555566667777:user/bob", "kms:Decrypt", ImplicitDeny},
		{"role/blocked", "kms:Decrypt", ExplicitDeny},
		{"user/team/alice", "kms:ListKeys", ImplicitDeny},
	} {
		got, err := Simulate(doc, testEnv(), Request{Principal: c.principal, Action: c.action})
		if err != nil || got.Decision != c.want {
			t.Errorf("%s %s: %s (%v), want %s", c.principal, c.action, got.Decision, err, c.want)
		}
	}
}

func TestSimulateRefusesWhatCannotBe(t *testing.T) {
	doc := statements(t, rootStatement)
	for name, req := range map[string]Request{
		"unknown action":            {Principal: "user/a", Action: "kms:Decrpt"},
		"no principal":              {Principal: "alice", Action: "kms:Decrypt"},
		"anyone":                    {Principal: "*", Action: "kms:Decrypt"},
		"group":                     {Principal: "arn:aws:iam::111122223333:group/x", Action: "kms:Decrypt"},
		"short account":             {Principal: "arn:aws:iam::1111:user/x", Action: "kms:Decrypt"},
		"other partition":           {Principal: "arn:aws-cn:iam::111122223333:user/x", Action: "kms:Decrypt"},
		"wildcard":                  {Principal: "user/a*", Action: "kms:Decrypt"},
		"key of other action":       {Principal: "user/a", Action: "kms:DescribeKey", Context: map[string][]string{"kms:EncryptionContext:a": {"b"}}},
		"contradicts the caller":    {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"aws:PrincipalArn": {"arn:aws:iam::111122223333:user/b"}}},
		"username of a role":        {Principal: "role/a", Action: "kms:Decrypt", Context: map[string][]string{"aws:username": {"a"}}},
		"caller account":            {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"kms:CallerAccount": {"444455556666"}}},
		"both networks":             {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"aws:SourceIp": {"10.0.0.1"}, "aws:SourceVpce": {"vpce-1"}}},
		"no address":                {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"aws:SourceIp": {"here"}}},
		"two values":                {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"kms:ViaService": {"a", "b"}}},
		"service of no Region":      {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"kms:ViaService": {"s3.amazonaws.com"}}},
		"service of other Region":   {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"kms:ViaService": {"s3.eu-west-1.amazonaws.com"}}},
		"unknown key":               {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"kms:ViaServce": {"a"}}},
		"same key twice":            {Principal: "user/a", Action: "kms:Decrypt", Context: map[string][]string{"kms:ViaService": {"a"}, "kms:viaservice": {"a"}}},
		"organization of a service": {Principal: "sns.amazonaws.com", Action: "kms:Decrypt", Context: map[string][]string{"aws:PrincipalOrgID": {"o-a"}}},
		"role out of its path":      {Principal: "role/AWSReservedSSO_Admin_0123456789abcdef", Action: "kms:Decrypt"},
	} {
		_, err := Simulate(doc, testEnv(), req)
		if _, ok := errors.AsType[*RequestError](err); !ok {
			t.Errorf("%s: %v, want a RequestError", name, err)
		}
	}
}

// TestARequestByWayOfAService is not one of one's own, whichever key says so.
func TestARequestByWayOfAService(t *testing.T) {
	doc := statements(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}`)
	for _, c := range []struct {
		key, value string
		want       Decision
	}{
		{"", "", ImplicitDeny},
		{"kms:ViaService", "s3.us-east-1.amazonaws.com", Allowed},
		{"aws:CalledVia", "cloudformation.amazonaws.com", Allowed},
		{"aws:CalledViaFirst", "cloudformation.amazonaws.com", Allowed},
		{"aws:CalledViaLast", "cloudformation.amazonaws.com", Allowed},
	} {
		req := Request{Principal: "arn:aws:iam::111122223333:user/alice", Action: "kms:Decrypt", Context: map[string][]string{}}
		if c.key != "" {
			req.Context[c.key] = []string{c.value}
		}
		if got, err := Simulate(doc, testEnv(), req); err != nil || got.Decision != c.want {
			t.Errorf("%s: %s (%v), want %s", c.key, got.Decision, err, c.want)
		}
	}
}

// TestDatesThatAreNotDocumented decide nothing: AWS does not say how it reads them.
func TestDatesThatAreNotDocumented(t *testing.T) {
	for value, want := range map[string]Decision{
		"2040-01-01T00:00:00Z": Allowed, "2001-01-01T00:00:00Z": ImplicitDeny, "2208988800": Allowed,
		"20400101": Undecided, "2040-1-1": Undecided, "01/01/2040": Undecided,
	} {
		doc := statements(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"DateLessThan": {"aws:CurrentTime": "`+value+`"}}}`)
		req := Request{Principal: "arn:aws:iam::111122223333:user/alice", Action: "kms:Decrypt", Context: map[string][]string{"aws:CurrentTime": {"2026-01-31T00:00:00Z"}}}
		if got, err := Simulate(doc, testEnv(), req); err != nil || got.Decision != want {
			t.Errorf("%s: %s (%v), want %s", value, got.Decision, err, want)
		}
	}
}
