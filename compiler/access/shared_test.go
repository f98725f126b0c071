package access

import (
	"strings"
	"testing"
)

// TestSameIsSame: a policy is equivalent to itself, whatever is not known of it or of its key.
func TestSameIsSame(t *testing.T) {
	statement := func(text string) string {
		return `{"Version": "2012-10-17", "Statement": [` + rootStatement + `, {"Effect": "Allow", ` + text + `}]}`
	}
	role, all := `"Principal": {"AWS": "arn:aws:iam::444455556666:role/app"}`, `"Action": "kms:Decrypt", "Resource": "*"`
	for name, text := range map[string]string{
		"a key's ARN":             statement(role + `, "Action": "kms:*", "Resource": "` + testKey + `"`),
		"an operator":             statement(role + `, ` + all + `, "Condition": {"StringIs": {"aws:username": "x"}}`),
		"a condition key":         statement(role + `, ` + all + `, "Condition": {"StringEquals": {"kms:Nothing": "x"}}`),
		"a date":                  statement(role + `, ` + all + `, "Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}}`),
		"a principal":             statement(`"Principal": {"Federated": "cognito-identity.amazonaws.com"}, ` + all),
		"NotPrincipal":            statement(`"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/app"}, ` + all),
		"an effect":               strings.Replace(statement(role+`, `+all), `{"Effect": "Allow"`, `{"Effect": "Perhaps"`, 1),
		"an element":              statement(`"Principals": {"AWS": "*"}, ` + all),
		"a policy of a list":      `[1, 2]`,
		"statements of text":      `{"Statement": "none"}`,
		"more accounts than most": statement(`"Principal": {"AWS": ["` + strings.Join(manyAccounts(20), `", "`) + `"]}, ` + all),
	} {
		for _, env := range []Env{{}, {Account: testAccount}, testEnv()} {
			doc := read(t, text)
			if d := Diff(doc, read(t, text), env, env); !d.Equivalent || len(d.Added)+len(d.Removed)+len(d.Future)+len(d.Unknown) > 0 {
				t.Errorf("%s: %+v", name, d)
			}
		}
	}
}

func manyAccounts(n int) []string {
	var list []string
	for i := range n {
		list = append(list, formatNumber(float64(100_000_000_000+i)))
	}
	return list
}

// TestSharedPartsDoNotDiffer: what is not known of a statement that both policies have is not a doubt about the rest.
func TestSharedPartsDoNotDiffer(t *testing.T) {
	doubtful := `{"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::444455556666:role/app"}, "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*", "Condition": {"StringIs": {"aws:username": "x"}}}`
	halves := strings.Replace(doubtful, `["kms:Encrypt", "kms:Decrypt"]`, `"kms:Encrypt"`, 1) + ", " + strings.Replace(doubtful, `["kms:Encrypt", "kms:Decrypt"]`, `"kms:Decrypt"`, 1)
	added := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/app"}, "Action": "kms:DescribeKey", "Resource": "*"}`
	elsewhere := strings.Replace(doubtful, `444455556666`, `777788889999`, 1)
	for _, c := range []struct {
		name, older, newer string
		added, unknown     bool
	}{
		{"beside a new statement", doubtful, doubtful + ", " + added, true, false},
		{"split in two", doubtful, halves, false, false},
		{"split in two beside a new statement", doubtful, added + ", " + halves, true, false},
		{"half of it", halves, strings.Replace(doubtful, `"kms:Encrypt", `, "", 1), false, true},
		{"of another principal", doubtful, elsewhere, false, true},
		{"under a new statement for the same", doubtful, doubtful + ", " + strings.Replace(added, "kms:DescribeKey", "kms:Decrypt", 1), false, true},
	} {
		env := testEnv()
		d := Diff(statements(t, rootStatement+", "+c.older), statements(t, rootStatement+", "+c.newer), env, env)
		if len(d.Added) > 0 != c.added || len(d.Unknown) > 0 != c.unknown || d.Equivalent != (!c.added && !c.unknown) {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
	env, other := testEnv(), testEnv()
	other.KeyARN = ""
	text := strings.Replace(rootStatement, `"Resource": "*"`, `"Resource": "`+testKey+`"`, 1)
	if d := Diff(statements(t, text), statements(t, text), env, other); d.Equivalent {
		t.Errorf("one policy for a key and for one that is not known: %+v", d)
	}
}

// TestLawSameIsSame: as TestSameIsSame, over random policies.
func TestLawSameIsSame(t *testing.T) {
	for seed := range rounds(t, 100) {
		w := newWide(uint64(seed) + 1<<41)
		text := w.policy()
		other := w.rewritten(t, text)
		for _, env := range []Env{{}, testEnv()} {
			if d := Diff(read(t, text), read(t, text), env, env); !d.Equivalent {
				t.Fatalf("seed %d: %s: %+v", seed, text, d)
			}
			with := func(text string) string {
				return strings.Replace(text, `"Statement":[`, `"Statement":[`+rootStatement+`,`, 1)
			}
			if there, back := Diff(read(t, with(text)), read(t, with(other)), env, env), Diff(read(t, with(other)), read(t, with(text)), env, env); there.Equivalent != back.Equivalent {
				t.Fatalf("seed %d: %s\n%s\nequivalent %v, the other way round %v", seed, text, other, there.Equivalent, back.Equivalent)
			}
		}
	}
}
