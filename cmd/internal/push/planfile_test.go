package push

import (
	"regexp"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// planFile makes a plan as it comes back from its file.
func planFile(t *testing.T, items []*Item) *PlanFile {
	t.Helper()
	text, err := Pin(items, Flags{Region: region}, nil, Audit{}).JSON()
	check(t, err)
	if !IsPlan(text) {
		t.Fatalf("it is not seen to be a plan: %s", text)
	}
	f, err := ParsePlan(text)
	check(t, err)
	return f
}

func TestAPlanHolds(t *testing.T) {
	for name, test := range map[string]struct {
		change func(b *bench, key string, wanted *Target)
		state  State
		why    string
	}{
		"as planned":              {func(*bench, string, *Target) {}, Change, ""},
		"another spec":            {func(_ *bench, _ string, w *Target) { w.Digest = "sha256:0" }, Refused, "the spec has changed"},
		"another policy":          {func(_ *bench, _ string, w *Target) { w.Policy = []byte(letting("b")) }, Refused, "compiles to another policy"},
		"another live policy":     {func(b *bench, key string, _ *Target) { b.server.SetPolicy(key, letting("theirs")) }, Refused, "the live policy is not the one"},
		"put meanwhile":           {func(b *bench, key string, _ *Target) { b.server.SetPolicy(key, letting("a")) }, Unchanged, ""},
		"another document":        {func(_ *bench, _ string, w *Target) { w.Document = 1 }, Refused, "the plan does not have this key"},
		"another key":             {func(b *bench, _ string, w *Target) { w.Key.ID = b.server.Add(kmstest.Key{}) }, Refused, "the spec's key is now another"},
		"cannot be read any more": {func(b *bench, _ string, _ *Target) { b.server.Denied = []string{"kms:GetKeyPolicy"} }, Failed, "the caller may not"},
		"an error that is new here": {func(_ *bench, _ string, w *Target) {
			w.Policy = []byte(document(statement("use", `"kms:Decrypt"`, role("a"))))
		}, Blocked, "no principal"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{})
			wanted := target(key, letting("a"))
			plan := planFile(t, b.plan(wanted))
			test.change(b, key, &wanted)
			items := plan.Hold(b.plan(wanted))
			expectState(t, items[0], test.state, test.why)
			if missing := len(items) - 1; (test.why == "the plan does not have this key") != (missing == 1) {
				t.Errorf("%d keys of the plan are said to be missing", missing)
			}
		})
	}
}

func TestAPlanKnowsAKeyWhoseRegionIsNotKnown(t *testing.T) {
	b := newBench(t)
	t.Setenv("AWS_REGION", region)
	wanted := target(b.server.Add(kmstest.Key{}), letting("a"))
	plan := planFile(t, b.plan(wanted))
	wanted.Key.Region, wanted.Policy = "", []byte(document(statement("use", `"kms:Decrypt"`, role("a")))) // blocked before a Region is looked for
	items := plan.Hold(b.plan(wanted))
	expectState(t, items[0], Blocked, "no principal")
	if len(items) != 1 {
		t.Errorf("one key is reported %d times: %s", len(items), items[1].Reason)
	}
}

func TestAPlanOfABlockedKeyStaysBlocked(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Usage: "SIGN_VERIFY", Spec: "RSA_2048"})
	wanted := target(key, letting("a"))
	plan := planFile(t, b.plan(wanted))
	wanted.Key.Usage = "SIGN_VERIFY"
	expectState(t, plan.Hold(b.plan(wanted))[0], Refused, "the key was blocked when the plan was made")
}

func TestAPlanThatIsNotWholeIsRefused(t *testing.T) {
	b := newBench(t)
	text, err := Pin(b.plan(target(b.server.Add(kmstest.Key{}), letting("a"))), Flags{}, nil, Audit{}).JSON()
	check(t, err)
	for name, test := range map[string]struct{ text, why string }{
		"cut":                   {string(text[:len(text)/2]), "not a whole plan"},
		"touched":               {strings.Replace(string(text), "role/a", "role/b", 1), "it is not as it was written, by its digest"},
		"a live policy touched": {strings.Replace(string(text), "key-default-1", "key-default-2", 1), "it is not as it was written, by its digest"},
		"a state touched":       {strings.Replace(string(text), `"state": "change"`, `"state": "unchanged"`, 1), "it is not as it was written, by its digest"},
		"no digest":             {regexp.MustCompile(`"digest": "[^"]*"`).ReplaceAllString(string(text), `"digest": ""`), "it is not as it was written, by its digest"},
		"field":                 {strings.Replace(string(text), `"flags"`, `"flag"`, 1), "not a whole plan"},
		"version":               {strings.Replace(string(text), `"keypolicy_plan": 2`, `"keypolicy_plan": 3`, 1), "a plan of version 3"},
		"twice":                 {string(text) + string(text), "something follows the plan"},
	} {
		if _, err := ParsePlan([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.why) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, other := range []string{"", "key: alias/x\n", `{"Statement": []}`, "# \"keypolicy_plan\"\nkey: x\n"} {
		if IsPlan([]byte(other)) {
			t.Errorf("%q is not a plan", other)
		}
	}
}
