package desired

import (
	"cmp"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// Coverage says which live keys have no target, and which targets of the scopes no key.
func Coverage(all push.Imports, scopes []push.Scope, targets []push.Target) *keypolicy.Coverage {
	c := &keypolicy.Coverage{Version: 1, KeysWithoutSpec: []keypolicy.Uncovered{}, SpecsWithoutKey: []keypolicy.Uncovered{}}
	live, accounts := map[string]bool{}, map[string]string{} // Region → the account of its keys
	for _, arn := range all.Leaving {
		live["key "+arn] = true
	}
	for _, k := range all.Keys {
		accounts[k.Key.Region] = k.Key.Account
		for _, id := range k.Identities() {
			live[id] = true
		}
	}
	specs := map[string]bool{}
	for _, t := range targets {
		key := t.Key
		if scope := scopes[0]; key.Account == "" && scope.Account == "" { // the account is that of the credentials
			key.Account = accounts[key.Region]
		}
		id := push.Identity(key)
		specs[id] = true
		within := slices.Contains(scopes, push.Scope{Account: key.Account, Region: key.Region}) || slices.Contains(scopes, push.Scope{Region: key.Region})
		if within && id != "" && !live[id] && len(all.Failed) == 0 { // a key that could not be read may be the spec's
			c.SpecsWithoutKey = append(c.SpecsWithoutKey, keypolicy.Uncovered{File: t.File, Document: t.Document, Key: t.Key.ID, Account: key.Account, Region: key.Region})
		}
	}
	for _, k := range all.Keys {
		if !slices.ContainsFunc(k.Identities(), func(id string) bool { return specs[id] }) {
			c.KeysWithoutSpec = append(c.KeysWithoutSpec, keypolicy.Uncovered{Key: k.ARN, Aliases: k.Aliases, Account: k.Key.Account, Region: k.Key.Region})
		}
	}
	slices.SortFunc(c.SpecsWithoutKey, func(a, b keypolicy.Uncovered) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Document, b.Document), cmp.Compare(a.Region, b.Region))
	})
	c.Summary.Keys, c.Summary.NotRead = len(all.Keys), len(all.Failed)
	c.Summary.KeysWithoutSpec, c.Summary.SpecsWithoutKey = len(c.KeysWithoutSpec), len(c.SpecsWithoutKey)
	return c
}
