package rules

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// trigger is something that a subject may have for rules to check. METADATA's `when` names those that a rule waits for: a
// subject without them is not shown to it. Go finds them in one walk; lib/triggers.rego defines the same over the input, and a
// test holds one against the other.
type trigger uint

const (
	hasFaults trigger = iota
	hasConditions
	hasServices
	hasDenies
	hasOddActions
	hasNotElements
	hasResources
	hasFaultyPrincipals
	hasAnyone
	hasUsers
	hasSessions
	hasFederated
	hasReservedRoles
	hasOtherPartitions
	hasOtherAccounts
	hasOwnAccount
	hasRepeatedPrincipals
	hasBothDuties
	hasMixedPatterns
	hasMixedDuties
	hasWideNames
	hasUse
	hasOpenGrants
	hasImports
	hasReplication
	hasRepeatedStatements
	hasRepeatedSids
	hasCharacters
	hasVariables
	hasPlaceholders
	hasLargeSize
	hasUnfitActions
	hasRSAKey
	hasLocalActions
	hasEdits
	hasOptInRegion
	hasTrust
	hasForms
	hasEmptyLists
	hasOddEntries
	hasNumbers
	hasExpectations
	hasAliases
	hasLockout
	hasExternal
	hasPublic
	hasOutsider
	hasConfusedDeputy
	hasStatements
	hasAble
	hasUnattested
	numberOfTriggers
)

// Trigger documents a name that `when` takes.
type Trigger struct {
	Name  string
	About string // what the subject has
}

// Triggers are the names that METADATA's `when` takes, in the order of the constants.
var Triggers = [numberOfTriggers]Trigger{
	hasFaults:             {"faults", "a fault of grammar: an element that is missing, empty, unknown or of a wrong type, or that stands beside its Not; another Effect than Allow or Deny; a Version that is missing or old"},
	hasConditions:         {"conditions", "a condition that somebody wrote: the one that a spec's list adds does not count"},
	hasServices:           {"services", "a service principal"},
	hasDenies:             {"denies", "the effect Deny"},
	hasOddActions:         {"odd_actions", "an action that is not one of KMS, or that a key policy cannot allow or deny"},
	hasNotElements:        {"not_elements", "NotPrincipal, NotAction or NotResource"},
	hasResources:          {"resources", "a Resource other than `*`"},
	hasFaultyPrincipals:   {"faulty_principals", "a principal, a list entry or an account whose form is wrong"},
	hasAnyone:             {"anyone", "the principal `*`"},
	hasUsers:              {"users", "an IAM user; in statements, those that a spec's list names do not count"},
	hasSessions:           {"sessions", "a session of a role, or a federated user"},
	hasFederated:          {"federated", "a principal under Federated"},
	hasReservedRoles:      {"reserved_roles", "a role of IAM Identity Center or a service-linked role"},
	hasOtherPartitions:    {"other_partitions", "a principal of another partition than the key's"},
	hasOtherAccounts:      {"other_accounts", "a principal of another account, trusted or not"},
	hasOwnAccount:         {"own_account", "the key's account, or one that may be it, as a principal"},
	hasRepeatedPrincipals: {"repeated_principals", "a principal twice in one list; in a spec, in any of its lists"},
	hasBothDuties:         {"both_duties", "somebody who administers the key by one statement or list and uses it by another"},
	hasMixedPatterns:      {"mixed_patterns", "an action with a wildcard, other than all of KMS, that takes in use of the key and more"},
	hasMixedDuties:        {"mixed_duties", "an Allow with an action that uses the key and one that administers it"},
	hasWideNames:          {"wide_names", "an Allow of one action that is use and administration both, as `kms:*`, for users, roles, sessions or `*`"},
	hasUse:                {"use", "an Allow with an action that uses the key and does not administer it"},
	hasOpenGrants:         {"open_grants", "kms:CreateGrant without bounds for somebody who may not change the policy, or for somebody outside"},
	hasImports:            {"imports", "the action kms:ImportKeyMaterial"},
	hasReplication:        {"replication", "an Allow of kms:ReplicateKey or kms:UpdatePrimaryRegion, where by a wildcard then on a multi-Region key"},
	hasRepeatedStatements: {"repeated_statements", "two statements that say the same"},
	hasRepeatedSids:       {"repeated_sids", "two statements with the same Sid"},
	hasCharacters:         {"characters", "a character that KMS does not take in a policy"},
	hasVariables:          {"variables", "a policy variable"},
	hasPlaceholders:       {"placeholders", "a text that has yet to be filled in"},
	hasLargeSize:          {"large", "a size of more than 80 % of what KMS takes"},
	hasUnfitActions:       {"unfit_actions", "an action, or a pattern with all that it takes in, that the key cannot do by its spec, usage, origin or Regions"},
	hasRSAKey:             {"rsa_key", "an RSA key"},
	hasLocalActions:       {"local_actions", "an action that works in the key's own account only"},
	hasEdits:              {"edits", "an Allow of kms:PutKeyPolicy"},
	hasOptInRegion:        {"opt_in_region", "a key in a Region that an account has to enable"},
	hasTrust:              {"trust", "a configuration that says whom to trust"},
	hasForms:              {"forms", "a spec of several forms, or of none"},
	hasEmptyLists:         {"empty_lists", "an empty list in a spec"},
	hasOddEntries:         {"odd_entries", "a list entry that looks like something else than its list is for, or the key's own account among other accounts"},
	hasNumbers:            {"numbers", "a number without quotes where an account or a principal stands"},
	hasExpectations:       {"expectations", "an expectation of a spec"},
	hasAliases:            {"aliases", "a YAML alias or merge key"},
	hasLockout:            {"access.lockout", "an answer about who can change the policy other than: the account always can, and no Deny is in the way"},
	hasExternal:           {"access.external", "somebody from outside who gets in, or may"},
	hasPublic:             {"access.public", "an answer other than `no` on whether everyone gets in"},
	hasOutsider:           {"access.outsider", "a statement whose answer on whether it lets an outsider in is other than `no`"},
	hasConfusedDeputy:     {"access.confused_deputy", "a service that may act for others"},
	hasStatements:         {"access.statements", "a statement whose status is other than `live`"},
	hasAble:               {"access.able", "an answer other than `yes` on whether somebody is left for what a key needs somebody for"},
	hasUnattested:         {"access.unattested", "a way to use the key past the attestation that the policy asks for, or what may be one"},
}

// triggerSet is a set of triggers.
type triggerSet uint64

const (
	allTriggers    triggerSet = 1<<numberOfTriggers - 1
	accessTriggers            = allTriggers &^ (1<<hasLockout - 1)
)

func (t trigger) set() triggerSet { return 1 << t }

func setIf(t trigger, has bool) triggerSet {
	if has {
		return t.set()
	}
	return 0
}

// names are the names of a set, in the table's order.
func (s triggerSet) names() []string {
	var names []string
	for rest := s; rest != 0; rest &= rest - 1 {
		names = append(names, Triggers[bits.TrailingZeros64(uint64(rest))].Name)
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
			t, err := readTrigger(strings.TrimSpace(name))
			if err != nil {
				return nil, err
			}
			set |= t.set()
		}
		w = append(w, set)
	}
	return w, nil
}

func readTrigger(name string) (trigger, error) {
	i := slices.IndexFunc(Triggers[:], func(t Trigger) bool { return t.Name == name })
	if i < 0 {
		names := allTriggers.names()
		hint := "docs/writing-rules.md lists what a rule can wait for"
		if nearest, ok := facts.Nearest(name, names); ok {
			hint = "did you mean " + nearest + "?"
		}
		return 0, fmt.Errorf("custom.when has %q: %s", name, hint)
	}
	return trigger(i), nil
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
	access   func(trigger) bool // nil for subjects without
}

// meets says whether a subject has what a rule waits for.
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
	for rest := wanted &^ f.triggers; rest != 0; rest &= rest - 1 {
		if f.access == nil || !f.access(trigger(bits.TrailingZeros64(uint64(rest)))) {
			return false
		}
	}
	return true
}
