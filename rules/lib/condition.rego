package keypolicy.lib

# by names a condition as a message does: `OPERATOR` on `KEY`.
by(condition) := sprintf("`%s` on `%s`", [condition.operator.text, condition.key.text])

# has_key reports whether a statement has a condition on one of the keys, which are in lower case.
has_key(st, names) if {
	some condition in st.conditions
	lower(condition.key.name) in names
}

# absent_passes reports whether a condition holds where the request lacks its key.
absent_passes(condition) if condition.operator.if_exists

absent_passes(condition) if condition.operator.negated

absent_passes(condition) if condition.operator.set == "ForAllValues"

absent_passes(condition) if {
	condition.operator.base == "Null"
	some value in condition.values
	lower(value.text) == "true"
}

# is_literal_pattern reports whether a value has a wildcard that its operator compares as it is written.
is_literal_pattern(condition, value) if {
	not condition.operator.wildcards
	not value.variable
	regex.match(`[*?]`, value.text)
}

# lacks_suffix reports whether a condition key is the name of a family without the suffix that its members have, such as
# aws:PrincipalTag.
lacks_suffix(key) if lower(key) in {
	"kms:encryptioncontext", "kms:encryptioncontext:", "aws:principaltag", "aws:principaltag/", "aws:requesttag",
	"aws:requesttag/", "kms:recipientattestation", "kms:recipientattestation:", "kms:recipientattestation:pcr",
	"kms:recipientattestation:nitrotpmpcr",
}

# only_with says in a sentence with which operations KMS sends a key.
only_with(key) := sprintf("only with %s", [concat(" and ", [concat(", ", array.slice(key.operations, 0, last)), key.operations[last]])]) if {
	last := count(key.operations) - 1
	last > 0
	last < 4
}

only_with(key) := sprintf("only with %s", [key.operations[0]]) if count(key.operations) == 1

only_with(key) := "only with other operations" if count(key.operations) > 4
