package access

import (
	"fmt"
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

// keyInFact says whether a key is one that a fact lists, or of a family that it lists.
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

// agreeInFacts says whether a fact has two keys exclude each other for a caller, or agree.
func agreeInFacts(one, two, kind string) bool {
	for _, x := range facts.KeyExclusions() {
		if slices.Contains(x.Callers, kind) && (keyInFact([]string{x.Key}, one) && keyInFact(x.Without, two) || keyInFact([]string{x.Key}, two) && keyInFact(x.Without, one)) {
			return true
		}
	}
	return slices.ContainsFunc(facts.KeyAgreements(), func(a facts.KeyAgreement) bool {
		return keyInFact(a.Keys[:1], one) && keyInFact(a.Keys[1:], two) || keyInFact(a.Keys[:1], two) && keyInFact(a.Keys[1:], one)
	})
}

func TestEveryRefusalOfTwoKeysIsAFact(t *testing.T) {
	m, all, refused := neverModel(t), facts.ConditionKeys(), 0
	for i := range neverCallers {
		c := &neverCallers[i]
		type pair struct {
			name, value string
			key         conditionKey
		}
		var possible []pair
		for _, k := range all {
			name := k.Spell("note")
			if a, ok := actionWith(keyNamed(name)); ok && k.Numbers == nil {
				for _, value := range samples(k) {
					if refusedWhy(m, c, a, map[string][]string{name: {value}}) == "" {
						possible = append(possible, pair{name, value, keyNamed(name)})
						break
					}
				}
			}
		}
		for x, one := range possible {
			for _, two := range possible[x+1:] {
				a, ok := actionWith(one.key, two.key)
				if !ok || one.name == two.name {
					continue
				}
				why := refusedWhy(m, c, a, map[string][]string{one.name: {one.value}, two.name: {two.value}})
				switch {
				case why == "":
				case !agreeInFacts(one.name, two.name, c.kindName()):
					t.Errorf("%s with %s = %q and %s = %q: %s; no fact says so", c.arn(), one.name, one.value, two.name, two.value, why)
				default:
					refused++
				}
			}
		}
	}
	if refused < 20 {
		t.Errorf("%d refused: too few were tried", refused)
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
		if !slices.ContainsFunc(facts.PinnedKeys(), func(p facts.PinnedKey) bool { return keyInFact(p.Keys, name) }) {
			t.Errorf("%s is %s for the key; no fact says so", name, m.pinned(strings.ToLower(name)))
		}
	}
	if found < 6 {
		t.Errorf("%d keys: too few", found)
	}
}

// TestEveryImpossibleBoxIsAFact looks at what the search takes for impossible, over all keys at once.
func TestEveryImpossibleBoxIsAFact(t *testing.T) {
	var list []string
	for _, k := range facts.ConditionKeys() {
		if k.Numbers != nil {
			continue
		}
		operator := "StringLike"
		switch k.Type {
		case "Bool":
			operator = "Bool"
		case "Numeric":
			operator = "NumericLessThan"
		case "Date":
			operator = "DateLessThan"
		case "IP":
			operator = "IpAddress"
		}
		if k.Multivalued {
			operator = "ForAnyValue:" + operator
		}
		list = append(list, fmt.Sprintf(`{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {%q: {%q: %q}}}`, operator, k.Spell("note"), samples(k)[0]))
	}
	env := testEnv()
	env.Region = "us-east-1"
	s := newSpace(env, unmetered(), newModel(statements(t, strings.Join(list, ",")), env, testAccount))
	for _, b := range s.impossible {
		var keys []*dimension
		var absent []bool
		for i, d := range s.dims {
			if set := b[dimKeys+i]; set != nil {
				keys, absent = append(keys, d), append(absent, set.Has(0))
			}
		}
		kinds := map[string]bool{}
		for i := range s.callers {
			if b[dimCaller] == nil || b[dimCaller].Has(i) {
				kinds[s.callers[i].kindName()] = true
			}
		}
		of := func(fits func(kind string) bool) bool {
			for kind := range kinds {
				if !fits(kind) {
					return false
				}
			}
			return true
		}
		name := func(i int) string { return keys[i].key.name }
		said := false
		switch len(keys) {
		case 1:
			k := keys[0].key
			onNone := b[dimAction] != nil && !slices.ContainsFunc(s.actions, func(a action) bool {
				return k.operations == nil || slices.Contains(k.operations, a.short) && b[dimAction].Has(slices.IndexFunc(s.actions, func(o action) bool { return o.name == a.name }))
			})
			said = onNone || // its operations are a fact
				absent[0] && k.always || // so is that it is in every request
				of(func(kind string) bool {
					return facts.KeySent(name(0), kind) == facts.SentNever || derivedForm(name(0), kind) != ""
				})
		case 2:
			said = of(func(kind string) bool { return agreeInFacts(name(0), name(1), kind) })
		}
		if !said {
			var names []string
			for i := range keys {
				names = append(names, name(i))
			}
			t.Errorf("requests of %v with %v are taken for impossible; no fact says so", sortedKeys(kinds), names)
		}
	}
	if len(s.impossible) < 40 {
		t.Errorf("%d boxes: too few", len(s.impossible))
	}
}
