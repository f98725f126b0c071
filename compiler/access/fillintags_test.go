package access

import "testing"

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
