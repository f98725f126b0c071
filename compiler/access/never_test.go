package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// What the engine takes for impossible is a claim about AWS. These tests look at what it refuses, wherever in the code it
// does, and want a fact, which has its page, for each combination of caller, action, key and value.

var neverCallers = []caller{
	{kind: callerRoot, partition: "aws", account: testAccount},
	{kind: callerUser, partition: "aws", account: testAccount, name: "eve"},
	{kind: callerSession, partition: "aws", account: testAccount, name: "app", session: "s1"},
	{kind: callerFederated, partition: "aws", account: testAccount, name: "fred"},
	{kind: callerService, partition: "aws", name: "sns.amazonaws.com"},
}

// keyInFact reports whether a key is one that a fact lists, or of a family that it lists.
func keyInFact(list []string, key string) bool {
	return slices.ContainsFunc(list, func(k string) bool {
		family, many := strings.CutSuffix(k, "*")
		return strings.EqualFold(k, key) || many && len(key) > len(family) && strings.EqualFold(key[:len(family)], family)
	})
}

// derivedForm names how a key's value follows from a kind of caller, "" where no page says so.
func derivedForm(key, kind string) string {
	for _, d := range facts.DerivedKeys() {
		if keyInFact(d.Keys, key) && slices.Contains(d.Callers, kind) {
			return d.Form
		}
	}
	return ""
}

// derivedValue is the value of a form, as the page has it.
func derivedValue(form string, c *caller, given string) string {
	switch form {
	case "account_id":
		return testAccount
	case "true", "false":
		return form
	case "name":
		return map[callerKind]string{callerUser: "eve", callerService: "sns.amazonaws.com"}[c.kind]
	case "principal_type":
		return map[callerKind]string{callerRoot: "Account", callerUser: "User", callerSession: "AssumedRole", callerFederated: "FederatedUser"}[c.kind]
	case "principal_arn":
		return map[callerKind]string{
			callerRoot: "arn:aws:iam::111122223333:root", callerUser: "arn:aws:iam::111122223333:user/eve",
			callerSession: "arn:aws:iam::111122223333:role/app", callerFederated: "arn:aws:sts::111122223333:federated-user/fred",
		}[c.kind]
	case "user_id":
		switch fixed := map[callerKind]string{callerRoot: testAccount, callerFederated: testAccount + ":fred"}[c.kind]; {
		case fixed != "":
			return fixed
		case c.kind == callerUser && strings.HasPrefix(given, "AIDA") && !strings.Contains(given, ":"), c.kind == callerSession && strings.HasPrefix(given, "AROA") && strings.HasSuffix(given, ":s1"):
			return given
		}
	}
	return ""
}

// neverByFacts says which fact rules a request with one key out, "" where none does.
func neverByFacts(k facts.ConditionKey, name, value string, c *caller) string {
	kind := c.kindName()
	if facts.KeySent(name, kind) == facts.SentNever {
		return "never of this caller"
	}
	if form := derivedForm(name, kind); form != "" && derivedValue(form, c, value) != value {
		return "follows from the caller"
	}
	if k.Values != nil && !slices.Contains(k.Values, value) {
		return "not in the list of values"
	}
	if limit, limited := facts.LookupValueLimit(name); limited && limit.Only != nil && !slices.Contains(limit.Only, value) {
		return "not among the only values"
	}
	if wellFormed(keyNamed(name), value) {
		return ""
	}
	return "not of the key's type"
}

// samples are values of a key, the first a usual one.
func samples(k facts.ConditionKey) []string {
	list := map[string][]string{
		"aws:userid": {"AIDA1234567890ABCDEFG", "AROA1234567890ABCDEFG:s1", testAccount, testAccount + ":fred"}, "aws:principaltype": {"User", "AssumedRole", "Account"},
		"aws:sourceaccount": {testAccount, "444455556666"}, "aws:sourcearn": {"arn:aws:sns:us-east-1:111122223333:t", "arn:aws:s3:::bucket"},
		"aws:resourceaccount": {testAccount}, "aws:vpceaccount": {testAccount}, "aws:principalaccount": {testAccount}, "kms:calleraccount": {testAccount},
		"aws:principalorgid": {"o-a1b2c3d4e5"}, "aws:sourceorgid": {"o-a1b2c3d4e5"}, "aws:resourceorgid": {"o-a1b2c3d4e5"}, "aws:vpceorgid": {"o-a1b2c3d4e5"},
		"aws:principalorgpaths": {"o-a1b2c3d4e5/r-ab12/"}, "aws:sourceorgpaths": {"o-a1b2c3d4e5/r-ab12/"}, "aws:resourceorgpaths": {"o-a1b2c3d4e5/r-ab12/"}, "aws:vpceorgpaths": {"o-a1b2c3d4e5/r-ab12/"},
		"aws:sourcevpc": {"vpc-111bbb22"}, "aws:sourcevpce": {"vpce-1a2b3c4d"}, "aws:requestedregion": {"us-east-1"}, "kms:viaservice": {"s3.us-east-1.amazonaws.com"},
		"kms:primaryregion": {"us-east-1"}, "kms:replicaregion": {"us-east-1"},
		"kms:rotationperiodindays": {"365"}, "kms:schedulekeydeletionpendingwindowindays": {"7"}, "kms:encryptioncontextkeys": {"note", "other"},
	}[strings.ToLower(k.Name)]
	switch {
	case list != nil:
		return list
	case k.Values != nil:
		return k.Values[:min(2, len(k.Values))]
	}
	switch k.Type {
	case "Bool":
		return []string{"true", "false"}
	case "Numeric":
		return []string{"3600", "0"}
	case "Date":
		return []string{"2026-06-01T00:00:00Z"}
	case "IP":
		return []string{"203.0.113.9", "10.0.0.1"}
	}
	return []string{"x", "team/y", "arn:aws:iam::111122223333:role/app", "a\nb", "0"}
}

// actionWith is an action whose requests have all of some keys; ok is false where the facts' operations leave none.
func actionWith(keys ...conditionKey) (a action, ok bool) {
	for _, f := range facts.Actions() {
		one := actionOf(f)
		if !slices.ContainsFunc(keys, func(k conditionKey) bool { return !k.on(one) }) {
			return one, true
		}
	}
	return action{}, false
}

func neverModel(t *testing.T) *model {
	t.Helper()
	env := testEnv()
	env.Region = "us-east-1"
	return newModel(statements(t, rootStatement), env, testAccount)
}

// refusedWhy says why a context cannot be for a caller, by what reads requests and by what checks witnesses.
func refusedWhy(m *model, c *caller, a action, context map[string][]string) string {
	if _, err := m.readContext(Request{Context: context}, a, c); err != nil {
		return err.Error()
	}
	r := &request{caller: *c, action: a, ctx: map[string][]string{}}
	var looked []string
	for name, values := range context {
		r.ctx[strings.ToLower(name)] = values
		looked = append(looked, strings.ToLower(name))
	}
	if !m.feasible(r, looked) {
		return "is not feasible"
	}
	return ""
}

func TestEveryRefusalOfAKeyIsAFact(t *testing.T) {
	m, refused, taken := neverModel(t), 0, 0
	for _, k := range facts.ConditionKeys() {
		name := k.Spell("note")
		a, ok := actionWith(keyNamed(name))
		if !ok || k.Numbers != nil {
			continue // no action of a key policy, by the key's operations; or numbered
		}
		for i := range neverCallers {
			for _, value := range samples(k) {
				c := &neverCallers[i]
				why := refusedWhy(m, c, a, map[string][]string{name: {value}})
				switch fact := neverByFacts(k, name, value, c); {
				case why == "":
					taken++
				case fact == "":
					t.Errorf("%s with %s = %q: %s; no fact says so", c.arn(), name, value, why)
				default:
					refused++
				}
			}
		}
	}
	if refused < 50 || taken < 300 {
		t.Errorf("%d refused, %d taken: too few were tried", refused, taken)
	}
}

func TestEveryKeyThatFollowsFromTheKeyIsAFact(t *testing.T) {
	multiRegion := true
	env := Env{Account: testAccount, Partition: "aws", KeyARN: testKey, Region: "us-east-1", KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT", Origin: "AWS_KMS", MultiRegion: &multiRegion}
	m, found := newModel(statements(t, rootStatement), env, testAccount), 0
	for _, k := range facts.ConditionKeys() {
		name := k.Spell("note")
		if m.pinned(strings.ToLower(name)) == "" {
			continue
		}
		found++
		if !slices.ContainsFunc(facts.PinnedKeys(), func(p facts.KeyRelation) bool { return keyInFact(p.Keys, name) }) {
			t.Errorf("%s is %s for the key; no fact says so", name, m.pinned(strings.ToLower(name)))
		}
	}
	if found < 6 {
		t.Errorf("%d keys: too few", found)
	}
}

// limitsIn are the facts that keep a caller from an action, or from any request.
func limitsIn(c *caller, f facts.Action) []string {
	var list []string
	if c.kind != callerService {
		switch {
		case c.partition != "aws":
			list = append(list, "partition")
		case len(c.account) != 12 || strings.Trim(c.account, "0123456789") != "":
			list = append(list, "account")
		case c.account != testAccount && f.CrossAccountUse != "yes":
			list = append(list, "action_of_another_account")
		}
	}
	if strings.Trim(c.name+c.session, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=,.@_-") != "" {
		list = append(list, "name")
	}
	if !f.EffectiveInKeyPolicy {
		list = append(list, "action_of_iam_policies")
	}
	return list
}

// TestEveryRefusalOfACallerIsAFact asks of each caller and each action, by a policy that allows everything to everyone.
func TestEveryRefusalOfACallerIsAFact(t *testing.T) {
	m := newModel(statements(t, `{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}`), testEnv(), testAccount)
	pages := map[string]bool{}
	for _, l := range facts.CallerLimits() {
		pages[l.Of] = true
	}
	var callers []caller
	for _, c := range neverCallers {
		callers = append(callers, c)
		other, foreign, short, misnamed := c, c, c, c
		other.account, foreign.partition, short.account, misnamed.name = "444455556666", "aws-cn", "1234", "a b"
		if c.kind != callerService {
			callers = append(callers, other, foreign, short)
		}
		if c.kind != callerService && c.kind != callerRoot {
			callers = append(callers, misnamed)
		}
	}
	refused := map[string]int{}
	for i := range callers {
		for _, f := range facts.Actions() {
			r := &request{caller: callers[i], action: actionOf(f), ctx: map[string][]string{}}
			limits := limitsIn(&callers[i], f)
			if can := m.feasible(r, nil) && getsIn(m.evaluate(r).decision); can != (len(limits) == 0) {
				t.Errorf("%s with %s: possible %v, by the facts %v", callers[i].arn(), f.Name, can, limits)
			}
			for _, of := range limits {
				if refused[of]++; !pages[of] {
					t.Errorf("no page says what limits the %s", of)
				}
			}
		}
	}
	if len(refused) != len(pages) {
		t.Errorf("refused by %v, and there are pages of %v", refused, pages)
	}
}
