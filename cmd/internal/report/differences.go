package report

import (
	"fmt"
	"io"
	"slices"
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
		b.WriteString(all.markdown())
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

// markdown is for a comment: policies that let outsiders in come first, and what does not fit is counted at the end.
func (all Differences) markdown() string {
	if len(all.List) == 0 {
		return cell(all.none()) + "\n"
	}
	list := slices.Clone(all.List)
	letIn := func(d Difference) bool { return len(outsidersOf(d.Result.Added, d.New.Account.ID)) > 0 }
	slices.SortStableFunc(list, func(a, b Difference) int { return boolOrder(letIn(b)) - boolOrder(letIn(a)) })
	var b strings.Builder
	left := 0
	for _, d := range list {
		d.outsidersFirst = true
		text := fmt.Sprintf("## %s\n\n%s", cell(d.title()), d.markdown())
		if b.Len()+len(text) > markdownLimit-tailRoom {
			left++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(text)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n**Left out, as it does not fit: %s.** `--format json` has all of it.\n", number(left, "policy", "policies"))
	}
	return b.String()
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
