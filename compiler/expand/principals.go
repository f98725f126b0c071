package expand

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// The values of `format` in a parameter's schema that say that a text names a principal. It is written as in a spec's
// lists: NAME or PATH/NAME of a role of the key's account, an ARN, or the 12 digits of an account.
const (
	PrincipalFormat = "principal"
	externalFormat  = "external-principal" // mostly of other accounts, so that a name by itself says too little
)

// named calls visit for each text of a parameter's value that names a principal by its schema.
func named(schema, value *source.Node, visit func(format string, n *source.Node)) {
	if format := schema.Get("format"); format.IsString() && (format.Text == PrincipalFormat || format.Text == externalFormat) && value.IsString() {
		visit(format.Text, value)
	}
	if items := schema.Get("items"); items != nil && value.Kind == source.Sequence {
		for _, item := range value.Items {
			named(items, item, visit)
		}
	}
}

// principalFaults are what is wrong with the names of principals in a parameter's value. What is wrong with an ARN is
// left to the rules about principals.
func principalFaults(p *spec.Parameter, value *source.Node) diag.List {
	var found diag.List
	named(p.Schema, value, func(format string, n *source.Node) {
		message, help := principalFault(format, n.Text)
		if message == "" {
			return
		}
		written := "`" + n.Text + "`"
		switch n.Text {
		case "*":
			written = "`\"*\"`"
		case "":
			written = "an empty entry"
		}
		found = append(found, diag.Diagnostic{
			Rule: "compile", Reason: "template-parameter", Category: "references", Severity: diag.Error,
			Message: fmt.Sprintf("%s in the parameter `%s` %s", written, p.Name.Text, message), Help: help,
			Place: n.Place, Related: diag.Copied(n.Place, n.Origins),
		})
	})
	return found
}

func principalFault(format, text string) (message, help string) {
	const accountARN = "`arn:aws:iam::ACCOUNT:root` with the account's 12 digits"
	switch {
	case strings.HasPrefix(text, "arn:"), policy.IsAccountID(text), strings.Contains(text, "$("):
		return "", ""
	case text == "*":
		return "is everyone in every AWS account: list only those who need access", "name the roles, users or accounts that need the key"
	case text == "":
		return "names nobody", "name a role, or remove the entry"
	case text == "root":
		return "is not a role: the whole account is named by its ARN", "write " + accountARN
	case strings.Contains(text, ":"):
		return "is neither a name nor an ARN", "write `arn:aws:iam::ACCOUNT:role/NAME`, or the role's name"
	case strings.HasSuffix(text, ".amazonaws.com"):
		return "is a service, and the parameter lists roles and users", "include a template for the service, or write a statement with `Service`"
	}
	if kind, rest, ok := facts.CutIAMResource(text); ok {
		return "is the end of an ARN and not a name", endOfARNHelp(kind, rest)
	}
	if format == externalFormat {
		return "does not say in which account it is", fmt.Sprintf("write `arn:aws:iam::ACCOUNT:role/%s`, or the account's 12 digits in quotes for all of it", text)
	}
	return "", ""
}

// endOfARNHelp says what to write for the end of an ARN, which would compile to a role whose path nobody means.
func endOfARNHelp(kind, rest string) string {
	path := fmt.Sprintf(". Where `%s/` is the role's path, write its whole ARN", kind)
	switch kind {
	case "role":
		return fmt.Sprintf("write `%s`", rest) + path
	case "assumed-role":
		role, _, _ := strings.Cut(rest, "/")
		return fmt.Sprintf("a session is of a role: write `%s`", role) + path
	case "user":
		return fmt.Sprintf("write the user's ARN: `arn:aws:iam::ACCOUNT:user/%s`", rest) + path
	case "group":
		return "a group cannot be a principal: name a role, or users by their ARNs" + path
	default:
		return "name the role that uses the key, or a user by its ARN" + path
	}
}

// principals copies a parameter's value with the names of principals as AWS takes them: as ARNs.
func (e *expander) principals(p *spec.Parameter, value *source.Node) *source.Node {
	c := value.Clone()
	named(p.Schema, c, func(_ string, n *source.Node) {
		switch {
		case strings.HasPrefix(n.Text, "arn:"), strings.Contains(n.Text, "$("):
		case policy.IsAccountID(n.Text):
			n.Text = policy.AccountARN(e.vars.Partition, n.Text)
		case e.vars.Account == "":
			e.reportOnce(*n, "account-missing", fmt.Sprintf("no account is given for the ARN of `%s`", n.Text),
				"give `account: \"111122223333\"` in the spec or in .keypolicy.yaml, or --account")
		default:
			n.Text = policy.RoleARN(e.vars.Partition, e.vars.Account, n.Text)
		}
	})
	return c
}
