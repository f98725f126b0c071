package access

import (
	"cmp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// action is what a request asks for.
type action struct {
	name      string // kms:Decrypt
	short     string // Decrypt
	effective bool   // a key policy has a say in it
	cross     tri    // another account can use it
	future    bool   // one that AWS may add
	written   string // how a policy writes one that the facts do not list; "" for all others
}

func actionOf(f facts.Action) action {
	a := action{name: f.Name, short: f.ShortName, effective: f.EffectiveInKeyPolicy, cross: no}
	if f.CrossAccountUse == "yes" { // AWS lists what another account can use, and what is not listed has no effect there
		a.cross = yes
	}
	return a
}

// Whether another account can use what AWS adds is not known, so it crosses maybe.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
func futureAction(name string) action {
	return action{name: name, short: strings.TrimPrefix(name, "kms:"), effective: true, cross: maybe, future: true}
}

// spelled is the action's name as the policy that names it writes it, else as KMS does.
func (a action) spelled() string { return cmp.Or(a.written, a.name) }

const putKeyPolicy = "kms:PutKeyPolicy"
