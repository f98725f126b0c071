package access

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestToday: what statements gave till a day that is over, nobody has any more; what they will give somebody will have.
func TestToday(t *testing.T) {
	limited := func(statement, conditions string) string {
		return strings.Replace(statement, `"Resource"`, `"Condition": {`+conditions+`}, "Resource"`, 1)
	}
	everyone := strings.Replace(rootStatement, `{"AWS": "arn:aws:iam::111122223333:root"}`, `"*"`, 1)
	service := strings.NewReplacer(`{"AWS": "arn:aws:iam::111122223333:root"}`, `{"Service": "sns.amazonaws.com"}`, "kms:*", "kms:Decrypt").Replace(rootStatement)
	deny := strings.Replace(everyone, "Allow", "Deny", 1)
	const before, after = `"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}`, `"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}`
	for _, c := range []struct {
		name, policy, today string
		editors             Editors
		public              Answer
		deputies            int
	}{
		{"an editor till then", limited(rootStatement, before), "2026-01-02", EditorsNone, No, 0},
		{"an editor till then, on the day", limited(rootStatement, before), "2026-01-01", EditorsNone, No, 0},
		{"an editor till then, the day before", limited(rootStatement, before), "2025-12-31", EditorsConditional, No, 0},
		{"an editor till then, at any time", limited(rootStatement, before), "", EditorsConditional, No, 0},
		{"an editor by the clock in seconds", limited(rootStatement, `"NumericLessThan": {"aws:EpochTime": "1767225600"}`), "2026-01-02", EditorsNone, No, 0},
		{"an editor from then", limited(rootStatement, after), "2026-01-02", EditorsAlways, No, 0},
		{"an editor from then, the day before", limited(rootStatement, after), "2025-12-31", EditorsConditional, No, 0},
		{"an editor for a while", limited(rootStatement, `"DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}, "DateLessThan": {"aws:CurrentTime": "2021-01-01"}`), "2026-01-02", EditorsNone, No, 0},
		{"nobody till then", rootStatement + ", " + limited(deny, before), "2026-01-02", EditorsAlways, No, 0},
		{"nobody from then", rootStatement + ", " + limited(deny, after), "2026-01-02", EditorsNone, No, 0},
		{"nobody from then, the day before", rootStatement + ", " + limited(deny, after), "2025-12-31", EditorsConditional, No, 0},
		{"everyone till then", rootStatement + ", " + limited(everyone, before), "2026-01-02", EditorsAlways, No, 0},
		{"everyone till then, the day before", rootStatement + ", " + limited(everyone, before), "2025-12-31", EditorsAlways, Yes, 1},
		{"a service till then", rootStatement + ", " + limited(service, before), "2026-01-02", EditorsAlways, No, 0},
		{"a service from then", rootStatement + ", " + limited(service, after), "2026-01-02", EditorsAlways, No, 1},
	} {
		env := testEnv()
		if c.today != "" {
			env.Today, _ = time.Parse(time.DateOnly, c.today)
		}
		doc := statements(t, c.policy)
		r := Analyze(doc, env)
		if r.Lockout.Editors != c.editors || r.Public != c.public || len(r.ConfusedDeputy) != c.deputies {
			t.Errorf("%s: editors %s, want %s; public %s, want %s; deputies %v, want %d", c.name, r.Lockout.Editors, c.editors, r.Public, c.public, r.ConfusedDeputy, c.deputies)
		}
		if able := NewAnalysis(doc, env).Able().Enable; (able == No) != (c.editors == EditorsNone) {
			t.Errorf("%s: somebody can enable the key: %s", c.name, able)
		}
		for i, st := range r.Statements {
			if st.Status == NeverMatches && !strings.Contains(c.name, "seconds") {
				t.Errorf("%s: statement %d never matches: %s", c.name, i, st.Why)
			}
		}
	}
}

// TestWhoseTimeIsOver: outsiders, rows of the matrix and what is left to principals are those from today on; a statement whose time is over
// says so. Without a day, all times count.
func TestWhoseTimeIsOver(t *testing.T) {
	const when = `"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}`
	statement := func(effect, name, conditions string) string {
		return `{"Effect": "` + effect + `", "Principal": {"AWS": "arn:aws:iam::444455556666:role/` + name + `"}, "Action": ["kms:Decrypt", "kms:CreateGrant"], "Resource": "*", "Condition": {` + conditions + `}}`
	}
	later := strings.Replace(when, "DateLessThan", "DateGreaterThanEquals", 1)
	policy := rootStatement + ", " + statement("Allow", "past", when) + ", " + statement("Allow", "ahead", later) + ", " + statement("Allow", "held", later) + ", " + statement("Deny", "held", when)
	for _, c := range []struct {
		today   string
		outside string // and when
		over    string // the statements, by index
		nothing []bool // is left by each
	}{
		{"", "ahead only at a time >= 2026-01-01T00:00:00Z, held only at a time >= 2026-01-01T00:00:00Z, past only at a time < 2026-01-01T00:00:00Z", "", []bool{false, false, false}},
		{"2025-12-31", "ahead only at a time >= 2026-01-01T00:00:00Z, held only at a time >= 2026-01-01T00:00:00Z, past only at a time < 2026-01-01T00:00:00Z", "", []bool{false, false, false}},
		{"2026-01-01", "ahead , held ", "1", []bool{true, false, false}},
	} {
		env := testEnv()
		if c.today != "" {
			env.Today, _ = time.Parse(time.DateOnly, c.today)
		}
		a := NewAnalysis(statements(t, policy), env)
		var outside, rows, over []string
		for _, e := range a.External() {
			outside = append(outside, strings.TrimPrefix(e.Principal, "arn:aws:iam::444455556666:role/")+" "+e.Conditions.Text)
		}
		for _, r := range a.Matrix() {
			if name, ok := strings.CutPrefix(r.Principal, "arn:aws:iam::444455556666:role/"); ok {
				rows = append(rows, name+" "+r.Conditions.Text)
			}
		}
		for _, st := range a.Statements() {
			if st.Status == Live && st.Why != "" {
				over = append(over, strconv.Itoa(st.Index))
			}
		}
		if got := strings.Join(outside, ", "); got != c.outside || strings.Join(rows, ", ") != got {
			t.Errorf("%s: outside %q and in the matrix %q, want %q", c.today, got, rows, c.outside)
		}
		if got := strings.Join(over, " "); got != c.over {
			t.Errorf("%s: over are %q, want %q", c.today, got, c.over)
		}
		for i, want := range c.nothing {
			if got := a.Leftovers()[i+1][0].Nothing; got != want {
				t.Errorf("%s: statement %d leaves nothing: %v", c.today, i+1, got)
			}
		}
	}
}

// TestEditorByID: an id goes with its user or role, so a statement for one of them does not last.
func TestEditorByID(t *testing.T) {
	for condition, want := range map[string]Answer{
		`"StringEquals": {"aws:userid": "AIDACKCEVSQ6C2EXAMPLE"}`:        No,
		`"StringLike": {"aws:userid": "AROACKCEVSQ6C2EXAMPLE:*"}`:        No,
		`"StringLike": {"aws:userid": "*"}`:                              Yes,
		`"StringNotEquals": {"aws:userid": "AIDACKCEVSQ6C2EXAMPLE"}`:     Yes,
		`"StringEquals": {"aws:PrincipalTag/role": "key-administrator"}`: Yes,
	} {
		a := NewAnalysis(statements(t, strings.Replace(rootStatement, `"Resource"`, `"Condition": {`+condition+`}, "Resource"`, 1)), testEnv())
		if l := a.Lockout(); l.DurableAnswer != want || l.Editors == EditorsNone {
			t.Errorf("%s: durable %s, want %s; editors %s", condition, l.DurableAnswer, want, l.Editors)
		}
		if account := a.Editing().Account; (account == EditorsNone) != (want == No) {
			t.Errorf("%s: whom the policy does not name: %s", condition, account)
		}
	}
}
