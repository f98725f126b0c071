package report

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// keyGroup is keys of which the same is to be said: a state for one cause, or one change.
type keyGroup struct {
	keys      []*Key
	outsiders bool // some gain access
}

// first is the key that represents all.
func (g *keyGroup) first() *Key { return g.keys[0] }

// reason is why the keys are in their state; where they are several, without what is only of one key; "" where a finding
// says the same.
func (g *keyGroup) reason() string {
	if slices.ContainsFunc(g.first().Findings, func(f diag.Diagnostic) bool { return f.Message == g.first().Reason }) {
		return ""
	}
	if len(g.keys) == 1 {
		return g.first().Reason
	}
	return g.first().cause(g.shown().Reason)
}

// message is a finding's message, without what is only of one key where there are several.
func (g *keyGroup) message(f diag.Diagnostic) string {
	if len(g.keys) == 1 {
		return f.Message
	}
	return g.first().cause(f.Message)
}

// groupOrder puts first what is most to be looked at.
var groupOrder = []string{"refused", "unverified", "failed", "blocked", "change", "updated", "unchanged"}

// groups puts keys together of which the same is to be said: those that outsiders gain access to first, then what could not
// be done, then the other changes. Keys that are unchanged, with nothing to say of them, are counted only in the summary.
func (k Keys) groups() []*keyGroup {
	by := map[string]*keyGroup{}
	var list []*keyGroup
	for i := range k {
		key := &k[i]
		if key.silent() {
			continue
		}
		said := key.withoutNames(key.ownNames(func(access.Change) bool { return true })).said()
		g := by[said]
		if g == nil {
			g = &keyGroup{outsiders: len(key.gaining()) > 0}
			by[said] = g
			list = append(list, g)
		}
		g.keys = append(g.keys, key)
	}
	slices.SortStableFunc(list, func(a, b *keyGroup) int {
		return cmp.Or(boolOrder(b.outsiders)-boolOrder(a.outsiders), slices.Index(groupOrder, a.first().State)-slices.Index(groupOrder, b.first().State))
	})
	return list
}

func boolOrder(b bool) int {
	if b {
		return 1
	}
	return 0
}

// notDone says that the change of a key is one that was not made.
func (k *Key) notDone() bool {
	return slices.Contains([]string{"refused", "failed", "blocked"}, k.State)
}

// Why a key is unchanged though its text is not the spec's.
const (
	onlySpelling   = "only order, spelling or labels differ"
	onlyStatements = "both policies decide every request alike, and their statements differ"
)

// silent says that a key is as it should be, and that there is nothing more to say of it.
func (k *Key) silent() bool {
	_, differs := k.difference()
	return k.State == "unchanged" && slices.Contains([]string{"", onlySpelling, onlyStatements}, k.Reason) && len(k.Findings) == 0 && !differs
}

// said is all that a report says of a key but its name.
func (k *Key) said() string {
	var b strings.Builder
	b.WriteString(k.State + "\x00" + k.cause(k.Reason) + "\x00")
	if d, ok := k.difference(); ok {
		b.WriteString(d.text(false))
	}
	for _, f := range k.Findings {
		b.WriteString("\x00" + f.Severity.String() + ruleName(f) + k.cause(f.Message) + "\x00" + f.Help)
	}
	return b.String()
}

var backupFile = regexp.MustCompile(`backup-[0-9]+\.json`)

// cause is a sentence about a key without what is only of that key.
func (k *Key) cause(text string) string {
	if k.Key != "" {
		text = strings.ReplaceAll(text, k.Key, "…")
	}
	return backupFile.ReplaceAllString(text, "backup-….json")
}

// place is an account in a Region.
type place struct{ account, region string }

// places counts keys by account and Region, and by state there.
func (k Keys) places() (list []place, counts map[place]map[string]int) {
	counts = map[place]map[string]int{}
	for i := range k {
		p := place{cmp.Or(k[i].Account, "not known"), cmp.Or(k[i].Region, "not known")}
		if counts[p] == nil {
			counts[p] = map[string]int{}
			list = append(list, p)
		}
		counts[p][k[i].State]++
	}
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(strings.Compare(a.account, b.account), strings.Compare(a.region, b.region))
	})
	return list, counts
}

// states are the states that there are, in the order of a summary.
func (k Keys) states() []string {
	counts := k.count()
	return slices.DeleteFunc(keyStates(), func(s string) bool { return counts[s] == 0 })
}

// stateTitle is how a summary calls a state.
func stateTitle(state string) string {
	if state == "change" {
		return "to change"
	}
	return state
}

// without leaves out what has been shown already: the differences, and the findings.
func (k Keys) without() Keys {
	list := slices.Clone(k)
	for i := range list {
		list[i].Diff, list[i].Findings = (*access.Difference)(nil), nil
	}
	return list
}
