package facts

import (
	"slices"
	"strings"
	"testing"
)

const awsPages = "https://docs.aws.amazon.com/"

// Whatever is said never to be in a request is a claim about AWS, and names the page that makes it.
func TestEveryNeverHasItsPage(t *testing.T) {
	known := func(key string) bool {
		_, _, ok := LookupConditionKey(strings.TrimSuffix(key, "*") + "x")
		_, _, single := LookupConditionKey(key)
		return strings.HasSuffix(key, "*") && ok || single
	}
	callers := []string{"root_user", "user", "role", "federated_user", "service"}
	check := func(what, source string, keys, kinds []string) {
		t.Helper()
		if !strings.HasPrefix(source, awsPages) {
			t.Errorf("%s %v: the source is %q, want a page of AWS", what, keys, source)
		}
		for _, k := range keys {
			if !known(k) {
				t.Errorf("%s: %s is not a condition key", what, k)
			}
		}
		for _, k := range kinds {
			if !slices.Contains(callers, k) {
				t.Errorf("%s %v: %s is not a kind of caller", what, keys, k)
			}
		}
	}
	for _, a := range requestContextFile().Callers {
		check("absence", a.Source, a.Keys, a.Callers)
		switch {
		case a.Sent != SentNever && a.Sent != SentNotKnown:
			t.Errorf("absence %v: sent is %q", a.Keys, a.Sent)
		case (a.Sent == SentNotKnown) != strings.HasPrefix(a.ContradictedBy, awsPages):
			t.Errorf("absence %v: sent is %q, and contradicted by %q", a.Keys, a.Sent, a.ContradictedBy)
		}
	}
	for _, x := range KeyExclusions() {
		check("exclusion", x.Source, append([]string{x.Key}, x.Without...), x.Callers)
	}
	for _, d := range DerivedKeys() {
		check("derived "+d.Form, d.Source, d.Keys, d.Callers)
	}
	for _, a := range KeyAgreements() {
		check("agreement "+a.Form, a.Source, a.Keys, nil)
	}
	for _, p := range PinnedKeys() {
		check("pinned "+p.Form, p.Source, p.Keys, nil)
	}
	for _, v := range requestContextFile().Values {
		check("value", v.Source, v.Keys, nil)
		if v.Form == "" && v.Only == nil {
			t.Errorf("value %v: neither a form nor a list", v.Keys)
		}
	}
	for _, l := range CallerLimits() {
		check("limit of "+l.Of, l.Source, nil, nil)
	}
	for _, r := range ReservedRoles() {
		if !strings.HasPrefix(r.Source, awsPages) || !strings.HasSuffix(r.PathPrefix, "/") {
			t.Errorf("reserved role %+v", r)
		}
	}
	for _, k := range ConditionKeys() {
		if pageOf(k) == "" || !strings.HasPrefix(pageOf(k), awsPages) {
			t.Errorf("%s: no page says which requests have it", k.Name)
		}
	}
}

func TestKeySent(t *testing.T) {
	for _, test := range []struct {
		key, caller string
		want        Sent
	}{
		{"kms:ViaService", "service", SentPossibly},
		{"kms:ViaService", "role", SentPossibly},
		{"aws:SourceArn", "service", SentPossibly},
		{"aws:sourcearn", "role", SentNotKnown},
		{"aws:CalledVia", "service", SentNotKnown},
		{"aws:PrincipalOrgID", "service", SentNever},
		{"aws:PrincipalTag/team", "root_user", SentNever},
		{"aws:PrincipalTag/team", "role", SentPossibly},
		{"aws:PrincipalTag/", "service", SentPossibly},
		{"aws:NotAKey", "service", SentPossibly},
	} {
		if got := KeySent(test.key, test.caller); got != test.want {
			t.Errorf("%s of a %s: %s, want %s", test.key, test.caller, got, test.want)
		}
	}
}

func TestMisplacedRole(t *testing.T) {
	for _, test := range []struct {
		path, name string
		want       string
	}{
		{"", "app", ""},
		{"team/", "app", ""},
		{"", "AWSReservedSSO_Admin_0123456789abcdef", "AWSReservedSSO_"},
		{"", "AWSReservedSSO_*", "AWSReservedSSO_"},
		{"team/", "AWSReservedSSO_*", "AWSReservedSSO_"},
		{"AWSReservedSSO_Admin/", "x", "AWSReservedSSO_"},
		{"aws-reserved/sso.amazonaws.com/", "AWSReservedSSO_*", ""},
		{"aws-reserved/sso.amazonaws.com/eu-west-2/", "AWSReservedSSO_Admin_0123456789abcdef", ""},
		{"aws-reserved/*/", "AWSReservedSSO_*", ""},
		{"*/", "AWSReservedSSO_*", ""},
		{"other*/", "AWSReservedSSO_*", "AWSReservedSSO_"},
		{"", "*AWSReservedSSO_*", ""},
		{"", "AWSServiceRoleForAutoScaling", "AWSServiceRoleFor"},
		{"aws-service-role/", "AWSServiceRoleForAutoScaling", "AWSServiceRoleFor"},
		{"aws-service-role/autoscaling.amazonaws.com/", "AWSServiceRoleForAutoScaling", ""},
		{"", "AWSServiceRole", ""},
	} {
		kind, misplaced := MisplacedRole(test.path, test.name)
		if kind.NamePrefix != test.want || misplaced != (test.want != "") {
			t.Errorf("%s%s: %q, %v, want %q", test.path, test.name, kind.NamePrefix, misplaced, test.want)
		}
	}
}

// pageOf is the page of AWS that says which requests have the key, and for a key of KMS which operations.
func pageOf(k ConditionKey) string {
	switch {
	case strings.HasPrefix(k.Name, "kms:RecipientAttestation"):
		return "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html"
	case strings.HasPrefix(k.Name, "kms:"):
		return "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"
	}
	name := strings.ToLower(k.Name)
	if k.Pattern {
		name = strings.TrimSuffix(strings.ToLower(k.Prefix), "/")
	}
	name = strings.NewReplacer("aws:", "", ":", "").Replace(name)
	return "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-" + name
}
