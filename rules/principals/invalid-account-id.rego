# METADATA
# title: An account id has 12 digits
# description: >-
#   An AWS account id is 12 digits, with leading zeros and without dashes. With another account in an ARN, KMS refuses the
#   policy and does not say which principal is wrong.
# related_resources:
#   - ref: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   remedy: Write the account's 12 digits.
package keypolicy.rules.principals["invalid-account-id"]

import data.keypolicy.lib

findings contains _finding(entry.path, entry.account, entry.text) if {
	some entry in input.spec.entries
	_is_wrong(entry)
	not _is_root(entry)
}

findings contains _finding(f.path, f.text, f.text) if {
	some f in input.spec.fields
	f.name == "account"
	f.type == "string"
	not lib.has_placeholder(f.text)
	not lib.is_account_id(f.text)
}

findings contains _finding(p.path, p.account, p.text) if {
	some p in lib.own_principals(input.statement)
	p.element == "AWS"
	p.relation != "own" # what the key's account is, is told where that is written
	_is_wrong(p)
}

findings contains _finding(p.path, p.text, p.text) if {
	some p in lib.own_principals(input.statement)
	p.element == "AWS"
	p.kind == "unknown"
	regex.match(`^[0-9][0-9 -]*$`, p.text)
}

# The kinds whose ARN names an account; a group is no principal whatever its account.
_is_wrong(p) if {
	p.kind in {"account", "user", "role", "session", "federated_user"}
	p.account != ""
	not p.wildcard
	not p.type in {"int", "float"} # the digits of a number are not those that were written
	not lib.has_placeholder(p.text)
	not lib.is_account_id(p.account)
}

# A bare root is no account at all: another rule says so.
_is_root(entry) if {
	entry.bare
	entry.text == "root"
}

_finding(path, account, text) := lib.remedied(lib.at(path, message), help) if {
	message := sprintf("%s is no account id: %s", [_named(account, text), _fault(account)])
	help := _help(account)
}

_named(account, text) := lib.code(text) if account == text

_named(account, text) := sprintf("`%s` in `%s`", [account, text]) if account != text

_fault(account) := sprintf("it has %d digits, and 12 are wanted", [count(account)]) if regex.match(`^[0-9]*$`, account)

_fault(account) := "it has more than digits" if not regex.match(`^[0-9]*$`, account)

_help(account) := sprintf("write `\"%s\"`", [_digits(account)]) if lib.is_account_id(_digits(account))

_help(account) := "write the account's 12 digits, in quotes" if not lib.is_account_id(_digits(account))

_digits(account) := regex.replace(account, `[ -]`, "")
