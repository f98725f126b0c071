package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// yamldecode reads a text as YAML. In a file that is nothing else its values have their own places.
func (c *invocation) yamldecode() *value {
	v := c.args0()
	if v == nil {
		return nil
	}
	written, known := v.known()
	if !known || v.kind != text {
		return nil
	}
	name := ""
	if len(v.pieces) == 1 && v.pieces[0].origin.isFile() {
		name = v.pieces[0].origin.file.Name
	}
	f, found := source.Load(name, []byte(written), source.DefaultLimits)
	if found.HasErrors() || len(f.Documents) != 1 || f.Documents[0].Root == nil {
		return nil
	}
	root := f.Documents[0].Root
	if name == "" {
		relocate(root, v.place)
	}
	j := &jsonText{place: v.place}
	return j.value(root)
}

// isFile reports whether a text is all that a file has.
func (o origin) isFile() bool {
	return o.file != nil && o.offsets == nil && o.start == 0 && o.end == len(o.file.Text)
}

// relocate gives a node, and all in it, one place.
func relocate(n *source.Node, to diag.Place) {
	n.Place = to
	for _, item := range n.Items {
		relocate(item, to)
	}
	for _, m := range n.Members {
		m.Key.Place = to
		relocate(m.Value, to)
	}
}

// fileset are the names of a folder's files that match a pattern. In folders below it they are not looked for.
func (c *invocation) fileset() *value {
	if len(c.args) != 2 || c.more != nil {
		return nil
	}
	folder, ok := c.e.path(c.args[0], c.s)
	pattern, known := c.args[1].known()
	if !ok || !known || strings.Contains(pattern, "**") || strings.ContainsAny(path.Dir(pattern), "*?[{") || strings.Contains(pattern, "{") {
		return nil
	}
	names, err := c.e.files.List(path.Join(folder, path.Dir(pattern)))
	if err != nil {
		c.e.reportOutside(err, c.r)
		return nil
	}
	out := newList(c.place)
	out.isSet = true
	for _, name := range slices.Sorted(slices.Values(names)) {
		if is, err := path.Match(path.Base(pattern), name); err == nil && is {
			out.items = append(out.items, newText(path.Join(path.Dir(pattern), name), c.place))
		}
	}
	return out
}

// fileexists is true of a file that is there. One that is not there may be made before the run.
func (c *invocation) fileexists() *value {
	if v := c.args0(); v != nil && c.e.read(v, c.s, c.r) != nil {
		return newBool(true, c.place)
	}
	return nil
}
