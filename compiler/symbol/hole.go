package symbol

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Kind is what a hole comes from, which decides whether a user may put wildcards into it.
type Kind string

// The kinds of holes.
const (
	Variable    Kind = "variable"    // a root module's variable, a module's output: a user writes it, so it may hold wildcards
	Parameter   Kind = "parameter"   // a template's parameter without a value
	Placeholder Kind = "placeholder" // a mark in a plain document, such as ${account_id}, that is still to be filled in
	Attribute   Kind = "attribute"   // what AWS or a provider gives: an attribute of a resource or a data source
	Own         Kind = "own"         // the key's own account, partition, Region, id or ARN, by its Shape
	Computed    Kind = "computed"    // known after apply, with no reference that says more
)

// Hole is one value that is not known before a run.
type Hole struct {
	Kind       Kind
	Ref        string // the reference as the user writes it: "aws_iam_role.admin.arn", "var.admins", "${account_id}"
	Instance   string // of which instance: "module.logs[0]", `aws_iam_role.admin["a"]`; "" where there is one
	Definition string // what distinguishes two holes of one reference, such as the module's source; mostly ""
	Shape      Shape  // what is known of the value
	Place      diag.Place
}

// Shape is a pattern that every value of a hole matches: a star represents any run of characters, and {account},
// {partition}, {region} and {key} for what the key's own are. "" is any text. So the ARN of a role that the key's own
// provider makes is "arn:{partition}:iam::{account}:role/*", and the shape of the own account's id is "{account}".
type Shape string

// Shapes of what is used most.
const (
	AnyText      Shape = ""
	OwnAccount   Shape = "{account}"
	OwnPartition Shape = "{partition}"
	OwnRegion    Shape = "{region}"
	OwnKeyARN    Shape = "arn:{partition}:kms:{region}:{account}:key/{key}"
	OwnKeyID     Shape = "{key}"
	OwnRole      Shape = "arn:{partition}:iam::{account}:role/*"
	OwnUser      Shape = "arn:{partition}:iam::{account}:user/*"
	AnyRole      Shape = "arn:*:iam::*:role/*" // a role of a provider whose account is not known
	AnyUser      Shape = "arn:*:iam::*:user/*"
)

// Equal says that two holes have the same value in every run, of one policy or of two revisions of it.
func (h *Hole) Equal(other *Hole) bool {
	return h == other || h != nil && other != nil && h.ID() == other.ID()
}

// ID is one text for all holes that are equal.
func (h *Hole) ID() string {
	return strings.Join([]string{h.Ref, h.Instance, h.Definition}, "\x00")
}

// MayHaveWildcards reports whether the value may hold "*" or "?": only what a user writes can.
func (h *Hole) MayHaveWildcards() bool {
	return h.Kind == Variable || h.Kind == Parameter || h.Kind == Placeholder
}

// String writes the hole unchanged in a text: a placeholder as its mark, a template's parameter as $(NAME), others as
// ${REFERENCE}.
func (h *Hole) String() string {
	switch h.Kind {
	case Placeholder:
		return h.Ref
	case Parameter:
		return "$(" + h.Ref + ")"
	case Variable, Attribute, Own, Computed:
	}
	return "${" + h.Ref + "}"
}
