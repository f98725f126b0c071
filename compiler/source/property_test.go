package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// checkFile says what is wrong with the places of a file that was read.
func checkFile(f *File, found diag.List) error {
	for _, d := range found {
		if err := checkRange(f, d.Place.Range); err != nil {
			return fmt.Errorf("finding %q: %w", d.Message, err)
		}
		if d.Rule != "syntax" || d.Reason == "" || d.Message == "" || d.Severity != diag.Error {
			return fmt.Errorf("finding %+v", d)
		}
	}
	for _, s := range f.Suppressions {
		if err := checkRange(f, s.Place.Range); err != nil {
			return fmt.Errorf("suppression: %w", err)
		}
	}
	for _, d := range f.Documents {
		if d.Root == nil {
			continue
		}
		if err := checkNode(f, d.Root, d.Range, ""); err != nil {
			return err
		}
	}
	return nil
}

func checkRange(f *File, r diag.Range) error {
	if r.Start.Offset > r.End.Offset || r.End.Offset > len(f.Text) || r.Start.Line < 1 || r.Start.Column < 1 {
		return fmt.Errorf("range %+v", r)
	}
	for _, p := range []diag.Pos{r.Start, r.End} {
		before := f.Text[:p.Offset]
		line := before[bytes.LastIndexByte(before, '\n')+1:]
		if len(line) == len(before) {
			line = bytes.TrimPrefix(line, byteOrderMark) // at the start of the file, where it is in no column
		}
		if want := len([]rune(string(line))) + 1; p.Column != want && isUTF8(line) {
			return fmt.Errorf("%+v: column should be %d", p, want)
		}
		if want := bytes.Count(before, []byte("\n")) + 1; p.Line != want {
			return fmt.Errorf("%+v: line should be %d", p, want)
		}
	}
	return nil
}

func isUTF8(text []byte) bool { return strings.ToValidUTF8(string(text), "") == string(text) }

// checkNode holds that a node lies in its parent, has the path that leads to it, and that a scalar's text can be read again from its range.
func checkNode(f *File, n *Node, parent diag.Range, path string) error {
	r := n.Place.Range
	if err := checkRange(f, r); err != nil {
		return fmt.Errorf("%q: %w", path, err)
	}
	if r.Start.Offset < parent.Start.Offset || r.End.Offset > parent.End.Offset {
		return fmt.Errorf("%q: %q at %d-%d is outside its parent at %d-%d", path, n.Text, r.Start.Offset, r.End.Offset, parent.Start.Offset, parent.End.Offset)
	}
	if n.Place.Path != path {
		return fmt.Errorf("%q: path is %q", path, n.Place.Path)
	}
	if n.Kind == Scalar && len(n.Origins) == 0 && !blank([]byte(n.Text)) && n.readText() == nil {
		return fmt.Errorf("%q: %q does not read as %q", path, cut(f, n.Place), n.Text)
	}
	for i, item := range n.Items {
		if err := checkNode(f, item, r, fmt.Sprintf("%s/%d", path, i)); err != nil {
			return err
		}
	}
	for _, m := range n.Members {
		p := path + "/" + diag.PointerToken(m.Key.Text)
		if err := checkNode(f, m.Key, r, p); err != nil {
			return err
		}
		if err := checkNode(f, m.Value, r, p); err != nil {
			return err
		}
	}
	return nil
}

// checkEmbedded holds that whatever a scalar is taken for, places stay inside it.
func checkEmbedded(f *File, n *Node) error {
	inner, found := n.Embedded(Limits{Depth: 20})
	for _, d := range found {
		if r := d.Place.Range; r.Start.Offset < n.Place.Range.Start.Offset || r.End.Offset > n.Place.Range.End.Offset {
			return fmt.Errorf("finding %q at %+v, outside of %+v", d.Message, r, n.Place.Range)
		}
	}
	if inner != nil {
		if err := checkNode(f, inner, n.Place.Range, n.Place.Path); err != nil && !strings.Contains(err.Error(), "does not read as") {
			return fmt.Errorf("embedded: %w", err)
		}
	}
	return nil
}

func scalars(n *Node, do func(*Node) error) error {
	if n == nil {
		return nil
	}
	if n.Kind == Scalar {
		return do(n)
	}
	for _, item := range n.Items {
		if err := scalars(item, do); err != nil {
			return err
		}
	}
	for _, m := range n.Members {
		if err := scalars(m.Value, do); err != nil {
			return err
		}
	}
	return nil
}

// same says where two trees differ in anything but their file's name.
func same(a, b *Node) error {
	if a.Kind != b.Kind || a.Type != b.Type || a.Style != b.Style || a.Text != b.Text || a.Place.Range != b.Place.Range || a.Place.Path != b.Place.Path {
		return fmt.Errorf("%+v and %+v", a, b)
	}
	if len(a.Items) != len(b.Items) || len(a.Members) != len(b.Members) {
		return fmt.Errorf("%s: other children", a.Place.Path)
	}
	for i := range a.Items {
		if err := same(a.Items[i], b.Items[i]); err != nil {
			return err
		}
	}
	for i := range a.Members {
		if err := same(a.Members[i].Key, b.Members[i].Key); err != nil {
			return err
		}
		if err := same(a.Members[i].Value, b.Members[i].Value); err != nil {
			return err
		}
	}
	return nil
}

// asYAML reads JSON with the YAML reader, by a comment that makes it no JSON.
func asYAML(text []byte) (*File, diag.List) {
	return Load("a.yaml", append(bytes.Clone(text), "\n# YAML"...), DefaultLimits)
}

func TestBothReadersGiveTheSameTree(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `[{}, []]`, ` {"a": [1, -2, 3.5, 1e3, true, false, null, "x"], "b": {"c": {"d": "é日😀"}}}`,
		"{\n  \"Version\": \"2012-10-17\",\r\n  \"Statement\": [\n    {\"Effect\" : \"Allow\" , \"Action\": [\"kms:*\"]}\n  ]\n}\n",
		`{"q": "a \"quoted\" \\ \n \t \u00e9", "": "", "n": 12345678901234567890}`, `"only"`, `[99999999999999999999999]`,
	} {
		j, found := Load("a.json", []byte(text), DefaultLimits)
		y, foundY := asYAML([]byte(text))
		if len(found)+len(foundY) > 0 {
			t.Errorf("%s: found %v %v", text, found, foundY)
			continue
		}
		if err := same(j.Documents[0].Root, y.Documents[0].Root); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestCorpus(t *testing.T) {
	corpus := os.Getenv("KEYPOLICY_CORPUS")
	if corpus == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder")
	}
	count := 0
	for _, folder := range []string{"policies", "malformed", "cloudformation"} {
		files, err := filepath.Glob(filepath.Join(corpus, folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			count++
			checkCorpusFile(t, folder, name)
		}
	}
	if count < 200 {
		t.Errorf("only %d files", count)
	}
}

func checkCorpusFile(t *testing.T, folder, name string) {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, found := Load(name, text, DefaultLimits)
	if err := checkFile(f, found); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if folder == "policies" && len(found) > 0 {
		t.Errorf("%s: found %+v", name, found)
	}
	if !strings.HasSuffix(name, ".json") {
		return
	}
	if json.Valid(text) == (len(f.Documents) == 0) {
		t.Errorf("%s: valid JSON: %v, found %+v", name, json.Valid(text), found)
	}
	if len(found) > 0 || bytes.ContainsAny(text, "\t") || bytes.Contains(text, []byte(`\/`)) {
		return
	}
	y, foundY := asYAML(text)
	if len(foundY) > 0 {
		t.Errorf("%s: as YAML %+v", name, foundY)
		return
	}
	if err := same(f.Documents[0].Root, y.Documents[0].Root); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}
