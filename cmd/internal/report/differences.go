package report

import (
	"fmt"
	"io"
	"strings"
)

// Differences are the policies that are not as they were at a git revision.
type Differences struct {
	Base     string
	Compared int // policies of the working tree
	List     []Difference
}

type jsonDifferences struct {
	Base       string          `json:"base"`
	Equivalent bool            `json:"equivalent"`
	Policies   []jsonPolicyOld `json:"policies"`
}

type jsonPolicyOld struct {
	File     string `json:"file"`
	OldFile  string `json:"old_file"`
	Document int    `json:"document"`
	Region   string `json:"region"`
	State    string `json:"state"`
	jsonDifference
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

func (all Differences) json() jsonDifferences {
	out := jsonDifferences{Base: all.Base, Equivalent: true, Policies: []jsonPolicyOld{}}
	for _, d := range all.List {
		out.Equivalent = out.Equivalent && d.Result.Equivalent
		out.Policies = append(out.Policies, jsonPolicyOld{d.New.File, d.Old.File, d.Document, d.New.Region, d.State, d.json()})
	}
	return out
}
