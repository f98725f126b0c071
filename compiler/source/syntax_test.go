package source

import (
	"strings"
	"testing"
)

func TestSyntaxErrorsAreNamedAtTheirPlace(t *testing.T) {
	tests := []struct{ text, at, message string }{
		{"key_users: [a, b\n", "[", "never closed"},
		{"key_users: [a, b\nkey_admins: [c]\n", "[", "never closed"},
		{"a: {b: c\nd: e\n", "{", "never closed"},
		{"a: [1}\n", "}", "} closes what [ opened"},
		{"a: ]\n", "]", "closes nothing"},
		{"a: {x: 1}}\n", "}", "after the end of the value"},
		{"k: \"a\" b\n", "b", "after the end of the value"},
		{"a:\n\t- b\n", "\t", "tab"},
		{"a:\n  - b\n\tc: d\n", "\t", "tab"},
		{"\ta: 1\n", "\t", "tab"},
		{"a: \"x\nb: 1\n", `"`, "never closed"},
		{"a: 'it\n", "'", "never closed"},
		{`a: "\q"`, `\q`, "not an escape"},
		{`a: "\xZZ"`, `\x`, "not an escape"},
		{`a: "b \ud800 c"`, `\ud800`, "not a Unicode character"},
		{`a: "\U00110000"`, `\U00110000`, "not a Unicode character"},
		{"foo\nbar: x\n", ":", "a key is not allowed here"},
		{"a: ? b\n", "?", "a key is not allowed here"},
		{"a: ,b\n", ",", "a value is missing"},
		{"a: [b\nc: d]\n", "c: d]", "a comma is missing"},
		{"a: [b,\n- c]\n", "-", "no dash"},
		{"a:\n  - b\n  c\nd: e\n", "c", "an item of a list has no dash"},
		{"a:\n  - b: 1\n  c\nd: e\n", "c", "a key has no colon"},
		{"a:\n- b\n-c\n", "-c", "a dash has no blank"},
		{"x: 1\na:[b]\n", "a:[b]", "a colon has no blank"},
		{"x: 1\nkms:Decrypt\n", "kms:Decrypt", "a key has no colon"},
		{"x: 1\narn:aws:iam::111122223333:role/a\n", "arn:aws:iam::111122223333:role/a", "a key has no colon"},
		{"a:\n\u00a0\u00a0- b\n", "\u00a0\u00a0", "the blank U+00A0"},
		{"a:\n\u3000- b\n", "\u3000", "the blank U+3000"},
		{"a: !<x y\n", "!<x", "tag"},
		{"a: !foo%zz x\n", "!foo%zz", "tag"},
		{"  a: 1\nb: 2\n", "b: 2", "indented less"},
		{"a: b: c\n", ":", "a key is not allowed here"},
		{"x: 1\na: b: c\n", ":", "a key is not allowed here"},
		{"a: *\n", "*", "needs quotes"},
		{"x: y\nResource: @foo\n", "@", "needs quotes"},
		{"a: *nope\n", "*nope", "names no anchor"},
		{"a:\n  b: 1\n c: 2\n", "c: 2", "indentation does not fit"},
		{"- a\nb: 1\n", "b: 1", "indentation does not fit"},
		{"x: 1\na:\n  - \"b\"\n   - \"c\"\n  - d\n", "- \"c\"", "indentation does not fit"},
		{"x: 1\na:\n  - b\n  - [c,\n d]\n  e: f\n", "e: f", "indentation does not fit"},
		{"x: 1\na:\n  - b: c\n    d: e\n   f: g\n", "f: g", "indentation does not fit"},
		{"x: 1\na:\n    - b\n  - c\n", "- c", "indentation does not fit"},
		{"x: 1\n---\ny: 1\na:\n  b: 1\n  - c\n", "- c", "indentation does not fit"},
		{"a: 1\nfoo\nb: 2\n", "foo", "no colon"},
		{"a: - b\n", "-", "list cannot start"},
		{"a: |x\n  b\n", "|x", "after | or >"},
		{"a: \x01\n", "\x01", "U+0001"},
		{"a: !foo x\n", "x", "tag !foo"},
		{"? [a]\n: b\n", "[a]", "this one is a list"},
		{"<<: 1\n", "1", "takes a mapping"},
	}
	for _, test := range tests {
		f, found := Load("a.yaml", []byte(test.text), DefaultLimits)
		if len(found) != 1 || found[0].Reason != "syntax-error" || found[0].Rule != "syntax" {
			t.Errorf("%q: found %+v", test.text, found)
			continue
		}
		if got := cut(f, found[0].Place); got != test.at || !strings.Contains(found[0].Message, test.message) || strings.Contains(found[0].Message, "yaml") {
			t.Errorf("%q: at %q: %s", test.text, got, found[0].Message)
		}
	}
}

func TestJSONSyntaxErrorsAreNamedAtTheirPlace(t *testing.T) {
	tests := []struct{ text, at, message string }{
		{"{", "{", "never closed"},
		{`[1,]`, "]", "a value is missing"},
		{`{"a" 1}`, "1", "colon is missing"},
		{`{"a":1 "b":2}`, `"`, "comma is missing"},
		{`[1 2]`, "2", "comma is missing"},
		{`{'a':1}`, "'", "double quotes"},
		{`{a:1}`, "a", "not a JSON value"},
		{"{\"a\":\"x\ny\"}", `"x`, "closing quote"},
		{`{"a":"\q"}`, `\q`, "no such escape"},
		{`{} x`, "x", "after the end"},
		{`[1}`, "}", "closes what"},
		{"// c\n{}", "/", "no comments"},
		{`"abc`, `"abc`, "never closed"},
		{`[1,,2]`, ",", "a value is missing"},
		{`{"a":tru}`, "tru", "not a JSON value"},
		{"[\"a\tb\"]", "\t", "U+0009"},
	}
	for _, test := range tests {
		f, found := Load("a.json", []byte(test.text), DefaultLimits)
		if len(found) != 1 || found[0].Reason != "syntax-error" || len(f.Documents) > 0 {
			t.Errorf("%q: found %+v", test.text, found)
			continue
		}
		if got := cut(f, found[0].Place); got != test.at || !strings.Contains(found[0].Message, test.message) {
			t.Errorf("%q: at %q: %s", test.text, got, found[0].Message)
		}
	}
}

func TestOtherDocumentsAreReadBesideABrokenOne(t *testing.T) {
	f, found := Load("a.yaml", []byte("ok: 1\n---\na: [\n---\nb: 1\n"), DefaultLimits)
	if len(found) != 1 || found[0].Place.Document != 1 || found[0].Place.Range.Start.Line != 3 {
		t.Fatalf("found %+v", found)
	}
	if len(f.Documents) != 2 || f.Documents[0].Index != 0 || f.Documents[1].Index != 2 || f.Documents[1].Root.Get("b") == nil {
		t.Errorf("documents %+v", f.Documents)
	}
}

func TestAFaultOfTheEncodingIsInItsDocument(t *testing.T) {
	f, found := Load("a.yaml", []byte("a: 1\n---\nb: x\uFEFFy\n---\nc: 1\n"), DefaultLimits)
	if len(f.Documents) != 3 || len(found) != 1 || found[0].Reason != "file-encoding" || found[0].Place.Document != 1 {
		t.Errorf("%d documents, found %+v", len(f.Documents), found)
	}
}

func TestDuplicateKeysPointAtTheSecond(t *testing.T) {
	for file, text := range map[string]string{"a.yaml": "x:\n  a: 1\n  \"a\": 2\n", "b.json": `{"x":{"a":1,"a":2}}`} {
		f, found := Load(file, []byte(text), DefaultLimits)
		if len(found) != 1 || found[0].Reason != "duplicate-mapping-key" || cut(f, found[0].Place) != `"a"` || found[0].Place.Path != "/x/a" {
			t.Fatalf("%s: found %+v", file, found)
		}
		x := f.Documents[0].Root.Get("x")
		if len(x.Members) != 2 || found[0].Related[0].Range != x.Members[0].Key.Place.Range {
			t.Errorf("%s: related %+v", file, found[0].Related)
		}
	}
}
