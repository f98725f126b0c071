# METADATA
# title: Invalid ARN in aws:SourceArn
# description: >-
#   aws:SourceArn contains the ARN of a resource, such as a topic or a trail. No request matches a value that is not
#   an ARN, or one without an account where the ARNs of the service have an account.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
# custom:
#   severity: error
#   subject: statement
#   when: [conditions]
#   remedy: Write the ARN of the resource, with its account.
package keypolicy.rules.conditions["source-arn-format"]

import data.keypolicy.lib

findings contains finding if {
	some condition in input.statement.conditions
	lower(condition.key.text) == "aws:sourcearn"
	condition.operator.family in {"Arn", "String"}
	some value in condition.values
	not value.variable
	not regex.match(`^[*?]`, value.text)
	finding := _finding(value)
}

_finding(value) := lib.at(value.path, message) if {
	parts := split(value.text, ":")
	not _is_arn(parts)
	not _may_be_arn(value.text, parts)
	message := sprintf("`%s` is not an ARN, so `aws:SourceArn` never matches it", [value.text])
}

_finding(value) := lib.at(value.path, message) if {
	parts := split(value.text, ":")
	_is_arn(parts)
	parts[4] == ""
	parts[2] in _with_account
	message := sprintf("`%s` has no account, and ARNs of %s have one: `aws:SourceArn` never matches it", [value.text, parts[2]])
}

# The service that sends the key is one of those whose resources it acts for, where AWS's pages say which.
_finding(value) := object.union(lib.at(value.path, message), {"severity": "warning"}) if {
	parts := split(value.text, ":")
	_is_arn(parts)
	regex.match(`^[a-z0-9-]+$`, parts[2])
	names := [p.text | some p in input.statement.principals; p.kind == "service"]
	count(names) == 1
	count(names) == count(input.statement.principals)
	sources := {source | some use in input.facts.services[names[0]].documented; some source in use.sources}
	count(sources) > 0
	every use in input.facts.services[names[0]].documented {
		_says(use)
	}
	not parts[2] in sources
	message := sprintf("`%s` is documented to act for resources of %s, and not of %s", [names[0], concat(" and ", sources), parts[2]])
}

_says(use) if count(use.sources) > 0

_says(use) if not "aws:sourcearn" in use.keys

# Pages for whatever sends to a topic or a queue; what the service sends for, its own pages say.
_says(use) if contains(use.use, "event source")

_is_arn(parts) if {
	count(parts) >= 6
	parts[0] == "arn"
}

# A wildcard can represent several parts under a String operator.
_may_be_arn(text, parts) if {
	parts[0] == "arn"
	contains(text, "*")
}

_with_account := {"sns", "sqs", "logs", "events", "cloudwatch", "cloudtrail", "ses", "cloudfront", "athena", "dynamodb", "lambda", "rds", "config"}
