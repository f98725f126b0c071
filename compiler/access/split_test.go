package access

import (
	"reflect"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// manySets is a key of several values that is compared with a tag: each of its values for itself, and thousands of sets of them.
const manySets = `{"Effect": "Allow", "Resource": "*", "Principal": {"AWS": ["arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:role/app"]}, "Action": "kms:Decrypt", "Condition":
	{"StringEqualsIfExists": {"aws:PrincipalArn": ["${aws:PrincipalTag/a, 'x'}", "111122223333", "${aws:PrincipalTag/b}"]}}},
	{"Effect": "Allow", "Resource": "*", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:Decrypt", "Condition":
	{"StringLike": {"kms:ResourceAliases": ["444455556666", "o-${aws:ResourceTag/a}:role/app"]}, "ForAllValues:StringEqualsIfExists": {"kms:ResourceAliases": ["${aws:PrincipalTag/a, 'x'}:role/app"]}}}`

// TestOutcomesOfSingleValuesAreKept: what a condition says of a set is the same with the outcomes that are kept of its values and without.
func TestOutcomesOfSingleValuesAreKept(t *testing.T) {
	env := testEnv()
	env.Budget.Classes = 300
	s := NewAnalysis(statements(t, manySets), env).assumptions()[0].s
	seen := map[tri]int{}
	s.conditions(func(_ *model, _ *statement, c *condition) {
		at, ok := s.index[dimensionKey(c.key.lower)]
		if !ok || !c.key.multi || len(c.variableNames()) == 0 {
			return
		}
		d, of := s.dims[at-dimKeys], s.index[variablesOf(c)[0]]
		for i := range s.dims[of-dimKeys].classes {
			box := make(boxes.Box, len(s.sizes))
			box[dimCaller], box[of] = s.single(dimCaller, 0), s.single(of, i)
			kept, plain := s.example(box), s.example(box)
			kept.ones = map[string]tri{}
			for _, a := range d.classes {
				got, want := c.evalValues(a.values, kept), c.evalValues(a.values, plain)
				if got != want {
					t.Fatalf("%s of %q: %v, and %v by itself", c.text, a.values, got, want)
				}
				seen[want]++
			}
		}
	})
	if seen[yes] < 10 || seen[no] < 1000 {
		t.Errorf("outcomes %v", seen)
	}
}

// TestChoicesAreKept: a simulator that has decided other requests decides one as a new simulator does.
func TestChoicesAreKept(t *testing.T) {
	doc := statements(t, manySets+`,
		{"Effect": "Deny", "Resource": "*", "Principal": "*", "Action": "kms:Encrypt", "Condition": {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/${aws:PrincipalTag/team}-*"}}},
		{"Effect": "Allow", "Resource": "*", "Principal": "*", "Action": "kms:Encrypt", "Condition": {"StringEquals": {"aws:ResourceTag/team": ["${aws:PrincipalTag/team}", "${aws:username}"]}}},
		{"Effect": "Allow", "Resource": "*", "Principal": "*", "Action": "kms:Sign", "Condition": {"ForAllValues:StringLike": {"kms:ResourceAliases": "*"}, "ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/a*"}}}`)
	env := testEnv()
	used := NewSimulator(doc, env)
	decisions := map[Decision]int{}
	for _, principal := range []string{"user/alice", "user/bob", "role/app"} {
		for _, tag := range []map[string][]string{{}, {"aws:PrincipalTag/team": {"alice"}}, {"aws:PrincipalTag/team": {"bob"}, "aws:ResourceTag/team": {"bob"}}, {"aws:PrincipalTag/a": {"alias/b"}, "kms:ResourceAliases": {"alias/b:role/app"}}, {"aws:ResourceTag/team": {"alice"}, "kms:ResourceAliases": {"alias/alice-x"}}} {
			for _, action := range []string{"kms:Decrypt", "kms:Encrypt", "kms:Sign"} {
				req := Request{Principal: principal, Action: action, Context: tag}
				got, err := used.Simulate(req)
				want, other := Simulate(doc, env, req)
				if err != nil || other != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%+v: %+v, %v; by a new simulator %+v, %v", req, got, err, want, other)
				}
				if want.Decision == Undecided && len(want.Reasons) == 0 {
					t.Errorf("%+v is not decided, and nothing says why", req)
				}
				decisions[want.Decision]++
			}
		}
	}
	if len(decisions) < 3 {
		t.Errorf("decisions %v", decisions)
	}
}
