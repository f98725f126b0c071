package compiler

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// DuplicateOutputs reports policies of one run that would be written to one file, also where the names
// differ only in case: some file systems keep one of the two. It is reported at each of them.
func DuplicateOutputs(outputs []Output) diag.List {
	owners := map[string][]Output{}
	for _, o := range outputs {
		name := strings.ToLower(o.Name)
		owners[name] = append(owners[name], o)
	}
	var found diag.List
	for _, o := range outputs {
		same := owners[strings.ToLower(o.Name)]
		if len(same) == 1 {
			continue
		}
		other := same[0]
		if other == o {
			other = same[1]
		}
		found = append(found, diag.Diagnostic{
			Rule: "compile", Reason: "output-name-duplicate", Category: "references", Severity: diag.Error,
			Message: fmt.Sprintf("two policies would be written to `%s.json`", o.Name), Help: "give one of the specs another `name`",
			Place: o.Place, Related: []diag.Related{{Place: other.Place, Message: fmt.Sprintf("`%s.json` is the file of this policy too", other.Name)}},
		})
	}
	return found
}
