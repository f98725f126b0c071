# What a subject has for rules to check: the names that METADATA's `when` takes. The engine finds them without Rego, in one
# walk, and a test holds its answers against these.
package keypolicy.lib.triggers

import data.keypolicy.lib

# found are the triggers of the input. What could not be read has all of them.
found contains name if {
	_unread
	some name in _names
}

found contains name if {
	not _unread
	some name in _all
}

_unread if count(_problems) > 0

_unread if {
	some f in input.spec.fields
	f.form == "lists"
	not f.type in {"list", "null"}
}

_problems := array.concat(object.get(input, ["policy", "problems"], []), object.get(input, ["statement", "problems"], []))

_statements := [input.statement]

_statements := input.policy.statements if not input.statement

_names := {
	"faults", "conditions", "services", "denies", "odd_actions", "not_elements", "resources", "faulty_principals", "anyone",
	"users", "sessions", "federated", "reserved_roles", "other_partitions", "other_accounts", "own_account",
	"repeated_principals", "both_duties", "mixed_patterns", "mixed_duties", "wide_names", "use", "open_grants", "imports",
	"replication", "repeated_statements", "repeated_sids", "characters", "variables", "placeholders", "large", "unfit_actions", "rsa_key", "local_actions", "edits", "opt_in_region", "trust",
	"forms", "empty_lists", "odd_entries", "numbers", "expectations", "aliases", "related_files", "access.lockout", "access.external",
	"access.public", "access.outsider", "access.confused_deputy", "access.statements", "access.able", "access.unattested",
}

# Of statements, and of policies by their statements.

_all contains "faults" if {
	some st in _statements
	_is_faulty(st)
}

_is_faulty(st) if {
	some element in st.elements
	element.name != element.means
}

_is_faulty(st) if {
	some element in array.concat(st.elements, st.principal_keys)
	element.empty
}

_is_faulty(st) if not st.effect.text in {"Allow", "Deny"}

_is_faulty(st) if {
	names := {element.name | some element in st.elements}
	some [name, other] in [["Principal", "NotPrincipal"], ["Action", "NotAction"], ["Resource", "NotResource"]]
	count(names & {name, other}) != 1
}

_is_faulty(st) if {
	some key in st.principal_keys
	not key.name in {"AWS", "Service", "Federated"}
}

_all contains "conditions" if {
	some st in _statements
	st.list == ""
	some element in st.elements
	element.name == "Condition"
}

_all contains "denies" if {
	some st in _statements
	lower(st.effect.text) == "deny"
}

_all contains "odd_actions" if {
	some st in _statements
	some action in lib.all_actions(st)
	_is_odd(action)
}

_is_odd(action) if {
	action.text != "*"
	not startswith(lower(action.text), "kms:")
}

_is_odd(action) if count(action.effective) == 0

_all contains "not_elements" if {
	some st in _statements
	some element in st.elements
	element.name in {"NotPrincipal", "NotAction", "NotResource"}
}

_all contains "resources" if {
	some st in _statements
	some resource in st.resources
	resource.text != "*"
}

_all contains "mixed_patterns" if {
	some st in _statements
	some action in st.actions
	action.wildcard
	not action.does.all
	count(action.cryptographic) > 0
	count(action.cryptographic) < count(action.matches)
}

_all contains "mixed_duties" if {
	some st in _statements
	st.effect.text == "Allow"
	lib.has_use(st)
	count(lib.administers(st)) > 0
}

_all contains "wide_names" if {
	some st in _statements
	st.effect.text == "Allow"
	lib.has_everything(st)
	some p in st.principals
	p.kind in {"user", "role", "session", "federated_user", "unique_id", "anyone"}
}

_all contains "use" if {
	some st in _statements
	st.effect.text == "Allow"
	lib.has_use(st)
}

_all contains "imports" if {
	some st in _statements
	some action in st.actions
	lower(action.text) == "kms:importkeymaterial"
}

_all contains "replication" if {
	some st in _statements
	st.effect.text == "Allow"
	some action in st.actions
	some name in {"kms:ReplicateKey", "kms:UpdatePrimaryRegion"}
	name in action.matches
	_is_meant(action)
}

_is_meant(action) if not action.wildcard

_is_meant(_) if input.key.multi_region

_all contains "unfit_actions" if {
	input.key.kind != ""
	some st in _statements
	some action in lib.all_actions(st)
	count(action.effective) > 0
	_is_unfit(action)
}

_is_unfit(action) if not action.usable

_is_unfit(action) if {
	origins := action.facts.origins
	not _is_one_of(origins, input.key.origin)
}

_is_unfit(action) if {
	count(action.facts.key_types) > 0
	not input.key.multi_region
}

_is_one_of(list, text) if text in list

_is_one_of(list, _) if count(list) == 0

_all contains "local_actions" if {
	some st in _statements
	some action in lib.all_actions(st)
	action.facts.effective
	action.facts.cross_account == "no"
}

_all contains "edits" if {
	some st in _statements
	lib.gives(st, "kms:PutKeyPolicy")
}

# Of the surroundings.

_all contains "rsa_key" if startswith(input.key.spec, "RSA_")

_all contains "opt_in_region" if input.key.opt_in

_all contains "trust" if input.trust.given

# Of principals, and of entries of a spec's lists.

_principals := input.spec.entries

_principals := [p | some st in _statements; some p in lib.all_principals(st)] if not input.spec

# Those that no list names; in a spec all of them.
_own := input.spec.entries

_own := [p | some p in _principals; p.list == ""] if not input.spec

_all contains "services" if {
	some p in _principals
	p.kind == "service"
}

_all contains "anyone" if {
	some p in _principals
	p.kind == "anyone"
}

_all contains "sessions" if {
	some p in _principals
	p.kind in {"session", "federated_user"}
}

_all contains "federated" if {
	some p in _principals
	object.get(p, "element", "AWS") == "Federated"
}

_all contains "reserved_roles" if {
	some p in _principals
	p.kind == "role"
	_is_reserved(p)
}

_is_reserved(p) if strings.any_prefix_match(p.name_path, {"aws-reserved/", "aws-service-role/"})

_is_reserved(p) if startswith(p.name, "AWSReservedSSO_")

_all contains "other_partitions" if {
	some p in _principals
	not p.partition in {"", input.key.partition}
}

_all contains "other_accounts" if {
	some p in _principals
	p.relation in {"other", "trusted"}
}

_all contains "own_account" if {
	some p in _principals
	p.kind == "account"
	p.relation in {"own", "unknown"}
}

_all contains "users" if {
	some p in _own
	p.kind == "user"
}

_all contains "numbers" if {
	some p in _own
	p.type in {"int", "float"}
}

_all contains "numbers" if {
	some f in input.spec.fields
	f.name == "account"
	f.type in {"int", "float"}
}

_all contains "faulty_principals" if {
	some p in _own
	p.fault != ""
}

_all contains "faulty_principals" if {
	some f in input.spec.fields
	f.name == "account"
	f.type == "string"
	not lib.is_account_id(f.text)
}

_all contains "repeated_principals" if {
	some st in _statements
	some list in [st.principals, st.not_principals]
	_repeats([p | some p in list; p.list == ""; p.text != ""])
}

_all contains "repeated_principals" if {
	_repeats([e | some e in input.spec.entries; e.kind != "parameter"])
}

_repeats(list) if count({p.same | some p in list}) < count(list)

# Of a policy as a whole.

_all contains "faults" if {
	some element in input.policy.elements
	element.name != element.means
}

_all contains "faults" if {
	some element in input.policy.elements
	element.empty
}

_all contains "faults" if count(input.policy.statements) == 0

_all contains "faults" if {
	input.policy.statements
	input.policy.version.text != "2012-10-17"
}

_all contains "both_duties" if {
	some same in _administrators
	same in _users
}

_users contains p.same if {
	some st in input.policy.statements
	st.effect.text == "Allow"
	not lib.has_everything(st)
	lib.has_use(st)
	some p in lib.named(st)
}

_administrators contains p.same if {
	some st in input.policy.statements
	lib.gives(st, "kms:PutKeyPolicy")
	not lib.has_everything(st)
	not lib.has_use(st)
	some p in lib.named(st)
}

_all contains "open_grants" if {
	editors := lib.editors(input.policy.statements)
	some st in input.policy.statements
	lib.gives(st, "kms:CreateGrant")
	not lib.asks(st, lib.grant_bounds)
	some p in st.principals
	_is_open(p, editors)
}

_is_open(p, _) if p.kind == "anyone"

_is_open(p, _) if p.relation in {"other", "trusted"}

_is_open(p, editors) if not p.same in editors

_all contains "repeated_statements" if {
	statements := input.policy.statements
	count({_says_to_whom(st) | some st in statements}) < count(statements)
}

_says_to_whom(st) := [st.effect.text, {lower(a.text) | some a in st.actions}, {[p.element, p.same] | some p in st.principals}]

_all contains "repeated_sids" if {
	sids := [st.sid.text | some st in input.policy.statements; st.sid.text != ""]
	count({sid | some sid in sids}) < count(sids)
}

_all contains "variables" if count(input.policy.variables) > 0

_all contains "large" if input.policy.size * 100 > input.policy.size_limit * 80

_all contains "characters" if count(object.get(input, ["policy", "characters"], [])) > 0

_all contains "placeholders" if count(object.get(input, ["policy", "placeholders"], [])) > 0

# Of all files of a run.

_all contains "related_files" if count(input.groups) > 0

# Of a spec as it is written.

_all contains "characters" if count(object.get(input, ["spec", "characters"], [])) > 0

_all contains "placeholders" if count(object.get(input, ["spec", "placeholders"], [])) > 0

_all contains "both_duties" if {
	some a in input.spec.entries
	some b in input.spec.entries
	a.kind != "parameter"
	a.side != b.side
	a.same == b.same
}

_all contains "forms" if count(input.spec.forms) != 1

_all contains "forms" if input.spec.forms[0] == "default"

_all contains "empty_lists" if {
	some f in input.spec.fields
	f.form == "lists"
	f.type == "list"
	f.empty
}

_all contains "expectations" if count(input.spec.expect) > 0

_all contains "aliases" if count(input.spec.aliases) > 0

_all contains "odd_entries" if {
	some entry in input.spec.entries
	_is_odd_entry(entry)
}

_is_odd_entry(entry) if {
	not entry.bare
	entry.kind != entry.wants
}

_is_odd_entry(entry) if {
	entry.kind == "account"
	entry.account != ""
	entry.account == input.key.account
}

_is_odd_entry(entry) if {
	entry.bare
	entry.text == "root"
}

_is_odd_entry(entry) if {
	entry.bare
	entry.wants != "account"
	_looks_otherwise(entry.text)
}

_looks_otherwise(text) if lib.is_account_id(text)

_looks_otherwise(text) if endswith(text, ".amazonaws.com")

_looks_otherwise(text) if strings.any_prefix_match(text, {"user/", "role/", "group/"})

# Of what access says: no and unknown alike, where yes is good, and the other way round.

_all contains "access.lockout" if {
	_asked
	not _is_safe(input.access.lockout)
}

_is_safe(l) if {
	l.editors == "always"
	l.durable == "yes"
	l.account == "always"
	l.undenied == "always"
	count(l.denied_by) == 0
}

_asked if input.policy.statements

# Of the policy as a whole, a statement says nothing.
_all contains name if {
	input.statement
	some name in {"access.lockout", "access.external", "access.public", "access.able", "access.unattested"}
}

_all contains "access.external" if {
	_asked
	not object.get(input, ["access", "external"], null) == []
}

_all contains "access.external" if {
	_asked
	input.access.external_undecided
}

_all contains "access.public" if {
	_asked
	not object.get(input, ["access", "public"], "unknown") == "no"
}

_all contains "access.able" if {
	_asked
	not _is_able
}

_is_able if {
	every answer in input.access.able { answer == "yes" }
}

_all contains "access.unattested" if {
	_asked
	not _is_attested
}

_is_attested if count(input.access.unattested.direct) + count(input.access.unattested.delegated) == 0

_all contains "access.confused_deputy" if {
	_asked
	not object.get(input, ["access", "confused_deputy"], null) == []
}

_all contains "access.confused_deputy" if {
	input.statement
	not object.get(input, ["statement", "access", "confused_deputy"], null) == []
}

_all contains "access.confused_deputy" if {
	_asked
	input.access.confused_deputy_undecided
}

_all contains "access.confused_deputy" if input.statement.access.confused_deputy_undecided

_accesses := [input.statement.access]

_accesses := input.access.statements if not input.statement

_all contains "access.statements" if {
	some said in _accesses
	object.get(said, "status", "unknown") != "live"
}

_all contains "access.outsider" if {
	some said in _accesses
	said.outsider.answer != "no"
}
