package cli

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// writePage writes a rule's page for a terminal.
func writePage(w io.Writer, p *page) error {
	out := report.NewLines(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("%s (%s, %s)\n\n%s\n", p.Name, p.Category, p.Severity, p.Title)
	if state := p.state(); state != "" {
		put("(%s)\n", state)
	}
	put("\nWhy: %s\n\nWhat to do: %s\n", p.Description, p.Remedy)
	if len(p.Links) > 0 {
		put("\n%s\n", strings.Join(p.Links, "\n"))
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

const referenceIntroduction = "# The rules\n\n" +
	"Every rule that is built in, by its category and its name: why it is there, what to do, and an example with what\n" +
	"`keypolicy lint` says of it. `keypolicy rules NAME` prints one of them, `severity` of the configuration turns one off,\n" +
	"on, up or down, and [rules of your own](writing-rules.md) stand beside them. This page is what\n" +
	"`keypolicy rules --format markdown` prints.\n"

// writeReference writes the pages of all rules as one, by category and name: rules that are added side by side do not
// touch the same lines.
func writeReference(w io.Writer, pages []*page) error {
	pages = slices.Clone(pages)
	slices.SortStableFunc(pages, func(a, b *page) int { return strings.Compare(a.Category+" "+a.Name, b.Category+" "+b.Name) })
	out := report.NewLines(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("%s", referenceIntroduction)
	category := ""
	for _, p := range pages {
		if p.Category != category {
			category = p.Category
			put("\n- %s\n", category)
		}
		put("  - [`%s`](#%s): %s\n", p.Name, p.Name, prose(p.Title))
	}
	category = ""
	for _, p := range pages {
		if p.Category != category {
			category = p.Category
			put("\n## %s\n", category)
		}
		put("\n")
		if err := writeMarkdown(out, p, 3); err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeMarkdown writes a rule's page as Markdown, under a heading of the given level.
func writeMarkdown(w io.Writer, p *page, level int) error {
	out := report.NewLines(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("%s %s\n\n**%s** (%s", strings.Repeat("#", level), p.Name, prose(p.Title), p.Severity)
	if state := p.state(); state != "" {
		put("; %s", state)
	}
	put(")\n\n%s\n\nWhat to do: %s\n", prose(p.Description), prose(p.Remedy))
	files := func(title string, list []txtar.File) {
		for _, f := range list {
			if f.Name == spec.ConfigurationFile {
				put("\nWith the configuration\n\n")
			} else {
				put("\n%s, `%s`:\n\n", title, f.Name)
			}
			fence(put, language(f.Name), string(f.Data))
		}
	}
	files("Bad", p.bad)
	if p.output != "" {
		put("\n")
		fence(put, "text", p.output)
	}
	files("Good", p.good)
	for i, link := range p.Links {
		if i == 0 {
			put("\n")
		}
		put("- <%s>\n", link)
	}
	return out.Flush()
}

// prose writes text outside of code so that Markdown shows it as it is.
func prose(text string) string {
	parts := strings.Split(text, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = proseEscaper.Replace(parts[i])
	}
	return strings.Join(parts, "`")
}

var proseEscaper = strings.NewReplacer("*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`)

// fence writes a block of code; its fence is longer than any in the text.
func fence(put func(string, ...any), language, text string) {
	marks := "```"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	put("%s%s\n%s\n%s\n", marks, language, strings.TrimRight(text, "\n"), marks)
}

func language(file string) string {
	switch path.Ext(file) {
	case ".json":
		return "json"
	case ".yaml", ".yml":
		return "yaml"
	default:
		return "text"
	}
}
