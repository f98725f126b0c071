package report

import (
	"fmt"
	"strings"
	"testing"

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
	if len(text) > 65000 || shown < 100 {
		t.Errorf("%d bytes, %d policies", len(text), shown)
	}
	if !strings.HasPrefix(text, "## keys/1400.yaml") {
		t.Errorf("it begins with %q", text[:80])
	}
	if end := fmt.Sprintf("does not fit: %d policies.", len(all.List)-shown); !strings.Contains(text, end) {
		t.Errorf("it shows %d and ends with %q", shown, text[len(text)-200:])
	}
}
