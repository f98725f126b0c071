package facts

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/glob"
)

// Action is one action of KMS.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
type Action struct {
	// Name is the action as a policy writes it, as in kms:Decrypt.
	Name string `json:"action"`
	// ShortName is the name without its prefix, as in Decrypt: what condition keys list as an operation.
	ShortName string `json:"name"`
	// Operations are the API operations that need the action; kms:ReEncryptFrom belongs to ReEncrypt.
	Operations []string `json:"api_operations"`
	// AccessLevels are AWS's own: Read, Write, List, Tagging, Permissions management. An action can have two.
	AccessLevels []string `json:"access_levels"`
	// ResourceTypes are key, alias or none.
	ResourceTypes []string `json:"resource_types"`
	// EffectiveInKeyPolicy is false for an action that does nothing in a key policy; KMS accepts it there all the same.
	EffectiveInKeyPolicy bool `json:"effective_in_key_policy"`
	// PolicyType is key_policy, iam_only or key_policy_and_iam_alias (also needed on the alias, in an IAM policy).
	PolicyType string `json:"policy_type"`
	// CrossAccount is true where AWS says that another account can use the action; see CrossAccountUse.
	CrossAccount bool `json:"-"`
	// CrossAccountUse is yes, no, not_applicable or unknown. What is not yes in the documentation need not be no.
	CrossAccountUse string `json:"cross_account"`
	// CrossAccountNote says more about CrossAccountUse.
	CrossAccountNote string `json:"cross_account_note"`
	// Cryptographic is true for what AWS calls a cryptographic operation.
	Cryptographic bool `json:"is_cryptographic_operation"`
	// Decrypts is true where the action turns any ciphertext under the key into plaintext.
	Decrypts bool `json:"decrypts"`
	// GrantOperation is true where a grant can allow the action.
	GrantOperation bool `json:"is_grant_operation"`
	// ConditionKeys are the keys that AWS lists for the action and for its resource, as ConditionKey names them, without
	// repeats. ConditionKeyForAction also knows deprecated names, attestation keys and keys of every request.
	ConditionKeys []string `json:"-"`
	// OwnConditionKeys are those of the action itself.
	OwnConditionKeys []string `json:"condition_keys_own"`
	// KeyConditionKeys are those that every action on a key has.
	KeyConditionKeys []string `json:"condition_keys_key_resource"`
	// RecipientAttestation is true where the kms:RecipientAttestation keys can be in the request.
	RecipientAttestation bool `json:"recipient_attestation_keys"`
	// KeyKinds are the kinds of key (see KeyKind) that the action works with; none for an action that uses no key.
	KeyKinds []string `json:"key_kinds"`
	// KeySpecs limit the key specs further; empty means every spec of the kinds.
	KeySpecs []string `json:"key_specs"`
	// Constraints are further limits on the key.
	Constraints Constraints `json:"constraints"`
	// Deprecated is true where AWS advises against the action.
	Deprecated bool `json:"deprecated"`
	// Note is a sentence for people, if there is something to know.
	Note string `json:"note"`
}

// Administers is true for what changes the key and who may use it, but for grants and for what only KMS itself calls.
func (a *Action) Administers() bool {
	return a.EffectiveInKeyPolicy && !a.Cryptographic && len(a.Operations) > 0 && slices.Contains(a.AccessLevels, "Write") &&
		!slices.Contains(a.OwnConditionKeys, "kms:GrantIsForAWSResource")
}

// HasLimits is true where condition keys describe what a request asks for, such as the grant that it makes: a policy can allow some
// of these requests and not others.
func (a *Action) HasLimits() bool {
	return a.EffectiveInKeyPolicy && slices.ContainsFunc(a.OwnConditionKeys, func(key string) bool {
		switch KeySays(strings.ToLower(key)) {
		case GrantGrantee, GrantGranteeService, GrantOperations, GrantConstraint, GrantConstraintSource, GrantRetirer, GrantRetirerService,
			RequestReplicaRegion, RequestPrimaryRegion:
			return true
		default:
			return false
		}
	})
}

// Constraints are limits that an action puts on its key beside the key's kind.
type Constraints struct {
	// Origins are the origins that the key may have; empty means any.
	Origins []string `json:"origin"`
	// CustomKeyStore is false where a key in a custom key store cannot be used.
	CustomKeyStore bool `json:"custom_key_store"`
	// MultiRegion is advice for multi-Region keys.
	MultiRegion string `json:"multi_region"`
	// MultiRegionKeyTypes are PRIMARY or REPLICA where the action needs a multi-Region key; empty means any key.
	MultiRegionKeyTypes []string `json:"multi_region_key_type"`
}

// UnmarshalJSON reads constraints; a custom key store is fine unless they say that it is not.
func (c *Constraints) UnmarshalJSON(data []byte) error {
	type plain Constraints
	read := plain{CustomKeyStore: true}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	*c = Constraints(read)
	return nil
}

type actionData struct {
	Date     string                 `json:"date"`
	KeyKinds map[string]keyKindData `json:"key_kinds"`
	Enums    map[string][]string    `json:"enums"`
	Groups   map[string][]string    `json:"wildcard_groups"`
	Actions  []Action               `json:"actions"`
}

var actionFile = lazy[actionData]("kms-actions.json")

// actionTable is the actions, sorted and complete, with an index by name, as AWS spells it and in lower case.
type actionTable struct {
	sorted []Action
	index  map[string]int
}

var actions = sync.OnceValue(func() actionTable {
	t := actionTable{sorted: slices.Clone(actionFile().Actions), index: map[string]int{}}
	slices.SortFunc(t.sorted, func(a, b Action) int { return strings.Compare(a.Name, b.Name) })
	for i := range t.sorted {
		a := &t.sorted[i]
		a.CrossAccount = a.CrossAccountUse == "yes"
		a.ConditionKeys = slices.Concat(a.OwnConditionKeys, a.KeyConditionKeys)
		slices.Sort(a.ConditionKeys)
		a.ConditionKeys = slices.Compact(a.ConditionKeys)
		t.index[a.Name], t.index[strings.ToLower(a.Name)] = i, i
	}
	return t
})

// Actions returns every action of KMS, sorted by name.
func Actions() []Action {
	return slices.Clone(actions().sorted)
}

// ActionNames returns the full names of every action of KMS, sorted.
func ActionNames() []string {
	return MatchActions("*")
}

// LookupAction finds an action by its full name, without regard to case, as IAM does.
func LookupAction(name string) (Action, bool) {
	t := actions()
	i, ok := t.index[name]
	if !ok {
		i, ok = t.index[strings.ToLower(name)]
	}
	if !ok {
		return Action{}, false
	}
	return t.sorted[i], true
}

// MatchActions returns the full names of the actions that a pattern of a policy's Action element represents, sorted.
// Case is ignored. Actions that have no effect in a key policy are among them.
func MatchActions(pattern string) []string {
	if !strings.ContainsAny(pattern, "*?") {
		if a, known := LookupAction(pattern); known {
			return []string{a.Name}
		}
		return nil
	}
	var names []string
	for _, a := range actions().sorted {
		if glob.MatchFold(pattern, a.Name) {
			names = append(names, a.Name)
		}
	}
	return names
}
