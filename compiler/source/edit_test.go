package source

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func TestEditsGiveTheirValue(t *testing.T) {
	replace := func(text string) func(*Node) ([]diag.Edit, bool) {
		return func(n *Node) ([]diag.Edit, bool) {
			e, ok := n.Get("a").Replace(text)
			return []diag.Edit{e}, ok
		}
	}
	add := func(value any) func(*Node) ([]diag.Edit, bool) {
		return func(n *Node) ([]diag.Edit, bool) { return n.Add(value) }
	}
	remove := func(i int) func(*Node) ([]diag.Edit, bool) {
		return func(n *Node) ([]diag.Edit, bool) {
			e, ok := n.Get("a").Remove(i)
			return []diag.Edit{e}, ok
		}
	}
	whole := func(n *Node) ([]diag.Edit, bool) {
		e, ok := n.Get("a").ReplaceWith(map[string]any{"AWS": "x"})
		return []diag.Edit{e}, ok
	}
	none := ""
	for _, test := range []struct {
		name, text string
		edits      func(*Node) ([]diag.Edit, bool)
		want       string // as JSON; none where there is no edit
	}{
		{"a.yaml", "a: b # c\n", replace("x"), `{"a": "x"}`},
		{"a.yaml", "a: b\n", replace("yes: no"), `{"a": "yes: no"}`},
		{"a.yaml", "a: 'b'\n", replace("it's"), `{"a": "it's"}`},
		{"a.yaml", "a: 111122223333\n", replace("111122223333"), `{"a": "111122223333"}`},
		{"a.yaml", "a: |\n  b\n  c\nd: e\n", replace("x\ny"), `{"a": "x\ny", "d": "e"}`},
		{"a.yaml", "d: &d b\na: *d\n", replace("x"), none},
		{"a.json", `{"a": "b\u0041"}`, replace("\"<é>"), `{"a": "\"<é>"}`},
		{"a.yaml", "a: {b: c}\n", whole, `{"a": {"AWS": "x"}}`},
		{"a.yaml", "a: b\nc:\n  d: e # f\n", add(map[string]any{"c": map[string]any{"g": []any{"h"}}, "i": "j"}), `{"a": "b", "c": {"d": "e", "g": ["h"]}, "i": "j"}`},
		{"a.yaml", "a: {}\n", add(map[string]any{"a": map[string]any{"b": "c"}}), `{"a": {"b": "c"}}`},
		{"a.yaml", "- a: b\n  c: |\n    d\n", add([]any{"e"}), `[{"a": "b", "c": "d\n"}, "e"]`},
		{"a.yaml", "a: [b]\n", add(map[string]any{"a": []any{"b", "c"}}), `{"a": ["b", "c"]}`},
		{"a.yaml", "a: b\n", add(map[string]any{"a": []any{"c"}}), `{"a": ["b", "c"]}`},
		{"a.yaml", "a: b\n", add(map[string]any{"a": "c"}), none},
		{"a.json", "{\"a\": {\"b\": 1\n}}", add(map[string]any{"a": map[string]any{"b": 1.0, "c": "d"}}), `{"a": {"b": 1, "c": "d"}}`},
		{"a.yaml", "a: [b, c, d]\n", remove(0), `{"a": ["c", "d"]}`},
		{"a.yaml", "a:\n- b\n- c # x\n- d\n", remove(1), `{"a": ["b", "d"]}`},
		{"a.yaml", "a: [b]\n", remove(0), none},
	} {
		f, found := Load(test.name, []byte(test.text), DefaultLimits)
		if len(found) > 0 {
			t.Fatal(test.text, found)
		}
		edits, ok := test.edits(f.Documents[0].Root)
		if ok == (test.want == none) {
			t.Errorf("%q: %v, %+v", test.text, ok, edits)
		}
		if !ok {
			continue
		}
		text := f.Text
		for _, edit := range slices.Backward(edits) {
			r := edit.Place.Range
			text = bytes.Join([][]byte{text[:r.Start.Offset], []byte(edit.Text), text[r.End.Offset:]}, nil)
		}
		edited, found := Load(test.name, text, DefaultLimits)
		if len(found) > 0 {
			t.Errorf("%q became %q: %v", test.text, text, found)
			continue
		}
		var got, want any
		written, err := json.Marshal(edited.Documents[0].Root.Any())
		if err != nil || json.Unmarshal(written, &got) != nil || json.Unmarshal([]byte(test.want), &want) != nil {
			t.Fatal(err, test.want)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q became %q: got %s", test.text, text, written)
		}
	}
}
