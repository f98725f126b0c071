# METADATA
# title: Secret in the encryption context
# description: >-
#   An encryption context is not secret. CloudTrail logs it in plain text with every request, and a condition on it
#   is in a policy that many people can read. A password or a token in it is disclosed.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: >-
#     Name what is encrypted in the context, such as the id of a tenant or a record, and keep the secret in the
#     encrypted data.
package keypolicy.rules.privilege["secret-in-encryption-context"]

import data.keypolicy.lib

findings contains lib.at_key(condition.key.path, message) if {
	some condition in _contexts
	_word(condition.key.suffix) in _secrets
	not _looks_secret(condition)
	message := sprintf(
		"`%s` is the name of a secret in the encryption context, which CloudTrail logs in plain text with every request",
		[condition.key.text],
	)
}

findings contains lib.at(value.path, message) if {
	some condition in _contexts
	some value in condition.values
	some kind in _kinds(value.text)
	message := sprintf("the value for `%s` looks like %s: the encryption context is in plain text in CloudTrail's log and in this policy", [
		condition.key.text, kind,
	])
}

# Who a person is may be meant, and is better not logged.
findings contains object.union(lib.at(value.path, message), {"severity": "warning"}) if {
	some condition in _contexts
	some value in condition.values
	regex.match(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$`, value.text)
	message := sprintf("`%s` for `%s` is a person's address: the encryption context is in plain text in CloudTrail's log", [
		value.text, condition.key.text,
	])
}

_contexts := [condition |
	some condition in input.statement.conditions
	startswith(condition.key.name, "kms:EncryptionContext:")
]

_word(name) := replace(replace(replace(lower(name), "-", ""), "_", ""), " ", "")

_secrets := {
	"password", "passwd", "pwd", "passphrase", "apikey", "accesskey", "secretkey", "secretaccesskey", "privatekey",
	"clientsecret", "accesstoken", "authtoken", "bearertoken", "sessiontoken", "creditcard", "creditcardnumber",
	"cardnumber", "socialsecuritynumber",
}

_looks_secret(condition) if {
	some value in condition.values
	count(_kinds(value.text)) > 0
}

_kinds(value) := {kind |
	some kind, pattern in _patterns
	regex.match(pattern, value)
}

_patterns := {
	"an AWS access key": `^(AKIA|ASIA)[A-Z0-9]{16}$`,
	"a GitHub token": `^(ghp|gho|ghs|ghu|github_pat)_[A-Za-z0-9_]{20,}$`,
	"a private key": `-----BEGIN [A-Z ]*PRIVATE KEY-----`,
	"a signed token": `^eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.`,
	"a Slack token": `^xox[abprs]-[A-Za-z0-9-]{10,}$`,
	"a secret API key": `^sk_(live|test)_[A-Za-z0-9]{16,}$`,
}
