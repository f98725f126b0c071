package source

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

func TestWriteReadsBack(t *testing.T) {
	for _, text := range []string{
		"a: b\n",
		"account: \"012345678901\"\nlist: [a, \"1\"]\n",
		"deep:\n  - a: {b: [c, {d: \"no\"}]}\n    e: \"\"\n",
		"strings: [\"yes\", \"null\", \"~\", \"2012-10-17\", \"1e3\", \"0x1f\", \"*\", \"${aws:username}\", \"a: b\", \" lead\", \"# none\", \"é\", \"tab\\there\", \"line\\nline\\n\"]\n",
		"types: [1, 1.5, true, null]\n",
		"empty: {list: [], map: {}}\n",
	} {
		root := loadOne(t, text)
		written, err := Write(root)
		if err != nil {
			t.Fatal(err)
		}
		if again := loadOne(t, string(written)); !sameValue(root, again) {
			t.Errorf("%q was written as %q, which is not the same", text, written)
		}
	}
}

func loadOne(t *testing.T, text string) *Node {
	t.Helper()
	f, found := Load("a.yaml", []byte(text), DefaultLimits)
	if found.HasErrors() || len(f.Documents) != 1 {
		t.Fatalf("%q: %v", text, found)
	}
	return f.Documents[0].Root
}

func sameValue(a, b *Node) bool {
	if a.Kind != b.Kind || a.Type != b.Type || a.Text != b.Text || len(a.Items) != len(b.Items) || len(a.Members) != len(b.Members) {
		return false
	}
	for i := range a.Items {
		if !sameValue(a.Items[i], b.Items[i]) {
			return false
		}
	}
	for i := range a.Members {
		if a.Members[i].Key.Text != b.Members[i].Key.Text || !sameValue(a.Members[i].Value, b.Members[i].Value) {
			return false
		}
	}
	return true
}

func TestWrite(t *testing.T) {
	root := NewMapping(diag.Place{},
		NewMember("account", diag.Place{}, NewScalar("111122223333", diag.Place{})),
		NewMember("key_users", diag.Place{}, NewSequence(diag.Place{}, NewScalar("alice", diag.Place{}))))
	written, err := Write(root)
	if want := "account: \"111122223333\"\nkey_users: [alice]\n"; err != nil || string(written) != want {
		t.Errorf("wrote %q, %v; want %q", written, err, want)
	}
}
