package access

import (
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
}

func actionOf(f facts.Action) action {
	a := action{name: f.Name, short: f.ShortName, effective: f.EffectiveInKeyPolicy, cross: no}
	if f.CrossAccountUse == "yes" { // AWS lists what another account can use, and what is not listed has no effect there
		a.cross = yes
	}
	return a
}

func futureAction(name string) action {
	return action{name: name, short: strings.TrimPrefix(name, "kms:"), effective: true, cross: maybe, future: true}
}

const putKeyPolicy = "kms:PutKeyPolicy"
