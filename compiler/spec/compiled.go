package spec

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Compiled is one key's policy in one Region: what a spec was lowered to, or what was written as a policy, with what is said of its key.
type Compiled struct {
	Name     string // the output's file name without ".json"
	Form     Form
	Key      Key
	Document *policy.Document
	Labels   map[string]string // the spec's, or those of the configuration for a policy that is not a spec
	UsedBy   []UsedBy          // what the key is said to be for from outside a plain policy document
	Expect   []Expectation     // what it must decide, given from outside
	Defaults []string          // the variables whose defaults it rests on, such as var.admins

	// Worlds are the policy as it is with the choices settled that it rests on; nil where it rests on none.
	Worlds func() Worlds
}

// Worlds are what one policy can become by choices that are not known before a run.
type Worlds struct {
	List  []World
	All   bool    // there are no others
	Unset []World // those in which no policy is written, so that it is KMS's default one
}

// World is a policy with its choices settled in one way.
type World struct {
	Assumed []symbol.Assumption
	By      string    // one text for the worlds in which the policy is that of one resource
	Policy  *Compiled // nil where it could not be read
	Found   diag.List // what is wrong with its text, beside what is wrong whatever the choices come to
}
