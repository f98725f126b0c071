package source

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func TestScalarTypes(t *testing.T) {
	tests := []struct {
		text string
		want Type
		as   string
	}{
		{"abc", String, "abc"},
		{"'12'", String, "12"},
		{`"true"`, String, "true"},
		{"yes", String, "yes"},
		{"off", String, "off"},
		{"n", String, "n"},
		{"12", Int, "12"},
		{"-3", Int, "-3"},
		{"0123", Int, "0123"},
		{"0o17", Int, "0o17"},
		{"0x1F", Int, "0x1F"},
		{"1_000", Int, "1_000"},
		{"111122223333", Int, "111122223333"},
		{"012345678901", Float, "012345678901"},
		{"1.5", Float, "1.5"},
		{"1e3", Float, "1e3"},
		{".inf", Float, ".inf"},
		{"true", Bool, "true"},
		{"False", Bool, "False"},
		{"null", Null, "null"},
		{"~", Null, "~"},
		{"2012-10-17", Timestamp, "2012-10-17"},
		{"2001-12-14t21:59:43.10-05:00", Timestamp, "2001-12-14t21:59:43.10-05:00"},
		{"!!str 12", String, "12"},
		{"!!str", String, ""},
		{"!!int '12'", Int, "12"},
		{"!!str 2012-10-17", String, "2012-10-17"},
		{"|-\n  12", String, "12"},
	}
	for _, test := range tests {
		f, found := Load("a.yaml", []byte("a: "+test.text+"\n"), DefaultLimits)
		if len(found) > 0 {
			t.Errorf("%s: found %v", test.text, found)
			continue
		}
		if n := f.Documents[0].Root.Get("a"); n.Type != test.want || n.Text != test.as {
			t.Errorf("%s: got %d %q", test.text, n.Type, n.Text)
		}
	}
}

func TestAliasesAreCopiedToTheirPlace(t *testing.T) {
	f, found := Load("a.yaml", []byte("a: &x {k: [v]}\nb: *x\nc: [*x]\nd: &y [*x]\ne: *y\n*z : 1\n"), DefaultLimits)
	if len(found) != 1 || len(f.Documents) != 0 {
		t.Fatalf("an unknown alias: found %v", found)
	}
	f, found = Load("a.yaml", []byte("a: &x {k: [v]}\nb: *x\nd: &y [*x]\ne: *y\nf: &z g\n*z : 1\n"), DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	root := f.Documents[0].Root
	v := root.Get("e").Items[0].Get("k").Items[0]
	if v.Place.Path != "/e/0/k/0" || cut(f, v.Place) != "*y" || len(v.Origins) != 1 || v.Origins[0].Path != "/a/k/0" || cut(f, v.Origins[0]) != "v" {
		t.Errorf("got %+v", v)
	}
	if m := root.Member("g"); m == nil || cut(f, m.Key.Place) != "*z" || m.Value.Place.Path != "/g" {
		t.Errorf("a key that is an alias: %+v", m)
	}
	v.Text = "changed"
	if root.Get("a").Get("k").Items[0].Text != "v" {
		t.Error("the copy is the anchor's own node")
	}
}

func TestMergeKeys(t *testing.T) {
	text := "a: &a {k: 1, l: 1}\nb: &b {k: 2, m: {n: 2}}\nc:\n  x: 0\n  <<: [*a, *b]\n  l: 3\nd: {<<: *b, \"<<\": q}\ne: {<<: {k: 5}}\n"
	f, found := Load("a.yaml", []byte(text), DefaultLimits)
	if len(found) > 0 {
		t.Fatal(found)
	}
	root := f.Documents[0].Root
	got, err := json.Marshal(root.Any())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"a":{"k":1,"l":1},"b":{"k":2,"m":{"n":2}},"c":{"k":1,"l":3,"m":{"n":2},"x":0},"d":{"\u003c\u003c":"q","k":2,"m":{"n":2}},"e":{"k":5}}`
	if string(got) != want {
		t.Errorf("got %s", got)
	}
	var order []string
	for _, m := range root.Get("c").Members {
		order = append(order, m.Key.Text)
	}
	if !slices.Equal(order, []string{"x", "k", "m", "l"}) {
		t.Errorf("order %v", order)
	}
	n := root.Get("c").Get("m").Get("n")
	if n.Place.Path != "/c/m/n" || cut(f, n.Place) != "*b" || len(n.Origins) != 1 || cut(f, n.Origins[0]) != "2" || n.Origins[0].Path != "/b/m/n" {
		t.Errorf("got %+v", n)
	}
	if k := root.Get("e").Get("k"); k.Place.Path != "/e/k" || cut(f, k.Place) != "5" || len(k.Origins) > 0 {
		t.Errorf("got %+v", k)
	}
}

func TestAny(t *testing.T) {
	f, _ := Load("a.yaml", []byte("{a: [1, 0x10, 1_0, 012345678901, .inf, 99999999999999999999], b: {c: ~, d: TRUE, e: no}, f: 2012-10-17, a: twice}"), DefaultLimits)
	want := map[string]any{
		"a": []any{json.Number("1"), json.Number("16"), json.Number("10"), json.Number("1.2345678901e+10"), ".inf", json.Number("99999999999999999999")},
		"b": map[string]any{"c": nil, "d": true, "e": "no"}, "f": "2012-10-17",
	}
	if got := f.Documents[0].Root.Any(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v", got)
	}
	if (*Node)(nil).Any() != nil {
		t.Error("nil is not nil")
	}
}

func TestMadeNodesAndClones(t *testing.T) {
	p := diag.Place{File: "a", Path: "/x"}
	n := NewMapping(p, NewMember("k", p, NewSequence(p, NewScalar("v", p))))
	n.Origins = []diag.Place{p}
	c := n.Clone()
	if !reflect.DeepEqual(n, c) || !reflect.DeepEqual(n.Any(), map[string]any{"k": []any{"v"}}) {
		t.Errorf("got %+v", c)
	}
	c.Get("k").Items[0].Text, c.Members[0].Key.Text, c.Origins[0].Path = "w", "l", "/y"
	if n.Get("k").Items[0].Text != "v" || n.Origins[0].Path != "/x" {
		t.Error("the clone shares nodes with what it was cloned from")
	}
	if (*Node)(nil).Clone() != nil || !n.Get("k").Items[0].IsString() {
		t.Error("nil or a made string is not what it was")
	}
}
