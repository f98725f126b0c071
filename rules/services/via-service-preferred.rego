# METADATA
# title: Service principal where kms:ViaService is needed
# description: >-
#   EBS, RDS, Secrets Manager and others use keys with the credentials of their callers or by grants, and rarely as
#   themselves, so a statement for their service principal most likely has no effect. The callers need the
#   statement, with kms:ViaService; Auto Scaling needs one for its service-linked role.
# related_resources:
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
# custom:
#   severity: warning
#   subject: statement
#   when: [services]
#   access: [left]
#   aliases: [service-principal-unrestricted]
#   remedy: Allow the users of the service, with kms:ViaService as the condition.
package keypolicy.rules.services["via-service-preferred"]

import data.keypolicy.lib

findings contains object.union(lib.among(lib.remedied(lib.at(services[0].path, message), _help(services)), [p.path | some p in services]), {"severity": _severity(services)}) if {
	st := input.statement
	st.effect.text == "Allow"
	not lib.only_looks(st) # DynamoDB describes keys as itself
	services := [p |
		some p in st.principals
		p.kind == "service"
		lib.uses_callers(p.text, input.facts.services)
		lib.live(p)
		count(lib.administering(st, [p])) == 0 # reported by service-gets-admin
		not _is_for_itself(st, p)
	]
	count(services) > 0
	message := sprintf("statement %s most likely does nothing for %s: %s", [
		lib.name(st), lib.several([p.text | some p in services]), _why(services),
	])
}

_caller(p) := input.facts.services[p.text].caller

_why(services) := sprintf("%s uses keys %s%s", [_caller(services[0]).name, _caller(services[0]).means, _as_itself(services[0])]) if count(services) == 1

_why(services) := "these services use keys with their callers' credentials or by grants" if count(services) > 1

_as_itself(p) := sprintf(", and is known to call as itself only for %s", [_caller(p).as_itself]) if _caller(p).as_itself != ""

_as_itself(p) := "" if _caller(p).as_itself == ""

# A statement for what the service does as itself, which says for whom, may be that.
_severity(services) := "info" if _is_documented(services)

_severity(services) := "warning" if not _is_documented(services)

_is_documented(services) if {
	_says_for_whom(input.statement)
	every p in services {
		_caller(p).as_itself != ""
	}
}

_says_for_whom(st) if lib.has_key(st, lib.source_keys)

# Lambda sends the function's ARN in the encryption context of what it does as itself: such a statement is for that.
# https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html
_is_for_itself(st, p) if {
	_caller(p).as_itself != ""
	some condition in st.conditions
	startswith(lower(condition.key.text), "kms:encryptioncontext:aws:")
	not lib.absent_passes(condition)
}

_help(services) := sprintf("allow the users and roles that use it, with `kms:ViaService` as the condition: %s", [_values(prefixes)]) if {
	prefixes := _prefixes(services)
	count(prefixes) > 0
}

_help(services) := sprintf("allow the service-linked role, `arn:%s:iam::%s:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`", [
	input.key.partition, input.key.account,
]) if {
	count(_prefixes(services)) == 0
	input.key.account != ""
}

_help(services) := "allow the account's service-linked role `AWSServiceRoleForAutoScaling`" if {
	count(_prefixes(services)) == 0
	input.key.account == ""
}

_prefixes(services) := [_caller(p).via | some p in services; _caller(p).via != ""]

_values(prefixes) := concat(" and ", [sprintf("`%s.%s.amazonaws.com`", [prefix, input.key.region]) | some prefix in prefixes]) if input.key.region != ""

_values(prefixes) := sprintf("%s and the key's Region", [concat(" or ", [sprintf("`%s`", [prefix]) | some prefix in prefixes])]) if input.key.region == ""
