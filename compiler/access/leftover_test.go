package access

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestLeftoverIsNotRefuted: whatever a statement is said to take away from a principal, no request that it allows shows.
func TestLeftoverIsNotRefuted(t *testing.T) {
	denied, bounded := 0, 0
	for seed := range rounds(t, 60) {
		g := generator{rand.New(rand.NewPCG(uint64(seed), 3))}
		text := g.policy(5)
		doc := read(t, text)
		m := newModel(doc, testEnv(), testAccount)
		left := NewAnalysis(doc, testEnv()).Leftovers()
		for _, r := range requestsFor(g, m, 300) {
			if !getsIn(m.evaluate(r).decision) {
				continue
			}
			for i := range m.statements {
				st := &m.statements[i]
				if !st.allow || left[i] == nil || m.match(st, r, delegated) != yes {
					continue
				}
				for j := range st.src.Principals {
					if match, _ := m.matchPrincipal(&st.src.Principals[j], st.looks[j], &r.caller); match != yes {
						continue
					}
					parts := []*Leftover{&left[i][j]}
					if outside := left[i][j].Outside; outside != nil && r.caller.account != testAccount && r.caller.kind != callerService {
						parts = append(parts, outside)
					}
					for _, l := range parts {
						denied += len(l.Denied)
						if l.Nothing || slices.Contains(l.Denied, r.action.name) {
							t.Fatalf("seed %d: statement %d, principal %d: %+v\n%s\nrequest %+v", seed, i, j, *l, text, r)
						}
						if r.action.name == "kms:CreateGrant" && slices.Contains(l.Bounded, r.action.name) {
							bounded++
							if anyGrantOf(r) {
								t.Fatalf("seed %d: statement %d, principal %d is bounded\n%s\nrequest %+v", seed, i, j, text, r)
							}
						}
					}
				}
			}
		}
	}
	if denied == 0 {
		t.Error("no policy takes anything away: the test sees nothing")
	}
	t.Logf("%d actions denied, %d grants bounded", denied, bounded)
}

// anyGrantOf reports whether a request makes a grant that nothing in the small world of the generator limits.
func anyGrantOf(r *request) bool {
	forAWS := r.ctx["kms:grantisforawsresource"]
	return r.ctx["kms:viaservice"] == nil && r.ctx["kms:granteeprincipal"] == nil && r.ctx["kms:grantoperations"] == nil &&
		(forAWS == nil || forAWS[0] == "false")
}

// decrypting are the operations that decrypt, as values of a condition.
func decrypting() string {
	var names []string
	for _, a := range facts.Actions() {
		if a.Decrypts {
			names = append(names, strconv.Quote(a.ShortName))
		}
	}
	return "[" + strings.Join(names, ",") + "]"
}

func TestLeftovers(t *testing.T) {
	const head = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"},`
	app := `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":["kms:Decrypt","kms:CreateGrant"],"Resource":"*"}`
	anyone := `{"Effect":"Allow","Principal":"*","Action":["kms:Decrypt","kms:CreateGrant"],"Resource":"*","Condition":{"StringEquals":{"kms:CallerAccount":["111122223333","444455556666"]}}}`
	deny := func(principal, element, actions, condition string) string {
		return `,{"Effect":"Deny","Principal":` + principal + `,"` + element + `":` + actions + `,"Resource":"*","Condition":{` + condition + `}}`
	}
	for name, c := range map[string]struct {
		policy  string
		denied  []string
		bounded []string
		outside []string
	}{
		"no Deny leaves all":        {policy: head + app},
		"everything but use":        {policy: head + app + deny(`"*"`, "NotAction", `["kms:Decrypt"]`, ""), denied: []string{"kms:CreateGrant"}, bounded: []string{"kms:CreateGrant"}},
		"grants for AWS only":       {policy: head + app + deny(`"*"`, "Action", `"kms:CreateGrant"`, `"BoolIfExists":{"kms:GrantIsForAWSResource":"false"}`), bounded: []string{"kms:CreateGrant"}},
		"one grantee":               {policy: head + app + deny(`"*"`, "Action", `"kms:CreateGrant"`, `"StringNotLike":{"kms:GranteePrincipal":"arn:aws:iam::111122223333:role/worker"}`), bounded: []string{"kms:CreateGrant"}},
		"all but one grantee":       {policy: head + app + deny(`"*"`, "Action", `"kms:CreateGrant"`, `"StringLike":{"kms:GranteePrincipal":"arn:aws:iam::111122223333:role/worker"}`)},
		"no grants of Decrypt":      {policy: head + app + deny(`"*"`, "Action", `"kms:CreateGrant"`, `"ForAnyValue:StringEquals":{"kms:GrantOperations":`+decrypting()+`}`), bounded: []string{"kms:CreateGrant"}},
		"no grants of Sign":         {policy: head + app + deny(`"*"`, "Action", `"kms:CreateGrant"`, `"ForAnyValue:StringEquals":{"kms:GrantOperations":["Sign"]}`)},
		"a Deny of someone else":    {policy: head + app + deny(`{"AWS":"arn:aws:iam::111122223333:role/other"}`, "Action", `"kms:*"`, "")},
		"a Deny that may not match": {policy: head + app + deny(`{"AWS":"arn:aws:iam::111122223333:role/other"}`, "Action", `"kms:*"`, "") + deny(`{"AWS":"arn:aws:iam::111122223333:role/a*"}`, "Action", `"kms:CreateGrant"`, "")},
		"a Deny outside a VPC":      {policy: head + app + deny(`"*"`, "Action", `"kms:*"`, `"StringNotEquals":{"aws:SourceVpc":"vpc-0123456789abcdef0"}`)},
		"others lose what we may":   {policy: head + anyone + deny(`{"AWS":"444455556666"}`, "Action", `"kms:CreateGrant"`, ""), outside: []string{"kms:CreateGrant"}},
	} {
		t.Run(name, func(t *testing.T) {
			left := NewAnalysis(read(t, c.policy+`]}`), testEnv()).Leftovers()[1]
			var got Leftover
			if left != nil {
				got = left[0]
			}
			if !slices.Equal(got.Denied, c.denied) || !slices.Equal(got.Bounded, c.bounded) || got.Nothing {
				t.Errorf("left %+v, want denied %v and bounded %v", got, c.denied, c.bounded)
			}
			if got.Outside != nil && !slices.Equal(got.Outside.Denied, c.outside) || got.Outside == nil && c.outside != nil {
				t.Errorf("outside %+v, want denied %v", got.Outside, c.outside)
			}
		})
	}
}

// TestWhatIsNotKnownToBeTakenAway: AWS's pages leave open what a Deny takes, or what is still to be filled in says it. What takes more
// than the budget leaves everything as it is given.
func TestWhatIsNotKnownToBeTakenAway(t *testing.T) {
	const (
		allow  = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/app"}, "Action": ["kms:Decrypt", "kms:CreateGrant"], "Resource": "*"},`
		grants = "kms:CreateGrant"
		all    = "kms:CreateGrant kms:Decrypt"
	)
	deny := func(action, condition string) string {
		return `{"Effect": "Deny", "Principal": "*", "Action": "` + action + `", "Resource": "*", "Condition": {` + condition + `}}`
	}
	role := func(pattern string) string { return `"ArnLike": {"aws:PrincipalArn": "` + pattern + `"}` }
	for name, test := range map[string]struct {
		text            string
		kind            ReasonKind
		denied, bounded string // for sure
		perhapsDenied   string
		perhapsBounded  string
		nothing         bool // perhaps
	}{
		"open":                      {text: deny("kms:CreateGrant", role("*")), kind: ReasonOpen, perhapsDenied: grants, perhapsBounded: grants},
		"open of all":               {text: deny("kms:*", role("*")), kind: ReasonOpen, perhapsDenied: all, perhapsBounded: grants, nothing: true},
		"open of one":               {text: deny("kms:Decrypt", role("*")), kind: ReasonOpen, perhapsDenied: "kms:Decrypt"},
		"open of all but one grant": {text: deny("kms:CreateGrant", role("*")+`, "StringNotEquals": {"kms:GranteePrincipal": "arn:aws:iam::444455556666:role/x"}`), kind: ReasonOpen, perhapsBounded: grants},
		"to be filled in":           {text: deny("kms:Decrypt", role("$(who)")), kind: ReasonNotYetKnown, perhapsDenied: "kms:Decrypt"},
		"all to be filled in":       {text: deny("kms:*", role("$(who)")), kind: ReasonNotYetKnown, perhapsDenied: all, perhapsBounded: grants, nothing: true},
		"a grantee to be filled in": { // which leaves all others
			text: deny("kms:CreateGrant", `"StringLike": {"kms:GranteePrincipal": "$(who)"}`), kind: ReasonNotYetKnown,
		},
		"known":                    {text: deny("kms:Decrypt", role("arn:aws:iam::444455556666:role/app")), denied: "kms:Decrypt"},
		"grants for AWS resources": {text: deny("kms:CreateGrant", `"Bool": {"kms:GrantIsForAWSResource": "false"}`), bounded: grants},
		"spent":                    {text: deny("kms:*", `"StringEquals": {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}-${aws:PrincipalTag/c}"}`)},
		"spent and to be filled in": {
			text: deny("kms:*", `"StringEquals": {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}-${aws:PrincipalTag/c}"}`) + "," + deny("kms:Decrypt", role("$(who)")),
		},
	} {
		left := NewAnalysis(statements(t, rootStatement+","+allow+test.text), testEnv()).Leftovers()
		l := left[1][0]
		for what, got := range map[string][2]string{
			"denied":          {strings.Join(l.Denied, " "), test.denied},
			"bounded":         {strings.Join(l.Bounded, " "), test.bounded},
			"perhaps denied":  {strings.Join(l.Perhaps.Denied, " "), test.perhapsDenied},
			"perhaps bounded": {strings.Join(l.Perhaps.Bounded, " "), test.perhapsBounded},
		} {
			if got[0] != got[1] {
				t.Errorf("%s: %s is %q, want %q", name, what, got[0], got[1])
			}
		}
		if l.Kind != test.kind || l.Perhaps.Nothing != test.nothing || l.Nothing {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

// TestAStatementThatMayBeAboutAnotherKey: where its resource is still to be filled in, all that it gives may be taken away.
func TestAStatementThatMayBeAboutAnotherKey(t *testing.T) {
	for _, element := range []string{"Resource", "NotResource"} {
		text := `{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": ["kms:Decrypt", "kms:PutKeyPolicy"], "` + element + `": "$(what)"}`
		left := NewAnalysis(statements(t, rootStatement+","+text), testEnv()).Leftovers()[1][0]
		if want := []string{"kms:Decrypt", "kms:PutKeyPolicy"}; len(left.Denied) > 0 || !slices.Equal(left.Perhaps.Denied, want) || left.Nothing || !left.Perhaps.Nothing {
			t.Errorf("%s: %+v", element, left)
		}
	}
}

// TestGrantLimits: a condition on the grant leaves limited requests only where each of its values is a limit, in any order.
func TestGrantLimits(t *testing.T) {
	const (
		own  = `"arn:aws:iam::111122223333:role/worker"`
		open = `"arn:aws:iam::*:role/*"`
		slr  = `"arn:aws:iam::*:role/aws-service-role/autoscaling.amazonaws.com/*"`
		none = `"*"`
	)
	for _, c := range []struct {
		condition string
		bounded   bool
	}{
		{`"StringEquals":{"kms:GranteePrincipal":` + own + `}`, true},
		{`"StringEqualsIfExists":{"kms:GranteePrincipal":` + own + `}`, false},
		{`"ArnLike":{"kms:GranteePrincipal":` + slr + `}`, true},
		{`"ArnLike":{"kms:GranteePrincipal":` + open + `}`, false},
		{`"StringLike":{"kms:GranteePrincipal":` + none + `}`, false},
		{`"StringLike":{"kms:GranteePrincipal":[` + own + `,` + none + `]}`, false},
		{`"StringLike":{"kms:GranteePrincipal":[` + none + `,` + own + `]}`, false},
		{`"StringLike":{"kms:GranteePrincipal":[` + own + `,` + open + `]}`, false},
		{`"StringNotEquals":{"kms:GranteePrincipal":` + own + `}`, false},
		{`"Null":{"kms:GranteePrincipal":"false"}`, false},
		{`"Null":{"kms:GranteeServicePrincipal":"false"}`, true},
		{`"Null":{"kms:GrantOperations":"false"}`, false},
		{`"ForAllValues:StringEquals":{"kms:GrantOperations":["Encrypt","Sign"]}`, true},
		{`"ForAllValues:StringNotEquals":{"kms:GrantOperations":` + decrypting() + `}`, true},
		{`"ForAllValues:StringNotEquals":{"kms:GrantOperations":["Encrypt"]}`, false},
		{`"ForAnyValue:StringNotEquals":{"kms:GrantOperations":` + decrypting() + `}`, false},
		{`"ForAnyValue:StringEquals":{"kms:GrantOperations":["Encrypt"]}`, false},
		{`"StringEquals":{"kms:GrantConstraintType":"EncryptionContextEquals"}`, true},
		{`"StringEqualsIfExists":{"kms:GrantConstraintType":"EncryptionContextEquals"}`, false},
		{`"StringEquals":{"kms:RetiringPrincipal":` + own + `}`, true},
		{`"StringLike":{"kms:RetiringPrincipal":` + none + `}`, false},
		{`"StringLike":{"kms:ViaService":"*"}`, true},
		{`"StringNotEquals":{"kms:ViaService":"rds.eu-central-1.amazonaws.com"}`, false},
	} {
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":"kms:CreateGrant","Resource":"*","Condition":{` + c.condition + `}}]}`
		left := NewAnalysis(read(t, policy), testEnv()).Leftovers()[0][0]
		if bounded := slices.Contains(left.Bounded, "kms:CreateGrant"); bounded != c.bounded {
			t.Errorf("%s: bounded %v, want %v", c.condition, bounded, c.bounded)
		}
	}
}

// TestAStatementAboutAKeyThatMayBeThisOne: what a statement gives is what it gives if it is about this key.
func TestAStatementAboutAKeyThatMayBeThisOne(t *testing.T) {
	of := func(resource string) Leftover {
		env := testEnv()
		env.KeyARN, env.KeyID = "", ""
		return NewAnalysis(statements(t, rootStatement+`,{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app"},"Action":["kms:Decrypt","kms:CreateGrant"],"Resource":"`+resource+`"},
			{"Effect":"Deny","Principal":"*","Action":"kms:CreateGrant","Resource":"*","Condition":{"BoolIfExists":{"kms:GrantIsForAWSResource":"false"}}},
			{"Effect":"Deny","Principal":"*","Action":"kms:Decrypt","Resource":"*"}`), env).Leftovers()[1][0]
	}
	if got, want := of("arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"), of("*"); !reflect.DeepEqual(got.Taken, want.Taken) || !reflect.DeepEqual(got.Perhaps, want.Perhaps) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
