package keypolicy

import (
	"path"
	"slices"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// fromCaller adds to findings at what a caller of a Terraform module gives the line of the module that takes it into the policy: the
// statement's, or the key's where the finding is about no statement.
func fromCaller(d *compiler.Document, found diag.List) {
	isPlan := d.Kind == compiler.KindPlan && d.Carried != nil && d.Carried.Source != nil
	if d.Kind != compiler.KindTerraform && !isPlan || len(d.Policies) != 1 {
		return
	}
	plan := ""
	if isPlan {
		plan = d.Carried.Planned[d.Root.Place].File
	}
	for i, f := range found {
		place, message := d.Root.Place, "the module's key"
		for at := range d.Policies[0].Document.Statements {
			st := &d.Policies[0].Document.Statements[at]
			if st.Label() == f.Statement && path.Dir(st.Node.Place.File) != path.Dir(f.Place.File) {
				place, message = st.Node.Place, "the module's statement"
			}
		}
		if path.Dir(place.File) == path.Dir(f.Place.File) || place.IsZero() || isPlan && (place.File == plan || f.Place.File == plan) {
			continue
		}
		found[i].Related = append(slices.Clone(f.Related), diag.Related{Place: place, Message: message})
	}
}
