// Package compare finds which policy was which, before and after a change: in the specs of two revisions, in two Terraform modules, or
// in a plan. It says what one allows or denies that the other did not, and gives it to the reports.
package compare

import (
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Version is one policy on one side of a comparison.
type Version struct {
	File     string
	Document int
	Resource string         // of a Terraform module: the key's address
	Policy   *spec.Compiled // nil where it does not compile
	unmade   bool           // nothing makes its key as things are
	paired   bool
}

// VersionsOf are a document's policies; one without a policy where it should have become some.
func VersionsOf(file string, d *compiler.Document) []*Version {
	if d.Kind != compiler.KindSpec && d.Kind != compiler.KindDocument && d.Kind != compiler.KindTerraform {
		return nil
	}
	if len(d.Policies) == 0 {
		return []*Version{{File: disk.FromWorkingFolder(file), Document: d.Index, Resource: d.Resource}}
	}
	var list []*Version
	for _, p := range d.Policies {
		list = append(list, &Version{File: disk.FromWorkingFolder(file), Document: d.Index, Resource: d.Resource, Policy: p, unmade: d.Carried != nil && d.Carried.Unmade})
	}
	return list
}

func (v *Version) region() string {
	if v.Policy == nil {
		return ""
	}
	return v.Policy.Key.Region
}

func (v *Version) key() string {
	if v.Policy == nil {
		return ""
	}
	return v.Policy.Key.ID
}
