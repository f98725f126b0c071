package judge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// product is one condition in one shape of policy.
type product struct {
	shape, operator, key string
	values               []string
}

// shapes are the kinds of statements that a condition is put into, each beside what it is usually beside.
var shapes = []string{"everybody", "deny everybody", "account", "service", "role of another account", "deny beside account"}

var accountStatement = rawStatement{
	Effect: "Allow", Principal: map[string][]string{"AWS": {"arn:aws:iam::" + owner + ":root"}}, Action: []string{"kms:*"}, Resource: "*",
}

// policies are the policy of a product, the one without its condition, and the one without its statement.
func (x product) policies() (with, loose, without rawPolicy) {
	s := rawStatement{Effect: "Allow", Principal: "*", Action: x.actions(), Resource: "*"}
	var beside []rawStatement
	switch x.shape {
	case "everybody":
	case "deny everybody":
		open := s.clone()
		beside = append(beside, open)
		s.Effect = "Deny"
	case "account":
		s.Principal = map[string][]string{"AWS": {"arn:aws:iam::" + owner + ":root"}}
	case "service":
		s.Principal = map[string][]string{"Service": {"sns.amazonaws.com"}}
		beside = append(beside, accountStatement)
	case "role of another account":
		s.Principal = map[string][]string{"AWS": {"arn:aws:iam::" + partner + ":role/app"}}
		beside = append(beside, accountStatement)
	case "deny beside account":
		s.Effect = "Deny"
		beside = append(beside, accountStatement)
	}
	limited := s.clone()
	limited.Condition = map[string]map[string]any{x.operator: {x.key: x.values}}
	with = rawPolicy{Version: "2012-10-17", Statement: append(slices.Clone(beside), limited)}
	loose = rawPolicy{Version: "2012-10-17", Statement: append(slices.Clone(beside), s)}
	without = rawPolicy{Version: "2012-10-17", Statement: beside}
	if len(beside) == 0 {
		without.Statement = []rawStatement{accountStatement}
	}
	return with, loose, without
}

// actions are those that decide the questions, and one whose requests have the key.
func (x product) actions() []string {
	list := []string{"kms:Decrypt", "kms:PutKeyPolicy"}
	if lower := strings.ToLower(x.key); lower == "aws:tagkeys" || strings.HasPrefix(lower, "aws:requesttag/") {
		list = append(list, "kms:TagResource")
	}
	if fact, _, ok := facts.LookupConditionKey(x.key); ok && len(fact.Operations) > 0 && !slices.ContainsFunc(list, func(a string) bool { return facts.ConditionKeyForAction(x.key, a) }) {
		for _, name := range append([]string{"CreateGrant"}, fact.Operations...) {
			if !slices.Contains(fact.Operations, name) {
				continue
			}
			if a, ok := facts.LookupAction("kms:" + name); ok && a.EffectiveInKeyPolicy && slices.Contains(a.ResourceTypes, "key") {
				return append(list, "kms:"+name)
			}
		}
	}
	return list
}

// judge holds what the engine says of a product against every request of its grid.
func (x product) judge() (found []refutation, requests int) {
	with, loose, without := x.policies()
	list := everyRequest(mustParse(with.text()), x.actions())
	found = judgeAll(with.text(), list)
	found = append(found, judgePair(with.text(), loose.text(), list)...)
	return append(found, judgePair(without.text(), with.text(), list)...), len(list)
}

// judgeAll holds all that is said of one policy against requests.
func judgeAll(text string, list []*request) (found []refutation) {
	env := environment()
	a := access.NewAnalysis(document(text), env)
	public, _ := a.Public()
	report := &access.Report{
		Lockout: a.Lockout(), External: a.External(), Public: public, ConfusedDeputy: a.ConfusedDeputy(), Statements: a.Statements(), Matrix: a.Matrix(), Unknown: a.Unknown(),
	}
	found = append(found, judgeReportOf(text, report, env, list)...)
	found = append(found, judgeEditorsBy(text, report.Lockout.Editors, list)...)
	found = append(found, judgeWitnesses(text, a)...)
	var some []*request
	for i := 0; i < len(list); i += 1 + len(list)/30 {
		some = append(some, list[i])
	}
	for _, f := range judgeSimulation(text, some) {
		if !strings.Contains(f.detail, "engine unknown") { // to the engine more is open: how a number is written as text
			found = append(found, f)
		}
	}
	return found
}

// judgePair holds what is said of two policies against requests.
func judgePair(oldText, newText string, list []*request) (found []refutation) {
	diff := access.Diff(document(oldText), document(newText), environment(), environment())
	found = append(found, judgeDifferenceOf(oldText, newText, diff, list)...)
	return append(found, judgeChanges(oldText, newText, diff)...)
}

// judgeEditorsBy holds what an analysis says of who can change the policy against requests.
func judgeEditorsBy(text string, editors access.Editors, requests []*request) (found []refutation) {
	p := mustParse(text)
	if editors != access.EditorsAlways {
		return nil
	}
	refused := map[caller]bool{}
	var last *request
	for _, r := range requests {
		if r.action != "kms:PutKeyPolicy" || r.caller.kind == service || r.caller.account != owner || !r.documented() {
			continue
		}
		if d := p.decide(owner, r); d&getsIn == 0 {
			refused[r.caller], last = true, r
		} else if !refused[r.caller] {
			refused[r.caller] = false
		}
	}
	for _, is := range refused {
		if !is {
			return nil
		}
	}
	return []refutation{{"editors always", "each caller is refused in some context", last}}
}

// TestProductsAgainstTheJudge goes through the condition operators and the condition keys, each with each, and not at random.
func TestProductsAgainstTheJudge(t *testing.T) {
	tried, requests := 0, 0
	for _, x := range products(t) {
		found, n := x.judge()
		tried, requests = tried+1, requests+n
		seen := map[string]bool{}
		for _, f := range found {
			if !seen[f.law] {
				seen[f.law] = true
				with, _, _ := x.policies()
				t.Errorf("%s %s %s %q: %s\n  %s", x.shape, x.operator, x.key, x.values, f, with.text())
			}
		}
	}
	t.Logf("%d products, %d requests", tried, requests)
}
