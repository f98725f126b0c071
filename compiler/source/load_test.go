package source

import (
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// cut is the text that a place covers.
func cut(f *File, p diag.Place) string {
	return string(f.Text[p.Range.Start.Offset:p.Range.End.Offset])
}

// ranges lists each node of a document as "pointer = text", a key with "~" before it.
func ranges(f *File, n *Node) []string {
	if n == nil {
		return nil
	}
	list := []string{n.Place.Path + " = " + cut(f, n.Place)}
	for _, item := range n.Items {
		list = append(list, ranges(f, item)...)
	}
	for _, m := range n.Members {
		list = append(list, "~"+m.Key.Place.Path+" = "+cut(f, m.Key.Place))
		list = append(list, ranges(f, m.Value)...)
	}
	return list
}

func TestRangesCoverTheTextAsWritten(t *testing.T) {
	tests := []struct {
		name, file, text string
		document         int
		want             []string
	}{
		{"block mapping", "a.yaml", "a: 1\nb:  two words  # no\n", 0, []string{" = a: 1\nb:  two words", "~/a = a", "/a = 1", "~/b = b", "/b = two words"}},
		{"block sequence", "a.yaml", "k:\n- x\n-   'y'\n\n", 0, []string{" = k:\n- x\n-   'y'", "~/k = k", "/k = - x\n-   'y'", "/k/0 = x", "/k/1 = 'y'"}},
		{"nested block", "a.yaml", "- - 1\n  - a: b\n- c\n", 0, []string{" = - - 1\n  - a: b\n- c", "/0 = - 1\n  - a: b", "/0/0 = 1", "/0/1 = a: b", "~/0/1/a = a", "/0/1/a = b", "/1 = c"}},
		{"flow", "a.yaml", "k: [a, {b: c, \"d\":'e'} , ] # x\n", 0, []string{" = k: [a, {b: c, \"d\":'e'} , ]", "~/k = k", "/k = [a, {b: c, \"d\":'e'} , ]", "/k/0 = a", "/k/1 = {b: c, \"d\":'e'}", "~/k/1/b = b", "/k/1/b = c", "~/k/1/d = \"d\"", "/k/1/d = 'e'"}},
		{"flow over lines", "a.yaml", "[\n  a, # ] no\n  b\n]\n", 0, []string{" = [\n  a, # ] no\n  b\n]", "/0 = a", "/1 = b"}},
		{"pair in a list", "a.yaml", "[a: b, c]\n", 0, []string{" = [a: b, c]", "/0 = a: b", "~/0/a = a", "/0/a = b", "/1 = c"}},
		{"empty collections", "a.yaml", "{a: {}, b: [ ]}", 0, []string{" = {a: {}, b: [ ]}", "~/a = a", "/a = {}", "~/b = b", "/b = [ ]"}},
		{"left out", "a.yaml", "a:\nb: \n", 0, []string{" = a:\nb:", "~/a = a", "/a = ", "~/b = b", "/b = "}},
		{"multi-byte", "a.yaml", "ä: 日本\n\"😀\": {é: 'ü'}\n", 0, []string{" = ä: 日本\n\"😀\": {é: 'ü'}", "~/ä = ä", "/ä = 日本", "~/😀 = \"😀\"", "/😀 = {é: 'ü'}", "~/😀/é = é", "/😀/é = 'ü'"}},
		{"CRLF", "a.yaml", "a: 1\r\nb:\r\n  - x\r\n  - |\r\n    l\r\n    m\r\nc: 2\r\n", 0, []string{" = a: 1\r\nb:\r\n  - x\r\n  - |\r\n    l\r\n    m\r\nc: 2", "~/a = a", "/a = 1", "~/b = b", "/b = - x\r\n  - |\r\n    l\r\n    m", "/b/0 = x", "/b/1 = |\r\n    l\r\n    m", "~/c = c", "/c = 2"}},
		{"BOM", "a.yaml", "\uFEFFa: 1\n", 0, []string{" = a: 1", "~/a = a", "/a = 1"}},
		{"second document", "a.yaml", "x: 1\n---\ny: [z]\n", 1, []string{" = y: [z]", "~/y = y", "/y = [z]", "/y/0 = z"}},
		{"third document", "a.yaml", "--- x\n...\n%YAML 1.1\n---\ny\n--- # c\nz\n", 2, []string{" = z"}},
		{"quoted", "a.yaml", `a: "x\"y\\" # c` + "\nb: 'it''s'\n", 0, []string{" = a: \"x\\\"y\\\\\" # c\nb: 'it''s'", "~/a = a", `/a = "x\"y\\"`, "~/b = b", "/b = 'it''s'"}},
		{"multi-line", "a.yaml", "a: one\n  two\n\n  three # c\nb: \"x\n  y\\\n  z\"\nc: 'p\n\n  q'\n", 0, []string{" = a: one\n  two\n\n  three # c\nb: \"x\n  y\\\n  z\"\nc: 'p\n\n  q'", "~/a = a", "/a = one\n  two\n\n  three", "~/b = b", "/b = \"x\n  y\\\n  z\"", "~/c = c", "/c = 'p\n\n  q'"}},
		{"block scalars", "a.yaml", "a: |\n  x\n   y\n\nb: >-\n  p\n  q\nc: |2+ # note\n    z\n\n\nd: |-\ne: 1\n", 0, []string{" = a: |\n  x\n   y\n\nb: >-\n  p\n  q\nc: |2+ # note\n    z\n\n\nd: |-\ne: 1", "~/a = a", "/a = |\n  x\n   y", "~/b = b", "/b = >-\n  p\n  q", "~/c = c", "/c = |2+ # note\n    z", "~/d = d", "/d = |-", "~/e = e", "/e = 1"}},
		{"anchor and tag", "a.yaml", "a: &x !!str 12\nb: &y\n  c: d\n&k e: &z [1]\nf: &n\n", 0, []string{" = a: &x !!str 12\nb: &y\n  c: d\n&k e: &z [1]\nf: &n", "~/a = a", "/a = 12", "~/b = b", "/b = c: d", "~/b/c = c", "/b/c = d", "~/e = e", "/e = [1]", "/e/0 = 1", "~/f = f", "/f = "}},
		{"alias", "a.yaml", "a: &x {k: v}\nb: *x\n", 0, []string{" = a: &x {k: v}\nb: *x", "~/a = a", "/a = {k: v}", "~/a/k = k", "/a/k = v", "~/b = b", "/b = *x", "~/b/k = *x", "/b/k = *x"}},
		{"explicit keys", "a.yaml", "? a\n: b\n? c\n\n", 0, []string{" = ? a\n: b\n? c", "~/a = a", "/a = b", "~/c = c", "/c = "}},
		{"pointer escapes", "a.yaml", "a/b: {c~d: 1}\n", 0, []string{" = a/b: {c~d: 1}", "~/a~1b = a/b", "/a~1b = {c~d: 1}", "~/a~1b/c~0d = c~d", "/a~1b/c~0d = 1"}},
		{"JSON", "a.json", "{\n\t\"a\": [1, -2.5e3, true, null],\n\t\"\\u00e4\\/\" : \"\\ud83d\\ude00\"\r\n}\n", 0, []string{" = {\n\t\"a\": [1, -2.5e3, true, null],\n\t\"\\u00e4\\/\" : \"\\ud83d\\ude00\"\r\n}", "~/a = \"a\"", "/a = [1, -2.5e3, true, null]", "/a/0 = 1", "/a/1 = -2.5e3", "/a/2 = true", "/a/3 = null", "~/ä~1 = \"\\u00e4\\/\"", "/ä~1 = \"\\ud83d\\ude00\""}},
		{"JSON in YAML's file", "a.yaml", " {\"a\":\t\"b\"}", 0, []string{" = {\"a\":\t\"b\"}", "~/a = \"a\"", "/a = \"b\""}},
		{"JSON scalar", "a.json", "  12 \n", 0, []string{" = 12"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, found := Load(test.file, []byte(test.text), DefaultLimits)
			if len(found) > 0 {
				t.Fatalf("found %v", found)
			}
			got := ranges(f, f.Documents[test.document].Root)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%q\nwant\n%q", got, test.want)
			}
		})
	}
}

func TestPositionsCountCharacters(t *testing.T) {
	f, found := Load("a.yaml", []byte("\uFEFFä: 日本 # x\r\n😀: [é, y]\n"), DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	root := f.Documents[0].Root
	tests := []struct {
		node       *Node
		start, end diag.Pos
	}{
		{root.Members[0].Key, diag.Pos{Line: 1, Column: 1, Offset: 3}, diag.Pos{Line: 1, Column: 2, Offset: 5}},
		{root.Members[0].Value, diag.Pos{Line: 1, Column: 4, Offset: 7}, diag.Pos{Line: 1, Column: 6, Offset: 13}},
		{root.Members[1].Value.Items[1], diag.Pos{Line: 2, Column: 8, Offset: 30}, diag.Pos{Line: 2, Column: 9, Offset: 31}},
	}
	for _, test := range tests {
		if got := test.node.Place.Range; got != (diag.Range{Start: test.start, End: test.end}) {
			t.Errorf("%s: %+v", test.node.Text, got)
		}
	}
}

func TestPositionOnALongLine(t *testing.T) {
	text := strings.Repeat("ä", 1000) + ": [" + strings.Repeat("日, ", 500) + "x]\n"
	f, found := Load("a.yaml", []byte(text), DefaultLimits)
	if len(found) > 0 {
		t.Skip("the library refuses the key:", found[0].Message)
	}
	items := f.Documents[0].Root.Members[0].Value.Items
	if got := items[500].Place.Range.Start.Column; got != 1000+3+1500+1 {
		t.Errorf("column %d", got)
	}
}
