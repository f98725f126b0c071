package rules_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/keypolicy/keypolicy/rules"
)

// A rule that would not end for days is stopped and named. The limit here does not wait.
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
	_, err := set.Judge(context.Background(), targetOf(t, "a.json", policyText))
	if err == nil || err.Error() != "policy-rules/mine.rego: the rule mine takes too long on a statement, and is stopped" {
		t.Errorf("the error is %v", err)
	}
	if begun == 0 || begun != ended {
		t.Errorf("%d waits were begun and %d ended", begun, ended)
	}
}

// Rules that take too long together, but none by itself, are asked one by one, and find the same.
func TestRulesThatTakeTooLongTogetherAreAskedOneByOne(t *testing.T) {
	target := targetOf(t, "a.json", `{"Statement": [
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
		{"Sid": "A", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:Decrypt", "Resource": "*", "Nonsense": ""}]}`)
	want, err := load(t, rules.Options{}).Judge(context.Background(), target)
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
	got, err := load(t, rules.Options{Limit: limit}).Judge(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the findings are\n%v\nnot\n%v", got, want)
	}
}
