package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
)

// Difference is what one policy allows or denies that another did not.
type Difference struct {
	Old, New Policy
	State    string // of a comparison with a revision: changed, added, deleted or moved; with a plan new, replaced, changed or deleted
	Resource string // of a plan or a module: the key's address
	Planned  bool   // it is a plan's
	Document int
	Result   *access.Difference
	Live     bool // it is of a live policy against its spec

	outsidersFirst bool
	concern        int
}

func (d Difference) json() *keypolicy.PolicyDifference {
	return keypolicy.NewPolicyDifference(d.Old.Compiled, d.New.Compiled, d.Result)
}

func (d Difference) accountsDiffer() bool { return d.Old.Account.ID != d.New.Account.ID }

// WriteDifference writes what differs between two policies: text, json or markdown.
func WriteDifference(w io.Writer, format string, d Difference, colors bool) error {
	text := ""
	switch format {
	case "json":
		return WriteValue(w, d.json())
	case "markdown":
		d.outsidersFirst = true
		text, _ = cutLines("## "+cell(d.title())+"\n\n"+d.markdown(), markdownLimit-tailRoom, 0)
	default:
		p := painter(colors)
		text = p.bold(Escape(d.title())) + "\n\n" + d.text(p)
	}
	_, err := io.WriteString(w, Inert(text))
	return err
}

// Name is what is compared: a key's address, a file, or two.
func (d Difference) Name() string {
	switch {
	case d.Resource != "":
		return d.Resource
	case d.State != "" && d.Old.File == d.New.File:
		return d.New.File
	default:
		return d.Old.File + " → " + d.New.File
	}
}

func (d Difference) title() string {
	title := d.Name()
	if d.Document > 0 {
		title += fmt.Sprintf(", document %d", d.Document)
	}
	if d.New.Region != "" {
		title += ", " + d.New.Region
	}
	switch d.State {
	case "added", "deleted", "new", "replaced":
		title += " (" + d.State + ")"
	}
	title += ": " + d.New.basis()
	switch old := d.Old.byDefault(); {
	case d.accountsDiffer():
		title += "; before, " + d.Old.basis()
	case old != "" && old != d.New.byDefault():
		title += "; before, " + old
	}
	return title
}

// text is the difference in sentences.
func (d Difference) text(p painter) string {
	var b strings.Builder
	marks := map[string]string{"added": p.paint("1;32", "+"), "removed": p.paint("1;31", "-"), "future": p.dim("~")}
	for _, part := range d.parts() {
		for _, line := range part.lines {
			for i, l := range wrap(Escape(line.text), width-2) {
				mark := " "
				if i == 0 {
					mark = marks[part.title]
				}
				fmt.Fprintf(&b, "%s %s\n", mark, l)
			}
			if line.example != "" {
				for _, l := range wrap("  for example: "+Escape(line.example), width-2) {
					fmt.Fprintf(&b, "  %s\n", p.dim(l))
				}
			}
		}
	}
	for _, line := range d.notes() {
		writeWrapped(&b, "", "  ", Escape(line))
	}
	return b.String()
}

// ChangeLines are the changes of a difference, one a line, each after "+", "-" or "~".
func ChangeLines(d Difference) []string {
	marks := map[string]string{"added": "+", "removed": "-", "future": "~"}
	var lines []string
	for _, part := range d.parts() {
		for _, line := range part.lines {
			lines = append(lines, marks[part.title]+" "+line.text)
		}
	}
	return lines
}

func (d Difference) markdown() string {
	var b strings.Builder
	for _, part := range d.parts() {
		fmt.Fprintf(&b, "**%s**\n\n", map[string]string{"added": "Added", "removed": "Removed", "future": "For actions that AWS may add"}[part.title])
		for _, line := range part.lines {
			fmt.Fprintf(&b, "- %s\n", cell(line.text))
			if line.example != "" {
				fmt.Fprintf(&b, "  - for example: %s\n", cell(line.example))
			}
		}
		b.WriteString("\n")
	}
	for _, line := range d.notes() {
		fmt.Fprintf(&b, "%s\n\n", cell(line))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// notes say what no change says.
func (d Difference) notes() []string {
	var lines []string
	r := d.Result
	if note := d.stateNote(); note != "" {
		lines = append(lines, note)
	}
	for _, u := range r.Unknown {
		lines = append(lines, "Not known: "+u.Text)
	}
	switch {
	case !r.Equivalent:
	case len(r.Future) > 0:
		lines = append(lines, "Both decide every request alike, for the existing actions.")
	default:
		lines = append(lines, "Both decide every request alike.")
	}
	for _, text := range r.Remarks {
		lines = append(lines, "Remark: "+text)
	}
	return lines
}

// stateNote says what the state means for the key.
func (d Difference) stateNote() string {
	switch {
	case d.State == "deleted" && d.Resource != "" && !d.Planned:
		return "The module does not have the key any more: an apply deletes it, and once its waiting period is over, nothing that it has encrypted can be read."
	case d.State == "deleted" && d.Planned:
		return "The plan deletes the key: once its waiting period is over, nothing that it has encrypted can be read."
	case d.State == "deleted":
		return "Only the file is gone: the key keeps its policy until another one is written."
	case d.State == "replaced":
		return "The plan replaces the key: its policy is compared with KMS's default one, and what the old key has encrypted can only be read until that is deleted."
	case d.State == "new":
		return "The key is new: its policy is compared with KMS's default one."
	case d.State == "changed" && d.Planned && d.Result.Equivalent:
		return "Terraform shows an update of this policy, which changes nothing that it allows."
	}
	return ""
}

// changeLine is a change in words, with a request that shows it.
type changeLine struct{ text, example string }

type changePart struct {
	title string
	lines []changeLine
}

// parts are the changes by what they are. What differs for actions that AWS may add is reported where it does not follow from
// a change for those that there are.
func (d Difference) parts() []changePart {
	var list []changePart
	future := slices.DeleteFunc(slices.Clone(d.Result.Future), func(c access.Change) bool {
		return slices.ContainsFunc(slices.Concat(d.Result.Added, d.Result.Removed), func(o access.Change) bool {
			return o.Principal == c.Principal && o.Decision == c.Decision && o.Was == c.Was && o.Conditions.Text == c.Conditions.Text
		})
	})
	for _, part := range []struct {
		title   string
		changes []access.Change
	}{{"added", d.Result.Added}, {"removed", d.Result.Removed}, {"future", future}} {
		if lines := d.lines(part.changes); len(lines) > 0 {
			list = append(list, changePart{part.title, lines})
		}
	}
	return list
}

// covered reports whether a change follows from one of all the account, or of anyone. The root user of another account needs no
// identity policy where others of it do: that its account agrees is said of all.
func covered(c access.Change, list []access.Change, owner string) bool {
	foreignRoot := c.Kind == "root_user" && outsider(c, owner)
	same := func(o, c access.Decision) bool {
		return o == c || foreignRoot && o == access.NeedsIdentityPolicy && c == access.Allowed
	}
	return slices.ContainsFunc(list, func(o access.Change) bool {
		whole := o.Kind == "anyone" || o.Kind == "account" && c.Kind != "account" && accountOf(o.Principal) == accountOf(c.Principal)
		return whole && c.Kind != o.Kind && (o.Conditions.None() || foreignRoot && o.Conditions.Text == c.Conditions.Text) &&
			same(o.Decision, c.Decision) && same(o.Was, c.Was) &&
			!slices.ContainsFunc(c.Actions, func(name string) bool { return !slices.Contains(o.Actions, name) })
	})
}

// lines puts changes in words; those that differ only in their principals are one.
func (d Difference) lines(all []access.Change) []changeLine {
	list := slices.DeleteFunc(slices.Clone(all), func(c access.Change) bool { return covered(c, all, d.New.Account.ID) })
	if d.outsidersFirst {
		slices.SortStableFunc(list, func(a, b access.Change) int {
			return boolOrder(outsider(b, d.New.Account.ID)) - boolOrder(outsider(a, d.New.Account.ID))
		})
	}
	var lines []changeLine
	done := make([]bool, len(list))
	for i, c := range list {
		if done[i] {
			continue
		}
		var names []string
		accounts := 0
		for j := i; j < len(list); j++ {
			o := list[j]
			if o.Decision == c.Decision && o.Was == c.Was && o.Conditions.Text == c.Conditions.Text && slices.Equal(o.Actions, c.Actions) &&
				outsider(o, d.New.Account.ID) == outsider(c, d.New.Account.ID) {
				done[j] = true
				name := d.New.who(o.Principal, o.Kind)
				if o.Kind == "account" {
					names = slices.Insert(names, accounts, name)
					accounts++
					continue
				}
				names = append(names, name)
			}
		}
		lines = append(lines, changeLine{d.words(withoutNamesakes(names), c), d.example(c)})
	}
	return lines
}
