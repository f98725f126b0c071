package report

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
)

// A comment names the policies that let outsiders in first, and counts those that do not fit.
func TestDifferencesFitAComment(t *testing.T) {
	const owner = "111122223333"
	gains := func(principal, kind string) *access.Difference {
		return &access.Difference{Added: []access.Change{{
			Principal: principal, Kind: kind, Actions: []string{"kms:Decrypt"}, Decision: access.Allowed, Was: access.ImplicitDeny,
		}}}
	}
	all := Differences{Base: "main"}
	for i := range 1500 {
		policy := Policy{File: fmt.Sprintf("keys/%d.yaml", i), Account: keypolicy.Account{ID: owner}}
		d := Difference{Old: policy, New: policy, State: "changed", Result: gains("arn:aws:iam::"+owner+":role/app", "role")}
		if i == 1400 {
			d.Result = gains("arn:aws:iam::444455556666:role/partner", "role")
		}
		all.List = append(all.List, d)
	}
	var b strings.Builder
	if err := WriteDifferences(&b, "markdown", all, false); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	shown := strings.Count(text, "## ")
	if size := utf8.RuneCountInString(text); size > 65000 || shown < 100 {
		t.Errorf("%d characters, %d policies", size, shown)
	}
	if !strings.HasPrefix(text, "## keys/1400.yaml") {
		t.Errorf("it begins with %q", text[:80])
	}
	if end := fmt.Sprintf("does not fit: %d policies.", len(all.List)-shown); !strings.Contains(text, end) {
		t.Errorf("it shows %d and ends with %q", shown, text[len(text)-200:])
	}
}

// Policies that are too long for a comment are cut and not left out, so that one does not hide another; what outsiders gain comes first,
// then what is not known. Characters count, and not bytes.
func TestLongDifferencesAreCut(t *testing.T) {
	const owner = "111122223333"
	long := func(account, letter string) *access.Difference {
		var d access.Difference
		for i := range 200 {
			d.Added = append(d.Added, access.Change{
				Principal: fmt.Sprintf("arn:aws:iam::%s:role/r%d", account, i), Kind: "role", Actions: []string{"kms:Decrypt"},
				Decision: access.Allowed, Was: access.ImplicitDeny, Conditions: access.Conditions{Text: strings.Repeat(letter, 300) + fmt.Sprint(i)},
			})
		}
		return &d
	}
	unknown := &access.Difference{Unknown: []access.Reason{{Text: "what a variable is"}}}
	written := func(list ...*access.Difference) string {
		all := Differences{Base: "main"}
		for i, d := range list {
			policy := Policy{File: fmt.Sprintf("keys/%d.yaml", i), Account: keypolicy.Account{ID: owner}}
			all.List = append(all.List, Difference{Old: policy, New: policy, State: "changed", Result: d})
		}
		var b strings.Builder
		if err := WriteDifferences(&b, "markdown", all, false); err != nil {
			t.Fatal(err)
		}
		if size := utf8.RuneCountInString(b.String()); size >= 65000 {
			t.Errorf("%d characters", size)
		}
		return b.String()
	}
	titles := func(text string) (list []string) {
		for line := range strings.Lines(text) {
			if name, is := strings.CutPrefix(line, "## "); is {
				list = append(list, name[:len("keys/0")])
			}
		}
		return list
	}
	own, outside := long(owner, "x"), long("444455556666", "x")
	text := written(own, unknown, outside, outside)
	if got := titles(text); fmt.Sprint(got) != "[keys/2 keys/3 keys/1 keys/0]" || strings.Count(text, "more lines of this change are left out") != 3 {
		t.Errorf("it shows %v:\n%s", got, text[len(text)-500:])
	}
	text = written(outside, outside, outside, outside, own)
	if got := titles(text); len(got) != 3 || !strings.Contains(text, "does not fit: 2 policies, 1 of which let outsiders in.") {
		t.Errorf("it shows %v:\n%s", got, text[len(text)-500:])
	}
	if text := written(long("444455556666", "語")); len(text) < 120_000 {
		t.Errorf("one policy has %d bytes", len(text))
	}
}
