package access

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// meets reports whether a request meets a constraint, by the words of its JSON.
func (c Constraint) meets(name string, r *request) tri {
	ask := func(x Comparison) tri {
		written := policy.Condition{Operator: policy.Text{Value: x.Operator}, Key: policy.Text{Value: name}}
		for _, v := range x.Values {
			written.Values = append(written.Values, policy.Text{Value: v})
		}
		compiled := compileCondition(written, "", true, policy.OwnValues{Account: testAccount})
		return compiled.eval(r)
	}
	if _, derived := r.caller.derived(strings.ToLower(name)); !derived && len(r.ctx[dimensionKey(strings.ToLower(name))]) == 0 {
		return truth(c.Absent)
	}
	out := ask(c.Comparison)
	for _, x := range c.And {
		out = out.and(ask(x))
	}
	for _, x := range c.Not {
		out = out.and(ask(x).not())
	}
	return out
}

func (c Conditions) meets(r *request) tri {
	if c.None() {
		return yes
	}
	out := no
	for _, alternative := range c.AnyOf {
		all := yes
		for name, constraint := range alternative {
			all = all.and(constraint.meets(name, r))
		}
		out = out.or(all)
	}
	return out
}

// TestLawConditionsSayWhatIsAllowed: a request meets the conditions that a caller's decision is described by exactly where
// it gets the decision.
func TestLawConditionsSayWhatIsAllowed(t *testing.T) {
	held := 0
	for seed := range rounds(t, 120) {
		s := newSmall(uint64(seed) + 3_000_000)
		text := s.policy(4)
		m := newModel(read(t, text), testEnv(), testAccount)
		sys := newSpace(testEnv(), unmetered(), m)
		r := sys.policies[0]
		if !r.exact {
			continue
		}
		reaches := map[int]permissions{}
		for _, req := range s.requests(m, lookedAt(m)) {
			at := slices.IndexFunc(sys.callers, func(c caller) bool {
				if c.anySession && c.name == req.caller.name { // any other session is as good
					return !slices.Contains(sys.callers, req.caller) && c.account == req.caller.account && c.path == req.caller.path && c.kind == req.caller.kind
				}
				return c == req.caller
			})
			if at < 0 {
				continue
			}
			if !reaches[at].asked() {
				reaches[at] = sys.reachOf(r, at, nil)
			}
			decision := m.evaluate(req).decision
			for _, d := range []Decision{Allowed, NeedsIdentityPolicy} {
				got := no
				for action, x := range reaches[at].list(d) {
					if x == nil {
						continue
					}
					if sys.actions[action].name == req.action.name {
						conditions := sys.describe(x.contexts, at, action)
						if strings.Contains(fmt.Sprint(conditions), "too many") {
							got = maybe
							break
						}
						got = conditions.meets(req)
						if held++; got != maybe && (got == yes) != (decision == d) {
							t.Fatalf("seed %d: %s\n%s %s %v: %s, described for %s as %q\n%s", seed, text, req.caller.arn(), req.action.name, req.ctx, decision, d, conditions.Text, mustJSON(conditions.AnyOf))
						}
					}
				}
				if got == no && decision == d {
					t.Fatalf("seed %d: %s\n%s %s %v: %s, described as never", seed, text, req.caller.arn(), req.action.name, req.ctx, decision)
				}
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d descriptions were held against requests", held)
	}
}

// withoutWitnesses is a report as text, but for its witnesses.
func withoutWitnesses(r *Report) string {
	out := *r
	out.Lockout.Witness = nil
	out.External, out.ConfusedDeputy = slices.Clone(r.External), slices.Clone(r.ConfusedDeputy)
	for i := range out.External {
		out.External[i].Witness = Request{}
	}
	for i := range out.ConfusedDeputy {
		out.ConfusedDeputy[i].Witness = Request{}
	}
	return string(mustJSON(out))
}

// TestLawOrderOfValuesChangesNoWord: two policies that differ only in the order of values have one report, witnesses included.
func TestLawOrderOfValuesChangesNoWord(t *testing.T) {
	turn := func(text string) string {
		return regexp.MustCompile(`\["[^]]*"\]`).ReplaceAllStringFunc(text, func(list string) string {
			values := strings.Split(strings.Trim(list, "[]"), ",")
			slices.Reverse(values)
			return "[" + strings.Join(values, ",") + "]"
		})
	}
	for i, k := range listKeys() {
		for round := range rounds(t, 4) {
			list := k.values[round%3:]
			one, other := k.statement(list), k.statement(list)
			other = strings.Replace(other, string(mustJSON(list)), turn(string(mustJSON(list))), 1)
			a, b := Analyze(statements(t, one), testEnv()), Analyze(statements(t, other), testEnv())
			if x, y := string(mustJSON(a)), string(mustJSON(b)); x != y {
				t.Errorf("%d: %s\n%s\nin another order\n%s", i, one, x, y)
			}
		}
	}
}

// TestDifferencesInWords: a difference of lists is what one has and the other does not, by what the lists say.
func TestDifferencesInWords(t *testing.T) {
	allow := func(operator, key string, values ...string) string {
		return fmt.Sprintf(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/x"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"%s": {"%s": %s}}}`,
			operator, key, mustJSON(values))
	}
	const s3, ec2, rds = "s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "rds.us-east-1.amazonaws.com"
	for _, c := range []struct{ older, newer, text string }{
		{allow("StringEquals", "kms:ViaService", s3), allow("StringEquals", "kms:ViaService", s3, rds, ec2), "only through ec2.us-east-1 or rds.us-east-1"},
		{allow("StringEquals", "kms:ViaService", s3), allow("StringLike", "kms:ViaService", "s3.*", "ec2.*"), "only through ec2.* or s3.* but not s3.us-east-1"},
		{allow("StringEquals", "kms:ViaService", s3), allow("StringEquals", "kms:ViaService", s3, ec2, "rds.eu-west-1.amazonaws.com"), "only through ec2.us-east-1"},
		{allow("IpAddress", "aws:SourceIp", "10.0.0.0/8"), allow("IpAddress", "aws:SourceIp", "0.0.0.0/0"), "only from 0.0.0.0/0 but not 10.0.0.0/8"},
		{allow("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"), allow("DateLessThan", "aws:CurrentTime", "2028-01-01T00:00:00Z"), "only at a time >= 2027-01-01T00:00:00Z and < 2028-01-01T00:00:00Z"},
		{allow("StringLike", "aws:PrincipalTag/Team", "r*"), allow("StringLike", "aws:PrincipalTag/Team", "*"), "only with aws:PrincipalTag/Team, but not r*"},
	} {
		d := Diff(statements(t, rootStatement+","+c.older), statements(t, rootStatement+","+c.newer), testEnv(), testEnv())
		if len(d.Added) != 1 || len(d.Removed) != 0 || d.Added[0].Conditions.Text != c.text {
			t.Errorf("%s: added %+v, removed %+v, want %q", c.newer, d.Added, d.Removed, c.text)
		}
	}
}

// TestContextsAreDescribedByTheCaller: one set of contexts can be a variable's for one caller and a value for another.
func TestContextsAreDescribedByTheCaller(t *testing.T) {
	r := Analyze(statements(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:EncryptionContext:Owner": "${aws:username}"}}},
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:EncryptionContext:Owner": "alice"}}}`), testEnv())
	want := map[string]string{"user/alice": "only with encryption context Owner=${aws:username}", "role/app": "only with encryption context Owner=alice"}
	for _, row := range r.Matrix {
		_, name, _ := strings.Cut(row.Principal, testAccount+":")
		if row.Conditions.Text != want[name] {
			t.Errorf("%s: %q, want %q", row.Principal, row.Conditions.Text, want[name])
		}
	}
}

// TestComparedKeysOfManyValues: what is too much to be listed is a condition all the same.
func TestComparedKeysOfManyValues(t *testing.T) {
	list := []string{
		rootStatement,
		`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}"}}}`,
		`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::555566667777:root"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": ["a7", "a5"]}}}`,
	}
	for i := range 160 {
		list = append(list, fmt.Sprintf(`{"Effect": "Deny", "Principal": "*", "Action": "kms:Sign", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/a": "a%d", "aws:PrincipalTag/b": "b%d"}}}`, i, i))
	}
	few := Analyze(statements(t, strings.Join(list[:2], ",")), testEnv()).External
	if len(few) != 1 || few[0].Conditions.Text != "only with aws:PrincipalTag/a ${aws:PrincipalTag/b}" {
		t.Errorf("without other values: %+v", few)
	}
	doc := statements(t, strings.Join(list, ","))
	want := map[string]string{
		"account 444455556666": "only with some values of aws:PrincipalTag/a and aws:PrincipalTag/b, which cannot be listed",
		"account 555566667777": "only with aws:PrincipalTag/a a5 or a7",
	}
	got := map[string]string{}
	for _, e := range Analyze(doc, testEnv()).External {
		got[e.Principal] = e.Conditions.Text
		for _, name := range []string{"aws:PrincipalTag/a", "aws:PrincipalTag/b"} {
			if c, ok := e.Conditions.AnyOf[0][name]; e.Principal == "account 444455556666" && (!ok || c.Operator != "" || c.Absent) {
				t.Errorf("%s: %+v is not marked as not described", name, e.Conditions.AnyOf)
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
