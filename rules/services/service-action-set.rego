# METADATA
# title: Service lacks actions that it uses
# description: >-
#   The guides of AWS services list the actions that each service uses on a key. A statement with none of them gives
#   the service nothing that it needs. A service that needs several for each use that is documented, such as
#   kms:GenerateDataKey and kms:Decrypt to publish to an encrypted SNS topic, can do nothing with some of them; all
#   statements for the service count together. It is info for a service that AWS names only in a list, as it may have
#   other uses of a key, for kms:Decrypt of a service that stores data, as it may have to read what it encrypted
#   before another key took this one's place, and for kms:GenerateDataKey, which is all that writing small objects to
#   an encrypted bucket takes.
# related_resources:
#   - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
#   - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
#   - ref: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
#   - ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
#   - ref: https://docs.aws.amazon.com/systems-manager/latest/userguide/inventory-resource-data-sync.html
# custom:
#   severity: warning
#   subject: policy
#   when: [services]
#   access: [left]
#   remedy: List the actions from the service's guide.
package keypolicy.rules.services["service-action-set"]

import data.keypolicy.lib

findings contains lib.remedied(lib.at(p.path, message), help) if {
	some st in _allowing
	some p in _services(st)
	wanted := {name | some documented in input.facts.services[p.text].documented; some name in documented.actions}
	count(wanted) > 0
	count(_reached(st) & wanted) == 0
	message := sprintf("statement %s gives `%s` only %s, which the service does not use", [lib.name(st), p.text, lib.several([a.text | some a in st.actions])])
	help := sprintf("it uses %s", [concat(", ", wanted)])
}

findings contains object.union(_adding(finding, st, missing), {"severity": _severity(begun, given)}) if {
	some name in {p.text | some st in _allowing; some p in _services(st)}
	not lib.uses_callers(name, input.facts.services) # another rule reports it
	given := _given(name)
	every use in _uses_of(name) {
		use.known
		count(_lacking(use, given)) > 0
	}
	begun := [use | some use in _uses_of(name); count(_lacking(use, given)) < count(_using(use))]
	missing := [need.text | some need in _lacking(begun[0], given)]
	[st, p] := [[s, q] | some s in _allowing; some q in _services(s); q.text == name][0]
	message := sprintf("statement %s gives `%s` too little for %s: it needs %s too%s", [
		lib.name(st), name, begun[0].what, lib.several(missing), _unless(begun, given),
	])
	finding := lib.because(_reason(begun, given), lib.at(p.path, message))
}

_uses_of(name) := input.facts.services[name].uses

# The needs of a use that are for data. To describe a key, or for a grant, a service often has a statement of its own.
_using(use) := [need | some need in use.needs; count({name | some name in need.any} & lib.cryptographic) > 0]

_lacking(use, given) := lib.lacking({"needs": _using(use)}, given)

# Services that AWS names only in a list may use keys in other ways too.
_severity(begun, given) := "info" if {
	_unless(begun, given) != ""
} else := "warning" if {
	some use in begun
	use.own
} else := "info"

# AWS's pages have such statements, and name more uses than are known here:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
# https://docs.aws.amazon.com/systems-manager/latest/userguide/inventory-resource-data-sync.html
_unless(begun, given) := ", unless it only reads what it encrypted earlier" if {
	"kms:Decrypt" in given
	some use in begun
	use.stores
} else := ", unless it only writes, as objects to a bucket" if {
	"kms:GenerateDataKey" in given
	not "kms:Decrypt" in given
} else := ""

_reason(begun, given) := "incomplete" if {
	_unless(begun, given) == ""
} else := "reads-only" if {
	"kms:Decrypt" in given
} else := "writes-only"

_adding(finding, _, _) := finding if finding.reason != "incomplete"

_adding(finding, st, missing) := lib.proposed(finding, sprintf("add %s", [lib.several(missing)]), [_extended(st, missing)]) if {
	finding.reason == "incomplete"
	every p in st.principals { p.kind == "service" }
}

_adding(finding, st, missing) := lib.remedied(finding, sprintf("add %s in a statement of the service's own", [lib.several(missing)])) if {
	finding.reason == "incomplete"
	some p in st.principals
	p.kind != "service"
}

_extended(st, missing) := {"path": lib.action_element(st), "add": missing} if _action_type(st) == "list"

_extended(st, missing) := {"path": lib.action_element(st), "value": array.concat([a.text | some a in st.actions], missing)} if {
	_action_type(st) != "list"
}

_action_type(st) := [element.type | some element in st.elements; element.name == "Action"][0]

_allowing := [st |
	some st in input.policy.statements
	st.effect.text == "Allow"
	lib.takes_effect(st)
	count(st.actions) > 0
	_uses_key(st)
]

_uses_key(st) if {
	some action in st.actions
	count(action.cryptographic) > 0
}

_services(st) := [p | some p in st.principals; p.kind == "service"]

_reached(st) := {name | some action in st.actions; some name in action.effective}

# What all statements give a service together, also those for everyone.
_given(service) := _given_to_anyone | object.get(_given_to, service, set())

_given_to_anyone contains name if {
	some st in input.policy.statements
	st.effect.text == "Allow"
	some p in st.principals
	p.kind == "anyone"
	some name, taken in st.takes
	taken
}

_given_to[p.text] contains name if {
	some st in input.policy.statements
	st.effect.text == "Allow"
	some p in st.principals
	some name, taken in st.takes
	taken
}
