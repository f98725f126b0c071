package report

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// Many keys get the same change but for a role or user of their own. Their reports are one, in which such a name is "…".

// isOwnName reports whether a principal is a user or a role of the key's account, whose name may be the key's own.
func (k *Key) isOwnName(principal string) bool {
	rest, ok := strings.CutPrefix(principal, "arn:")
	_, resource, named := strings.Cut(rest, "::"+k.Account+":")
	return ok && named && k.Account != "" && !strings.ContainsAny(resource, "*?") && (strings.HasPrefix(resource, "role/") || strings.HasPrefix(resource, "user/"))
}

// folded is an own name without what distinguishes it.
func folded(principal string) string {
	at := strings.Index(principal, "/")
	return principal[:at+1] + "…"
}

// ownNames are the own names of a key's changes that fold says to leave out, sorted.
func (k *Key) ownNames(fold func(access.Change) bool) []string {
	var names []string
	if k.Diff == nil {
		return nil
	}
	for _, list := range [][]access.Change{k.Diff.Added, k.Diff.Removed, k.Diff.Future} {
		for _, c := range list {
			if k.isOwnName(c.Principal) && fold(c) {
				names = append(names, c.Principal)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// without is a key whose changes, reason and findings do not have some own names.
func (k *Key) withoutNames(names []string) *Key {
	if len(names) == 0 {
		return k
	}
	out := *k
	words := func(text string) string {
		for _, name := range names {
			text = replaceName(text, name, folded(name))
			_, resource, _ := strings.Cut(name, "::"+k.Account+":")
			text = replaceName(text, resource, resource[:5]+"…")
		}
		return text
	}
	d := *k.Diff
	d.Added, d.Removed, d.Future = foldChanges(d.Added, names), foldChanges(d.Removed, names), foldChanges(d.Future, names)
	out.Diff = &d
	out.Reason = words(k.Reason)
	out.Findings = slices.Clone(k.Findings)
	for i := range out.Findings {
		out.Findings[i].Message, out.Findings[i].Help = words(out.Findings[i].Message), words(out.Findings[i].Help)
	}
	return &out
}

// replaceName replaces a name where it is not a part of a longer one.
func replaceName(text, name, with string) string {
	var b strings.Builder
	for {
		at := strings.Index(text, name)
		if at < 0 {
			return b.String() + text
		}
		end := at + len(name)
		whole := end == len(text) || !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+=,.@_/-", rune(text[end])) ||
			strings.ContainsAny(text[end:end+1], ".,") && (end+1 == len(text) || text[end+1] == ' ') // the end of a sentence or of its part
		if whole {
			b.WriteString(text[:at] + with)
		} else {
			b.WriteString(text[:end])
		}
		text = text[end:]
	}
}

// foldChanges leaves names out of changes, in an order that does not depend on them.
func foldChanges(list []access.Change, names []string) []access.Change {
	out := slices.Clone(list)
	for i := range out {
		c := &out[i]
		if !slices.Contains(names, c.Principal) {
			continue
		}
		if c.Witness.Principal == c.Principal || strings.HasPrefix(c.Witness.Principal, c.Principal+"/") {
			c.Witness.Principal = folded(c.Principal)
		}
		c.Principal = folded(c.Principal)
	}
	slices.SortStableFunc(out, func(a, b access.Change) int {
		return strings.Compare(changeText(a), changeText(b))
	})
	return out
}

// changeText is a text that two changes share where they are the same.
func changeText(c access.Change) string {
	return strings.Join([]string{c.Principal, c.Kind, string(c.Decision), string(c.Was), c.Conditions.Text, strings.Join(c.Actions, " ")}, "\x00")
}

// shown is the first key of a group, without the names that are not the same in all of its keys.
func (g *keyGroup) shown() *Key {
	return g.first().withoutNames(g.first().ownNames(g.differs()))
}

// differs reports whether a change of the group's keys is not one of all.
func (g *keyGroup) differs() func(access.Change) bool {
	seen := map[string]int{}
	for _, k := range g.keys {
		mine := map[string]bool{}
		k.ownNames(func(c access.Change) bool { mine[changeText(c)] = true; return true })
		for text := range mine {
			seen[text]++
		}
	}
	return func(c access.Change) bool { return seen[changeText(c)] < len(g.keys) }
}

// mostOwnNames are named of a key in a group.
const mostOwnNames = 3

// ownNamesText are the names that are left out of what a group says, in parentheses; "" where there are none.
func (k *Key) ownNamesText(fold func(access.Change) bool) string {
	var names []string
	for i, name := range k.ownNames(fold) {
		if i == mostOwnNames {
			names = append(names, "…")
			break
		}
		_, resource, _ := strings.Cut(name, "::"+k.Account+":")
		names = append(names, resource)
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}
