package compare

import (
	"bytes"
)

// Pair is what is to be compared; one side is nil for what is new or gone.
type Pair struct{ Before, After *Version }

// Pairs finds for each policy the one that it was: of the same document and Region, else of the same key, else of the same
// name, else the same policy in a file of another name, else of the same document. The key of a Terraform module is the one of its
// address. One that nothing makes is compared only with itself: where it is on one side only, no access changes.
func Pairs(before, after []*Version) []Pair {
	was := map[*Version]*Version{}
	pairResources(was, before, after)
	same := []func(o, n *Version) bool{
		func(o, n *Version) bool {
			return o.File == n.File && o.Document == n.Document && o.region() == n.region()
		},
		func(o, n *Version) bool { return o.key() != "" && o.key() == n.key() && o.region() == n.region() },
		func(o, n *Version) bool { return o.Policy != nil && n.Policy != nil && o.Policy.Name == n.Policy.Name },
		func(o, n *Version) bool {
			return o.Policy != nil && n.Policy != nil && o.key() == n.key() && o.region() == n.region() && bytes.Equal(o.Policy.Document.JSON(true), n.Policy.Document.JSON(true))
		},
		func(o, n *Version) bool { return o.File == n.File && o.Document == n.Document },
	}
	for _, alike := range same {
		for _, n := range after {
			for _, o := range before {
				if !n.paired && !o.paired && n.Resource == "" && o.Resource == "" && alike(o, n) {
					was[n], n.paired, o.paired = o, true, true
				}
			}
		}
	}
	var list []Pair
	for _, n := range after {
		if n.paired || !n.unmade {
			list = append(list, Pair{was[n], n})
		}
	}
	for _, o := range before {
		if !o.paired && !o.unmade {
			list = append(list, Pair{o, nil})
		}
	}
	return list
}

// pairResources pairs the keys of Terraform modules, by folder and address.
func pairResources(was map[*Version]*Version, before, after []*Version) {
	type address struct{ file, resource string }
	old := map[address]*Version{}
	for _, o := range before {
		if o.Resource != "" {
			old[address{o.File, o.Resource}] = o
		}
	}
	for _, n := range after {
		if o := old[address{n.File, n.Resource}]; o != nil && !o.paired {
			was[n], n.paired, o.paired = o, true, true
		}
	}
}

func (p Pair) resource() string {
	if p.After != nil {
		return p.After.Resource
	}
	return p.Before.Resource
}
