package source

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Replace is the edit that writes another text for a scalar, in its style where that can hold the text. false: the scalar does
// not appear in the file unchanged, because a template, an alias or a list of a spec brought it in.
func (n *Node) Replace(text string) (diag.Edit, bool) {
	if n == nil || n.Kind != Scalar || !n.isWritten() {
		return diag.Edit{}, false
	}
	return diag.Edit{Place: n.Place, Text: n.quoted(text)}, true
}

// ReplaceWith is the edit that writes a value of any kind for a node, as JSON; false as for Replace.
func (n *Node) ReplaceWith(value any) (diag.Edit, bool) {
	if n == nil || !n.isWritten() || n.Kind != Scalar && !n.isFlow() {
		return diag.Edit{}, false
	}
	return diag.Edit{Place: n.Place, Text: toJSON(value)}, true
}

// Remove is the edit that takes an item out of a list; false for the last one that it has, and as for Replace.
func (n *Node) Remove(i int) (diag.Edit, bool) {
	if n == nil || n.Kind != Sequence || !n.isWritten() || i < 0 || i >= len(n.Items) || len(n.Items) == 1 {
		return diag.Edit{}, false
	}
	from, to := n.Items[max(0, i-1)], n.Items[max(1, i)]
	if !from.isWritten() || !to.isWritten() {
		return diag.Edit{}, false
	}
	place := n.Place
	if i == 0 {
		place.Range = n.file.lines.span(from.start, to.start)
	} else {
		place.Range = n.file.lines.span(from.end, to.end)
	}
	return diag.Edit{Place: place}, true
}

// isWritten reports whether a node is written at its place in the file, with the text that it has.
func (n *Node) isWritten() bool {
	r := n.Place.Range
	if n.file == nil || len(n.Origins) > 0 || n.Place.File != n.file.Name || r.Start.Offset != n.start || r.End.Offset != n.end {
		return false
	}
	return n.Kind != Scalar || n.readText() != nil
}

// oneLine is text that single quotes can hold.
var oneLine = regexp.MustCompile(`^[ -~\x{A0}-\x{FFFD}]*$`)

func (n *Node) quoted(text string) string {
	asIs := n.Style == Plain && !n.file.json
	switch {
	case asIs && scalarStyle(&Node{Type: String, Text: text}) == 0:
		return text
	case n.Style == SingleQuoted && oneLine.MatchString(text):
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return toJSON(text)
}

func toJSON(value any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return "" // not of a value that came from JSON
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// Add is the edits that put into a mapping the fields of another that it does not have, at any depth, and into a list the items
// that it does not have. The value is of the types of encoding/json. false: it contradicts what is there, or the node does not
// appear in the file unchanged.
func (n *Node) Add(value any) ([]diag.Edit, bool) {
	if n == nil || !n.isWritten() {
		return nil, false
	}
	switch v := value.(type) {
	case map[string]any:
		return n.addFields(v)
	case []any:
		return n.addItems(v)
	default:
		return nil, toJSON(n.Any()) == toJSON(value)
	}
}

func (n *Node) addFields(fields map[string]any) ([]diag.Edit, bool) {
	if n.Kind != Mapping {
		return nil, false
	}
	var edits []diag.Edit
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if there := n.Get(name); there != nil {
			inner, ok := there.Add(fields[name])
			if !ok {
				return nil, false
			}
			edits = append(edits, inner...)
			continue
		}
		key := toJSON(name)
		if !n.isFlow() && scalarStyle(&Node{Type: String, Text: name}) == 0 {
			key = name
		}
		missing = append(missing, key+": "+toJSON(fields[name]))
	}
	var last *Node
	if len(n.Members) > 0 {
		last = n.Members[len(n.Members)-1].Value
	}
	return n.insert(edits, missing, last)
}

func (n *Node) addItems(items []any) ([]diag.Edit, bool) {
	if n.Kind == Scalar { // one value in place of a list of one
		if len(items) == 1 && toJSON(n.Any()) == toJSON(items[0]) {
			return nil, true
		}
		e, ok := n.ReplaceWith(append([]any{n.Any()}, items...))
		return []diag.Edit{e}, ok
	}
	if n.Kind != Sequence {
		return nil, false
	}
	var missing []string
	for _, item := range items {
		text := toJSON(item)
		if slices.ContainsFunc(n.Items, func(there *Node) bool { return toJSON(there.Any()) == text }) {
			continue
		}
		if !n.isFlow() {
			text = "- " + text
		}
		missing = append(missing, text)
	}
	var last *Node
	if len(n.Items) > 0 {
		last = n.Items[len(n.Items)-1]
	}
	return n.insert(nil, missing, last)
}

// insert adds the edit that writes members behind the last one that is there.
func (n *Node) insert(edits []diag.Edit, members []string, last *Node) ([]diag.Edit, bool) {
	if len(members) == 0 {
		return edits, true
	}
	separator, at := ", ", n.start+1
	switch {
	case last != nil && !last.isWritten():
		return nil, false
	case last != nil:
		at = last.end
	}
	if !n.isFlow() {
		separator = "\n" + strings.Repeat(" ", n.Place.Range.Start.Column-1)
	}
	text := strings.Join(members, separator)
	if last != nil {
		text = separator + text
	}
	place := n.Place
	place.Range = n.file.lines.span(at, at)
	return append(edits, diag.Edit{Place: place, Text: text}), true
}

// isFlow reports whether a collection is written in brackets.
func (n *Node) isFlow() bool {
	c := n.file.Text[n.start]
	return c == '{' && n.Kind == Mapping || c == '[' && n.Kind == Sequence
}
