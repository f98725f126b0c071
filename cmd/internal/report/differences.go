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

// markdown is for a comment: policies that let outsiders in come first, then those of which that is not known. One that is long has
// at most a third of the room, and what does not fit is counted at the end.
func (all Differences) markdown() string {
	if len(all.List) == 0 {
		return cell(all.none()) + "\n"
	}
	list := slices.Clone(all.List)
	for i := range list {
		list[i].concern, list[i].outsidersFirst = list[i].concernOf(), true
	}
	slices.SortStableFunc(list, func(a, b Difference) int { return b.concern - a.concern })
	var b commentRoom
	left, outside := 0, 0
	for i, d := range list {
		room := b.left()
		if len(list) > 1 {
			room = min(room, markdownLimit/3)
		}
		text := fmt.Sprintf("## %s\n\n%s", cell(d.title()), d.markdown())
		if i > 0 {
			text = "\n" + text
		}
		cut, fits := cutLines(text, room, leastLines)
		if !fits {
			cut, fits = cutLines(text, b.left(), leastLines)
		}
		if !fits || !b.add(cut) {
			left++
			if d.concern > 1 {
				outside++
			}
		}
	}
	if left > 0 {
		which := number(left, "policy", "policies")
		if outside > 0 {
			which += fmt.Sprintf(", %d of which let outsiders in", outside)
		}
		fmt.Fprintf(&b, "\n**Left out, as it does not fit: %s.** `--format json` has all of it.\n", which)
	}
	return b.String()
}

// leastLines are a blank one, the title, what the changes are, each with a blank line behind, and a change with its example.
const leastLines = 7

// concernOf is 2 where outsiders gain access, 1 where something is not known, else 0.
func (d Difference) concernOf() int {
	switch {
	case len(outsidersOf(d.Result.Added, d.New.Account.ID)) > 0:
		return 2
	case len(d.Result.Unknown) > 0:
		return 1
	}
	return 0
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
