package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// question asks whether to put the policies: how many, where, as whom, and who gains access from outside.
func question(items []*push.Item) string {
	var accounts, regions, callers []string
	changes := 0
	for _, it := range items {
		if it.State != push.Change {
			continue
		}
		changes++
		accounts = append(accounts, it.Account)
		regions = append(regions, it.Region)
		callers = append(callers, cmp.Or(it.Caller, "a caller that is not known"))
	}
	what := count(changes, "policy", "policies")
	text := fmt.Sprintf("Write %s in %s, %s, as %s?", what, few("account", "accounts", accounts), few("Region", "Regions", regions), few("", "callers", callers))
	if outside := reported(items).Outsiders(); outside != "" {
		text += " " + outside + "."
	}
	return text
}

// few names the members of a list, each once, where they are at most five; else it counts them.
func few(one, more string, list []string) string {
	slices.Sort(list)
	list = slices.Compact(list)
	switch n := len(list); {
	case n == 1:
		return strings.TrimLeft(one+" "+list[0], " ")
	case n <= 5:
		return strings.TrimLeft(strings.Join(list[:n-1], ", ")+" and "+list[n-1], " ")
	default:
		return fmt.Sprintf("%d %s", n, more)
	}
}

// tellNext says, after a run, where its journal is and what can be done now: each thing once, however many keys it is for.
func (a *app) tellNext(f *applyFlags, r *ready) {
	if a.flags.quiet {
		return
	}
	dir := ""
	if f.stateDir != "" {
		dir = " --state-dir " + f.stateDir
	}
	count := countStates(r.items)
	if r.journal != nil {
		path := filepath.ToSlash(r.journal.Path())
		a.say("journal: %s", path)
		if count[push.Updated]+count[push.Unverified] > 0 {
			a.say("to undo this run: keypolicy apply%s --rollback %s", dir, path)
		}
	}
	if n := count[push.Unverified]; n > 0 {
		a.say("%s: look again with `keypolicy apply --resume%s`", became(n, "unverified"), dir)
	}
	if n := count[push.Refused]; n > 0 {
		a.say("%s: `keypolicy plan` shows what is live now; change the spec where the live policy is right, and apply again where the spec is", became(n, "refused"))
	}
	if n := count[push.Failed]; n > 0 && r.journal != nil {
		a.say("%s: fix the cause that the report gives, and try again with `keypolicy apply --resume%s`; keys that are done are left as they are", failed(n), dir)
	}
}

// count is "1 spec" or "2 specs".
func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func failed(n int) string { return count(n, "key", "keys") + " failed" }

func became(n int, state string) string {
	if n == 1 {
		return "1 key is " + state
	}
	return fmt.Sprintf("%d keys are %s", n, state)
}
