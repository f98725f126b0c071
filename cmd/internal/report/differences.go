package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy"
)

// Differences are the policies that are not as they were at a git revision.
type Differences struct {
	Base     string
	Compared int // policies of the working tree
	List     []Difference
}

// WriteDifferences writes what differs: text, json or markdown.
func WriteDifferences(w io.Writer, format string, all Differences, colors bool) error {
	var b strings.Builder
	p := painter(colors)
	switch format {
	case "json":
		return WriteValue(w, all.json())
	case "markdown":
		if len(all.List) == 0 {
			fmt.Fprintf(&b, "%s\n", cell(all.none()))
		}
		for i, d := range all.List {
			if i > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "## %s\n\n%s", cell(d.title()), d.markdown())
		}
	default:
		if len(all.List) == 0 {
			fmt.Fprintf(&b, "%s\n", Escape(all.none()))
		}
		for i, d := range all.List {
			if i > 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "%s\n\n%s", p.bold(Escape(d.title())), d.text(p))
		}
	}
	_, err := io.WriteString(w, Inert(b.String()))
	return err
}

func (all Differences) none() string {
	return fmt.Sprintf("No policy differs from %s: %s compared.", all.Base, number(all.Compared, "policy", "policies"))
}

func (all Differences) json() keypolicy.Differences {
	out := keypolicy.Differences{Base: all.Base, Equivalent: true, Policies: []keypolicy.PolicyDifferenceSince{}}
	for _, d := range all.List {
		out.Equivalent = out.Equivalent && d.Result.Equivalent
		out.Policies = append(out.Policies, keypolicy.PolicyDifferenceSince{
			File: d.New.File, OldFile: d.Old.File, Document: d.Document, Region: d.New.Region, Resource: d.Resource, State: d.State, PolicyDifference: *d.json(),
		})
	}
	return out
}
