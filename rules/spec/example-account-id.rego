# METADATA
# title: Example account ID
# description: >-
#   AWS's guides use 111122223333, 123456789012 and others as examples of accounts. Such an account belongs to
#   nobody, or to somebody whom you do not know.
# related_resources:
#   - ref: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
# custom:
#   severity: info
#   subject: [spec, statement]
#   enabled: false
#   remedy: Write your own account's 12 digits.
package keypolicy.rules.spec["example-account-id"]

import data.keypolicy.lib

findings contains _finding(field.path, field.text) if {
	some field in input.spec.fields
	field.name == "account"
	field.text in _examples
}

findings contains _finding(p.path, p.account) if {
	some p in lib.principals_of(input)
	p.account in _examples
}

_finding(path, account) := lib.at(path, sprintf("`%s` is an account of AWS's examples", [account]))

_examples := {"000000000000", "111111111111", "111122223333", "123456789012", "210987654321", "444455556666", "777788889999", "999999999999"}
