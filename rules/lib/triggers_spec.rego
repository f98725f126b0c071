# Triggers of a spec as it is written.
package keypolicy.lib.triggers

import data.keypolicy.lib

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

_all contains "uses" if count(input.spec.used_by) > 0

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
