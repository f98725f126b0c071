package validate

import (
	"encoding/json"
	"math/big"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// emptyName is written for the field "", which the library leaves out of its locations. No text of a file has U+0000.
const emptyName = "\x00"

// plain gives a node as the values that the schema library knows. A number that is too large to reckon with
// is given as its text, because the library does not survive it.
func plain(n *source.Node) any {
	switch {
	case n.Kind == source.Mapping:
		fields := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			name := m.Key.Text
			if name == "" {
				name = emptyName
			}
			if _, twice := fields[name]; !twice {
				fields[name] = plain(m.Value)
			}
		}
		return fields
	case n.Kind == source.Sequence:
		items := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			items = append(items, plain(item))
		}
		return items
	default:
		v := n.Any()
		if number, ok := v.(json.Number); ok {
			if _, err := number.Float64(); err != nil {
				return n.Text
			}
			if _, ok := new(big.Rat).SetString(number.String()); !ok {
				return n.Text
			}
		}
		return v
	}
}
