// Package carrier is what holds the key policies of other tools' files: the keys that such a file makes, each with its
// policy as nodes that keep their places in the file.
package carrier

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// Key is one key of a carrier.
type Key struct {
	Resource string       // its address, such as module.logs.aws_kms_key.this[0]
	Node     *source.Node // of the resource: where what is about the whole key is reported

	// Policy is the policy as written: a JSON text, or a mapping. nil where none is written, so that KMS's default counts.
	// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
	Policy *source.Node

	// Bypass is the attribute that has KMS leave out its check that the caller can still change the policy; nil where it is
	// not set. https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
	Bypass *source.Node

	// Sensitive says that the carrier marks the policy, or a part of what it is made of, as not to be shown.
	Sensitive bool

	// Unmade says that nothing makes the key as things are: its count is zero unless a variable is set.
	Unmade bool

	// Parts are what else in the file the policy is made of.
	Parts []*source.Node

	// What is known of the key; "" is not known.
	Account, Partition, Region, Spec, Usage, Origin string
	MultiRegion                                     bool

	Change Change

	// Source is the key of a plan as the source of its module has it; nil where that is not at hand. Planned are then the places in
	// the plan of what has a place in the source, by the latter.
	Source  *Key
	Planned map[diag.Place]diag.Place

	// Defaults are those that the policy rests on: of variables that nothing gives another value.
	Defaults []Default

	// Choices are what the policy rests on that is not known before a run, where the file says what each comes to: both sides of
	// a condition, or the elements that a list of unknown length has.
	Choices []symbol.Choice

	// Worlds are the key as it is with the choices settled, in each way in turn; nil where there are none. all says that the
	// list has every way.
	Worlds func() (list []World, all bool)

	// WithoutDefaults is the key as it is whatever those defaults are: each is a hole. nil where there are none.
	WithoutDefaults *Key
}

// World is a key with its choices settled.
type World struct {
	Key     *Key
	Assumed []symbol.Assumption
	By      string    // one text for the worlds in which the policy is that of one resource
	Found   diag.List // what is wrong with its policy's text
	Unread  bool      // the policy's text cannot be read
}

// Default is the default of a variable.
type Default struct {
	Variable string // as a reference, such as var.admins
	Place    diag.Place
}

// Action is what a plan does to a key.
type Action string

// The actions of a plan. A state has none.
const (
	NoChange Action = ""
	Create   Action = "create"
	Update   Action = "update"
	Replace  Action = "replace"
	Delete   Action = "delete"
)

// Change is what a plan does to a key, with the policy that it has before.
type Change struct {
	Action Action
	Before *source.Node // the policy before, as Key.Policy; nil where the key is created
}
