package report

import (
	"fmt"
	"io"
)

// writeKeysMarkdown writes a table of the keys, and under it what changes, for a pull request.
func writeKeysMarkdown(w io.Writer, keys Keys) error {
	out := NewLines(w)
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
