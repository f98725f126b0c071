package rules

import (
	_ "embed"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// fields are the names of the fields that the rules that are due read of an input; nil stands for all. Others are left out where
// they are dear to make. It is known of the rules built in, by the texts in them and in the helpers that they use: index.json has it.
type fields map[string]bool

// has says whether a field is in the input. A path always is: without it, two things could be taken for one.
func (f fields) has(name string) bool { return f == nil || f[name] || name == "path" }

// fieldNames are the fields of inputs, by their schemas. An input has thousands: the terms of their names are made once.
var fieldNames = strings.Fields(fieldsFile)

//go:embed input/fields.txt
var fieldsFile string

// commonTexts are what many of them hold.
var commonTexts = strings.Fields(`
	AWS Service Federated Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition Version Id Statement
	2012-10-17 * Allow own other trusted none account user role session service anyone lists policy document mapping list string int
	aws key_users key_users_roles key_admins key_admins_roles external_accounts users admins`)

func init() {
	ast.InternStringTerm(fieldNames...)
	ast.InternStringTerm(commonTexts...)
}
