package policy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
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
	UsedBy   []UsedBy // what the key is said to be for from outside a plain policy document
}

// UsedBy is a use that a key is said to be for, with what is given for its parameters.
type UsedBy struct {
	Entry      *source.Node // where it is written; nil where it is given from outside
	Name       string       // of facts.Use
	Parameters map[string][]string
}

// Spec is a spec as it was written, for the rules that judge the writing and not the policy.
type Spec struct {
	Root  *source.Node // nil where the document is empty
	Map   SourceMap
	Forms []Form // the forms that it gives: more than one is a fault, and none that it does not compile and gives none
	Key   Key    // what is known of its key, with the first of its Regions

	Expect []Expectation
	UsedBy []UsedBy // its own, then those of its templates
}

// Expectation is a request and the decisions of which a spec says that it gets one.
type Expectation struct {
	Path              diag.Path // in the spec
	Principal, Action string
	Context           map[string][]string
	Decisions         []string
}

// Find gives the origin of a path, as the spec's map does, and of the entries of used_by that templates bring in too.
func (s *Spec) Find(path diag.Path) Origin {
	if len(path) == 2 && path[0] == "used_by" {
		if i, ok := path[1].(int); ok && i < len(s.UsedBy) && s.UsedBy[i].Entry != nil {
			entry := s.UsedBy[i].Entry
			return Origin{Value: entry.Place, Origins: entry.Origins, Exact: true}
		}
	}
	return s.Map.Find(path)
}
