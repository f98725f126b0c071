package report

import (
	"fmt"
	"strings"
)

func (a Access) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nFor %s.\n\n", markdown(a.Policy.title()), markdown(a.Policy.Account.words()))
	groups := a.groups()
	if len(groups) == 0 {
		b.WriteString("Nobody may do anything by this policy.\n")
	} else {
		b.WriteString("| who | may | by |\n|---|---|---|\n")
	}
	for _, g := range groups {
		for i, e := range g.entries(a.undecided()) {
			names := ""
			if i == 0 {
				names = markdown(strings.Join(g.names, ", "))
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", names, markdown(e.text), markdown(a.Policy.statements(e.statements)))
		}
	}
	for _, s := range a.sections() {
		fmt.Fprintf(&b, "\n## %s\n\n", s.title)
		for _, line := range s.lines {
			fmt.Fprintf(&b, "- %s\n", markdown(line))
		}
	}
	return b.String()
}

// markdown writes a text so that Markdown shows it as it is; what stands in backticks is code.
func markdown(text string) string {
	parts := strings.Split(Escape(text), "`")
	for i := range parts {
		if i%2 == 0 || i == len(parts)-1 {
			parts[i] = markdownEscaper.Replace(parts[i])
		} else {
			parts[i] = strings.ReplaceAll(parts[i], "|", `\|`)
		}
	}
	return strings.Join(parts, "`")
}

var markdownEscaper = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", "&lt;", "|", `\|`, "[", `\[`, "]", `\]`, "#", `\#`)
