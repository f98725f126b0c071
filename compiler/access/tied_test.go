package access

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// tiedKeys are keys that say something of each other: an ARN holds an account, a path an organization, and the keys of an
// encryption context are those of its pairs.
func tiedKeys() [][]smallKey {
	const own, other, third = testAccount, otherAccount, "777788889999"
	topic := func(account string) string { return "arn:aws:sns:us-east-1:" + account + ":t" }
	pair := func(name string) smallKey {
		return smallKey{"kms:EncryptionContext:" + name, []string{"x", "y"}, false, [][2]string{{"StringEquals", "x"}, {"StringNotEquals", "x"}, {"StringLike", "*"}, {"Null", "true"}}}
	}
	return [][]smallKey{
		{
			{"aws:SourceAccount", []string{own, other, third}, false, [][2]string{
				{"StringEquals", own}, {"StringEquals", own + " " + other}, {"StringNotEquals", other}, {"StringLike", "4444*"}, {"StringNotLike", "????55556666"}, {"Null", "true"},
			}},
			{"aws:SourceArn", []string{topic(own), topic(other), topic(third), "arn:aws:s3:::b", "arn:aws:sns:us-east-1:444455556666:t:777788889999:u"}, false, [][2]string{
				{"ArnEquals", topic(other)},
				{"StringEquals", topic(own) + " " + topic(other)},
				{"ArnNotEquals", topic(other)},
				{"ArnLike", "arn:aws:sns:*:*:t"},
				{"ArnLike", "arn:aws:s3:::*"},
				{"StringLike", "arn:aws:sns:*:777788889999:*"},
				{"StringLike", "arn:aws:sns:us-east-1:4444*"},
				{"ArnNotLike", "arn:aws:sns:*:????55556666:*"},
				{"StringEqualsIgnoreCase", topic(third)},
			}},
		},
		{
			{"aws:PrincipalOrgID", []string{"o-a", "o-b", "o-c"}, false, [][2]string{{"StringEquals", "o-a"}, {"StringNotEquals", "o-b"}, {"StringLike", "o-a*"}, {"StringEqualsIfExists", "o-c"}}},
			{"aws:PrincipalOrgPaths", []string{"o-a/r-1/", "o-b/r-1/ou-1/", "o-c/r-2/"}, true, [][2]string{
				{"ForAnyValue:StringEquals", "o-b/r-1/ou-1/"},
				{"ForAnyValue:StringLike", "o-b/*"},
				{"ForAllValues:StringNotLike", "o-a/*"},
				{"ForAnyValue:StringLike", "*/r-1/*"},
				{"ForAnyValue:StringLike", "o-c*"},
				{"ForAnyValue:StringLike", "o-*/r-2/*"},
				{"ForAnyValue:StringNotEquals", "o-c/r-2/"},
			}},
		},
		{
			{"kms:EncryptionContextKeys", []string{"App", "Env", "x", "app"}, true, [][2]string{
				{"ForAllValues:StringEquals", "App Env"},
				{"ForAllValues:StringEquals", "App"},
				{"ForAllValues:StringEquals", "app env"},
				{"ForAnyValue:StringEquals", "Env"},
				{"ForAnyValue:StringNotEquals", "App Env"},
				{"ForAllValues:StringLike", "A* E*"},
				{"ForAnyValue:StringLike", "*"},
				{"ForAllValues:StringNotEquals", "Env"},
				{"ForAnyValue:StringEqualsIgnoreCase", "X"},
				{"Null", "true"},
			}},
			pair("App"), pair("Env"),
		},
		{
			{"kms:EncryptionContextKeys", []string{"X", "x", "y"}, true, [][2]string{{"ForAllValues:StringEquals", "x"}, {"ForAnyValue:StringEquals", "X"}, {"ForAllValues:StringNotEquals", "x y"}, {"Null", "false"}}},
			pair("X"),
		},
		{ // sets that meet none of the conditions are one class
			{"kms:EncryptionContextKeys", []string{"App", "Env", "x", "y"}, true, [][2]string{
				{"ForAllValues:StringEquals", "App Env"},
				{"ForAllValues:StringEquals", "App x"},
				{"ForAllValues:StringEquals", "Env"},
				{"ForAllValues:StringLike", "E*"},
				{"ForAllValues:StringEqualsIgnoreCase", "app"},
				{"Null", "true"},
				{"Null", "false"},
			}},
			pair("App"), pair("Env"),
		},
	}
}

func newTied(seed uint64) *small {
	s := &small{generator: generator{rand.New(rand.NewPCG(seed, 14))}}
	s.keys = pick(s.generator, tiedKeys()...)
	return s
}

// TestTiedKeys: statements that AWS's pages and policies in use have, none of which another one takes the requests of.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
func TestTiedKeys(t *testing.T) {
	allow := func(sid, principal, conditions string) string {
		return `, {"Sid": "` + sid + `", "Effect": "Allow", "Principal": ` + principal + `, "Action": "kms:GenerateDataKey", "Resource": "*", "Condition": {` + conditions + `}}`
	}
	const (
		role   = `{"AWS": "arn:aws:iam::111122223333:role/app"}`
		sns    = `{"Service": "sns.amazonaws.com"}`
		trail  = `{"Service": "cloudtrail.amazonaws.com"}`
		listed = `"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Department", "Project"]}`
		pairs  = `"StringEquals": {"kms:EncryptionContext:Department": "IT", "kms:EncryptionContext:Project": "Alpha"}`
		paths  = `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-bbbbbbbbbb/r-1/*"}`
	)
	for name, text := range map[string]string{
		"two pairs, and no others":             allow("last", role, pairs+", "+listed),
		"two pairs beside a list elsewhere":    allow("list", role, listed) + allow("last", role, pairs),
		"two pairs beside a pattern elsewhere": allow("list", role, `"ForAnyValue:StringLike": {"kms:EncryptionContextKeys": "Cost*"}`) + allow("last", role, pairs),
		"everyone with two pairs":              allow("last", `"*"`, pairs+", "+listed),
		"a pair's name in another case":        allow("last", role, `"StringEquals": {"kms:EncryptionContext:Project": "Alpha"}, "ForAllValues:StringNotEquals": {"kms:EncryptionContextKeys": "Project"}`),
		"an ARN of another account":            allow("own", sns, `"StringEquals": {"aws:SourceAccount": "111122223333"}`) + allow("last", trail, `"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:us-east-1:444455556666:trail/t"}`),
		"ARNs of another account":              allow("own", sns, `"StringEquals": {"aws:SourceAccount": "111122223333"}`) + allow("last", trail, `"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:444455556666:trail/*"}`),
		"ARNs of accounts by a pattern":        allow("own", sns, `"StringEquals": {"aws:SourceAccount": "111122223333"}`) + allow("last", trail, `"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:4444????6666:trail/*"}`),
		"paths of another organization":        allow("own", role, `"StringEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}`) + allow("last", role, paths),
		"paths without their slash":            allow("own", role, `"StringEquals": {"aws:PrincipalOrgID": "o-aaaaaaaaaa"}`) + allow("last", role, `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-bbbbbbbbbb*"}`),
		"a service of another organization":    allow("own", sns, `"StringEquals": {"aws:SourceOrgID": "o-aaaaaaaaaa"}`) + allow("last", trail, `"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-bbbbbbbbbb/*"}`),
	} {
		t.Run(name, func(t *testing.T) {
			doc := statements(t, rootStatement+text)
			for _, st := range NewAnalysis(doc, testEnv()).Statements() {
				if st.Sid == "last" && st.Status != Live {
					t.Errorf("it is %s: %s", st.Status, st.Why)
				}
			}
			at := strings.LastIndex(text, `, {"Sid": "last"`)
			before := statements(t, rootStatement+text[:at])
			if d := Diff(doc, before, testEnv(), testEnv()); len(d.Removed) == 0 || len(d.Unknown) > 0 {
				t.Errorf("without it nothing is removed: %+v", d)
			}
			if answer, _ := NewAnalysis(doc, testEnv()).Public(); (answer == Yes) != strings.HasPrefix(name, "everyone") {
				t.Errorf("public: %s", answer)
			}
		})
	}
}

func TestAccountIsInOneOrganization(t *testing.T) {
	req := Request{Principal: "arn:aws:iam::111122223333:role/app", Action: "kms:Decrypt", Context: map[string][]string{"aws:PrincipalOrgPaths": {"o-a/r-1/", "o-a/r-1/ou-1/"}}}
	if _, err := Simulate(statements(t, rootStatement), testEnv(), req); err != nil {
		t.Errorf("paths of one organization: %v", err)
	}
	req.Context["aws:PrincipalOrgPaths"][1] = "o-b/r-1/"
	if _, err := Simulate(statements(t, rootStatement), testEnv(), req); err == nil || !strings.Contains(err.Error(), "two organizations") {
		t.Errorf("paths of two organizations: %v", err)
	}
}

// TestLawTiedKeys: what one statement asks of a key takes no request from another statement, whatever that asks of a key
// that is tied to it.
func TestLawTiedKeys(t *testing.T) {
	for seed := range rounds(t, 120) {
		s := newTied(uint64(seed))
		everyNo(t, s, s.policy(4), seed)
	}
}

// TestLawContextKeysOfAllValues: the same where all conditions on the names of an encryption context are of ForAllValues.
func TestLawContextKeysOfAllValues(t *testing.T) {
	all := tiedKeys()
	for seed := range rounds(t, 60) {
		s := &small{generator: generator{rand.New(rand.NewPCG(uint64(seed), 15))}}
		s.keys = all[len(all)-1]
		everyNo(t, s, s.policy(4), seed)
		everyDifference(t, s, seed)
	}
}

// TestContextsOfManyStatements: two policies of fifty statements, each of which asks for all of an encryption context, are compared.
func TestContextsOfManyStatements(t *testing.T) {
	policy := func(changed func(i int) bool) string {
		var list []string
		for i := range 50 {
			env := fmt.Sprint("e", i)
			if changed(i) {
				env += "x"
			}
			list = append(list, fmt.Sprintf(`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*",
				"Condition": {"StringEquals": {"kms:EncryptionContext:app%d": "v%d", "kms:EncryptionContext:env": %q}, "ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["app%d", "env"]}}}`, i, i, env, i))
		}
		return rootStatement + "," + strings.Join(list, ",")
	}
	none := func(int) bool { return false }
	for name, c := range map[string]struct {
		changed   func(i int) bool
		different bool
	}{
		"none": {none, false}, "one": {func(i int) bool { return i == 7 }, true}, "all": {func(int) bool { return true }, true},
	} {
		d := Diff(statements(t, policy(none)), statements(t, policy(c.changed)), testEnv(), testEnv())
		if len(d.Unknown) > 0 || d.Equivalent == c.different || (len(d.Added) > 0) != c.different || (len(d.Removed) > 0) != c.different {
			t.Errorf("%s: equivalent %v, %d added, %d removed, unknown %v", name, d.Equivalent, len(d.Added), len(d.Removed), d.Unknown)
		}
	}
}

func TestLawTiedKeysDiffer(t *testing.T) {
	for seed := range rounds(t, 120) {
		everyDifference(t, newTied(uint64(seed)+1_000_000), seed)
	}
}
