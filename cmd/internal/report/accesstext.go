package report

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// group is principals that may do the same.
type group struct {
	names []string
	rows  []access.Row
}

// groups puts principals together whose rows say the same, in the order of the rows.
func (a Access) groups() []group {
	var order []string
	rows := map[string][]access.Row{}
	for _, r := range a.Report.Matrix {
		name := a.Policy.who(r.Principal, r.Kind)
		if rows[name] == nil {
			order = append(order, name)
		}
		rows[name] = append(rows[name], r)
	}
	var list []group
	for _, name := range order {
		at := slices.IndexFunc(list, func(g group) bool { return sameRows(g.rows, rows[name]) })
		if at < 0 {
			list = append(list, group{rows: rows[name]})
			at = len(list) - 1
		}
		list[at].names = append(list[at].names, name)
	}
	return list
}

func sameRows(a, b []access.Row) bool {
	return slices.EqualFunc(a, b, func(x, y access.Row) bool {
		return (x.Kind == y.Kind || x.Kind != "account" && y.Kind != "account") && x.Decision == y.Decision && x.Conditions.Text == y.Conditions.Text &&
			slices.Equal(x.Actions, y.Actions) && reflect.DeepEqual(x.Except, y.Except) && slices.Equal(x.Statements, y.Statements)
	})
}

// The widths of the table. A name that is longer is in a line of its own.
const (
	width     = 100
	nameWidth = 32
)

// maxNames bounds the names of a group that the text lists.
const maxNames = 12

func (a Access) text(p painter) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", p.bold(Escape(a.Policy.title())), Escape(a.Policy.basis()))
	a.table(&b, p)
	for _, s := range a.sections() {
		fmt.Fprintf(&b, "\n%s\n", p.bold(s.title))
		for _, line := range s.lines {
			writeWrapped(&b, "  ", "    ", Escape(line))
		}
	}
	return b.String()
}

// title is the policy's file, with its Region where there is one.
func (p Policy) title() string {
	if p.Region == "" {
		return p.File
	}
	return p.File + ", " + p.Region
}

// nobody is said where no row is certain.
func (a Access) nobody() string {
	if len(a.Report.Unknown) > 0 {
		return "Who may do anything by this policy is not known.\n"
	}
	return "Nobody may do anything by this policy.\n"
}

func (a Access) table(b *strings.Builder, p painter) {
	groups := a.groups()
	if len(groups) == 0 {
		b.WriteString(a.nobody())
		return
	}
	column := len("who")
	for _, g := range groups {
		for _, name := range g.names {
			if n := displaywidth.String(Escape(name)); n <= nameWidth {
				column = max(column, n)
			}
		}
	}
	fmt.Fprintf(b, "%s\n", p.bold(pad("who", column)+"  may"))
	for _, g := range groups {
		var cells []string
		for _, e := range a.entries(g) {
			cells = append(cells, wrap(Escape(e.text), width-column-2)...)
			cells = append(cells, wrap("  by "+Escape(a.Policy.statements(e.statements)), width-column-2)...)
		}
		writeRow(b, shownNames(g.names), cells, column)
	}
}

func shownNames(names []string) []string {
	list := make([]string, 0, len(names))
	for i, name := range names {
		if i == maxNames && len(names) > maxNames+1 {
			return append(list, fmt.Sprintf("and %d more", len(names)-maxNames))
		}
		list = append(list, Escape(name))
	}
	return list
}

// writeRow sets names and cells side by side; the names are above where one of them is long.
func writeRow(b *strings.Builder, names, cells []string, column int) {
	if slices.ContainsFunc(names, func(name string) bool { return displaywidth.String(name) > column }) {
		b.WriteString(strings.Join(names, "\n") + "\n")
		names = nil
	}
	for i := range max(len(names), len(cells)) {
		l, r := "", ""
		if i < len(names) {
			l = names[i]
		}
		if i < len(cells) {
			r = cells[i]
		}
		b.WriteString(strings.TrimRight(pad(l, column)+"  "+r, " ") + "\n")
	}
}

const withIdentityPolicy = "where an identity policy allows it too"

// undecided says that nobody knows whether a row holds.
func (a Access) undecided() string {
	if a.Policy.Account.ID == "" {
		return "depends on the key's account"
	}
	return "not known whether this applies"
}

// statements are statements of one file with their lines.
func (p Policy) statements(indexes []int) string {
	var list []string
	for _, i := range indexes {
		st := p.statement(i)
		list = append(list, st.name()+", "+p.at(st))
	}
	return strings.Join(list, "; ")
}

// at is where a statement is, short where it is in the policy's own file.
func (p Policy) at(st Statement) string {
	if st.File != p.File {
		return st.place()
	}
	text := fmt.Sprintf("line %d", st.Line)
	for _, t := range st.Templates {
		text += fmt.Sprintf(", from %s:%d", t.File, t.Number)
	}
	return text
}

const anyone = "anyone in any account"

// who names a principal for people.
func (p Policy) who(principal, kind string) string {
	account := accountOf(principal)
	of := "account " + account
	if account == "*" {
		of = "any account"
	}
	_, resource, _ := strings.Cut(principal, "::"+account+":")
	switch {
	case principal == "*":
		return anyone
	case kind == "account" && account != "" && account == p.Account.ID:
		return "account " + account + " (the key's)"
	case kind == "account" && account != "":
		return of
	case account == "" && kind == "root_user":
		return "the root user of " + principal
	case kind == "root_user":
		return "the root user of " + of
	case resource == "user/*":
		return "every user of " + of
	case resource == "role/*":
		return "every role of " + of
	case resource == "federated-user/*":
		return "every federated user of " + of
	}
	return p.short(principal)
}

// accountOf is the account that an ARN names, "" for another text.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return parts[4]
}
