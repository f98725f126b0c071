package access

import (
	"maps"
	"slices"
	"strings"
)

func smallCallers() []caller {
	list := []caller{
		{kind: callerRoot, account: testAccount},
		{kind: callerUser, account: testAccount, name: "alice"},
		{kind: callerUser, account: testAccount, path: "team/", name: "alice"},
		{kind: callerUser, account: testAccount, name: "carol"},
		{kind: callerSession, account: testAccount, name: "app", session: "s1"},
		{kind: callerSession, account: testAccount, name: "app", session: "s2"},
		{kind: callerSession, account: testAccount, name: "zoo", session: "s1"},
		{kind: callerFederated, account: testAccount, name: "alice"},
		{kind: callerFederated, account: testAccount, name: "fed"},
		{kind: callerRoot, account: otherAccount},
		{kind: callerSession, account: otherAccount, name: "app", session: "s1"},
		{kind: callerUser, account: otherAccount, name: "alice"},
		{kind: callerUser, account: "777788889999", name: "eve"},
		{kind: callerSession, account: "777788889999", name: "api", session: "s"},
		{kind: callerService, name: "sns.amazonaws.com"},
		{kind: callerService, name: "logs.us-east-1.amazonaws.com"},
		{kind: callerService, name: "other.amazonaws.com"},
	}
	for i := range list {
		list[i].partition = "aws"
	}
	return list
}

// requests are all that can be over the domain, with every key that the policies look at.
func (s *small) requests(m *model, looked []string) []*request {
	names := slices.Clone(s.keys)
	if slices.ContainsFunc(names, func(k smallKey) bool { return k.name == "aws:ResourceTag/t" || k.name == "kms:EncryptionContext:App" }) && slices.Contains(looked, "aws:principaltag/t") &&
		!slices.ContainsFunc(names, func(k smallKey) bool { return k.name == "aws:PrincipalTag/t" }) {
		names = append(names, smallKey{name: "aws:PrincipalTag/t", values: []string{"red", "x"}})
	}
	contexts := []map[string][]string{{}}
	for _, k := range names {
		var next []map[string][]string
		for _, ctx := range contexts {
			for _, values := range k.sets() {
				c := maps.Clone(ctx)
				if values != nil {
					c[strings.ToLower(k.name)] = values
				}
				next = append(next, c)
			}
		}
		contexts = next
	}
	var list []*request
	for _, name := range []string{"kms:PutKeyPolicy", "kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:DescribeKey", "kms:EnableKeyRotation"} {
		a := knownAction(name)
		for _, c := range smallCallers() {
			for _, ctx := range contexts {
				if r := (&request{caller: c, action: a, ctx: ctx}); m.feasible(r, looked) {
					list = append(list, r)
				}
			}
		}
	}
	return list
}

// sets are the values that a request can have: none, one, or of a key with several any number.
func (k smallKey) sets() [][]string {
	list := [][]string{nil}
	if !k.many {
		for _, v := range k.values {
			list = append(list, []string{v})
		}
		return list
	}
	for bits := 1; bits < 1<<len(k.values); bits++ {
		var set []string
		for i, v := range k.values {
			if bits>>i&1 == 1 {
				set = append(set, v)
			}
		}
		list = append(list, set)
	}
	return list
}
