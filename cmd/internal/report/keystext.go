package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// mostKeysInText are named of keys of which the same is said.
const mostKeysInText = 3

// writeKeysText writes what is to be said, each thing once with its keys: who gains and loses what, and what speaks
// against it.
func writeKeysText(w io.Writer, keys Keys, o KeysOptions) error {
	out := NewLines(w)
	p := painter(o.Colors)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	if o.Brief {
		keys = keys.without()
	} else if gain := keys.gaining().String(); gain != "" {
		for i, line := range wrap(Escape(gain), width) {
			if i > 0 {
				line = "  " + line
			}
			put("%s\n", p.paint("1;31", line))
		}
	}
	for _, g := range keys.groups() {
		k := g.first()
		fold := g.differs()
		if len(g.keys) > 1 {
			k = g.shown()
		}
		state := p.state(k.State, fmt.Sprintf("%-10s", k.State))
		if len(g.keys) == 1 {
			put("%s %s\n", state, p.bold(Escape(k.title())))
		} else {
			put("%s %s\n", state, p.bold(fmt.Sprintf("the same for %d keys", len(g.keys))))
			for i, key := range g.keys {
				if i == mostKeysInText && len(g.keys) > mostKeysInText+1 && !o.All {
					put("  %s\n", p.dim(fmt.Sprintf("… and %d more", len(g.keys)-i)))
					break
				}
				put("  %s\n", Escape(key.title()+key.ownNamesText(fold)))
			}
		}
		if reason := g.reason(); reason != "" {
			put("  %s\n", Escape(reason))
		}
		if d, ok := k.difference(); ok {
			if k.notDone() {
				put("  what differs:\n")
			}
			for line := range strings.Lines(d.text(p)) {
				put("  %s", line)
			}
		}
		for _, f := range k.Findings {
			put("  %s %s\n", p.severity(f.Severity, f.Severity.String()+"["+Escape(ruleName(f))+"]:"), Escape(g.message(f)))
			if f.Help != "" && f.Severity == diag.Error {
				put("    help: %s\n", strings.ReplaceAll(indentLines(f.Help), "\n", "\n          "))
			}
		}
	}
	keys.textTable(put)
	return out.Flush()
}

// textTable counts the keys by account and Region, where there are several.
func (k Keys) textTable(put func(string, ...any)) {
	places, counts := k.places()
	if len(places) < 2 {
		return
	}
	widest := len("not known")
	for _, p := range places {
		widest = max(widest, len(p.region))
	}
	if len(k.groups()) > 0 {
		put("\n")
	}
	put("%-12s  %-*s  %6s", "account", widest, "Region", "keys")
	states := k.states()
	for _, s := range states {
		put("  %*s", max(len(stateTitle(s)), 6), stateTitle(s))
	}
	put("\n")
	for _, p := range places {
		all := 0
		for _, n := range counts[p] {
			all += n
		}
		put("%-12s  %-*s  %6d", Escape(p.account), widest, Escape(p.region), all)
		for _, s := range states {
			put("  %*d", max(len(stateTitle(s)), 6), counts[p][s])
		}
		put("\n")
	}
}
