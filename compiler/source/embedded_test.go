package source

import (
	"slices"
	"strings"
	"testing"
)

// embedded lists the nodes inside a scalar as ranges does.
func embedded(t *testing.T, file, text, field string) []string {
	t.Helper()
	f, found := Load(file, []byte(text), DefaultLimits)
	if len(found) > 0 {
		t.Fatalf("found %v", found)
	}
	inner, found := f.Documents[0].Root.Get(field).Embedded(DefaultLimits)
	if len(found) > 0 {
		t.Fatalf("inside found %v", found)
	}
	return ranges(f, inner)
}

func TestEmbeddedKeepsPlacesInEveryStyle(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"double", "a.yaml", `p: "{\"a\": [\"\x62ä\u00e9\", 12]}"`, []string{`/p = {\"a\": [\"\x62ä\u00e9\", 12]}`, `~/p/a = \"a\"`, `/p/a = [\"\x62ä\u00e9\", 12]`, `/p/a/0 = \"\x62ä\u00e9\"`, `/p/a/1 = 12`}},
		{"double over lines", "a.yaml", "p: \"{\n  \\\"a\\\":\\\n  \\ 1,\\n\n\n  \\\"b\\\": 2}\"", []string{"/p = {\n  \\\"a\\\":\\\n  \\ 1,\\n\n\n  \\\"b\\\": 2}", `~/p/a = \"a\"`, "/p/a = 1", `~/p/b = \"b\"`, "/p/b = 2"}},
		{"single", "a.yaml", `p: '{"a": "it''s", "b": 1}'`, []string{`/p = {"a": "it''s", "b": 1}`, `~/p/a = "a"`, `/p/a = "it''s"`, `~/p/b = "b"`, "/p/b = 1"}},
		{"literal", "a.yaml", "p: |\n  {\n    \"a\": \"日本\"\n  }\nq: 1\n", []string{"/p = {\n    \"a\": \"日本\"\n  }", `~/p/a = "a"`, `/p/a = "日本"`}},
		{"folded", "a.yaml", "p: >-\n  {\"a\":\n  1,\n    \"b\": 2,\n\n  \"c\":\n  3}\n", []string{"/p = {\"a\":\n  1,\n    \"b\": 2,\n\n  \"c\":\n  3}", `~/p/a = "a"`, "/p/a = 1", `~/p/b = "b"`, "/p/b = 2", `~/p/c = "c"`, "/p/c = 3"}},
		{"CRLF", "a.yaml", "p: |\r\n  {\"a\":\r\n  1}\r\n", []string{"/p = {\"a\":\r\n  1}", `~/p/a = "a"`, "/p/a = 1"}},
		{"JSON", "a.json", `{"p": "{\"a\\\/b\": \"\ud83d\ude00\u0041\"}"}`, []string{`/p = {\"a\\\/b\": \"\ud83d\ude00\u0041\"}`, `~/p/a~1b = \"a\\\/b\"`, `/p/a~1b = \"\ud83d\ude00\u0041\"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := embedded(t, test.file, test.text, "p")
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%q\nwant\n%q", got, test.want)
			}
		})
	}
}

func TestEmbeddedPlainNumber(t *testing.T) {
	got := embedded(t, "a.yaml", "p: 12 # x\n", "p")
	if !slices.Equal(got, []string{"/p = 12"}) {
		t.Errorf("got %q", got)
	}
}

func TestEmbeddedBlockWithIndentationIndicator(t *testing.T) {
	f, found := Load("a.yaml", []byte("o:\n  p: |2-\n\n      {\"a\":\n     1}\n\n"), DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	inner, found := f.Documents[0].Root.Get("o").Get("p").Embedded(DefaultLimits)
	if len(found) > 0 || cut(f, inner.Get("a").Place) != "1" || inner.Get("a").Place.Path != "/o/p/a" {
		t.Errorf("found %v, %+v", found, inner.Get("a"))
	}
}

func TestEmbeddedFaultsAreAtTheirPlace(t *testing.T) {
	tests := []struct{ text, at, message string }{
		{"p: |\n  {\n    \"a\": 1,\n  }\n", "}", "a value is missing"},
		{`p: "{\"a\": \"\\q\"}"`, `\\q`, "no such escape"},
		{`p: "{\"a\": 1, \"a\": 2}"`, `\"a\"`, "already used"},
		{`p: "{\"a\": 1"`, `{`, "never closed"},
		{`p: ""`, `""`, "no JSON document"},
		{`p: '{a: 1}'`, `a`, "not a JSON value"},
	}
	for _, test := range tests {
		f, _ := Load("a.yaml", []byte(test.text), DefaultLimits)
		_, found := f.Documents[0].Root.Get("p").Embedded(DefaultLimits)
		if len(found) != 1 || cut(f, found[0].Place) != test.at || !strings.Contains(found[0].Message, test.message) {
			t.Errorf("%q: found %+v", test.text, found)
		}
	}
}

func TestEmbeddedInACopyHasTheExactPlaceAsOrigin(t *testing.T) {
	f, found := Load("a.yaml", []byte("o: &x '{\"a\": 1}'\np: *x\n"), DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	inner, found := f.Documents[0].Root.Get("p").Embedded(DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	a := inner.Get("a")
	if cut(f, a.Place) != "*x" || a.Place.Path != "/p/a" || len(a.Origins) != 1 || cut(f, a.Origins[0]) != "1" || a.Origins[0].Path != "/o/a" {
		t.Errorf("%+v", a)
	}
}

func TestEmbeddedOfChangedTextHasTheWholePlace(t *testing.T) {
	f, _ := Load("a.yaml", []byte(`p: '{"a": "$(x)"}'`), DefaultLimits)
	p := f.Documents[0].Root.Get("p").Clone()
	p.Text = strings.Replace(p.Text, "$(x)", "value", 1)
	inner, found := p.Embedded(DefaultLimits)
	if len(found) > 0 || inner.Get("a").Text != "value" || inner.Get("a").Place.Range != p.Place.Range {
		t.Errorf("found %v, %+v", found, inner)
	}
	twice, found := NewScalar(`"[1]"`, p.Place).Embedded(DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if once, found := twice.Embedded(DefaultLimits); len(found) > 0 || once.Kind != Sequence {
		t.Errorf("found %v, %+v", found, once)
	}
}
