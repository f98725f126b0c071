package source

import (
	"bytes"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// RunOn finds the first further line of a plain scalar that starts with a dash: an item of a list that YAML reads as text of the
// item before it, as it is not indented like that one.
func (n *Node) RunOn() (diag.Place, bool) {
	if n.Kind != Scalar || n.Style != Plain || n.file == nil || len(n.Origins) > 0 || n.end > len(n.file.Text) {
		return diag.Place{}, false
	}
	text := n.file.Text[:n.end]
	for i := skipLine(text, n.start); i < n.end; i = skipLine(text, i) {
		for i < n.end && blankLen(text, i) > 0 {
			i += blankLen(text, i)
		}
		if bytes.HasPrefix(text[i:], []byte("- ")) {
			at := n.Place
			at.Range = n.file.lines.span(i, skipLine(text, i))
			return at, true
		}
	}
	return diag.Place{}, false
}
