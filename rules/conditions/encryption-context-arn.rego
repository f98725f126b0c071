# METADATA
# title: Encryption context differs from what the service sends
# description: >-
#   Services name what they encrypt in the encryption context, each in a form of its own. CloudWatch Logs sends the
#   ARN of the log group without the ":*" that other pages append; Secrets Manager the whole ARN of the secret, with
#   the six random characters at its end; S3 the ARN of the object or, with an S3 Bucket Key, of the bucket. The
#   forms are those of AWS's pages. No request matches a value of another form, of another Region, or of a trail of
#   another account. If the form depends on a setting, or AWS documents keys of a service's encryption context but
#   not this one, the finding is info.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
#   - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Write the value as the service sends it.
package keypolicy.rules.conditions["encryption-context-arn"]

import data.keypolicy.lib

findings contains lib.because("form", _helped(lib.at(value.path, message), condition, value.context)) if {
	some [condition, value] in _values
	not value.context.fault in {"", "key"}
	not lib.invalid(condition) # another rule reports it
	message := sprintf("`%s` %s", [value.text, _why(condition, value.context)])
}

_why(condition, context) := sprintf("has an extra `%s` at its end: %s", [_rest(condition, context), _sends(condition, context)]) if context.fault == "tail"

_why(condition, context) := sprintf("lacks the last part of what %s sends in `%s`", [context.service, condition.key.text]) if context.fault == "end"

_why(condition, context) := sprintf("has an impossible %s: %s", [context.fault, _sends(condition, context)]) if {
	context.fault in {"region", "account", "resource"}
}

_why(condition, context) := sprintf("does not have a known form of `%s`: %s", [condition.key.text, _sends(condition, context)]) if {
	context.fault == "form"
}

_rest(condition, context) := rest if {
	some value in condition.values
	value.context == context
	rest := trim_prefix(value.text, context.nearest)
}

_sends(condition, context) := sprintf("%s sends %s in `%s`", [context.service, lib.several_or(context.forms), condition.key.text])

_helped(finding, condition, context) := lib.proposed(
	finding,
	sprintf("write `%s`%s", [nearest, _under(context)]),
	array.concat(_like(condition, context), [lib.replacing(finding, nearest)]),
) if {
	context.nearest != ""
	nearest := _sent(context)
}

_helped(finding, _, context) := finding if context.nearest == ""

# What is proposed has the Region of what is sent, too.
_sent(context) := _with_region(context.nearest, _expected) if {
	context.region != ""
	not _may_be(context.region, _expected)
} else := context.nearest

_expected := _regions[0].region if {
	count(_regions) > 0
} else := input.key.region if input.key.region != ""

# A pattern needs an operator that takes wildcards.
_like(condition, context) := [{"path": condition.operator.path, "at": "key", "text": replace(condition.operator.text, "Equals", "Like")}] if {
	context.fault == "end"
	not condition.operator.wildcards
} else := []

_under(context) := " under StringLike or ArnLike, or the whole value" if context.fault == "end"

_under(context) := "" if context.fault != "end"

# A key that is not known, of a service that others are known for.
findings contains object.union(lib.because("key", lib.remedied(lib.at_key(condition.key.path, message), help)), {"severity": "info"}) if {
	some condition in input.statement.conditions
	context := condition.values[0].context
	context.fault == "key"
	message := sprintf("`%s` is not among the known keys of the encryption context of %s", [condition.key.text, context.service])
	help := sprintf("it sends %s", [lib.several_or([sprintf("kms:EncryptionContext:%s", [key]) | some key in context.forms])])
}

# Another Region than the one in the service's name, in kms:ViaService or of the key.
findings contains lib.because("region", lib.beside(lib.written(lib.at(value.path, message), _with_region(value.text, place.region)), place.path, "this has another Region")) if {
	some [condition, value] in _values
	value.context.fault == ""
	value.context.region != ""
	some place in array.slice(_regions, 0, 1)
	not _is_of_key(value.context.region, place)
	every other in condition.values {
		not _may_be(object.get(other, ["context", "region"], ""), place.region)
	}
	message := sprintf("`%s` is in %s, and `%s` sends ARNs of %s", [value.text, value.context.region, place.text, place.region])
}

findings contains lib.because("region", lib.written(lib.at(value.path, message), _with_region(value.text, input.key.region))) if {
	some [condition, value] in _values
	value.context.fault == ""
	value.context.region != ""
	count(_regions) == 0
	input.key.region != ""
	every other in condition.values {
		not _may_be(object.get(other, ["context", "region"], ""), input.key.region)
	}
	message := sprintf("`%s` is in %s, and the key is in %s: %s uses keys of its own Region", [value.text, value.context.region, input.key.region, value.context.service])
}

# It is the service that is of another Region than the key, which rules of their own report.
_is_of_key(region, place) if {
	region == input.key.region
	place.region != input.key.region
}

_regions := array.concat(
	[{"region": region, "text": p.text, "path": p.path} |
		some p in input.statement.principals
		region := input.facts.services[p.text].region
		region != ""
	],
	[{"region": value.via.region, "text": value.text, "path": value.path} |
		some condition in lib.limits(input.statement, {"kms:ViaService"})
		count(condition.values) == 1
		some value in condition.values
		regex.match(`^[a-z0-9-]+$`, object.get(value, ["via", "region"], ""))
	],
)

# An empty text is one that could be any.
_may_be("", _) := true

_may_be(pattern, region) if {
	pattern != ""
	regex.match(_regex(pattern), region)
}

_regex(pattern) := sprintf("^%s$", [replace(replace(regex.replace(pattern, `[.+()|\[\]{}^$\\]`, `\$0`), "*", ".*"), "?", ".")])

_with_region(arn, region) := concat(":", array.concat(array.slice(parts, 0, 3), array.concat([region], array.slice(parts, 4, count(parts))))) if {
	parts := split(arn, ":")
}

# What aws:SourceArn names is not what the encryption context names, though the service sends one ARN in both.
findings contains lib.because("source", _of_values(lib.beside(lib.at(value.path, message), source.path, "this is the source"), condition)) if {
	some condition in input.statement.conditions
	some sources in lib.source_conditions(input.statement, "aws:sourcearn")
	count(condition.values) > 0
	every value in condition.values {
		value.context.same_source
		value.context.fault == ""
		every source in sources.values {
			not _can_be_same(value.text, source.text)
		}
	}
	value := condition.values[0]
	source := sources.values[0]
	message := sprintf("`%s` is not `%s`, and %s sends one ARN in `%s` and in `%s`", [value.text, source.text, value.context.service, condition.key.text, sources.key.text])
}

# None of the values can be.
_of_values(finding, condition) := lib.among(finding, [value.path | some value in condition.values])

_can_be_same(a, _) if lib.has_placeholder(a)

_can_be_same(_, b) if lib.has_placeholder(b)

_can_be_same(a, b) if {
	count(split(a, ":")) < 6
	b != ""
}

_can_be_same(a, b) if {
	count(split(b, ":")) < 6
	a != ""
}

_can_be_same(a, b) if {
	parts := split(a, ":")
	others := split(b, ":")
	count(parts) >= 6
	count(others) >= 6
	every i in [1, 2, 3, 4] {
		_meet(parts[i], others[i])
	}
	_meet(concat(":", array.slice(parts, 5, count(parts))), concat(":", array.slice(others, 5, count(others))))
}

_meet(a, b) if regex.match(_regex(a), b)

_meet(a, b) if regex.match(_regex(b), a)

_meet(a, b) if {
	regex.match(`[*?]`, a)
	regex.match(`[*?]`, b)
}

findings contains lib.because("source", _of_values(lib.beside(lib.at(value.path, message), account.path, "this is the account"), condition)) if {
	some condition in input.statement.conditions
	some accounts in lib.source_conditions(input.statement, "aws:sourceaccount")
	count(condition.values) > 0
	count(lib.source_conditions(input.statement, "aws:sourcearn")) == 0
	every value in condition.values {
		value.context.same_source
		value.context.fault == ""
		every account in accounts.values {
			lib.is_account_id(account.text)
			not _may_be(split(value.text, ":")[4], account.text)
		}
	}
	value := condition.values[0]
	account := accounts.values[0]
	message := sprintf("`%s` is not of account %s, and `%s` is the account of what %s sends in `%s`", [value.text, account.text, accounts.key.text, value.context.service, condition.key.text])
}

# Another partition than the key's.
findings contains lib.because("partition", lib.at(value.path, message)) if {
	some [condition, value] in _values
	value.context.fault == ""
	_is_of_other_partition(value)
	partition := split(value.text, ":")[1]
	message := sprintf("`%s` is of the partition `%s`, and the key is in `%s`: %s never sends it", [value.text, partition, input.key.partition, value.context.service])
}

# What the service sends by another setting.
findings contains object.union(lib.because("setting", lib.remedied(lib.at(value.path, message), help)), {"severity": "info"}) if {
	some [condition, value] in _values
	not condition.operator.negated
	not _is_of_other_partition(value) # reported as such
	some other in value.context.others
	not _asks_for(condition, other.nearest)
	message := sprintf("`%s` is what %s sends %s: %s it sends `%s` in `%s`", [
		value.text, value.context.service, other.sent_by, other.setting, other.form, condition.key.text,
	])
	help := sprintf("where it is used %s, add %s", [other.setting, _added(other)])
}

_is_of_other_partition(value) if {
	input.key.region != ""
	startswith(value.text, "arn:")
	not _may_be(split(value.text, ":")[1], input.key.partition)
}

_added(other) := lib.code(other.nearest) if other.nearest != ""

_added(other) := sprintf("a value of the form `%s`", [other.form]) if other.nearest == ""

_asks_for(condition, text) if {
	text != ""
	some value in condition.values
	regex.match(_regex(value.text), text)
}

_values := [[condition, value] |
	some condition in input.statement.conditions
	some value in condition.values
	value.context
]
