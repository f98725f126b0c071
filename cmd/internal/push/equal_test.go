package push

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

func TestEqualPoliciesDifferInOrderAndFormAlone(t *testing.T) {
	base := `{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"a","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:role/b"],"Service":"s3.amazonaws.com"},` +
		`"Action":["kms:Encrypt","kms:Decrypt"],"Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":"true"},"StringEquals":{"kms:ViaService":["a","b"]}}},` +
		`{"Sid":"b","Effect":"Deny","Principal":"*","Action":"kms:ScheduleKeyDeletion","Resource":"*"}]}`
	for name, test := range map[string]struct {
		old, now string
		equal    bool
	}{
		"principals":      {`["arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:role/b"]`, `["arn:aws:iam::111122223333:role/b","arn:aws:iam::111122223333:root"]`, true},
		"account ID":      {`"arn:aws:iam::111122223333:root"`, `"111122223333"`, true},
		"both of account": {`"arn:aws:iam::111122223333:root"`, `"111122223333","arn:aws:iam::111122223333:root"`, true},
		"actions":         {`["kms:Encrypt","kms:Decrypt"]`, `["kms:Decrypt","kms:Encrypt"]`, true},
		"list of one":     {`"Resource":"*"`, `"Resource":["*"]`, true},
		"values":          {`["a","b"]`, `["b","a"]`, true},
		"boolean":         {`"true"`, `true`, true},
		"anyone":          {`"Principal":"*"`, `"Principal":{"AWS":["*"]}`, true},
		"spaces":          {`{"Sid"`, "{\n  \"Sid\"", true},
		"fields":          {`"Effect":"Deny","Principal":"*"`, `"Principal":"*","Effect":"Deny"`, true},
		"Sid":             {`"Sid":"a"`, `"Sid":"other"`, false},
		"Id":              {`"Id":"i"`, `"Id":"j"`, false},
		"case of actions": {`"kms:Encrypt"`, `"kms:encrypt"`, false},
		"one action less": {`["kms:Encrypt","kms:Decrypt"]`, `["kms:Decrypt"]`, false},
		"same meaning":    {`"kms:ScheduleKeyDeletion"`, `["kms:ScheduleKeyDeletion","kms:ScheduleKeyDel*"]`, false},
		"another element": {`"Service":"s3.amazonaws.com"`, `"Service":"sns.amazonaws.com"`, false},
	} {
		other := strings.Replace(base, test.old, test.now, 1)
		if other == base {
			t.Fatalf("%s changes nothing", name)
		}
		if equal(base, other, "aws") != test.equal || equal(other, base, "aws") != test.equal {
			t.Errorf("%s: equal is not %v", name, test.equal)
		}
	}
	if equal(base, base[1:], "aws") || !equal("nonsense", "nonsense", "aws") {
		t.Error("what is not a policy is equal only to itself")
	}
}

// Shuffles every list of a random policy, and takes one text away: the first is equal, the second is not.
func TestAnyOrderIsEqualAndAnyTextLessIsNot(t *testing.T) {
	chance := rand.New(rand.NewPCG(5, 5))
	pick := func(kind string, n int) []string {
		var list []string
		for _, i := range chance.Perm(n)[:2+chance.IntN(n-2)] {
			list = append(list, fmt.Sprintf("%s%d", kind, i))
		}
		return list
	}
	shuffled := func(list []string) []string {
		out := make([]string, len(list))
		for i, at := range chance.Perm(len(list)) {
			out[i] = list[at]
		}
		return out
	}
	for range 200 {
		principals, actions, values := pick(role("r"), 9), pick("kms:A", 9), pick("v", 9)
		write := func(principals, actions, values []string) string {
			st, err := json.Marshal(map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": principals}, "Action": actions, "Resource": "*", "Condition": map[string]any{"StringLike": map[string]any{"aws:userid": values}}})
			check(t, err)
			parts := shuffled([]string{rootAll, string(st)})
			return document(parts...)
		}
		base := write(principals, actions, values)
		if other := write(shuffled(principals), shuffled(actions), shuffled(values)); !equal(base, other, "aws") {
			t.Fatalf("not equal:\n%s\n%s", base, other)
		}
		for i, other := range []string{write(principals[1:], actions, values), write(principals, actions[1:], values), write(principals, actions, values[1:])} {
			if equal(base, other, "aws") {
				t.Fatalf("%d is equal:\n%s\n%s", i, base, other)
			}
		}
	}
}

func TestAKeyWithSeveralPrincipalsIsUpdatedOverShuffledReads(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: letting("a", "b", "c")})
	expectState(t, b.apply(target(key, letting("c", "d", "e", "f")))[0], Updated, "")
	expectState(t, b.plan(target(key, letting("c", "d", "e", "f")))[0], Unchanged, "")
}

// Reads are stale and reordered at once: neither is another writer.
func TestAStaleReorderedReadBackIsNoOtherWriter(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: letting("a", "b", "c")})
	stale, put := 15, false
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		put = put || r.Operation == "PutKeyPolicy"
		if put && stale > 0 {
			stale--
			return kmstest.Stale
		}
		return kmstest.None
	}
	expectState(t, b.apply(target(key, letting("c", "d", "e")))[0], Updated, "")
}

func TestASessionThatIsStoredAsItsRole(t *testing.T) {
	for _, path := range []string{"", "team/a/"} {
		b := newBench(t)
		b.server.RolePath = path
		key := b.server.Add(kmstest.Key{})
		session := "arn:aws:sts::" + kmstest.Account + ":assumed-role/app/worker"
		wanted := target(key, document(rootAll, statement("use", `"kms:Decrypt"`, session, role("other"))))
		it := b.apply(wanted)[0]
		expectState(t, it, Updated, "stored-as-role")
		if !strings.Contains(b.server.Policy(key), ":role/"+path+"app") {
			t.Fatal(b.server.Policy(key))
		}
		again := b.plan(wanted)[0]
		expectState(t, again, Unchanged, "roles in place of sessions")
		if !hasFinding(again, "stored-as-role") || !again.Diff.Equivalent {
			t.Errorf("%+v %+v", again.Findings, again.Diff)
		}
		// Where more than that differs, it is a change.
		b.server.SetPolicy(key, letting("app"))
		expectState(t, b.plan(wanted)[0], Change, "")
	}
}

func TestTheBackupHasTheBytesThatWereRead(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: letting("a", "b", "c")})
	items := b.plan(target(key, letting("d")))
	j := b.broken(items, func(j *Journal) { check(t, j.intend(items[0])) })
	expectState(t, b.resume()[0], Updated, "")
	h, err := readHistory(j.Path())
	check(t, err)
	if h.put[0].From != items[0].LiveDigest {
		t.Error("the backup is not the one of the first read")
	}
	back := b.rollback(j.Path())
	expectState(t, back[0], Updated, "")
	if b.server.Policy(key) != items[0].Live {
		t.Errorf("it is not as it was read: %s", b.server.Policy(key))
	}
}

// What a role in place of a session means depends on the statement's effect.
func TestAStoredSessionIsReportedByItsEffect(t *testing.T) {
	session := "arn:aws:sts::" + kmstest.Account + ":assumed-role/deploy/one"
	statement := func(effect, element string) string {
		return `{"Effect":"` + effect + `","` + element + `":{"AWS":"` + session + `"},"Action":"kms:Decrypt","Resource":"*"}`
	}
	for _, c := range []struct{ effect, element, want, not string }{
		{"Allow", "Principal", "is let in", "is denied"},
		{"Deny", "Principal", "is denied", "is let in"},
		{"Deny", "NotPrincipal", "is denied", "is let in"},
	} {
		wanted := document(rootAll, statement(c.effect, c.element))
		live := strings.ReplaceAll(wanted, session, role("deploy"))
		it := &Item{Target: Target{Policy: []byte(wanted)}, Live: live}
		if _, why := (&Item{Target: Target{Policy: []byte(wanted)}}).identify(live); !strings.Contains(why, c.want) || strings.Contains(why, c.not) {
			t.Errorf("%s %s: %q", c.effect, c.element, why)
		}
		if !compareAsRoles(it) || len(it.Findings) != 1 || !strings.Contains(it.Findings[0].Message, c.want) || strings.Contains(it.Findings[0].Message, c.not) {
			t.Errorf("%s %s: %+v", c.effect, c.element, it.Findings)
		}
	}
}

// More than order and labels differs where a policy has a statement more, also one without effect.
func TestUnchangedSaysWhetherStatementsDiffer(t *testing.T) {
	b := newBench(t)
	twice := document(rootAll, statement("use", `"kms:Decrypt"`, role("a")), statement("more", `"kms:Decrypt"`, role("a")))
	key := b.server.Add(kmstest.Key{Policy: twice})
	expectState(t, b.plan(target(key, letting("a")))[0], Unchanged, "their statements differ")
	key = b.server.Add(kmstest.Key{Policy: strings.Replace(letting("a"), `"use"`, `"label"`, 1)})
	expectState(t, b.plan(target(key, letting("a")))[0], Unchanged, "only order, spelling or labels differ")
}

// Where the role is stored, no line of a report is about the session: neither who gains access, nor what lint says of it.
func TestAStoredRoleIsReportedAsWhatChanged(t *testing.T) {
	for _, effect := range []string{"Allow", "Deny"} {
		b := newBench(t)
		key := b.server.Add(kmstest.Key{})
		session := strings.Replace(statement("use", `"kms:Decrypt"`, "arn:aws:sts::"+kmstest.Account+":assumed-role/ops/alice"), "Allow", effect, 1)
		wanted := target(key, document(rootAll, session))
		wanted.Findings = diag.List{{Rule: "assumed-role-session-principal", Severity: diag.Warning, Message: "a session of another name does not get in"}}
		items := b.apply(wanted)
		expectState(t, items[0], Updated, "stored-as-role: ")
		for _, c := range slices.Concat(items[0].Diff.Added, items[0].Diff.Removed) {
			if c.Principal != role("ops") {
				t.Errorf("%s: %+v", effect, c)
			}
		}
		for _, it := range append(items, b.plan(wanted)...) {
			if it.Diff == nil || hasRule(it, "assumed-role-session-principal") {
				t.Errorf("%s: %s: %+v", effect, it.State, it.Findings)
			}
		}
	}
}

func hasRule(it *Item, rule string) bool {
	return slices.ContainsFunc(it.Findings, func(f diag.Diagnostic) bool { return f.Rule == rule })
}
