package keypolicy

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// matcher holds findings against entries of a baseline, each of which is taken once.
type matcher struct {
	entries  []BaselineEntry
	used     []bool // of entries
	findings diag.List
	known    []bool // of findings
	formerly func(rule string) []string
}

// pair gives each finding that has none yet the first entry of its key that knows it and that nothing else has taken.
func (m *matcher) pair(ofEntry, ofFinding func(BaselineEntry) (key string, ok bool)) {
	free := map[string][]int{}
	for i, e := range m.entries {
		if key, ok := ofEntry(e); ok && !m.used[i] {
			free[key] = append(free[key], i)
		}
	}
	for i, d := range m.findings {
		if m.known[i] || isLockout(d) {
			continue
		}
		for _, entry := range m.entriesOf(d) {
			key, ok := ofFinding(entry)
			if !ok {
				continue
			}
			if n := slices.IndexFunc(free[key], func(at int) bool { return m.entries[at].knows(entry) }); n >= 0 {
				m.used[free[key][n]], m.known[i] = true, true
				free[key] = slices.Delete(free[key], n, n+1)
				break
			}
		}
	}
}

// entriesOf are the entries that a finding can have, under its rule's name and its former ones.
func (m *matcher) entriesOf(d diag.Diagnostic) []BaselineEntry {
	var all []BaselineEntry
	for _, name := range append([]string{d.Rule}, m.formerly(d.Rule)...) {
		entry := entryOf(d)
		entry.Rule = name
		all = append(all, entry)
	}
	return all
}

// pairAmong gives findings that are of several places an entry that is of the same places: in another order, another of them is
// pointed at. What is at fault in fewer places than before is not new.
func (m *matcher) pairAmong(moved func(e, own BaselineEntry) bool) {
	for i, d := range m.findings {
		if m.known[i] || isLockout(d) || !d.Identity.Among {
			continue
		}
		across := slices.ContainsFunc(d.Among, func(p diag.Place) bool { return p.File != d.Place.File })
		for _, own := range m.entriesOf(d) {
			at := m.freeEntry(func(e BaselineEntry) bool {
				return e.Rule == own.Rule && e.Reason == own.Reason && e.Resource == own.Resource && e.element() == own.element() &&
					(across || e.place() == own.place() || moved(e, own)) && hasLiterals(e.Literal, own.Literal) && e.knows(own)
			})
			if at >= 0 {
				m.used[at], m.known[i] = true, true
				break
			}
		}
	}
}

// freeEntry is the first entry that fits and that nothing has taken; -1 where there is none.
func (m *matcher) freeEntry(fits func(BaselineEntry) bool) int {
	for i, e := range m.entries {
		if !m.used[i] && fits(e) {
			return i
		}
	}
	return -1
}

// hasLiterals reports whether literals of an identity are among those of another.
func hasLiterals(all, some string) bool {
	if some == "" || all == "" {
		return some == all
	}
	list := strings.Split(all, diag.BetweenLiterals)
	return !slices.ContainsFunc(strings.Split(some, diag.BetweenLiterals), func(one string) bool { return !slices.Contains(list, one) })
}
