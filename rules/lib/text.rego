package keypolicy.lib

# has_placeholder reports whether a template or a person still has to fill the text in: $(name), ${NAME}, <NAME> or {{name}}.
has_placeholder(text) if regex.match(`\$\(|\$\{|<|\{\{`, text)

# is_account_id reports whether a text is an account's id: 12 digits.
is_account_id(text) if regex.match(`^[0-9]{12}$`, text)

# refused is what AWS answers to an invalid principal.
refused := "PutKeyPolicy answers MalformedPolicyDocumentException"

# code marks a text as what the user wrote, or has to write.
code(text) := sprintf("`%s`", [text])

# several writes texts as a sentence does, the first few of them: `a`, `b` and `c`.
several(texts) := code(texts[0]) if count(texts) == 1

several(texts) := sprintf("%s and %s", [concat(", ", array.slice(_codes(texts), 0, count(texts) - 1)), code(texts[count(texts) - 1])]) if {
	count(texts) > 1
	count(texts) <= 4
}

several(texts) := sprintf("%s and %d more", [concat(", ", array.slice(_codes(texts), 0, 3)), count(texts) - 3]) if {
	count(texts) > 4
}

_codes(texts) := [code(t) | some t in texts]

# every_one writes texts as a sentence does, all of them: `a`, `b` and `c`.
every_one(texts) := several(texts) if count(texts) <= 4

every_one(texts) := sprintf("%s and %s", [concat(", ", array.slice(_codes(texts), 0, count(texts) - 1)), code(texts[count(texts) - 1])]) if {
	count(texts) > 4
}

# several_or writes a choice: `a`, or `b` or `c`.
several_or(texts) := concat(" or ", _codes(texts))

# separate is the help for a text that holds several entries, each of which matches a pattern; undefined for any other text. The lists
# of names say of which kind they are.
separate(text, form) := sprintf("write each as an entry of its own: %s", [concat(", ", _codes(entries))]) if {
	entries := [regex.replace(entry, `^(role|user)/`, "") | some entry in regex.split(`\s*[,;]\s*|\s+`, trim_space(text))]
	count(entries) > 1
	every entry in entries {
		regex.match(form, entry)
	}
}
