package report

import (
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func at(line, start, end int) diag.Range {
	return diag.Range{Start: diag.Pos{Line: line, Column: start}, End: diag.Pos{Line: line, Column: end}}
}

func TestSnippet(t *testing.T) {
	tests := []struct {
		name, line  string
		at          diag.Range
		text, caret string
	}{
		{"plain", `key_users: [a]`, at(1, 13, 14), `key_users: [a]`, `            ^`},
		{"tab before", "\ta: b", at(1, 5, 6), "    a: b", "       ^"},
		{"wide before", `日本: b`, at(1, 5, 6), `日本: b`, `      ^`},
		{"wide marked", `a: 日本`, at(1, 4, 6), `a: 日本`, `   ^^^^`},
		{"combining", "e\u0301: b", at(1, 5, 6), "e\u0301: b", "   ^"},
		{"control", "a\x1bb: c", at(1, 2, 3), `a\x1bb: c`, ` ^^^^`},
		{"direction", "a\u202eb", at(1, 3, 4), `a\u202eb`, `       ^`},
		{"empty range", `a: `, at(1, 4, 4), `a: `, `   ^`},
		{"beyond the end", `a`, at(1, 9, 12), `a`, ` ^`},
		{"over lines", `a: |`, diag.Range{Start: diag.Pos{Line: 1, Column: 4}, End: diag.Pos{Line: 3, Column: 2}}, `a: |`, `   ^`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, caret := snippet(test.line, test.at)
			if text != test.text || caret != test.caret {
				t.Errorf("got\n%q\n%q, want\n%q\n%q", text, caret, test.text, test.caret)
			}
		})
	}
}

func TestSnippetOfALongLine(t *testing.T) {
	line := strings.Repeat("x", 5000) + "HERE" + strings.Repeat("y", 5000)
	text, caret := snippet(line, at(1, 5001, 5005))
	if displaywidth.String(text) > widest+2 {
		t.Errorf("the line is %d wide", displaywidth.String(text))
	}
	column := strings.Index(caret, "^")
	if got := string([]rune(text)[column : column+4]); got != "HERE" || !strings.HasSuffix(caret, "^^^^") {
		t.Errorf("the caret is under %q", got)
	}
}

func FuzzSnippet(f *testing.F) {
	f.Add("a: b", 1, 2)
	f.Add("日\x1b\t\xff", 3, 99)
	f.Fuzz(func(t *testing.T, line string, start, end int) {
		text, caret := snippet(line, at(1, start, end))
		if strings.ContainsAny(text, "\x1b\x07\n\r") || !strings.Contains(caret, "^") {
			t.Errorf("%q %q", text, caret)
		}
	})
}
