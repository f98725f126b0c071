package spec

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Document is a spec as it was read, for whoever judges the writing and not the policy.
type Document struct {
	*KeyPolicy
	Map   policy.SourceMap
	Given []Form   // the forms that it gives: more than one is a fault, and none says that what was meant is not known
	Key   Key      // what is known of its key, with the first of its Regions
	Uses  []UsedBy // its used_by, then those of its templates
}

// NewDocument takes in a spec and what is known of its key.
func NewDocument(s *KeyPolicy, key Key) *Document {
	return &Document{KeyPolicy: s, Map: policy.NewSourceMap(s.Root), Given: s.Forms(), Key: key}
}

// Find gives the origin of a path, as the source map does, and of the entries of used_by that templates bring in too.
func (d *Document) Find(path diag.Path) policy.Origin {
	if len(path) == 2 && path[0] == "used_by" {
		if i, ok := path[1].(int); ok && i < len(d.Uses) && d.Uses[i].Entry != nil {
			entry := d.Uses[i].Entry
			return policy.Origin{Value: entry.Place, Origins: entry.Origins, Exact: true}
		}
	}
	return d.Map.Find(path)
}

// RegionNames are the Regions that the field regions lists, in its order.
func (s *KeyPolicy) RegionNames() []string {
	var names []string
	for _, n := range s.Regions {
		names = append(names, n.Text)
	}
	return names
}
