package compiler_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
)

func TestTextThatIsToBeFilledIn(t *testing.T) {
	tests := []struct{ name, text, reason, at string }{
		{"a.json.tpl", `{"Principal": {"AWS": ${jsonencode(arns)}}}`, "not-filled-in", "${jsonencode(arns)}"},
		{"a.json.tpl", "{\"Statement\": [\n%{ if extra }\n{}\n%{ endif }\n]}", "not-filled-in", "%{ if extra }"},
		{"a.yaml.j2", "key_users: {{ users }}\n", "not-filled-in", "{{ users }}"},
		{"a.yaml.j2", "{% for u in users %}\n- {{ u }}\n{% endfor %}\n", "not-filled-in", "{% for u in users %}"},
		{"a.json", `{"a": {{"b": 1}}`, "syntax-error", `{`},
		{"a.json", `{"a": "${x}" "b": 1}`, "syntax-error", ``},
		{"a.yaml", "# {{ users }}\na: ${x}\nb: [\n", "syntax-error", ""},
	}
	for _, test := range tests {
		_, found := compiler.Compile(compiler.Input{Name: test.name, Text: []byte(test.text)}, compiler.Options{})
		if len(found) == 0 || found[0].Reason != test.reason {
			t.Errorf("%s: %+v", test.text, found)
			continue
		}
		at := found[0].Place.Range
		if got := test.text[at.Start.Offset:at.End.Offset]; test.reason == "not-filled-in" && got != test.at {
			t.Errorf("%s: at %q", test.text, got)
		}
	}
}
