package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// outsider reports whether a change is one of somebody outside of the key's account. Services are not meant: they act for an
// account.
func outsider(c access.Change, account string) bool {
	if c.Principal == "*" || c.Kind == "canonical_user" {
		return true
	}
	of := accountOf(c.Principal)
	return of != "" && of != account
}

// agreed is what another account has to add to a key policy: its own identity policies have to allow it too.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
func agreed(many bool) string {
	if many {
		return "if their own accounts agree"
	}
	return "if its own account agrees"
}

// outsiders are the outsiders that gain access, in the words of a report, each once, with the keys that they gain it to.
type outsiders struct {
	names []string
	keys  map[string]int
	all   int // keys that any of them gains access to
	live  bool
}

// gaining collects the outsiders that gain access by what is put, or is to be.
func (k Keys) gaining() outsiders {
	o := outsiders{keys: map[string]int{}}
	for i := range k {
		names := k[i].gaining()
		if len(names) > 0 {
			o.all++
			o.live = o.live || k[i].Live
		}
		for _, name := range names {
			if o.keys[name] == 0 {
				o.names = append(o.names, name)
			}
			o.keys[name]++
		}
	}
	slices.SortFunc(o.names, func(a, b string) int { return cmp.Or(everyoneFirst(a)-everyoneFirst(b), strings.Compare(a, b)) })
	return o
}

func everyoneFirst(name string) int {
	if name == anyone {
		return 0
	}
	return 1
}

// gaining are the outsiders that gain access to a key.
func (k *Key) gaining() []string {
	if k.Diff == nil || !slices.Contains([]string{"change", "updated", "unverified"}, k.State) {
		return nil
	}
	return outsidersOf(k.Diff.Added, k.Account)
}

// outsidersOf are the outsiders that changes let in, by their names in a report.
func outsidersOf(added []access.Change, account string) []string {
	p := Policy{Account: keypolicy.Account{ID: account}}
	var names []string
	for _, c := range added {
		if (c.Decision == access.Allowed || c.Decision == access.NeedsIdentityPolicy) && outsider(c, account) && !covered(c, added, account) {
			names = append(names, p.who(c.Principal, c.Kind))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// mostOutsiders are named; all are counted.
const mostOutsiders = 20

// String says who gains access from outside; "" where nobody does.
func (o outsiders) String() string {
	if len(o.names) == 0 {
		return ""
	}
	var names []string
	for i, name := range o.names {
		if i == mostOutsiders {
			names = append(names, fmt.Sprintf("%d more", len(o.names)-i))
			break
		}
		names = append(names, fmt.Sprintf("%s (%s)", name, number(o.keys[name], "key", "keys")))
	}
	return fmt.Sprintf("%s: %s", o.count(), diag.Join(names, "and"))
}

// count says how many gain access from outside, and to how many keys; in a comparison from the live side, how many have it
// that no spec lets in.
func (o outsiders) count() string {
	who, gain, have := fmt.Sprintf("%d outsiders", len(o.names)), "gain", "have"
	if len(o.names) == 1 {
		who, gain, have = "1 outsider", "gains", "has"
	}
	keys := number(o.all, "key", "keys")
	if o.live {
		return fmt.Sprintf("%s %s access to %s beyond the spec", who, have, keys)
	}
	return fmt.Sprintf("%s %s access to %s", who, gain, keys)
}

// Outsiders says how many outsiders gain access, and to how many keys; "" where nobody does.
func (k Keys) Outsiders() string {
	o := k.gaining()
	if len(o.names) == 0 {
		return ""
	}
	return o.count()
}
