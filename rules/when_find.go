package rules

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// specTriggers are what a spec has, as it is written.
func (in *inputs) specTriggers(s *spec.Document) triggerSet {
	var has triggerSet
	sides := map[string]string{} // by principal
	if n := s.Account; n != nil {
		has |= setIf("numbers", isNumber(n))
		has |= setIf("faulty_principals", typeName(n) == "string" && !policy.IsAccountID(n.Text))
	}
	for _, f := range s.ListFields {
		switch {
		case f.Value.Kind != source.Sequence:
			if !f.Value.IsNull() {
				return allTriggers // it could not be read
			}
		case len(f.Value.Items) == 0:
			has |= triggers["empty_lists"]
		default:
			for _, item := range f.Value.Items {
				if item.Kind == source.Scalar && !item.IsNull() {
					has |= in.entryTriggers(s.Key, specListOf(f.Name), item, sides)
				}
			}
		}
	}
	marks := specMarks(s.Root)
	return has |
		setIf("placeholders", len(marks.placeholders) > 0) |
		setIf("characters", len(marks.characters) > 0) |
		setIf("forms", len(s.Given) != 1 || s.Given[0] == spec.FormDefault) |
		setIf("expectations", len(s.Expect) > 0) |
		setIf("uses", len(s.Uses) > 0) |
		setIf("aliases", hasAlias(s.Root)) |
		in.keyTriggers(s.Key)
}

func (in *inputs) entryTriggers(key spec.Key, l specList, item *source.Node, sides map[string]string) triggerSet {
	pr, bare := readEntry(l, item.Text)
	fault, _ := entryFault(pr, l.wants, bare)
	has := setIf("numbers", isNumber(item)) | setIf("faulty_principals", fault != "" || isNumber(item)) |
		in.principalTriggers(pr, key) | setIf("users", pr.Kind == policy.User) | setIf("user_arns", pr.Kind == policy.User && !bare) |
		setIf("odd_entries", isOddEntry(key, l, pr, bare))
	if pr.Kind != parameterKind {
		same := sameEntry(pr, key, bare)
		side, listed := sides[same]
		has |= setIf("repeated_principals", listed) | setIf("both_duties", listed && side != l.side)
		sides[same] = l.side
	}
	return has
}

func isOddEntry(key spec.Key, l specList, pr policy.Principal, bare bool) bool {
	switch {
	case !bare:
		return pr.Kind != l.wants || pr.Kind == policy.Account && pr.Account != "" && pr.Account == key.Account
	case l.wants == policy.Account:
		return pr.Account != "" && pr.Account == key.Account || pr.Text == "root"
	default:
		return pr.Text == "root" || policy.IsAccountID(pr.Text) || strings.HasSuffix(pr.Text, ".amazonaws.com")
	}
}

// principalTriggers are those of a principal by itself, wherever it is.
func (in *inputs) principalTriggers(pr policy.Principal, key spec.Key) triggerSet {
	relation := in.relation(pr.Account, key)
	reserved := pr.Kind == policy.Role && (strings.HasPrefix(pr.NamePath, "aws-reserved/") || strings.HasPrefix(pr.NamePath, "aws-service-role/") ||
		strings.HasPrefix(pr.Name, "AWSReservedSSO_"))
	return setIf("anyone", pr.Kind == policy.Anyone) |
		setIf("sessions", pr.Kind == policy.Session || pr.Kind == policy.FederatedUser) |
		setIf("services", pr.Kind == policy.Service) |
		setIf("federated", pr.Element == "Federated") |
		setIf("reserved_roles", reserved) |
		setIf("other_partitions", pr.Partition != "" && pr.Partition != key.Partition) |
		setIf("other_accounts", relation == "other" || relation == "trusted") |
		setIf("own_account", pr.Kind == policy.Account && (relation == "own" || relation == "unknown"))
}

func hasAlias(n *source.Node) bool {
	return len(n.Origins) > 0 || slices.ContainsFunc(n.Items, hasAlias) ||
		slices.ContainsFunc(n.Members, func(m source.Member) bool { return hasAlias(m.Value) })
}

// policyTriggers are what a policy and its statements have: the first set is the policy's, which holds those of all
// statements.
func (in *inputs) policyTriggers(p *spec.Compiled, m *meaning) (triggerSet, []triggerSet) {
	doc := p.Document
	statements := make([]triggerSet, len(doc.Statements))
	marks := m.marks()
	has := setIf("placeholders", len(marks.placeholders) > 0) |
		setIf("uses", len(p.UsedBy) > 0) |
		setIf("holes", doc.HasHoles()) |
		setIf("expectations", len(p.Expect) > 0) |
		setIf("variables", len(marks.variables) > 0) |
		setIf("characters", len(marks.characters) > 0) |
		setIf("large", m.size*100 > facts.PolicyMaxBytes()*80) |
		setIf("faults", doc.Version.Value != "2012-10-17" || oddElements(doc.Root, facts.PolicyGrammar().Elements) || len(doc.Statements) == 0) |
		in.keyTriggers(p.Key) | in.acrossStatements(doc, p.Key)
	for i := range statements {
		statements[i] = in.statementTriggers(p, &doc.Statements[i])
		has |= statements[i]
	}
	if len(doc.Problems) > 0 { // it could not be read
		has = allTriggers
	}
	return has, statements
}

// oddElements reports whether a mapping has a field that is empty, or of a name that is not one of some.
func oddElements(n *source.Node, names []string) bool {
	return slices.ContainsFunc(n.Members, func(m source.Member) bool { return isEmpty(m.Value) || !slices.Contains(names, m.Key.Text) })
}

func (in *inputs) statementTriggers(p *spec.Compiled, st *policy.Statement) triggerSet {
	if len(problemsIn(p.Document, st.Path)) > 0 {
		return allTriggers
	}
	has := in.actionTriggers(p, st) |
		setIf("faults", isFaulty(st)) |
		setIf("conditions", st.Has("Condition") && listOf(st.Node) == "") |
		setIf("denies", strings.EqualFold(st.Effect.Value, "Deny")) |
		setIf("not_elements", st.Has("NotPrincipal") || st.Has("NotAction") || st.Has("NotResource")) |
		setIf("resources", slices.ContainsFunc(st.Resources, func(r policy.Text) bool { return r.Value != "*" })) |
		in.keyTriggers(p.Key)
	for _, list := range [...][]policy.Principal{st.Principals, st.NotPrincipals} {
		seen := map[string]bool{}
		for _, pr := range list {
			has |= in.principalTriggers(pr, p.Key)
			_, node := st.Node.Resolve(pr.Path[len(st.Path):])
			if listOf(node) != "" {
				continue
			}
			fault, _ := principalFault(pr)
			same := samePrincipal(pr, p.Key)
			has |= setIf("users", pr.Kind == policy.User) | setIf("user_arns", pr.Kind == policy.User) |
				setIf("numbers", isNumber(node)) |
				setIf("faulty_principals", fault != "" || isNumber(node)) |
				setIf("repeated_principals", pr.Text != "" && seen[same])
			seen[same] = seen[same] || pr.Text != ""
		}
	}
	return has
}

// isFaulty reports whether a statement has a fault of grammar.
func isFaulty(st *policy.Statement) bool {
	if oddElements(st.Node, facts.PolicyGrammar().StatementElements) || st.Effect.Value != "Allow" && st.Effect.Value != "Deny" {
		return true
	}
	for _, name := range [...]string{"Principal", "Action", "Resource"} {
		if st.Has(name) == st.Has("Not"+name) {
			return true
		}
	}
	for _, name := range [...]string{"Principal", "NotPrincipal"} {
		if m := st.Node.Member(name); m != nil && m.Value.Kind == source.Mapping && oddElements(m.Value, []string{"AWS", "Service", "Federated"}) {
			return true
		}
	}
	return false
}

// keyTriggers are what the surroundings of a subject have.
func (in *inputs) keyTriggers(key spec.Key) triggerSet {
	return setIf("rsa_key", strings.HasPrefix(key.Spec, "RSA_")) | setIf("opt_in_region", isOptIn(key.Region)) |
		setIf("unknown_account", key.Account == "") | setIf("trust", in.given)
}

// actionTriggers are what a statement's actions are to those who are named.
func (in *inputs) actionTriggers(p *spec.Compiled, st *policy.Statement) triggerSet {
	var has triggerSet
	for _, a := range slices.Concat(st.Actions, st.NotActions) {
		pattern := in.pattern(a.Value)
		has |= setIf("odd_actions", pattern.odd) | setIf("local_actions", pattern.exact.EffectiveInKeyPolicy && pattern.exact.CrossAccountUse == "no") | setIf("unfit_actions", pattern.isUnfit(p.Key))
	}
	allows := st.Effect.Value == "Allow"
	uses, administers, both := in.duties(st)
	for _, a := range st.Actions {
		pattern := in.pattern(a.Value)
		mixed := pattern.wildcard && !pattern.all && len(pattern.cryptographic) > 0 && len(pattern.cryptographic) < len(pattern.matches)
		replicates := allows && (!pattern.wildcard || p.Key.MultiRegion) && (pattern.takes("kms:ReplicateKey") || pattern.takes("kms:UpdatePrimaryRegion"))
		has |= setIf("imports", strings.EqualFold(a.Value, "kms:ImportKeyMaterial")) |
			setIf("mixed_patterns", mixed) | setIf("replication", replicates)
	}
	wide := both && slices.ContainsFunc(st.Principals, func(pr policy.Principal) bool {
		return isNamed(pr) || pr.Kind == policy.UniqueID || pr.Kind == policy.Anyone
	})
	edits := in.gives(st, "kms:PutKeyPolicy")
	outside := func(pr policy.Principal) bool {
		return pr.Kind == policy.Anyone || in.relation(pr.Account, p.Key) == "other"
	}
	return has | setIf("edits", edits) | setIf("outside_edits", edits && slices.ContainsFunc(st.Principals, outside)) | setIf("use", allows && uses) | setIf("mixed_duties", allows && uses && administers) | setIf("wide_names", allows && wide)
}

// duties reports whether some of a statement's actions use the key, administer it, or do both.
func (in *inputs) duties(st *policy.Statement) (uses, administers, both bool) {
	for _, a := range st.Actions {
		pattern := in.pattern(a.Value)
		uses = uses || pattern.use && !pattern.administration
		administers = administers || pattern.administration && !pattern.use
		both = both || pattern.use && pattern.administration
	}
	return uses, administers, both
}

// isNamed reports whether a principal is a user, a role or a session: accounts, everyone and services are not.
func isNamed(pr policy.Principal) bool {
	switch pr.Kind {
	case policy.User, policy.Role, policy.Session, policy.FederatedUser:
		return true
	default:
		return false
	}
}
