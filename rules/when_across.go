package rules

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// acrossStatements are what the statements of a policy have together.
func (in *inputs) acrossStatements(doc *policy.Document, key spec.Key) triggerSet {
	var has triggerSet
	sids, said, editors, administrators, users := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range doc.Statements {
		st := &doc.Statements[i]
		has |= setIf("repeated_sids", st.Sid.Value != "" && sids[st.Sid.Value])
		sids[st.Sid.Value] = true
		text := saysToWhom(st, key)
		has |= setIf("repeated_statements", said[text])
		said[text] = true
		if st.Effect.Value != "Allow" {
			continue
		}
		uses, _, both := in.duties(st)
		edits := in.gives(st, "kms:PutKeyPolicy")
		for _, pr := range st.Principals {
			same := samePrincipal(pr, key)
			if edits {
				editors[same] = true
			}
			if isNamed(pr) && !both {
				if uses {
					users[same] = true
				} else if edits {
					administrators[same] = true
				}
			}
		}
	}
	for same := range users {
		has |= setIf("both_duties", administrators[same])
	}
	for i := range doc.Statements {
		has |= setIf("open_grants", in.opensGrants(&doc.Statements[i], key, editors))
	}
	return has
}

// gives reports whether a statement allows an action of KMS.
func (in *inputs) gives(st *policy.Statement, action string) bool {
	resource := st.Node.Member("Resource")
	if st.Effect.Value != "Allow" || resource == nil || isEmpty(resource.Value) {
		return false
	}
	takes := func(a policy.Text) bool { return in.pattern(a.Value).takes(action) }
	return slices.ContainsFunc(st.Actions, takes) || len(st.NotActions) > 0 && !slices.ContainsFunc(st.NotActions, takes)
}

func (in *inputs) opensGrants(st *policy.Statement, key spec.Key, editors map[string]bool) bool {
	forAWS := slices.ContainsFunc(st.Conditions, func(c policy.Condition) bool {
		known, _, _ := facts.LookupConditionKey(c.Key.Value)
		operator, _ := facts.ParseOperator(c.Operator.Value)
		return known.Says == facts.GrantForAWSResource && operator.Base.Name == "Bool"
	})
	return !forAWS && in.gives(st, "kms:CreateGrant") && slices.ContainsFunc(st.Principals, func(pr policy.Principal) bool {
		relation := in.relation(pr.Account, key)
		return pr.Kind == policy.Anyone || relation == "other" || relation == "trusted" || !editors[samePrincipal(pr, key)]
	})
}

// saysToWhom is equal for statements of one effect on the same actions and principals.
func saysToWhom(st *policy.Statement, key spec.Key) string {
	actions, principals := make([]string, len(st.Actions)), make([]string, len(st.Principals))
	for i, a := range st.Actions {
		actions[i] = strings.ToLower(a.Value)
	}
	for i, pr := range st.Principals {
		principals[i] = pr.Element + " " + samePrincipal(pr, key)
	}
	slices.Sort(actions)
	slices.Sort(principals)
	return strings.Join(slices.Concat([]string{st.Effect.Value}, slices.Compact(actions), []string{""}, slices.Compact(principals)), "\n")
}
