package source

import (
	"encoding/json"
	"testing"
)

var seeds = []string{
	"", "a: 1\n", "a: [1, {b: c}, \"d\\n\", 'e''f']\n", "a: |\n  x\n\n  y\nb: >-\n  p\n  q\n", "a: &x !!str y\nb: *x\nc: {<<: {d: 1}}\n",
	"? a\n: b\n? c\n", "---\nx\n...\n%YAML 1.1\n---\ny\n--- # c\n", "a: one\n  two\n\n  three # c\n", "- - 1\n  - a: b\n- c\n",
	`{"a": [1, -2.5e3, true, null, "\ud83d\ude00\/"]}`, "\uFEFFä: 日本\r\n😀: [é]\r\n", "a: \"{\\\"b\\\": 1}\"\n", "p: |2-\n\n    {\"a\":\n   1}\n\n",
	"# keypolicy:ignore a,b until=2027-01-31 why\na: 1 # keypolicy:ignore c\n", "[a: b, {c: d}: e, ? f, g]\n", "a:\n\t- b\n", "a: b: c\n", "x: [1}\n",
	"\uFEFF\uFEFFä", "\uFEFF\uFEFF\n\n\n\n\n\n\n\nä: 1\nb: é\n", "\uFEFF\uFEFF\uFEFF- ä: é\n", "a\n...\n\uFEFFä: b\n", "\"b\u0085\"", "'\u0085b \u0085': \"\\u0085\\\u0085c\"\n",
	"a: \"x\\\n  y\n\n  z\"\n", "a:\u0085b: 1\u2028\n", "{a, b: , \"c\":d}\n", "- !!map {}\n- !!seq []\n- ! x\n- &a\n- !!str\n", "a: |+\n\n\nb: >+2\n   x\n\n    y\n",
}

// FuzzLoad holds that no input ends the run, that every range lies in the text and in its parent's, that a scalar's text can be
// read again from its range, and that a file named .json is read where it is JSON.
func FuzzLoad(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"a.yaml", "a.json"} {
			file, found := Load(name, []byte(text), Limits{Nodes: 5000})
			if err := checkFile(file, found); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !found.HasErrors() && len(file.Documents) == 0 {
				t.Fatalf("%s: nothing read and nothing found", name)
			}
			for _, d := range file.Documents {
				if err := scalars(d.Root, func(n *Node) error { return checkEmbedded(file, n) }); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			if name == "a.json" && !blank(file.Text[file.lines.bom:]) && !found.HasErrors() && !json.Valid(file.Text[file.lines.bom:]) {
				t.Fatal("read as JSON what is none")
			}
		}
	})
}
