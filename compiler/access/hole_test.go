package access

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// testHoles are what tests put between § and §: a variable, an attribute that is a role of the key's own account, one of an
// account that is not known, and the key's own values.
var testHoles = map[string]*symbol.Hole{
	"var":     {Kind: symbol.Variable, Ref: "var.x"},
	"attr":    {Kind: symbol.Attribute, Ref: "data.x.y"},
	"role":    {Kind: symbol.Attribute, Ref: "aws_iam_role.admin.arn", Shape: symbol.OwnRole},
	"anyrole": {Kind: symbol.Attribute, Ref: "aws_iam_role.other.arn", Shape: symbol.AnyRole},
	"account": {Kind: symbol.Own, Ref: "data.aws_caller_identity.current.account_id", Shape: symbol.OwnAccount},
	"key":     {Kind: symbol.Own, Ref: "aws_kms_key.this.arn", Shape: symbol.OwnKeyARN},
}

// withHoles reads statements in which §NAME§ is a hole; an item "+§NAME§" of a list says that the list may have more.
func withHoles(t testing.TB, text string) *policy.Document {
	t.Helper()
	f, found := source.Load("policy.json", []byte(`{"Version": "2012-10-17", "Statement": [`+text+`]}`), source.Limits{})
	if found.HasErrors() {
		t.Fatalf("policy does not parse: %v\n%s", found, text)
	}
	root := f.Documents[0].Root
	putHoles(root)
	return policy.Read(root)
}

func putHoles(n *source.Node) {
	for i := range n.Members {
		putHoles(n.Members[i].Key)
		putHoles(n.Members[i].Value)
	}
	for i := 0; i < len(n.Items); i++ {
		putHoles(n.Items[i])
		if text := n.Items[i].Text; strings.HasPrefix(text, "+") {
			n.Open = n.Items[i].Parts.First()
			n.Items = append(n.Items[:i], n.Items[i+1:]...)
			i--
		}
	}
	if !strings.Contains(n.Text, "§") {
		return
	}
	var parts []symbol.Part
	for i, piece := range strings.Split(n.Text, "§") {
		if i%2 == 0 {
			parts = append(parts, symbol.Part{Literal: piece})
		} else {
			parts = append(parts, symbol.Part{Hole: testHoles[piece]})
		}
	}
	made := source.NewText(n.Place, parts...)
	n.Text, n.Parts = made.Text, made.Parts
}

const ownRole = `"Principal": {"AWS": "§role§"}`

// TestReasonsHaveSingleSpaces: a reason is a sentence.
func TestReasonsHaveSingleSpaces(t *testing.T) {
	a := NewAnalysis(statements(t, publicUnder("Allow", `"StringEquals": {"kms:CallerAccount": "${account_id}"}`)), testEnv())
	a.Statements()
	if len(a.Unknown()) == 0 {
		t.Error("nothing is unknown of a value that is still to be filled in")
	}
	for _, r := range a.Unknown() {
		if strings.Contains(r.Text, "  ") {
			t.Errorf("the reason has a double space: %q", r.Text)
		}
	}
}

// TestHoles: an answer is given where it holds for all that the holes can be; else it is unknown, and the reason names the reference.
func TestHoles(t *testing.T) {
	allow := func(body string) string {
		return `{"Effect": "Allow", "Action": "kms:*", "Resource": "*", ` + body + `}`
	}
	decrypt := func(body string) string {
		return `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", ` + body + `}`
	}
	deny := func(body string) string { return `{"Effect": "Deny", "Resource": "*", ` + body + `}` }
	anyone := func(conditions string) string {
		return decrypt(`"Principal": "*", "Condition": {` + conditions + `}`)
	}
	for _, c := range []struct {
		name, policy string
		editors      Editors
		public       Answer
		why          string // in a reason; "" is that all is known
	}{
		{"a role that is not known is the only editor", allow(ownRole), EditorsUnknown, No, "aws_iam_role.admin.arn"},
		{"a role of an account that is not known", allow(`"Principal": {"AWS": "§anyrole§"}`), EditorsUnknown, No, "aws_iam_role.other.arn"},
		{"a principal that is not known", allow(`"Principal": "§var§"`), EditorsUnknown, No, "var.x"},
		{"principals that may be more", allow(`"Principal": {"AWS": ["arn:aws:iam::444455556666:root", "+§var§"]}`), EditorsUnknown, No, "var.x"},
		{"a role of the name that is not known", allow(`"Principal": {"AWS": "arn:aws:iam::444455556666:role/§var§"}`), EditorsNone, No, ""},
		{"the own account", allow(`"Principal": {"AWS": "arn:aws:iam::§account§:root"}`), EditorsAlways, No, ""},
		{"the own account's id", allow(`"Principal": {"AWS": "§account§"}`), EditorsAlways, No, ""},
		{"the key's own ARN", strings.Replace(allow(`"Principal": {"AWS": "§account§"}`), `"Resource": "*"`, `"Resource": "§key§"`, 1), EditorsAlways, No, ""},
		{"another key's ARN may be it", strings.Replace(allow(`"Principal": {"AWS": "§account§"}`), `"Resource": "*"`, `"Resource": "§attr§"`, 1), EditorsUnknown, No, "data.x.y"},
		{"a hole in a Deny", rootStatement + "," + deny(`"Principal": {"AWS": "§var§"}, "Action": "kms:*"`), EditorsUnknown, No, "var.x"},
		{"a role in a Deny leaves the root user", rootStatement + "," + deny(ownRole+`, "Action": "kms:*"`), EditorsAlways, No, ""},
		{"a Deny for roles of another account whose name is not known", rootStatement + "," + deny(`"Principal": "*", "Action": "kms:*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/§var§"}}`), EditorsAlways, No, ""},
		{"a Deny for tags whose text is not known whole", rootStatement + "," + deny(`"Principal": "*", "Action": "kms:*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "x-§var§"}, "StringLike": {"aws:PrincipalTag/team": "y*"}}`), EditorsAlways, No, ""},
		{"a hole in a Deny of something else", rootStatement + "," + deny(`"Principal": {"AWS": "§var§"}, "Action": "kms:Decrypt"`), EditorsAlways, No, ""},
		{"a hole in NotPrincipal", rootStatement + "," + deny(`"NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:root", "§var§"]}, "Action": "kms:*"`), EditorsUnknown, No, "var.x"},
		{"a hole in NotAction of an Allow", `{"Effect": "Allow", "Principal": {"AWS": "§account§"}, "NotAction": "§var§", "Resource": "*"}`, EditorsUnknown, No, "var.x"},
		{"a hole in NotAction of a Deny", rootStatement + "," + deny(`"Principal": "*", "NotAction": ["kms:Get*", "§var§"]`), EditorsUnknown, No, "var.x"},
		{"a hole in the Action", `{"Effect": "Allow", "Principal": {"AWS": "§account§"}, "Action": "kms:§var§", "Resource": "*"}`, EditorsUnknown, No, "var.x"},
		{"an Action that cannot be it", `{"Effect": "Allow", "Principal": {"AWS": "§account§"}, "Action": "kms:Get§var§", "Resource": "*"}`, EditorsNone, No, ""},
		{"an Effect", strings.Replace(rootStatement, `"Allow"`, `"§var§"`, 1), EditorsUnknown, No, "var.x"},
		{"a whole Condition", strings.Replace(rootStatement, `"Resource"`, `"Condition": "§var§", "Resource"`, 1), EditorsUnknown, No, "var.x"},
		{"an operator", strings.Replace(rootStatement, `"Resource"`, `"Condition": {"§var§": {"aws:PrincipalTag/a": "x"}}, "Resource"`, 1), EditorsUnknown, No, "var.x"},
		{"a condition key", strings.Replace(rootStatement, `"Resource"`, `"Condition": {"StringEquals": {"§var§": "x"}}, "Resource"`, 1), EditorsUnknown, No, "var.x"},
		{"a whole statement", `"§var§"`, EditorsUnknown, No, "var.x"},
		{"more statements beside the account's", rootStatement + `, "+§var§"`, EditorsAlways, No, ""},
		{"more statements beside everyone", decrypt(`"Principal": "*"`) + `, "+§var§"`, EditorsUnknown, Yes, "var.x"},
		{"a hole beside everyone", rootStatement + "," + decrypt(`"Principal": {"AWS": ["§var§", "*"]}`), EditorsAlways, Yes, ""},
		{"a Deny of somebody beside everyone", rootStatement + "," + decrypt(`"Principal": "*"`) + "," + deny(`"Principal": {"AWS": "§var§"}, "Action": "kms:Decrypt"`), EditorsAlways, Unknown, "var.x"},
		{"a Deny of a role beside everyone", rootStatement + "," + decrypt(`"Principal": "*"`) + "," + deny(`"Principal": {"AWS": "§attr§"}, "Action": "kms:Decrypt"`), EditorsAlways, Yes, ""},
		{"a condition that is not known on everyone", rootStatement + "," + decrypt(`"Principal": "*", "Condition": "§var§"`), EditorsAlways, Unknown, "var.x"},
		{"an organization", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalOrgID": "§var§"}`), EditorsAlways, No, ""},
		{"more organizations", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "+§var§"]}`), EditorsAlways, No, ""},
		{"a pattern of organizations", rootStatement + "," + anyone(`"StringLike": {"aws:PrincipalOrgID": "§var§"}`), EditorsAlways, Unknown, "var.x"},
		{"an organization under StringLike", rootStatement + "," + anyone(`"StringLike": {"aws:PrincipalOrgID": "§attr§"}`), EditorsAlways, No, ""},
		{"an attribute before a wildcard", rootStatement + "," + anyone(`"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "§attr§/*"}`), EditorsAlways, Unknown, "data.x.y"},
		{"all but an organization", rootStatement + "," + anyone(`"StringNotEquals": {"aws:PrincipalOrgID": "§var§"}`), EditorsAlways, Yes, ""},
		{"a tag, which anybody gives himself", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalTag/team": "§var§"}`), EditorsAlways, Yes, "var.x"},
		{"a tag by which nobody else is kept out", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalTag/team": "§var§"}`) + "," + deny(`"Principal": "*", "Action": "kms:*", "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "§var§"}}`), EditorsUnknown, Yes, "var.x"},
		{"a tag that may be denied", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalTag/team": "§var§"}`) + "," + deny(`"Principal": "*", "Action": "kms:Decrypt", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "data"}}`), EditorsAlways, Unknown, "var.x"},
		{"a tag beside a pattern", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalTag/team": "§var§"}`) + "," + deny(`"Principal": "*", "Action": "kms:Decrypt", "Condition": {"StringLike": {"aws:PrincipalTag/team": "d*"}}`), EditorsAlways, Unknown, "var.x"},
		{"tags of which none may be asked for", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalTag/team": ["+§var§"]}`), EditorsAlways, Unknown, "var.x"},
		{"a tag and an account that are not known", rootStatement + "," + anyone(`"StringEquals": {"aws:PrincipalTag/team": "§var§", "aws:PrincipalAccount": "§attr§"}`), EditorsAlways, No, ""},
		{"an encryption context", rootStatement + "," + anyone(`"StringEquals": {"kms:EncryptionContext:team": "§var§"}`), EditorsAlways, Yes, "var.x"},
		{"the own account as a caller", rootStatement + "," + anyone(`"StringEquals": {"kms:CallerAccount": "§account§"}`), EditorsAlways, No, ""},
		{"a role as a caller", rootStatement + "," + anyone(`"ArnLike": {"aws:PrincipalArn": "§role§"}`), EditorsAlways, No, ""},
	} {
		r := Analyze(withHoles(t, c.policy), testEnv())
		if r.Lockout.Editors != c.editors || r.Public != c.public {
			t.Errorf("%s: editors %s, want %s; public %s, want %s; %v", c.name, r.Lockout.Editors, c.editors, r.Public, c.public, texts(r.Unknown))
		}
		if c.why != "" && !strings.Contains(strings.Join(texts(r.Unknown), "\n"), "${"+c.why+"}") {
			t.Errorf("%s: no reason names %s: %q", c.name, c.why, texts(r.Unknown))
		}
		for _, reason := range r.Unknown {
			if reason.Kind != ReasonNotYetKnown && !strings.Contains(c.policy, "NotPrincipal") {
				t.Errorf("%s: a hole is not a reason of the kind %s: %s", c.name, reason.Kind, reason.Text)
			}
		}
		for _, st := range r.Statements {
			if st.Index >= len(withHoles(t, c.policy).Statements) {
				t.Errorf("%s: there is no statement %d", c.name, st.Index)
			}
		}
	}
}

// TestMoreStatementsMayDeny: a request is not decided by what is written where the policy may have more statements, unless a
// written one denies it.
func TestMoreStatementsMayDeny(t *testing.T) {
	doc := withHoles(t, rootStatement+`,
		{"Effect": "Deny", "Principal": "*", "Action": "kms:Sign", "Resource": "*"}, "+§var§"`)
	for action, want := range map[string]Decision{"kms:Decrypt": Undecided, "kms:Sign": ExplicitDeny} {
		got, err := Simulate(doc, testEnv(), Request{Principal: "root", Action: action})
		if err != nil || got.Decision != want {
			t.Errorf("%s: %+v, %v; want %s", action, got, err, want)
		}
		if all := strings.Join(got.Reasons, " "); want == Undecided && !strings.Contains(all, "var.x") {
			t.Errorf("%s: no reason names what is not known: %q", action, all)
		}
	}
}

// TestStatementForEveryoneMayMatch: whether a statement never matches is open where it would match if its principal is "*".
func TestStatementForEveryoneMayMatch(t *testing.T) {
	status := func(hole string) Status {
		text := `{"Effect": "Allow", "Principal": {"AWS": "§` + hole + `§"}, "Action": "kms:Decrypt", "Resource": "*",
			"Condition": {"StringLike": {"aws:PrincipalServiceName": "logs.*"}}}`
		return NewAnalysis(withHoles(t, rootStatement+","+text), testEnv()).Statements()[1].Status
	}
	if variable, attribute := status("var"), status("attr"); variable != StatusUnknown || attribute != NeverMatches {
		t.Errorf("a variable: %s; an attribute: %s", variable, attribute)
	}
}

// TestOwnAccountIsKnownAsSuch: what is the key's own account is so whatever its id is.
func TestOwnAccountIsKnownAsSuch(t *testing.T) {
	const text = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::§account§:root"}, "Action": "kms:*", "Resource": "*"}`
	if l := NewAnalysis(withHoles(t, text), Env{}).Lockout(); l.Editors != EditorsAlways {
		t.Errorf("editors %s", l.Editors)
	}
	literal := strings.Replace(text, "§account§", testAccount, 1)
	if d := Diff(withHoles(t, literal), withHoles(t, text), testEnv(), testEnv()); !d.Equivalent {
		t.Errorf("the own account and its id differ: %+v", d)
	}
}

// TestDiffOfHoles: what is not known on both sides alike is not difference; known before and not after is not known.
func TestDiffOfHoles(t *testing.T) {
	const role = "arn:aws:iam::111122223333:role/a"
	allow := func(principals, body string) string {
		return `{"Effect": "Allow", "Principal": {"AWS": [` + principals + `]}, "Action": "kms:Decrypt", "Resource": "*"` + body + `}`
	}
	for _, c := range []struct {
		name, old, new string
		equivalent     bool
		added          int
		why            string
	}{
		{"the same role", allow(`"§role§"`, ""), allow(`"§role§"`, ""), true, 0, ""},
		{"the same more", allow(`"+§var§"`, ""), allow(`"+§var§"`, ""), true, 0, ""},
		{"the same in another order", allow(`"`+role+`", "§role§"`, ""), allow(`"§role§", "`+role+`"`, ""), true, 0, ""},
		{"the same in two statements", allow(`"`+role+`", "§role§"`, ""), allow(`"§role§"`, "") + "," + allow(`"`+role+`"`, ""), true, 0, ""},
		{"the same whole condition", allow(`"`+role+`"`, `, "Condition": "§var§"`), allow(`"`+role+`"`, `, "Condition": "§var§"`), true, 0, ""},
		{"another condition", allow(`"`+role+`"`, `, "Condition": "§var§"`), allow(`"`+role+`"`, `, "Condition": "§attr§"`), false, 0, "data.x.y"},
		{"a condition that may come", allow(`"`+role+`"`, ""), allow(`"`+role+`"`, `, "Condition": "§var§"`), false, 0, "var.x"},
		{"another role", allow(`"§role§"`, ""), allow(`"§anyrole§"`, ""), false, 0, "aws_iam_role.other.arn"},
		{"known before", allow(`"`+role+`"`, ""), allow(`"§role§"`, ""), false, 0, "aws_iam_role.admin.arn"},
		{"a role is added beside one", allow(`"§role§"`, ""), allow(`"§role§", "`+role+`"`, ""), false, 0, "aws_iam_role.admin.arn"},
		{"a statement is added next to it", allow(`"§role§"`, ""), allow(`"§role§"`, "") + "," + strings.Replace(allow(`"`+role+`"`, ""), "kms:Decrypt", "kms:Encrypt", 1), false, 1, ""},
		{"more statements on both sides", allow(`"`+role+`"`, "") + `,"+§var§"`, allow(`"`+role+`"`, "") + `,"+§var§"`, true, 0, ""},
		{"more statements that are others", `"+§attr§"`, `"+§var§"`, false, 0, "var.x"},
	} {
		d := Diff(withHoles(t, c.old), withHoles(t, c.new), testEnv(), testEnv())
		if d.Equivalent != c.equivalent || len(d.Added) != c.added {
			t.Errorf("%s: equivalent %v, %d added, want %v, %d; %v", c.name, d.Equivalent, len(d.Added), c.equivalent, c.added, texts(d.Unknown))
		}
		if all := strings.Join(texts(d.Unknown), "\n"); c.why != "" && !strings.Contains(all, "${"+c.why+"}") || c.why == "" && all != "" {
			t.Errorf("%s: the reasons are %q", c.name, all)
		}
	}
}

// TestTheOwnARNIsThisKey: a resource that is the key's own ARN is this key, also where nothing is known of it.
func TestTheOwnARNIsThisKey(t *testing.T) {
	doc := withHoles(t, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "§key§"}`)
	for _, env := range []Env{testEnv(), {Account: "111122223333"}} {
		a := NewAnalysis(doc, env)
		if l := a.Lockout(); l.Editors != EditorsAlways {
			t.Errorf("%+v: editors %s, %v", env, l.Editors, a.Unknown())
		}
	}
}
