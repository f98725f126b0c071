# METADATA
# title: An encryption context is the ARN that the service sends
# description: >-
#   Services put the ARN of what they encrypt into the encryption context, in a form of their own: CloudWatch Logs the log
#   group's ARN without the ":*" that other pages write behind it; Secrets Manager the secret's whole ARN, with the six
#   random characters behind its name; S3 the object's ARN, or with an S3 Bucket Key the bucket's.
# related_resources:
#   - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
#   - ref: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
#   - ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
# custom:
#   severity: warning
#   subject: statement
#   when: [conditions]
#   remedy: Write the ARN as the service sends it.
package keypolicy.rules.conditions["encryption-context-arn"]

import data.keypolicy.lib

findings contains lib.because("log-group", lib.remedied(lib.at(value.path, message), help)) if {
	some [condition, value] in _values("aws:logs:arn")
	regex.match(`:log-group:[^:]*:[*]$`, value.text)
	message := sprintf("`%s` ends in `:*`: CloudWatch Logs sends the log group's ARN without it in `%s`", [value.text, condition.key.text])
	help := sprintf("write `%s`", [trim_suffix(value.text, ":*")])
}

findings contains lib.because("secret", lib.remedied(lib.at(value.path, message), help)) if {
	some [condition, value] in _values("SecretARN")
	regex.match(`:secret:[^*?]*$`, value.text)
	not regex.match(`-[A-Za-z0-9]{6}$`, value.text)
	message := sprintf("`%s` has no random characters behind the secret's name: Secrets Manager sends the whole ARN in `%s`", [value.text, condition.key.text])
	help := sprintf("write `%s-??????` under StringLike or ArnLike, or the secret's whole ARN", [value.text])
}

findings contains object.union(lib.because("bucket-key", lib.remedied(lib.at(value.path, message), help)), {"severity": "info"}) if {
	some [condition, value] in _values("aws:s3:arn")
	parts := split(value.text, ":")
	count(parts) == 6
	contains(parts[5], "/")
	bucket := split(parts[5], "/")[0]
	not _asks_for_bucket(condition, bucket)
	message := sprintf("`%s` takes in objects only: with an S3 Bucket Key, S3 sends the bucket's ARN in `%s`", [value.text, condition.key.text])
	help := sprintf("where the bucket has an S3 Bucket Key, add `arn:%s:s3:::%s`", [parts[1], bucket])
}

_values(name) := [[condition, value] |
	some condition in input.statement.conditions
	lower(condition.key.text) == lower(sprintf("kms:EncryptionContext:%s", [name]))
	not condition.operator.negated
	condition.operator.family in {"String", "Arn"}
	some value in condition.values
	not value.variable
	not lib.has_placeholder(value.text)
]

_asks_for_bucket(condition, bucket) if {
	some other in condition.values
	parts := split(other.text, ":")
	parts[count(parts) - 1] in {bucket, sprintf("%s*", [bucket])}
}
