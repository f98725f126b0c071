package lift

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// What the console's lists have gained over the years, and what AWS's own examples of the time leave out.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-kms-key.html
var (
	addedToAdministrators = []string{
		"kms:RotateKeyOnDemand", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription", "kms:UpdatePrimaryRegion",
	}
	addedToUsers = []string{
		"kms:DescribeKey", "kms:GetPublicKey", "kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext",
	}
)

// owners takes statements that give users and roles every action for administrators' and users' both, where what is near counts.
func (l *lifting) owners() {
	for i := range l.doc.Statements {
		st := &l.doc.Statements[i]
		if !l.near || !l.left[i] || !isPlainAllow(st) || !l.listable(st.Principals, false) {
			continue
		}
		if n, ok := lacks(st, []string{"kms:*"}, nil); !ok || n > 0 {
			continue
		}
		l.addPrincipals(st.Principals, "key_users", "key_users_roles")
		l.addPrincipals(st.Principals, "key_admins", "key_admins_roles")
		delete(l.left, i)
	}
}

// isFormerWording reports whether a difference is only what AWS's lists have gained, and what the CDK's former default policy
// gives administrators beside theirs.
// https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html
func isFormerWording(d *access.Difference) bool {
	within := func(changes []access.Change, known ...string) bool {
		for _, c := range changes {
			for _, action := range c.Actions {
				for name := range effective([]string{action}) {
					if !slices.Contains(known, name) {
						return false
					}
				}
			}
		}
		return true
	}
	return within(d.Added, slices.Concat(addedToAdministrators, addedToUsers)...) && within(d.Removed, "kms:GenerateDataKey")
}

// isPlainAllow reports whether a statement allows actions on the key without a condition.
func isPlainAllow(st *policy.Statement) bool {
	return st.Effect.Value == "Allow" && len(st.Actions) > 0 && len(st.NotActions) == 0 && len(st.NotPrincipals) == 0 &&
		len(st.NotResources) == 0 && len(st.Resources) == 1 && st.Resources[0].Value == "*" && len(st.Conditions) == 0
}

// lacks counts the actions of a list that a statement does not give. It is not near to the list where it gives further
// actions, or lacks others than those that were added later.
func lacks(st *policy.Statement, list, later []string) (n int, near bool) {
	have, want := actionsIn(&policy.Document{Statements: []policy.Statement{*st}}), effective(list)
	for action := range have {
		if !want[action] {
			return 0, false
		}
	}
	for action := range want {
		if !have[action] {
			n++
			if !slices.Contains(later, action) {
				return 0, false
			}
		}
	}
	return n, true
}

// effective are the actions that patterns represent, as far as they do something in a key policy.
func effective(patterns []string) map[string]bool {
	set := map[string]bool{}
	for _, pattern := range patterns {
		for _, name := range facts.MatchActions(pattern) {
			if a, _ := facts.LookupAction(name); a.EffectiveInKeyPolicy {
				set[name] = true
			}
		}
	}
	return set
}
