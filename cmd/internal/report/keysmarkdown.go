package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// writeKeysMarkdown writes a table of the keys, and under it what changes, for a pull request.
func writeKeysMarkdown(w io.Writer, keys Keys) error {
	out := bufio.NewWriter(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("**%s**\n", keys.String())
	if len(keys) > 0 {
		put("\n| spec | key | state | |\n|---|---|---|---|\n")
	}
	for _, k := range keys {
		put("| %s | %s | %s | %s |\n", codeCell(k.spec()), codeCell(k.Key), codeCell(k.State), cell(k.Reason))
	}
	for _, k := range keys {
		d, differs := k.difference()
		if !differs && len(k.Findings) == 0 {
			continue
		}
		put("\n### %s\n", code(k.spec()))
		if differs {
			put("\n%s", d.markdown())
		}
		for i, f := range k.Findings {
			if i == 0 {
				put("\n")
			}
			put("- **%s** %s: %s\n", f.Severity, code(ruleName(f)), cell(f.Message))
		}
	}
	return out.Flush()
}

func (k *Key) spec() string {
	if k.Document > 0 {
		return fmt.Sprintf("%s (document %d)", k.File, k.Document)
	}
	return k.File
}

// codeCell is code in a table, where a bar would end the cell.
func codeCell(text string) string { return strings.ReplaceAll(code(text), "|", `\|`) }

// code writes text that Markdown does not read.
func code(text string) string {
	if text == "" {
		return ""
	}
	ticks := "`"
	for strings.Contains(text, ticks) {
		ticks += "`"
	}
	pad := ""
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		pad = " "
	}
	return ticks + pad + Escape(text) + pad + ticks
}

var cellEscaper = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "[", `\[`, "_", `\_`, "@", "@\u200b", "#", `\#`)

// cell writes text with nothing in it that Markdown obeys; what stands between backticks stays as it is.
func cell(text string) string {
	parts := strings.Split(Escape(text), "`")
	if len(parts)%2 == 0 {
		return cellEscaper.Replace(strings.Join(parts, "'"))
	}
	for i := range parts {
		if i%2 == 0 {
			parts[i] = cellEscaper.Replace(parts[i])
		} else {
			parts[i] = strings.ReplaceAll(parts[i], "|", `\|`)
		}
	}
	return strings.Join(parts, "`")
}
