package page

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// WriteMarkdown writes a rule's page as Markdown.
func (p *Rule) WriteMarkdown(w io.Writer) error {
	out := report.NewLines(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("# %s\n\n**%s.** Severity %s, category `%s`", p.Name, prose(strings.TrimSuffix(p.Title, ".")), p.Severity, p.Category)
	if state := p.state(); state != "" {
		put("; %s", state)
	}
	put(".\n")
	if len(p.renamedFrom) > 0 {
		put("Former names, which still work: %s.\n", strings.Join(quoted(p.renamedFrom), ", "))
	}
	for _, name := range quoted(p.splitFrom) {
		put("It was a part of the rule %s: suppressions and settings of %s apply to it too.\n", name, name)
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
