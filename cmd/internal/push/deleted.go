package push

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// deletedPrincipalRule is lint's rule about what tellDeleted reports of a live policy.
const deletedPrincipalRule = "deleted-principal-id"

// tellDeleted names the ids that AWS shows in place of users and roles that are deleted, each with the one of the spec
// that it was, where that is known. One that is made again under its old name is another principal to AWS.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func tellDeleted(it *Item, live, wanted *policy.Document) {
	reported := map[string]bool{}
	for i := range live.Statements {
		st := &live.Statements[i]
		for _, p := range slices.Concat(st.Principals, st.NotPrincipals) {
			kind, ok := deletedKind(p)
			if !ok || reported[p.Text] {
				continue
			}
			reported[p.Text] = true
			message := fmt.Sprintf("%s in the live policy is what is left of a deleted %s", p.Text, kind)
			help := "the applied policy no longer has it"
			if settled(it.Diff) {
				help = "no principal gets in by it, so its policy is not written"
			}
			if was := candidates(st, counterpart(st, wanted), kind); len(was) > 0 {
				message += ": of " + strings.Join(was, " or ")
				help = "if a user or role of this name exists again, the applied policy lets it in; if not, KMS refuses the policy"
			}
			it.addFinding("deleted-principal", diag.Warning, message, help)
		}
	}
}

func deletedKind(p policy.Principal) (policy.PrincipalKind, bool) {
	switch facts.UniqueIDOf(p.Text) {
	case "IAM user":
		return policy.User, true
	case "IAM role":
		return policy.Role, true
	default:
		return "", false
	}
}

// counterpart is the wanted policy's statement of the same Sid, else the one with the same actions.
func counterpart(st *policy.Statement, wanted *policy.Document) *policy.Statement {
	for i := range wanted.Statements {
		if w := &wanted.Statements[i]; st.Sid.Value != "" && w.Sid.Value == st.Sid.Value {
			return w
		}
	}
	for i := range wanted.Statements {
		if w := &wanted.Statements[i]; w.Effect.Value == st.Effect.Value && slices.Equal(set(lower(w.Actions)), set(lower(st.Actions))) {
			return w
		}
	}
	return nil
}

// candidates are the users or roles that the wanted statement names and the live one does not.
func candidates(st, wanted *policy.Statement, kind policy.PrincipalKind) []string {
	if wanted == nil {
		return nil
	}
	var have, list []string
	for _, p := range slices.Concat(st.Principals, st.NotPrincipals) {
		have = append(have, p.Text)
	}
	for _, p := range slices.Concat(wanted.Principals, wanted.NotPrincipals) {
		if p.Kind == kind && !slices.Contains(have, p.Text) {
			list = append(list, p.Text)
		}
	}
	return set(list)
}

// checkDeleted refuses what KMS would: an id in place of a user or role is only ever shown, and never taken.
func checkDeleted(it *Item, doc *policy.Document) {
	for i := range doc.Statements {
		st := &doc.Statements[i]
		for _, p := range slices.Concat(st.Principals, st.NotPrincipals) {
			if kind, ok := deletedKind(p); ok {
				it.addFinding("deleted-principal", diag.Error, fmt.Sprintf("%s is what is left of a deleted %s, and KMS does not accept a policy with it", p.Text, kind),
					"remove it, or name the new "+string(kind)+" by its ARN")
				return
			}
		}
	}
}
