# METADATA
# title: Account ID without quotes
# description: >-
#   Without quotes an account ID is a number in YAML. A leading 0 makes the number octal or is dropped, so that
#   other tools that read the file, if not keypolicy, get other digits than were written. No check can find out
#   later which account was meant.
# related_resources:
#   - ref: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
#   - ref: https://yaml.org/type/int.html
# custom:
#   severity: error
#   subject: [spec, statement]
#   when: [numbers]
#   remedy: Write the account ID in quotes.
package keypolicy.rules.spec["unquoted-account-id"]

import data.keypolicy.lib

findings contains _finding(entry) if {
	some entry in input.spec.entries
	_is_number(entry)
	_is_meant_as_account(entry)
}

findings contains _finding(f) if {
	some f in input.spec.fields
	f.name == "account"
	_is_number(f)
}

findings contains _finding(p) if {
	some p in lib.own_principals(input.statement)
	p.element == "AWS"
	_is_number(p)
}

_is_number(value) if value.type in {"int", "float"}

# In a list of users or roles, a number of about the length of an account ID is one; another is the schema's.
_is_meant_as_account(entry) if entry.wants == "account"

_is_meant_as_account(entry) if {
	entry.wants != "account"
	regex.match(`^[0-9]{10,13}$`, entry.text)
}

_finding(value) := lib.quoted(lib.at(value.path, message), value.text) if {
	message := sprintf("account ID `%s` has no quotes: %s", [value.text, _read(value)])
}

_read(value) := sprintf("YAML reads the number %s", [value.read_as]) if value.read_as != value.text

_read(value) := "it is a number, and an account ID is text" if value.read_as == value.text
