package page

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// WriteText writes a rule's page for a terminal.
func (p *Rule) WriteText(w io.Writer) error {
	out := report.NewLines(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("%s (%s, %s)\n\n%s\n", p.Name, p.Category, p.Severity, p.Title)
	if state := p.state(); state != "" {
		put("(%s)\n", state)
	}
	put("\nWhy: %s\n\nWhat to do: %s\n", p.Description, p.Remedy)
	if links := slices.Concat(nonEmpty(p.URL), p.Links); len(links) > 0 {
		put("\n%s\n", strings.Join(links, "\n"))
	}
	if len(p.renamedFrom) > 0 {
		put("\nFormer names, which still work: %s\n", strings.Join(p.renamedFrom, ", "))
	}
	for _, name := range p.splitFrom {
		put("\nIt was a part of the rule %s: suppressions and settings of %s apply to it too\n", name, name)
	}
	files := func(title string, list []txtar.File) {
		for _, f := range list {
			put("\n%s: %s\n\n    %s\n", title, f.Name, strings.ReplaceAll(strings.TrimRight(string(f.Data), "\n"), "\n", "\n    "))
		}
	}
	files("Bad", p.bad)
	if p.output != "" {
		put("\n%s", p.output)
	}
	files("Good", p.good)
	return out.Flush()
}

func nonEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
