package rules_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// A rule that would not end for days is stopped, which is a finding about the policy. The limit here does not wait.
func TestARuleThatTakesTooLongIsStoppedAndNamed(t *testing.T) {
	endless := "findings contains lib.at([], \"m\") if {\n\tsome i in numbers.range(1, 1000)\n\tsome j in numbers.range(1, 1000)\n" +
		"\tsome k in numbers.range(1, 1000)\n\tsome l in numbers.range(1, 1000)\n\ti * j * k * l == 0\n}\n"
	begun, ended := 0, 0
	limit := func(cancel func()) func() {
		begun++
		cancel()
		return func() { ended++ }
	}
	set := load(t, rules.Options{Only: "mine", Limit: limit, User: []rules.Folder{folder(map[string]string{"mine.rego": ruleOf(endless)})}})
	found, err := set.Evaluate(context.Background(), targetOf(t, "a.json", policyText))
	if err != nil || len(found) != 1 || found[0].Rule != "mine" || found[0].Reason != "stopped" || found[0].Severity != diag.Error || found[0].Place.File != "a.json" ||
		found[0].Message != "the rule mine takes too long on this statement, and was stopped: what it would report of the document is not known" {
		t.Errorf("%+v, error %v", found, err)
	}
	if begun == 0 || begun != ended {
		t.Errorf("%d waits were begun and %d ended", begun, ended)
	}
}

// severalRules is a policy for which several rules are due.
const severalRules = `{"Statement": [
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt", "Resource": "*", "Nonsense": ""}]}`

// Rules that take too long together, but none by itself, are asked one by one, and find the same.
func TestRulesThatTakeTooLongTogetherAreAskedOneByOne(t *testing.T) {
	target := targetOf(t, "a.json", severalRules)
	want, err := load(t, rules.Options{}).Evaluate(context.Background(), target)
	if err != nil || len(want) == 0 {
		t.Fatalf("%d findings, error %v", len(want), err)
	}
	queries := 0
	limit := func(cancel func()) func() {
		if queries++; queries == 1 {
			cancel()
		}
		return func() {}
	}
	got, err := load(t, rules.Options{Limit: limit}).Evaluate(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the findings are\n%v\nnot\n%v", got, want)
	}
}

// Where one rule is stopped, the others report what they find.
func TestARuleThatIsStoppedStopsNoOther(t *testing.T) {
	target := targetOf(t, "a.json", severalRules)
	want, err := load(t, rules.Options{}).Evaluate(context.Background(), target)
	if err != nil || len(want) == 0 {
		t.Fatalf("%d findings, error %v", len(want), err)
	}
	queries := 0
	limit := func(cancel func()) func() {
		if queries++; queries <= 2 { // all together, and the first by itself
			cancel()
		}
		return func() {}
	}
	got, err := load(t, rules.Options{Limit: limit}).Evaluate(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	stopped := ""
	for _, d := range got {
		if d.Reason == "stopped" {
			stopped += d.Rule
		}
	}
	without := func(list diag.List) diag.List {
		return slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool { return d.Rule == stopped })
	}
	if stopped == "" || !reflect.DeepEqual(without(got), without(want)) {
		t.Errorf("without %s the findings are\n%v\nnot\n%v", stopped, without(got), without(want))
	}
}
