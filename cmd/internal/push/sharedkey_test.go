package push

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Two specs for one key block each other in every pair of spellings, in either order, whatever is wrong with one of them.
func TestSpecsForOneKeyBlockEachOther(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Aliases: []string{"alias/a", "alias/b"}})
	id := key[strings.LastIndex(key, "/")+1:]
	spellings := []string{key, id, "alias/a", "alias/b", strings.Replace(key, "key/"+id, "alias/a", 1)}
	wrongs := map[string]func(*Target){
		"nothing":       func(*Target) {},
		"lint's error":  func(w *Target) { w.Findings = diag.List{{Rule: "r", Severity: diag.Error}} },
		"no policy":     func(w *Target) { w.Policy, w.Findings = nil, diag.List{{Rule: "compile", Severity: diag.Error}} },
		"locks out":     func(w *Target) { w.Policy = []byte(document(statement("use", `"kms:Decrypt"`, role("a")))) },
		"other account": func(w *Target) { w.Key.AccountFrom = spec.FromPolicy },
	}
	for name, wrong := range wrongs {
		for _, one := range spellings {
			for _, other := range spellings {
				for _, order := range []bool{true, false} {
					good, bad := target(one, letting("a")), target(other, letting("b"))
					good.File, bad.File = "keys/good.yaml", "keys/bad.yaml"
					wrong(&bad)
					pair := []Target{good, bad}
					if !order {
						pair = []Target{bad, good}
					}
					for _, it := range b.plan(pair...) {
						if it.State != Blocked || !hasFinding(it, "several-specs-for-key") {
							t.Errorf("%s, %s and %s: %s is %s (%s)", name, one, other, it.File, it.State, it.Reason)
						}
						if it.File == good.File && (!strings.Contains(it.Reason, "keys/good.yaml") || !strings.Contains(it.Reason, "keys/bad.yaml")) {
							t.Errorf("both files are not named: %s", it.Reason)
						}
					}
				}
			}
		}
	}
}

func TestASpecWhoseKeyCannotBeDescribedCounts(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Aliases: []string{"alias/a"}})
	for _, other := range []string{key, "alias/a"} {
		described := 0
		b.proxy.Fault = func(r kmstest.Request) kmstest.Fault { // only the first of the two
			if r.Operation == "DescribeKey" {
				if described++; described > 1 {
					return kmstest.Throttled
				}
			}
			return kmstest.None
		}
		first, second := target(other, letting("a")), target(other, letting("b"))
		states := map[State]int{}
		for _, it := range b.plan(first, second) {
			states[it.State]++
			if !hasFinding(it, "several-specs-for-key") {
				t.Errorf("%s (%s)", it.State, it.Reason)
			}
		}
		if states[Change] > 0 {
			t.Errorf("%s: %v", other, states)
		}
	}
}

func TestManySpecsForOneKeyAreReportedOnceEach(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Aliases: []string{"alias/a"}})
	items := b.apply(target(key, letting("a")), target("alias/a", letting("b")), target("alias/a", letting("c")))
	for _, it := range items {
		expectState(t, it, Blocked, "and 1 more specs are for the key")
		if len(it.Findings) != 1 {
			t.Errorf("%+v", it.Findings)
		}
	}
	if b.server.Count("PutKeyPolicy") > 0 {
		t.Error("one of them was put")
	}
}

func TestOtherKeysAreNoReasonToBlock(t *testing.T) {
	const other = "999999999999"
	b := newBench(t, func(o *Options) { o.Roles = map[string]Role{other: {ARN: "arn:aws:iam::" + other + ":role/keypolicy"}} })
	b.server.Add(kmstest.Key{Aliases: []string{"alias/a"}})
	b.server.Add(kmstest.Key{Aliases: []string{"alias/a"}, Region: "eu-west-1"})
	b.server.Add(kmstest.Key{Aliases: []string{"alias/a"}, Account: other})
	west, away := target("alias/a", letting("a")), target("alias/a", strings.ReplaceAll(letting("a"), kmstest.Account, other))
	west.Key.Region, away.Key.Account = "eu-west-1", other
	for _, it := range b.plan(target("alias/a", letting("a")), west, away) {
		expectState(t, it, Change, "")
	}
}

// A spec that is wrong about its key, or cannot be read, counts for every key that its text may mean.
func TestASpecThatIsWrongAboutItsKeyCounts(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Aliases: []string{"alias/a"}})
	alias := spec.Key{Key: policy.Key{ID: "alias/a", Region: region}}
	for name, wrong := range map[string]func(*Target){
		"another Region":  func(w *Target) { w.Key.ID, w.Key.Region = key, "us-east-1" },
		"another account": func(w *Target) { w.Key.ID, w.Key.Account = key, "999999999999" },
		"two keys": func(w *Target) {
			w.Key = spec.Key{}
			w.Policy, w.Claims = nil, []spec.Key{{Key: policy.Key{ID: "alias/none", Region: region}}, alias}
		},
		"a key by its ARN": func(w *Target) { w.Key = spec.Key{}; w.Policy, w.Claims = nil, []spec.Key{{Key: policy.Key{ID: key}}} },
	} {
		good, bad := target("alias/a", letting("a")), target("alias/b", letting("b"))
		good.File, bad.File = "keys/good.yaml", "keys/bad.yaml"
		wrong(&bad)
		if bad.Policy == nil {
			bad.Findings = diag.List{{Rule: "compile", Severity: diag.Error}}
		}
		for _, it := range b.plan(bad, good) {
			if it.State != Blocked || !hasFinding(it, "several-specs-for-key") {
				t.Errorf("%s: %s is %s (%s)", name, it.File, it.State, it.Reason)
			}
		}
	}
}
