package validate

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/schemas"
)

const (
	documentGrammar  = schemas.Base + "document.schema.json#"
	accountIDForm    = schemas.Base + "spec.schema.json#/$defs/accountId/pattern"
	parameterOutline = schemas.Base + "template.schema.json#/$defs/parameter/"
	parameterType    = schemas.Base + "template.schema.json#/$defs/parameterType/"
)

// reportedOfSpecs are the faults of a spec that a rule reports: a policy's grammar, account IDs without quotes or of another form.
func reportedOfSpecs(f fault) bool {
	return strings.HasPrefix(f.location, documentGrammar) || f.location == accountIDForm || isUnquotedAccount(f)
}

// reportedOfTemplates are the faults of a template that are reported when its statements are compiled, and those of its
// parameters' schemas.
func reportedOfTemplates(f fault) bool {
	return strings.HasPrefix(f.location, documentGrammar) ||
		strings.HasPrefix(f.location, parameterOutline) || strings.HasPrefix(f.location, parameterType)
}

// reportedOfBodies are the faults of a template's body that are reported when its statements are compiled.
func reportedOfBodies(f fault) bool { return strings.HasPrefix(f.location, documentGrammar) }

// isUnquotedAccount reports whether a fault is the rule unquoted-account-id's: a number for account, a number in
// external_accounts, and in another list of principals one as long as an account ID is, give or take lost zeros.
func isUnquotedAccount(f fault) bool {
	if f.keyword != "type" || f.value.Kind != source.Scalar || (f.value.Type != source.Int && f.value.Type != source.Float) || len(f.path) == 0 {
		return false
	}
	field, _ := f.path[0].(string)
	switch field {
	case "account":
		return len(f.path) == 1
	case "external_accounts":
		return len(f.path) == 2
	case "key_users", "key_users_roles", "key_admins", "key_admins_roles", "key-admins-roles":
		n := len(f.value.Text)
		return len(f.path) == 2 && n >= 10 && n <= 13 && strings.Trim(f.value.Text, "0123456789") == ""
	default:
		return false
	}
}
