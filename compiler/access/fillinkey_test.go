package access

import (
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestTagsThatARequestDoesNotGiveAreNotKnown: the key may have them or not.
func TestTagsThatARequestDoesNotGiveAreNotKnown(t *testing.T) {
	const allow = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {`
	tag := func(values ...string) map[string][]string { return map[string][]string{"aws:ResourceTag/team": values} }
	for _, test := range []struct {
		condition string
		context   map[string][]string
		want      Decision
	}{
		{`"StringEquals": {"aws:ResourceTag/team": "core"}`, nil, Undecided},
		{`"StringEquals": {"aws:ResourceTag/team": "core"}`, tag("core"), Allowed},
		{`"StringEquals": {"aws:ResourceTag/team": "core"}`, tag("other"), ImplicitDeny},
		{`"StringEquals": {"aws:ResourceTag/team": "core"}`, tag(), ImplicitDeny},
		{`"StringNotEquals": {"aws:ResourceTag/team": "core"}`, nil, Undecided},
		{`"Null": {"aws:ResourceTag/team": "false"}`, nil, Undecided},
		{`"StringLikeIfExists": {"aws:ResourceTag/team": "*"}`, nil, Allowed},
		{`"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}`, nil, ImplicitDeny}, // whatever the key's tag is, the role has none
		{`"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}`, map[string][]string{"aws:PrincipalTag/team": {"core"}}, Undecided},
		{`"StringEquals": {"aws:ResourceTag/team": "core"}, "StringNotEquals": {"aws:ResourceTag/team": "core"}`, nil, ImplicitDeny}, // it has one value for both
	} {
		got, err := Simulate(statements(t, allow+test.condition+"}}"), testEnv(), Request{
			Principal: "arn:aws:iam::111122223333:role/app", Action: "kms:Decrypt", Context: test.context,
		})
		if err != nil || got.Decision != test.want || got.Decision == Undecided && len(got.Reasons) == 0 {
			t.Errorf("%s with %v: %s, %v, %v; want %s", test.condition, test.context, got.Decision, got.Reasons, err, test.want)
		}
	}
}

// TestWhatTheKeyIsThatARequestDoesNotGiveIsNotKnown: no request lacks the key's spec, and the policy does not say what it is.
func TestWhatTheKeyIsThatARequestDoesNotGiveIsNotKnown(t *testing.T) {
	multiRegion, spec := false, testEnv()
	spec.KeySpec, spec.KeyUsage, spec.Origin, spec.MultiRegion = "RSA_2048", "SIGN_VERIFY", "EXTERNAL", &multiRegion
	for _, test := range []struct {
		condition string
		env       Env
		context   map[string][]string
		want      Decision
	}{
		{`"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}`, testEnv(), nil, Undecided},
		{`"StringEquals": {"kms:KeySpec": "SYMMETRIC_DEFAULT"}`, spec, nil, ImplicitDeny},
		{`"StringEquals": {"kms:KeySpec": "RSA_2048"}`, spec, nil, Allowed},
		{`"StringEquals": {"kms:CustomerMasterKeySpec": "RSA_2048"}`, testEnv(), map[string][]string{"kms:KeySpec": {"RSA_2048"}}, Allowed},
		{`"StringLike": {"kms:KeySpec": "*"}`, testEnv(), nil, Allowed},
		{`"Null": {"kms:KeyUsage": "true"}`, testEnv(), nil, ImplicitDeny},
		{`"StringEqualsIfExists": {"kms:KeyUsage": "SIGN_VERIFY"}`, testEnv(), nil, Undecided},
		{`"StringNotEquals": {"kms:KeyOrigin": "EXTERNAL"}`, testEnv(), nil, Undecided},
		{`"Bool": {"kms:MultiRegion": "true"}`, testEnv(), nil, Undecided},
		{`"Bool": {"kms:MultiRegion": "true"}`, spec, nil, ImplicitDeny},
		{`"StringEquals": {"kms:MultiRegionKeyType": "PRIMARY"}`, testEnv(), nil, Undecided},
		{`"StringEqualsIfExists": {"kms:MultiRegionKeyType": "PRIMARY"}`, spec, nil, Allowed},
		{`"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}`, testEnv(), nil, Undecided},
		{`"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}`, testEnv(), map[string][]string{"kms:ResourceAliases": {"alias/a", "alias/b"}}, Allowed},
		{`"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}`, testEnv(), map[string][]string{"kms:ResourceAliases": {}}, ImplicitDeny},
		{`"ForAllValues:StringLike": {"kms:ResourceAliases": "*"}`, testEnv(), nil, Allowed},
		{`"ForAllValues:StringLike": {"kms:ResourceAliases": "alias/a"}, "Null": {"kms:ResourceAliases": "true"}`, testEnv(), nil, Undecided},
		{`"ForAllValues:StringEquals": {"kms:ResourceAliases": ["alias/a", "alias/b"]}, "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}, "ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/b"}`, testEnv(), nil, Undecided}, // with both of them
		{`"ForAllValues:StringEquals": {"kms:ResourceAliases": "alias/a"}, "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/b"}`, testEnv(), nil, ImplicitDeny},
		{`"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}`, testEnv(), nil, Undecided},
	} {
		got, err := Simulate(statements(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {`+test.condition+"}}"), test.env, Request{
			Principal: "arn:aws:iam::111122223333:role/app", Action: "kms:Decrypt", Context: test.context,
		})
		if err != nil || got.Decision != test.want || got.Decision == Undecided && len(got.Reasons) == 0 {
			t.Errorf("%s with %v: %s, %v, %v; want %s", test.condition, test.context, got.Decision, got.Reasons, err, test.want)
		}
	}
}

// TestNoPropertyOfTheKeyIsTakenForAbsent walks all of them: a statement that wants one to be there, and one that wants it not to be,
// are never both refused with the request that does not give it.
func TestNoPropertyOfTheKeyIsTakenForAbsent(t *testing.T) {
	found := 0
	for _, k := range facts.ConditionKeys() {
		if !k.Says.OfResource() || k.Says == facts.ResourceAccount { // which is known
			continue
		}
		found++
		decide := func(absent string) Decision {
			doc := statements(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"Null": {"`+k.Spell("team")+`": "`+absent+`"}}}`)
			got, err := Simulate(doc, testEnv(), Request{Principal: "arn:aws:iam::111122223333:role/app", Action: "kms:Decrypt"})
			if err != nil {
				t.Fatal(err)
			}
			return got.Decision
		}
		want := []Decision{Undecided, Undecided}
		if keyNamed(k.Spell("team")).always {
			want = []Decision{Allowed, ImplicitDeny}
		}
		if got := []Decision{decide("false"), decide("true")}; !slices.Equal(got, want) {
			t.Errorf("%s: there %s, absent %s; want %v", k.Name, got[0], got[1], want)
		}
	}
	if found < 10 {
		t.Errorf("%d keys: too few", found)
	}
}
