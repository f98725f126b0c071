package cli

import (
	"bytes"

	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// version is one policy on one side of a comparison.
type version struct {
	file     string
	document int
	resource string         // of a Terraform module: the key's address
	policy   *spec.Compiled // nil where it does not compile
	paired   bool
}

// versionsOf are a document's policies; one without a policy where it should have become some.
func versionsOf(file string, d *compiler.Document) []*version {
	if d.Kind != compiler.KindSpec && d.Kind != compiler.KindDocument && d.Kind != compiler.KindTerraform {
		return nil
	}
	if len(d.Policies) == 0 {
		return []*version{{file: disk.FromWorkingFolder(file), document: d.Index, resource: d.Resource}}
	}
	var list []*version
	for _, p := range d.Policies {
		list = append(list, &version{file: disk.FromWorkingFolder(file), document: d.Index, resource: d.Resource, policy: p})
	}
	return list
}

// pair is what is to be compared; one side is nil for what is new or gone.
type pair struct{ before, after *version }

// pairs finds for each policy the one that it was: of the same document and Region, else of the same key, else of the same
// name, else the same policy in a file of another name, else of the same document. The key of a Terraform module is the one of its
// address.
func pairs(before, after []*version) []pair {
	was := map[*version]*version{}
	pairResources(was, before, after)
	same := []func(o, n *version) bool{
		func(o, n *version) bool {
			return o.file == n.file && o.document == n.document && o.region() == n.region()
		},
		func(o, n *version) bool { return o.key() != "" && o.key() == n.key() && o.region() == n.region() },
		func(o, n *version) bool { return o.policy != nil && n.policy != nil && o.policy.Name == n.policy.Name },
		func(o, n *version) bool {
			return o.policy != nil && n.policy != nil && o.key() == n.key() && o.region() == n.region() && bytes.Equal(o.policy.Document.JSON(true), n.policy.Document.JSON(true))
		},
		func(o, n *version) bool { return o.file == n.file && o.document == n.document },
	}
	for _, alike := range same {
		for _, n := range after {
			for _, o := range before {
				if !n.paired && !o.paired && n.resource == "" && o.resource == "" && alike(o, n) {
					was[n], n.paired, o.paired = o, true, true
				}
			}
		}
	}
	var list []pair
	for _, n := range after {
		list = append(list, pair{was[n], n})
	}
	for _, o := range before {
		if !o.paired {
			list = append(list, pair{o, nil})
		}
	}
	return list
}

// pairResources pairs the keys of Terraform modules, by folder and address.
func pairResources(was map[*version]*version, before, after []*version) {
	type address struct{ file, resource string }
	old := map[address]*version{}
	for _, o := range before {
		if o.resource != "" {
			old[address{o.file, o.resource}] = o
		}
	}
	for _, n := range after {
		if o := old[address{n.file, n.resource}]; o != nil && !o.paired {
			was[n], n.paired, o.paired = o, true, true
		}
	}
}

func (v *version) region() string {
	if v.policy == nil {
		return ""
	}
	return v.policy.Key.Region
}

func (v *version) key() string {
	if v.policy == nil {
		return ""
	}
	return v.policy.Key.ID
}

func (p pair) resource() string {
	if p.after != nil {
		return p.after.resource
	}
	return p.before.resource
}

// empty is the policy that allows nothing, for a key.
func empty(of *spec.Compiled) *spec.Compiled {
	file, _ := source.Load("", []byte(`{"Version": "2012-10-17", "Statement": []}`), source.DefaultLimits)
	return &spec.Compiled{Key: of.Key, Document: policy.Read(file.Documents[0].Root)}
}
