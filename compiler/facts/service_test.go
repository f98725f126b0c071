package facts

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestServiceUses(t *testing.T) {
	uses := ServiceUses()
	if len(uses) != 40 {
		t.Errorf("got %d uses, want 40", len(uses))
	}
	styles := []string{StyleServicePrincipal, StyleViaService, StyleServiceLinkedRole, StylePrincipalOrg}
	for _, u := range uses {
		if !slices.Contains(styles, u.AccessStyle) {
			t.Errorf("%s has the access style %q", u.ID, u.AccessStyle)
		}
		if !slices.Contains([]string{"aws_doc", "public_code", "unverified"}, u.Verified) || u.Source == "" || u.Name == "" {
			t.Errorf("%s has the source %q, verified %q", u.ID, u.Source, u.Verified)
		}
		for _, key := range slices.Concat(u.ConfusedDeputyKeys, u.UnsupportedDeputyKeys) {
			if _, _, ok := LookupConditionKey(key); !ok {
				t.Errorf("%s has the unknown condition key %s", u.ID, key)
			}
		}
		for _, prefix := range u.ViaServicePrefixes {
			if _, ok := LookupViaService(prefix); !ok {
				t.Errorf("%s has the unknown service %s", u.ID, prefix)
			}
		}
		for _, kind := range u.KeyKinds {
			if _, ok := ConsoleUsers(kind); !ok {
				t.Errorf("%s has the unknown key kind %s", u.ID, kind)
			}
		}
		if len(u.Statements) == 0 {
			t.Errorf("%s has no statement", u.ID)
		}
		for _, s := range u.Statements {
			checkStatement(t, u.ID, s)
		}
	}
}

// checkStatement holds the names in a statement against the other facts.
func checkStatement(t *testing.T, id string, raw json.RawMessage) {
	t.Helper()
	var s struct {
		Effect    string
		Principal any
		Action    any
		Condition map[string]map[string]any
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	if s.Effect != "Allow" || s.Principal == nil {
		t.Errorf("%s: effect %q, principal %v", id, s.Effect, s.Principal)
	}
	actions, ok := s.Action.([]any)
	if !ok {
		actions = []any{s.Action}
	}
	for _, a := range actions {
		if text, _ := a.(string); len(MatchActions(text)) == 0 {
			t.Errorf("%s has the unknown action %v", id, a)
		}
	}
	for operator, keys := range s.Condition {
		if _, ok := ParseOperator(operator); !ok {
			t.Errorf("%s has the unknown operator %s", id, operator)
		}
		for key := range keys {
			if _, _, ok := LookupConditionKey(key); !ok {
				t.Errorf("%s has the unknown condition key %s", id, key)
			}
		}
	}
}

func TestLookupServiceUse(t *testing.T) {
	if u, ok := LookupServiceUse("cloudwatch-logs"); !ok || !slices.Contains(u.EncryptionContextKeys, "aws:logs:arn") {
		t.Errorf("got %+v, %v", u, ok)
	}
	if _, ok := LookupServiceUse("nothing"); ok {
		t.Error("found a use that there is not")
	}
}

// TestPrincipalIndex holds the index against the uses: each lists exactly what the other does.
func TestPrincipalIndex(t *testing.T) {
	listed := map[string][]string{}
	for _, u := range ServiceUses() {
		for _, p := range u.Principals {
			listed[p] = append(listed[p], u.ID)
		}
	}
	for _, p := range ServicePrincipals() {
		if !slices.Equal(slices.Sorted(slices.Values(p.Uses)), listed[p.Name]) {
			t.Errorf("%s is indexed under %v and listed by %v", p.Name, p.Uses, listed[p.Name])
		}
		if p.Regional != strings.Contains(p.Name, "REGION") {
			t.Errorf("%s: regional %v", p.Name, p.Regional)
		}
		delete(listed, p.Name)
	}
	if len(listed) > 0 {
		t.Errorf("not in the index: %v", slices.Sorted(maps.Keys(listed)))
	}
	if n := len(ServicePrincipals()); n != 31 {
		t.Errorf("got %d service principals, want 31", n)
	}
}

func TestLookupPublishedGrantStatement(t *testing.T) {
	for _, name := range []string{"personalize.amazonaws.com", "redshift.amazonaws.com", "scn.eu-west-1.amazonaws.com"} {
		st, ok := LookupPublishedGrantStatement(name)
		if !ok || !slices.Contains(st.Actions, "kms:CreateGrant") || !strings.HasPrefix(st.Source, "https://docs.aws.amazon.com/") {
			t.Errorf("%s: got %+v, %v", name, st, ok)
		}
		for _, action := range st.Actions {
			if _, ok := LookupAction(action); !ok {
				t.Errorf("%s: %s is not an action", name, action)
			}
		}
	}
	for _, name := range []string{"scn.amazonaws.com", "scn.mars-1.amazonaws.com", "sns.amazonaws.com", ""} {
		if st, ok := LookupPublishedGrantStatement(name); ok {
			t.Errorf("%s: got %+v", name, st)
		}
	}
}

func TestConfusedDeputyExceptions(t *testing.T) {
	if n := len(ConfusedDeputyExceptions()); n != 5 {
		t.Errorf("got %d exceptions, want 5", n)
	}
	for _, e := range ConfusedDeputyExceptions() {
		i := slices.IndexFunc(ServicePrincipals(), func(p ServicePrincipal) bool { return p.Name == e.Principal })
		if i < 0 || e.When == "" {
			t.Errorf("got the exception %+v", e)
		}
		if use, _ := LookupServiceUse(e.Use); !slices.Equal(use.UnsupportedDeputyKeys, e.NotSupported) {
			t.Errorf("%s does not support %q for %q, and its use says %q", e.Principal, e.NotSupported, e.Use, use.UnsupportedDeputyKeys)
		}
		for _, key := range e.NotSupported {
			if _, _, ok := LookupConditionKey(key); !ok {
				t.Errorf("%s has the unknown condition key %s", e.Principal, key)
			}
		}
	}
}

func TestLookupServicePrincipal(t *testing.T) {
	tests := []struct{ name, want, region string }{
		{"sns.amazonaws.com", "sns.amazonaws.com", ""},
		{"sns.amazonaws.com.cn", "sns.amazonaws.com", ""},
		{"sns.eu-south-1.amazonaws.com", "sns.amazonaws.com", "eu-south-1"},
		{"logs.eu-central-1.amazonaws.com", "logs.REGION.amazonaws.com", "eu-central-1"},
		{"logs.cn-north-1.amazonaws.com.cn", "logs.REGION.amazonaws.com", "cn-north-1"},
		{"delivery.logs.amazonaws.com", "delivery.logs.amazonaws.com", ""},
		{"logs.amazonaws.com", "", ""},
		{"logs.nowhere.amazonaws.com", "", ""},
		{"logs.eu-central-1.amazonaws.org", "", ""},
		{"SNS.amazonaws.com", "", ""},
		{"ec2.amazonaws.com", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		p, region, ok := LookupServicePrincipal(tt.name)
		if p.Name != tt.want || region != tt.region || ok != (tt.want != "") {
			t.Errorf("LookupServicePrincipal(%q) = %q, %q, %v", tt.name, p.Name, region, ok)
		}
	}
}

func TestViaServices(t *testing.T) {
	services := ViaServices()
	if !slices.IsSortedFunc(services, func(a, b ViaService) int { return strings.Compare(a.Prefix, b.Prefix) }) {
		t.Error("the services are not sorted")
	}
	documented := 0
	for i, s := range services {
		if i > 0 && services[i-1].Prefix == s.Prefix {
			t.Errorf("%s is there twice", s.Prefix)
		}
		if s.Documented {
			documented++
		}
		if s.Documented != (len(s.Names) > 0) {
			t.Errorf("got %+v", s)
		}
	}
	if documented != len(conditionKeyFile().ViaService.Services) || documented == len(services) {
		t.Errorf("%d of %d services are documented", documented, len(services))
	}
	if s, ok := LookupViaService("ec2"); !ok || !strings.Contains(s.Names[0], "Elastic Block Store") {
		t.Errorf("got %+v, %v", s, ok)
	}
	if s, ok := LookupViaService("eks"); !ok || s.Documented {
		t.Errorf("got %+v, %v", s, ok)
	}
	if _, ok := LookupViaService("ebs"); ok {
		t.Error("found a service that there is not")
	}
}

func TestSplitViaService(t *testing.T) {
	tests := []struct {
		value, service, region string
	}{
		{"s3.us-east-1.amazonaws.com", "s3", "us-east-1"},
		{"*.us-east-1.amazonaws.com", "*", "us-east-1"},
		{"s3.*.amazonaws.com", "s3", "*"},
		{"s3.amazonaws.com", "", ""},
		{"s3.cn-north-1.amazonaws.com.cn", "", ""},
		{"a.b.us-east-1.amazonaws.com", "", ""},
		{"s3..amazonaws.com", "", ""},
		{".us-east-1.amazonaws.com", "", ""},
		{"s3", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		service, region, ok := SplitViaService(tt.value)
		if service != tt.service || region != tt.region || ok != (tt.service != "") {
			t.Errorf("SplitViaService(%q) = %q, %q, %v", tt.value, service, region, ok)
		}
	}
}

func TestRegionalPrincipal(t *testing.T) {
	for name, want := range map[string]string{
		"logs.amazonaws.com": "logs.REGION.amazonaws.com", "logs.eu-central-1.amazonaws.com": "", "sns.amazonaws.com": "", "": "",
	} {
		if got := RegionalPrincipal(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
