package policy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// From says where a fact about a key comes from.
type From string

// Where facts come from.
const (
	FromFlag          From = "flag"
	FromSpec          From = "spec"
	FromKey           From = "key" // the key's ARN
	FromConfiguration From = "configuration"
	FromPolicy        From = "policy" // the one account whose account principal an Allow gives kms:PutKeyPolicy
	FromUnknown       From = "unknown"
)

// Key is what is known of the key that a policy is for; "" is unknown.
type Key struct {
	ID          string // key id, key ARN, alias name or alias ARN, as written
	Alias       string // "alias/NAME" where ID names one
	Account     string // 12 digits
	AccountFrom From
	Partition   string // never "": aws where nothing says otherwise
	Region      string
	Spec        string // KMS's KeySpec; "" for a plain policy document
	Usage       string // KMS's KeyUsage
	Origin      string // KMS's Origin
	MultiRegion bool
	Kind        string // the facts' key kind: symmetric_encryption …
}

// Form is how a policy was asked for.
type Form string

// The forms of a spec, a plain policy document, and one that a key has.
const (
	FormLists    Form = "lists"
	FormPolicy   Form = "policy"
	FormTemplate Form = "template"
	FormDefault  Form = "default"
	FormDocument Form = "document"
	FormReply    Form = "reply" // the policy document that a key has, in an API's reply
)

// Policy is one key's policy in one Region, compiled.
type Policy struct {
	Name     string // the output's file name without ".json"
	Form     Form
	Key      Key
	Document *Document
	Labels   map[string]string // the spec's, or those of the configuration for a policy that is not a spec
	UsedBy   []UsedBy          // what the key is said to be for from outside a plain policy document
	Expect   []Expectation     // what it must decide, given from outside
	Defaults []string          // the variables whose defaults it rests on, such as var.admins

	// Worlds are the policy as it is with the choices settled that it rests on; nil where it rests on none.
	Worlds func() Worlds
}

// Worlds are what one policy can become by choices that are not known before a run.
type Worlds struct {
	List []World
	All  bool // there are no others
}

// World is a policy with its choices settled in one way.
type World struct {
	Assumed []symbol.Assumption
	Policy  *Policy   // nil where it could not be read
	Found   diag.List // what is wrong with its text, beside what is wrong whatever the choices come to
}

// UsedBy is a use that a key is said to be for, with what is given for its parameters.
type UsedBy struct {
	Entry      *source.Node // where it is written; nil where it is given from outside
	Name       string       // of facts.Use
	Parameters map[string][]string
}
