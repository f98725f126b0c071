package expand

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

func cycle(stack []string, name string) string {
	text := ""
	for _, s := range stack[max(0, slices.Index(stack, name)):] {
		text += "`" + s + "` → "
	}
	return text + "`" + name + "`"
}

func (e *expander) report(n source.Node, reason, message, help string) {
	e.found = append(e.found, diag.Diagnostic{
		Rule: "compile", Reason: reason, Category: "references", Severity: diag.Error, Message: message, Help: help,
		Place: n.Place, Related: diag.Copied(n.Place, n.Origins),
	})
}

// reportOnce reports a thing once for a spec, at the first place that shows it.
func (e *expander) reportOnce(n source.Node, reason, message, help string) {
	if !e.reported[message] {
		e.reported[message] = true
		e.report(n, reason, message, help)
	}
}
