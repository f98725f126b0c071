# METADATA
# title: Principal of another partition
# description: >-
#   AWS partitions (aws, aws-cn in China, aws-us-gov and others) are separate, and each has accounts of its own. KMS
#   refuses a policy that names a principal of another partition than the key's, and so one that names principals of
#   two.
# related_resources:
#   - ref: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
# custom:
#   severity: error
#   subject: [spec, policy, statement]
#   when: [faulty_principals, other_partitions]
#   remedy: Write the ARN with the key's partition.
package keypolicy.rules.principals["invalid-partition"]

import data.keypolicy.lib

findings contains finding if {
	some p in lib.faulty(input)
	p.fault == "partition"
	message := sprintf("`%s` in `%s` is not a partition of AWS: %s", [p.partition, p.text, lib.refused])
	finding := _hinted(p, lib.at(p.path, message))
}

findings contains lib.at(p.path, message) if {
	_is_known
	some p in lib.principals_of(input)
	not p.partition in {"", input.key.partition}
	p.fault == ""
	message := sprintf("`%s` is of the partition %s, and the key is of %s: %s", [p.text, p.partition, input.key.partition, lib.refused])
}

# Whichever partition the key is of, it is not that of all of these.
findings contains finding if {
	not input.statement
	not _is_known
	named := [p |
		some st in input.policy.statements
		some p in lib.all_principals(st)
		p.list == ""
		p.fault == ""
		p.partition != ""
	]
	some other in named
	other.partition != named[0].partition
	message := sprintf("`%s` is of the partition %s, and `%s` of %s: whichever the key is of, %s", [
		other.text, other.partition, named[0].text, named[0].partition, lib.refused,
	])
	finding := lib.beside(lib.at(other.path, message), named[0].path, "this is of the other partition")
}

# A principal is of the key's partition.
_hinted(p, finding) := lib.meant(finding, concat(":", array.concat(["arn", input.key.partition], array.slice(parts, 2, count(parts))))) if {
	parts := split(p.text, ":")
	count(parts) >= 6
}

_hinted(p, finding) := finding if count(split(p.text, ":")) < 6

# Where nothing says what the key's partition is, a plain policy may be of any.
_is_known if input.form in {"lists", "default"}

_is_known if input.key.partition != "aws"

_is_known if input.key.region != ""

_is_known if startswith(input.key.id, "arn:")
