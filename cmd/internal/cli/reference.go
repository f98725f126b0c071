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
	if links := slices.Concat(nonEmpty(p.URL), p.Links); len(links) > 0 {
		put("\n%s\n", strings.Join(links, "\n"))
	}
	if len(p.FormerNames) > 0 {
		put("\nFormer names, which still work: %s\n", strings.Join(p.FormerNames, ", "))
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

// writeMarkdown writes a rule's page as Markdown.
func writeMarkdown(w io.Writer, p *page) error {
	out := report.NewLines(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("# %s\n\n**%s.** Severity %s, category `%s`", p.Name, prose(strings.TrimSuffix(p.Title, ".")), p.Severity, p.Category)
	if state := p.state(); state != "" {
		put("; %s", state)
	}
	put(".\n")
	if len(p.FormerNames) > 0 {
		put("Former names, which still work: %s.\n", strings.Join(quoted(p.FormerNames), ", "))
	}
	put("\n## Why\n\n%s\n\n## What to do\n\n%s\n", prose(p.Description), prose(p.Remedy))
	files := func(title string, list []txtar.File) {
		if len(list) > 0 {
			put("\n## %s\n", title)
		}
		for _, f := range list {
			if f.Name == spec.ConfigurationFile {
				put("\nWith the configuration\n\n")
			} else {
				put("\n`%s`:\n\n", f.Name)
			}
			fence(put, language(f.Name), string(f.Data))
		}
	}
	files("Bad", p.bad)
	if p.output != "" {
		put("\n`keypolicy lint` prints:\n\n")
		fence(put, "text", p.output)
	}
	files("Good", p.good)
	for i, link := range p.Links {
		if i == 0 {
			put("\n## See also\n\n")
		}
		put("- <%s>\n", link)
	}
	return out.Flush()
}

func nonEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = "`" + name + "`"
	}
	return out
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
