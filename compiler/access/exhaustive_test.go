package access

import (
	"slices"
	"strings"
	"testing"
)

// lookedAt are the keys that some policies look at.
func lookedAt(models ...*model) []string {
	var list []string
	for _, m := range models {
		for i := range m.statements {
			for _, c := range m.statements[i].conditions {
				list = append(append(list, c.key.lower), c.variableNames()...)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestEveryNoHolds holds every NO of an analysis against every request over small domains, and every YES against its
// witness.
func TestEveryNoHolds(t *testing.T) {
	unknown, requests := 0, 0
	all := rounds(t, 150)
	for seed := range all {
		s := newSmall(uint64(seed))
		n, sure := everyNo(t, s, s.policy(4), seed)
		requests += n
		if !sure {
			unknown++
		}
	}
	t.Logf("%d requests; %d of %d policies had something unknown", requests, unknown, all)
}

// everyNo holds what an analysis of a policy says against all requests; sure says that it left nothing open.
func everyNo(t *testing.T, s *small, text string, seed int) (requests int, sure bool) {
	t.Helper()
	doc := read(t, text)
	env := testEnv()
	env.Caller = pick(s.generator, "arn:aws:iam::111122223333:user/alice", "arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/team/alice")
	if s.IntN(3) == 0 {
		env.TrustAccounts, env.TrustOrgs = []string{otherAccount}, []string{"o-a"}
	}
	m := newModel(doc, env, testAccount)
	a := NewAnalysis(doc, env)
	e := &exhaustive{t: t, m: m, env: env, analysis: a, report: Analyze(doc, env)}
	list := s.requests(m, lookedAt(m))
	e.lets = make([]Answer, len(m.statements))
	for i := range e.lets {
		e.lets[i], _ = a.LetsOutsiderIn(i)
	}
	for _, r := range list {
		e.request(r)
		if t.Failed() {
			t.Fatalf("seed %d: %s\nrequest %+v", seed, text, *r)
		}
	}
	e.caller(list)
	e.witnesses()
	if t.Failed() {
		t.Fatalf("seed %d: %s", seed, text)
	}
	return len(list), len(e.report.Unknown) == 0
}

// doubtfulRequest is one of which AWS's pages contradict each other whether it is sent: what holds in every context need
// not hold in it.
func doubtfulRequest(r *request) bool {
	return r.caller.kind != callerService && (len(r.ctx["aws:sourceaccount"]) > 0 || len(r.ctx["aws:sourcearn"]) > 0)
}

// TestEveryDifferenceIsReported compares pairs of policies over every request of small domains: what differs is reported, and
// what is reported as equivalent does not differ.
func TestEveryDifferenceIsReported(t *testing.T) {
	equal, unknown := 0, 0
	all := rounds(t, 150)
	for seed := range all {
		d := everyDifference(t, newSmall(uint64(seed)+1_000_000), seed)
		if d.Equivalent {
			equal++
		}
		if len(d.Unknown) > 0 {
			unknown++
		}
	}
	t.Logf("%d of %d pairs equivalent, %d unknown", equal, all, unknown)
}

func everyDifference(t *testing.T, s *small, seed int) *Difference {
	t.Helper()
	oldText := s.policy(3)
	newText := s.changed(oldText)
	oldDoc, newDoc := read(t, oldText), read(t, newText)
	d := Diff(oldDoc, newDoc, testEnv(), testEnv())
	oldModel, newModel := newModel(oldDoc, testEnv(), testAccount), newModel(newDoc, testEnv(), testAccount)
	for _, r := range s.requests(oldModel, lookedAt(oldModel, newModel)) {
		was, now := oldModel.evaluate(r).decision, newModel.evaluate(r).decision
		if was == now {
			continue
		}
		if d.Equivalent || len(d.Unknown) == 0 && was != Undecided && now != Undecided && !reports(d, r, was, now) {
			t.Fatalf("seed %d: %s -> %s is not reported\nold %s\nnew %s\nrequest %+v\n%+v", seed, was, now, oldText, newText, *r, d)
		}
	}
	for _, c := range slices.Concat(d.Added, d.Removed) {
		was, err := Simulate(oldDoc, testEnv(), c.Witness)
		now, err2 := Simulate(newDoc, testEnv(), c.Witness)
		if err != nil || err2 != nil || was.Decision != c.Was || now.Decision != c.Decision {
			t.Fatalf("seed %d: witness %+v: %s (%v) -> %s (%v), claimed %s -> %s\nold %s\nnew %s", seed, c.Witness, was.Decision, err, now.Decision, err2, c.Was, c.Decision, oldText, newText)
		}
	}
	return d
}

// changed is a policy near to another: one that means the same, mostly, or has one statement more or less.
func (s *small) changed(text string) string {
	open, end := `{"Statement":[`, `],"Version":"2012-10-17"}`
	body := strings.TrimSuffix(strings.TrimPrefix(text, open), end)
	switch s.IntN(4) {
	case 0:
		return open + body + "," + string(mustJSON(s.statement())) + end
	case 1:
		return open + string(mustJSON(s.statement())) + "," + body + end
	case 2:
		for _, change := range [][2]string{
			{`StringNotEquals"`, `StringNotEqualsIfExists"`},
			{`"kms:Put*"`, `"kms:PutKeyPolicy"`},
			{`"ArnEquals"`, `"StringEquals"`},
			{`"ArnLike"`, `"StringLike"`},
			{`"kms:De*"`, `["kms:Decrypt","kms:DescribeKey"]`},
		} {
			if from, to := change[0], change[1]; strings.Contains(text, from) && !strings.Contains(text, to) {
				return strings.Replace(text, from, to, 1)
			}
		}
		return strings.ReplaceAll(text, "arn:aws:iam::111122223333:root", testAccount)
	}
	return s.policy(3)
}
