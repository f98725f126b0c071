package compiler

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// folderFaults reports globs that are not valid, and of what a configuration's folders give and there is not.
func folderFaults(root *source.Node) diag.List {
	var found diag.List
	for _, n := range spec.PatternNodes(root) {
		if n.IsString() && !spec.ValidPattern(n.Text) {
			found = append(found, schemaFinding(n.Place, "invalid-pattern", fmt.Sprintf("`%s` is not a valid glob pattern", n.Text),
				"close its brackets and braces, or write a backslash before one that is meant as it is"))
		}
	}
	if folders := root.Get("folders"); folders != nil {
		for _, item := range folders.Items {
			found = append(found, partitionFault(item.Get("partition"))...)
			found = append(found, regionFault(item.Get("region"))...)
		}
	}
	return found
}
