package uses_test

import (
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// A use that works in some Regions only is refused a key of another Region, whatever its policy allows, and of a key whose Region is not
// known it is not said to work. A policy without the statement is refused anyway.
func TestRegionsOfKeys(t *testing.T) {
	everything := read(t, `{"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}`)
	limited := 0
	for _, use := range facts.Uses() {
		if len(use.Regions) > 0 {
			limited++
		}
		asked := uses.Asked{Use: use, Given: given(use)}
		for _, region := range append([]string{"", "eu-central-1", "ap-south-2", "us-gov-west-1"}, use.Regions...) {
			env := access.EnvOf(key)
			env.Region = region
			wrong := len(use.Regions) > 0 && region != "" && !slices.Contains(use.Regions, region)
			open := len(use.Regions) > 0 && region == ""
			judge := uses.NewJudge(everything, env)
			answer := judge.Ask(asked)
			if answer.WrongRegion != wrong || answer.OpenRegion != open || wrong && answer.Verdict != uses.Refused || open && answer.Verdict != uses.Unknown {
				t.Errorf("%s in %q: %s, wrong Region %t, open Region %t", use.ID, region, answer.Verdict, answer.WrongRegion, answer.OpenRegion)
			}
			if len(use.Regions) == 0 {
				continue
			}
			i := slices.IndexFunc(judge.PolicyUses(), func(p uses.PolicyUse) bool { return p.Use.ID == use.ID })
			if (i < 0) != wrong {
				t.Errorf("%s in %q: listed at %d", use.ID, region, i)
			}
			if i >= 0 && (judge.PolicyUses()[i].Supposed["region"] == use.Regions[0]) != open {
				t.Errorf("%s in %q: supposes %v", use.ID, region, judge.PolicyUses()[i].Supposed)
			}
			if got := uses.NewJudge(read(t, root), env).Ask(asked); got.Verdict != uses.Refused {
				t.Errorf("%s in %q, by the default policy: %s", use.ID, region, got.Verdict)
			}
		}
	}
	if limited == 0 {
		t.Error("no use is limited to Regions")
	}
}
