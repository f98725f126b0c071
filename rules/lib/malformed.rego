# Conditions that are wrong in form. A rule on conditions reports each of them: what such a condition was to limit is not missing.
package keypolicy.lib

# malformed reports whether a condition's key, operator or values are not what AWS compares.
malformed(condition) if invalid(condition)

malformed(condition) if {
	is_string(condition.operator.text)
	not condition.operator.known
}

malformed(condition) if {
	is_string(condition.key.text)
	not condition.key.known
}

# invalid reports whether this is an error: not a key that may be newer than the facts, nor an operator in another case.
invalid(condition) if {
	is_string(condition.operator.text)
	not condition.operator.known
	lower(condition.operator.nearest) != lower(condition.operator.text)
}

invalid(condition) if mismatched(condition)

invalid(condition) if {
	not condition.operator.family in {"", "String"}
	count(condition.values) > 0
	every value in condition.values {
		is_string(value.text)
		not value.parses
	}
}

invalid(condition) if {
	count(condition.values) > 0
	every value in condition.values {
		organization_fault(lower(condition.key.name), value.text)
	}
}

# A value that is neither a text nor a list of texts.
invalid(condition) if {
	is_string(condition.operator.text)
	count(condition.values) == 0
	not condition.list
}

# mismatched reports whether an operator is for another type than the key's.
mismatched(condition) if {
	condition.operator.known
	condition.key.known
	count(condition.key.families) > 0
	not condition.operator.family in {"Null", ""}
	not condition.operator.family in condition.key.families
	not compares_text(condition)
}

# compares_text reports whether an operator of another type than the key's still compares the text, which works where the text
# is as AWS writes it.
compares_text(condition) if {
	condition.operator.family == "String"
	condition.key.type == "Bool"
	every value in condition.values {
		_is_bool(condition, value)
	}
}

compares_text(condition) if {
	condition.operator.family == "String"
	condition.key.type == "Numeric"
}

compares_text(condition) if {
	condition.operator.family == "String"
	condition.key.type == "IP"
	every value in condition.values {
		not contains(value.text, "/")
		not contains(value.text, "*")
	}
}

compares_text(condition) if {
	condition.operator.family == "Numeric"
	condition.key.type == "String"
	every value in condition.values {
		regex.match(`^[0-9]+$`, value.text)
	}
}

compares_text(condition) if {
	condition.operator.family == "Arn"
	condition.key.type == "String"
	every value in condition.values {
		value.parses
	}
}

# The text of a tag can be true or false.
compares_text(condition) if {
	condition.operator.family == "Bool"
	condition.key.type == "String"
	condition.key.suffix != ""
}

_is_bool(_, value) if value.text in {"true", "false"}

_is_bool(condition, value) if {
	contains(condition.operator.base, "IgnoreCase")
	lower(value.text) in {"true", "false"}
}

_is_bool(_, value) if value.variable

# has_malformed reports whether a statement has such a condition, which no request without its key meets.
has_malformed(st) if {
	some condition in st.conditions
	malformed(condition)
	not absent_passes(condition)
}

has_malformed(st) if unread_condition(st)

# unread_condition reports whether a Condition, or a part of it, is of a type that cannot be read, such as null. The schema or the rule
# value-type reports it.
unread_condition(st) if {
	some problem in st.problems
	problem.kind == "type"
	"Condition" in problem.path
}

# misspelt_limit reports whether a statement was to be limited by one of some keys.
misspelt_limit(st, keys) if {
	some condition in st.conditions
	malformed(condition)
	_meant_key(condition.key) in {lower(key) | some key in keys}
}

_meant_key(key) := lower(key.name) if key.known

_meant_key(key) := lower(key.nearest) if not key.known
