package rules

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// triggerNames are what METADATA's `when` can name: what a subject may have for rules to check. A subject without it is not shown to
// a rule that waits for it. docs/writing-rules.md says what each is. Go finds them in one walk; lib/triggers.rego defines the same
// over the input, and a test holds one against the other. Those of what access says come last.
var triggerNames = strings.Fields(`
	faults conditions services denies odd_actions not_elements resources faulty_principals anyone users user_arns sessions federated
	reserved_roles other_partitions other_accounts own_account repeated_principals both_duties mixed_patterns mixed_duties wide_names
	use open_grants imports replication repeated_statements repeated_sids characters variables placeholders large unfit_actions
	rsa_key local_actions edits outside_edits opt_in_region unknown_account trust forms empty_lists odd_entries numbers expectations
	uses aliases holes related_files
	access.lockout access.external access.public access.stranger access.confused_deputy access.statements access.able
	access.unattested`)

// triggerSet is a set of triggers, a bit each.
type triggerSet uint64

// triggers are the sets of one trigger, by its name.
var triggers = map[string]triggerSet{}

var allTriggers, accessTriggers triggerSet

func init() {
	for i, name := range triggerNames {
		triggers[name] = 1 << i
		allTriggers |= 1 << i
		if strings.HasPrefix(name, accessPrefix) {
			accessTriggers |= 1 << i
		}
	}
}

func setIf(name string, has bool) triggerSet {
	if !has {
		return 0
	}
	set, known := triggers[name]
	if !known {
		panic("rules: there is no trigger " + name)
	}
	return set
}

// names are the names of a set, in the table's order.
func (s triggerSet) names() []string {
	var names []string
	for rest := s; rest != 0; rest &= rest - 1 {
		names = append(names, triggerNames[bits.TrailingZeros64(uint64(rest))])
	}
	return names
}

// when is what a rule waits for: one of some sets. Nil waits for nothing.
type when []triggerSet

// readWhen reads `when`: each text is names joined by "and".
func readWhen(alternatives []string) (when, error) {
	var w when
	for _, text := range alternatives {
		var set triggerSet
		for name := range strings.SplitSeq(text, " and ") {
			one, err := readTrigger(strings.TrimSpace(name))
			if err != nil {
				return nil, err
			}
			set |= one
		}
		w = append(w, set)
	}
	return w, nil
}

func readTrigger(name string) (triggerSet, error) {
	set, ok := triggers[today(name)]
	if ok {
		return set, nil
	}
	hint := "docs/writing-rules.md lists what a rule can wait for"
	if nearest, ok := facts.Nearest(name, triggerNames); ok {
		hint = "did you mean " + nearest + "?"
	}
	return 0, fmt.Errorf("custom.when has %q: %s", name, hint)
}

func (w when) texts() []string {
	texts := make([]string, len(w))
	for i, set := range w {
		texts[i] = strings.Join(set.names(), " and ")
	}
	return texts
}

// parts are the triggers of access that it names: what they are about is worked out before a rule is asked.
func (w when) parts() triggerSet {
	var all triggerSet
	for _, set := range w {
		all |= set & accessTriggers
	}
	return all
}

// found is what a subject has. What access says of it is worked out where a rule waits for it.
type found struct {
	triggers triggerSet
	access   func(name string) bool // nil for subjects without
}

// meets reports whether a subject has what a rule waits for.
func (w when) meets(has *found) bool {
	if w == nil {
		return true
	}
	for _, set := range w {
		if set&^accessTriggers&^has.triggers == 0 && has.says(set&accessTriggers) {
			return true
		}
	}
	return false
}

func (f *found) says(wanted triggerSet) bool {
	return !slices.ContainsFunc((wanted &^ f.triggers).names(), func(name string) bool { return f.access == nil || !f.access(name) })
}
