package push

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Two aliases of one key, of which one cannot be described: the list of aliases says that they are one key, and without it
// nothing is put that may be on the same key.
func TestAnAliasThatCannotBeDescribedCounts(t *testing.T) {
	for name, c := range map[string]struct {
		fault      string // of DescribeKey on alias/b
		list       bool   // the aliases can be listed
		state      State  // of the spec for alias/a
		text       string
		one, other string // aliases of the key, and of another
	}{
		"throttled, listed":      {"ThrottlingException", true, Blocked, "are both for the key", "alias/b", ""},
		"throttled, another key": {"ThrottlingException", true, Change, "", "", "alias/b"},
		"throttled, not listed":  {"ThrottlingException", false, Blocked, "whether keys/b.yaml is for this key too is not known, as its `alias/b` could not be looked up", "alias/b", ""},
		"denied, listed":         {"AccessDeniedException", true, Blocked, "are both for the key", "alias/b", ""},
		"denied, not listed":     {"AccessDeniedException", false, Change, "", "", "alias/b"},
		"not there":              {"NotFoundException", true, Change, "", "", ""},
	} {
		b := newBench(t, func(o *Options) { o.Tries = 1 })
		b.server.Add(kmstest.Key{Aliases: append([]string{"alias/a"}, strings.Fields(c.one)...)})
		b.server.Add(kmstest.Key{Aliases: strings.Fields(c.other)})
		west := b.server.Add(kmstest.Key{Region: "eu-west-1"})
		if !c.list {
			b.server.Answer("ListAliases", kmstest.Refusal("AccessDeniedException", "no"))
		}
		b.server.AnswerFor("DescribeKey", "alias/b", kmstest.Refusal(c.fault, "no"))
		one, other, far := target("alias/a", letting("a")), target("alias/b", letting("b")), target(west, letting("c"))
		one.File, other.File, far.Key.Region = "keys/a.yaml", "keys/b.yaml", "eu-west-1"
		items := b.plan(one, other, far)
		if items[0].State != c.state || !strings.Contains(items[0].Reason, c.text) {
			t.Errorf("%s: %s (%s)", name, items[0].State, items[0].Reason)
		}
		expectState(t, items[1], Failed, "")
		expectState(t, items[2], Change, "")
	}
}

// A spec whose Region is not known may be for the key of any Region of the run.
func TestAnAliasWithoutARegionCounts(t *testing.T) {
	for name, bad := range map[string]Target{
		"no Region":             {Key: spec.Key{Key: policy.Key{ID: "alias/a", Account: kmstest.Account}, AccountFrom: spec.FromConfiguration}, Policy: []byte(letting("b"))},
		"no Region, no account": {Key: spec.Key{Key: policy.Key{ID: "alias/a"}}, Policy: []byte(letting("b"))},
		"cannot be read":        {Claims: []spec.Key{{Key: policy.Key{ID: "alias/a"}}}, Findings: diag.List{{Rule: "syntax", Severity: diag.Error}}},
		"account by its policy": {Key: spec.Key{Key: policy.Key{ID: "alias/a", Account: "999999999999"}, AccountFrom: spec.FromPolicy}, Findings: diag.List{{Rule: "r", Severity: diag.Error}}},
	} {
		b := newBench(t)
		t.Setenv("AWS_REGION", "")
		b.reopen()
		b.server.Add(kmstest.Key{Aliases: []string{"alias/a"}})
		b.server.Add(kmstest.Key{Aliases: []string{"alias/other"}})
		good, other := target("alias/a", letting("a")), target("alias/other", letting("a"))
		good.File, bad.File = "keys/good.yaml", "keys/bad.yaml"
		items := b.plan(good, bad, other)
		if items[0].State != Blocked || !strings.Contains(items[0].Reason, "keys/bad.yaml") {
			t.Errorf("%s: %s (%s)", name, items[0].State, items[0].Reason)
		}
		if items[2].State != Change {
			t.Errorf("%s: the other key is %s (%s)", name, items[2].State, items[2].Reason)
		}
	}
}
