package report

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

func TestActionWords(t *testing.T) {
	var all []string
	for _, name := range effectiveActions() {
		all = append(all, "kms:"+name)
	}
	without := func(names ...string) []string {
		var list []string
		for _, a := range all {
			if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+strings.TrimPrefix(a, "kms:")+" ") {
				list = append(list, a)
			}
		}
		return list
	}
	for name, c := range map[string]struct {
		actions, patterns []string
		want              string
	}{
		"everything":                       {all, []string{"kms:*"}, "everything"},
		"everything without a pattern":     {all, nil, "everything"},
		"everything but":                   {without("DisableKey"), []string{"kms:*", "kms:Disable*"}, "everything but DisableKey"},
		"no pattern":                       {[]string{"kms:Decrypt", "kms:DescribeKey"}, nil, "Decrypt, DescribeKey"},
		"a pattern as written":             {[]string{"kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"}, []string{"kms:ReEncrypt*"}, "Decrypt, ReEncrypt*"},
		"a pattern of one":                 {[]string{"kms:DescribeKey", "kms:PutKeyPolicy"}, []string{"kms:Put*"}, "DescribeKey, Put*"},
		"a pattern that matches more":      {[]string{"kms:ReEncryptFrom"}, []string{"kms:ReEncrypt*"}, "ReEncryptFrom"},
		"a pattern without effect":         {[]string{"kms:Decrypt"}, []string{"kms:*KeyStore"}, "Decrypt"},
		"the widest pattern":               {[]string{"kms:ReEncryptFrom", "kms:ReEncryptTo"}, []string{"kms:ReEncryptF*", "kms:ReEncrypt*"}, "ReEncrypt*"},
		"patterns that overlap":            {[]string{"kms:DisableKey", "kms:EnableKey", "kms:EnableKeyRotation"}, []string{"kms:?n*Key", "kms:Enable*"}, "DisableKey, Enable*"},
		"another case":                     {[]string{"kms:ReEncryptFrom", "kms:ReEncryptTo"}, []string{"kms:reencrypt*"}, "reencrypt*"},
		"an action that AWS does not list": {[]string{"kms:Sched*"}, []string{"kms:Sched*"}, "Sched*"},
	} {
		t.Run(name, func(t *testing.T) {
			var st policy.Statement
			for _, text := range c.patterns {
				st.Actions = append(st.Actions, policy.Text{Value: text})
			}
			p := Policy{Statements: []Statement{{wording: wordingOf(&st)}}}
			got := actionWords(c.actions, p.patterns([]int{0}))
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
