package report

import (
	"fmt"
	"strings"
)

func (a Access) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nFor %s.\n\n", cell(a.Policy.title()), cell(a.Policy.basis()))
	groups := a.groups()
	if len(groups) == 0 {
		b.WriteString(a.nobody())
	} else {
		b.WriteString("| who | may | by |\n|---|---|---|\n")
	}
	for _, g := range groups {
		for i, e := range a.entries(g) {
			names := ""
			if i == 0 {
				names = cell(strings.Join(g.names, ", "))
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", names, cell(e.text), cell(a.Policy.statements(e.statements)))
		}
	}
	for _, s := range a.sections() {
		fmt.Fprintf(&b, "\n## %s\n\n", s.title)
		for _, line := range s.lines {
			fmt.Fprintf(&b, "- %s\n", cell(line))
		}
	}
	return b.String()
}
