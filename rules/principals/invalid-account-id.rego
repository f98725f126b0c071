# METADATA
# title: Invalid account ID
# description: >-
#   An AWS account ID has 12 digits, with leading zeros and without dashes. If the account in an ARN is not one, KMS
#   refuses the policy without saying which principal is wrong.
# related_resources:
#   - ref: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [faulty_principals]
#   remedy: Write the account's 12 digits.
package keypolicy.rules.principals["invalid-account-id"]

import data.keypolicy.lib

findings contains _finding(entry.path, _account(entry), entry.text) if {
	some entry in input.spec.faulty
	entry.fault == "account"
	not _is_root(entry)
}

findings contains _finding(f.path, f.text, f.text) if {
	some f in input.spec.fields
	f.name == "account"
	f.type == "string"
	not lib.has_placeholder(f.text)
	not lib.is_account_id(f.text)
	count([m | some m in input.spec.placeholders; m.path == f.path]) == 0
}

findings contains _finding(p.path, _account(p), p.text) if {
	some p in input.statement.faulty
	p.fault == "account"
	p.relation != "own" # what the key's account is, is reported where that is written
}

_account(p) := p.account if p.account != ""

_account(p) := p.text if p.account == ""

# A bare root is not an account at all: another rule says so.
_is_root(entry) if {
	entry.bare
	entry.text == "root"
}

_finding(path, account, text) := finding if {
	message := sprintf("%s is not an account ID: %s", [_named(account, text), _fault(account)])
	finding := _helped(account, text, lib.at(path, message))
}

_named(account, text) := lib.code(text) if account == text

_named(account, text) := sprintf("`%s` in `%s`", [account, text]) if account != text

_fault(account) := sprintf("it has %d digits instead of 12", [count(account)]) if regex.match(`^[0-9]*$`, account)

_fault(account) := "it contains other characters than digits" if not regex.match(`^[0-9]*$`, account)

_helped(account, text, finding) := lib.proposed(finding, sprintf("write `\"%s\"`", [_digits(account)]), [lib.replacing(finding, replace(text, account, _digits(account)))]) if lib.is_account_id(_digits(account))

_helped(account, _, finding) := lib.remedied(finding, _digits_help(account)) if not lib.is_account_id(_digits(account))

_digits_help(account) := help if {
	help := regex.replace(lib.separate(account, `^[0-9]{12}$`), `[0-9]{12}`, `"$0"`)
} else := "write the account's 12 digits, in quotes"

_digits(account) := regex.replace(account, `[ -]`, "")
