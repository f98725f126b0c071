package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	mostKeysFolded = 200
	mostRows       = 100
)

// writeKeysMarkdown writes a report for a pull request: who gains access from outside, the keys by account and Region, and
// each change once with its keys folded. What does not fit is counted at the end.
func writeKeysMarkdown(w io.Writer, keys Keys, o KeysOptions) error {
	if o.Brief {
		keys = keys.without()
	}
	var b commentRoom
	b.add(fmt.Sprintf("**%s**\n", cell(keys.String())))
	if gain := keys.gaining().String(); gain != "" {
		b.add(fmt.Sprintf("\n**%s**\n", cell(gain)))
	}
	b.add(keys.markdownTable())
	var left Keys
	groups := 0
	for _, g := range keys.groups() {
		text, ok := g.markdown(b.left())
		if !ok {
			groups++
			for _, k := range g.keys {
				left = append(left, *k)
			}
			continue
		}
		b.add(text)
	}
	if groups > 0 {
		fmt.Fprintf(&b, "\n**Left out, as it does not fit: %s, of %s.** `--format json` has all of it.\n", number(groups, "change or cause", "changes or causes"), cell(left.String()))
	}
	_, err := io.WriteString(w, Inert(b.String()))
	return err
}

// markdownTable counts the keys by account and Region.
func (k Keys) markdownTable() string {
	places, counts := k.places()
	if len(places) == 0 {
		return ""
	}
	states := k.states()
	var b strings.Builder
	b.WriteString("\n| account | Region | keys |")
	for _, s := range states {
		b.WriteString(" " + stateTitle(s) + " |")
	}
	b.WriteString("\n|---|---|---:|" + strings.Repeat("---:|", len(states)) + "\n")
	for i, p := range places {
		if i == mostRows && len(places) > mostRows+1 {
			fmt.Fprintf(&b, "\n%d more accounts and Regions are left out of this table.\n", len(places)-i)
			break
		}
		all := 0
		for _, n := range counts[p] {
			all += n
		}
		fmt.Fprintf(&b, "| %s | %s | %d |", codeCell(p.account), codeCell(p.region), all)
		for _, s := range states {
			fmt.Fprintf(&b, " %d |", counts[p][s])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// markdown writes a group in the room that there is: with fewer keys named, and then with fewer lines, where it is too long.
// It gives false where not even its begin fits.
func (g *keyGroup) markdown(room int) (string, bool) {
	body := g.markdownBody()
	for _, most := range []int{mostKeysFolded, mostKeysInText} {
		if text := g.markdownHead(most) + body; utf8.RuneCountInString(text) <= room {
			return text, true
		}
	}
	head := g.markdownHead(mostKeysInText)
	text, ok := cutLines(body, room-utf8.RuneCountInString(head), 4)
	return head + text, ok
}

// markdownHead names the group's keys.
func (g *keyGroup) markdownHead(most int) string {
	var b strings.Builder
	k := g.first()
	fold := g.differs()
	if len(g.keys) == 1 {
		fmt.Fprintf(&b, "\n### %s: %s\n\n%s", code(k.spec()), stateTitle(k.State), code(k.Key))
	} else {
		fmt.Fprintf(&b, "\n### The same for %d keys: %s\n\n<details><summary>%d keys</summary>\n\n", len(g.keys), stateTitle(k.State), len(g.keys))
		for i, key := range g.keys {
			if i == most && len(g.keys) > most+1 {
				fmt.Fprintf(&b, "- and %d more\n", len(g.keys)-i)
				break
			}
			fmt.Fprintf(&b, "- %s: %s", code(key.spec()), code(key.Key))
			if own := key.ownNamesText(fold); own != "" {
				b.WriteString(" " + cell(own))
			}
			b.WriteString("\n")
		}
		b.WriteString("\n</details>\n")
	}
	if reason := g.reason(); reason != "" {
		if len(g.keys) == 1 {
			b.WriteString(": ")
		} else {
			b.WriteString("\n")
		}
		b.WriteString(cell(reason))
	}
	return strings.TrimSuffix(b.String(), "\n") + "\n"
}

// markdownBody is what changes, and what speaks against it.
func (g *keyGroup) markdownBody() string {
	var b strings.Builder
	k := g.shown()
	if d, ok := k.difference(); ok {
		if k.notDone() {
			b.WriteString("\nWhat differs:\n")
		}
		fmt.Fprintf(&b, "\n%s", d.markdown())
	}
	for i, f := range k.Findings {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "- **%s** %s: %s\n", f.Severity, code(ruleName(f)), cell(g.message(f)))
	}
	return b.String()
}

func (k *Key) spec() string {
	if k.Document > 0 {
		return fmt.Sprintf("%s (document %d)", k.File, k.Document)
	}
	return k.File
}
