package source

import (
	"fmt"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// aliasBomb is nine lists, each ten times the one before.
func aliasBomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	return b.String()
}

// aliasDepth is nested only through aliases.
func aliasDepth() string {
	var b strings.Builder
	b.WriteString("a0: &a0 x\n")
	for i := 1; i < 150; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d]\n", i, i, i-1)
	}
	return b.String()
}

func mergeBomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 {k: v}\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&b, "a%d: &a%d {<<: *a%d, x%d: *a%d}\n", i, i, i-1, i, i-1)
	}
	return b.String()
}

func TestHostileInputIsRefused(t *testing.T) {
	tests := []struct{ name, file, text, reason, at string }{
		{"alias bomb", "a.yaml", aliasBomb(), "oversized-input", ""},
		{"merge bomb", "a.yaml", mergeBomb(), "oversized-input", ""},
		{"depth by aliases", "a.yaml", aliasDepth(), "oversized-input", "*a98"},
		{"recursive alias", "a.yaml", "a: &x [*x]\n", "oversized-input", "*x"},
		{"recursive merge", "a.yaml", "a: &x\n  <<: *x\n", "oversized-input", "*x"},
		{"flow depth", "a.yaml", strings.Repeat("[", 10_000), "", ""},
		{"closed flow depth", "a.yaml", strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + "\n# no JSON", "oversized-input", "["},
		{"flow depth past the library", "a.yaml", strings.Repeat("[", 1_000_000), "oversized-input", ""},
		{"mapping depth", "a.yaml", strings.Repeat("{a: ", 10_000), "", ""},
		{"block depth", "a.yaml", strings.Repeat("- ", 9_000) + "x\n", "oversized-input", "-"},
		{"block depth past the library", "a.yaml", strings.Repeat("- ", 100_000) + "x\n", "oversized-input", ""},
		{"JSON depth", "a.json", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "oversized-input", "["},
		{"JSON depth, a million", "a.json", strings.Repeat(`{"a":`, 500_000), "oversized-input", `"a"`},
		{"JSON in YAML", "a.yaml", strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000), "oversized-input", "["},
		{"size", "a.yaml", strings.Repeat("x", 4<<20+1), "oversized-input", ""},
		{"nodes", "a.json", "[" + strings.Repeat("1,", 500_000) + "1]", "oversized-input", "1"},
		{"not UTF-8", "a.yaml", "a: \xFFb\n", "file-encoding", "\xFF"},
		{"cut character", "a.json", "\"\xC3\"", "file-encoding", "\xC3"},
		{"UTF-16 big", "a.yaml", "\xFE\xFF\x00a", "file-encoding", ""},
		{"UTF-16 little", "a.yaml", "\xFF\xFEa\x00", "file-encoding", ""},
		{"NUL", "a.yaml", "a: b\x00c\n", "file-encoding", "\x00"},
		{"BOM inside", "a.yaml", "a: x\uFEFFy\n", "file-encoding", "\uFEFF"},
		{"two BOMs", "a.json", "\uFEFF\uFEFF{}", "", ""},
		{"documents", "a.yaml", strings.Repeat("---\n", 100_000), "oversized-input", ""},
		{"tabs", "a.yaml", "a:\n\t\tb: 1\n", "syntax-error", "\t"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, found := Load(test.file, []byte(test.text), DefaultLimits)
			if !found.HasErrors() {
				t.Fatal("accepted")
			}
			if d := found[0]; test.reason != "" && (d.Reason != test.reason || d.Rule != "syntax") || test.at != "" && cut(f, d.Place) != test.at {
				t.Errorf("found %+v at %q", d, cut(f, d.Place))
			}
			if test.reason == "oversized-input" && !strings.Contains(test.name, "recursive") && len(f.Documents) > 0 {
				t.Error("a document that was given up is among the documents")
			}
		})
	}
}

func TestSmallLimits(t *testing.T) {
	tests := []struct {
		text   string
		limits Limits
		bad    bool
	}{
		{"[1]", Limits{Bytes: 3}, false},
		{"[12]", Limits{Bytes: 3}, true},
		{"[[1]]", Limits{Depth: 3}, false},
		{"[[1]]", Limits{Depth: 2}, true},
		{"[1, 2]", Limits{Nodes: 3}, false},
		{"[1, 2]", Limits{Nodes: 2}, true},
		{"{a: 1}", Limits{Nodes: 3}, false},
		{"{a: 1}", Limits{Nodes: 2}, true},
		{"a: &x [1, 2]\nb: *x", Limits{Nodes: 9}, false},
		{"a: &x [1, 2]\nb: *x", Limits{Nodes: 8}, true},
	}
	for _, test := range tests {
		for _, file := range []string{"a.yaml", "a.json"} {
			if file == "a.json" && !isJSON("a.yaml", []byte(test.text)) {
				continue
			}
			_, found := Load(file, []byte(test.text), test.limits)
			if found.HasErrors() != test.bad {
				t.Errorf("%s %q %+v: found %+v", file, test.text, test.limits, found)
			}
		}
	}
}

func TestEmptiness(t *testing.T) {
	tests := []struct {
		file, text string
		empty      []bool
	}{
		{"a.yaml", "", []bool{true}},
		{"a.json", " \n", []bool{true}},
		{"a.yaml", "\uFEFF", []bool{true}},
		{"a.yaml", "# only a comment\n", []bool{true}},
		{"a.yaml", "---\n", []bool{true}},
		{"a.yaml", "---\n---\na: 1\n", []bool{true, false}},
		{"a.yaml", "a: 1\n---\n# c\n", []bool{false, true}},
		{"a.yaml", "a: 1\n...\n# c\n", []bool{false}},
		{"a.yaml", "...\na\n...\n...\n%YAML 1.1\n---\nb\n", []bool{false, false}},
		{"a.yaml", "~\n", []bool{false}},
		{"a.yaml", "{}", []bool{false}},
	}
	for _, test := range tests {
		f, found := Load(test.file, []byte(test.text), DefaultLimits)
		if len(found) > 0 || len(f.Documents) != len(test.empty) {
			t.Errorf("%q: found %v, %d documents", test.text, found, len(f.Documents))
			continue
		}
		for i, d := range f.Documents {
			if d.Index != i || (d.Root == nil) != test.empty[i] || d.Range.Start == (diag.Pos{}) {
				t.Errorf("%q: document %d: %+v", test.text, i, d)
			}
		}
	}
}

func TestAnAliasBombIsRefusedBeforeItIsBuilt(t *testing.T) {
	roots, err := parseYAML([]byte(aliasBomb()))
	if err != nil {
		t.Fatal(err)
	}
	m := measure{limit: 1000, sizes: map[*yaml.Node]int{}}
	m.add(roots[0])
	if m.total <= 1000 || m.last == nil || len(m.sizes) > 4 {
		t.Errorf("counted %d, sizes of %d anchors", m.total, len(m.sizes))
	}
}
