package lift

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// account takes the statement that lets the IAM policies of the key's own account count.
func (l *lifting) account() {
	if l.key.Account == "" {
		return
	}
	own := l.allow([]policy.Principal{policy.ReadPrincipal("AWS", policy.AccountARN(l.key.Partition, l.key.Account), nil)}, facts.ConsoleRoot())
	for i := range l.doc.Statements {
		if l.texts[i] == own {
			l.delegates = true
			delete(l.left, i)
			return
		}
	}
}

// allow is the canonical form of a statement of the console for the principals.
func (l *lifting) allow(principals []policy.Principal, console facts.ConsoleStatement) string {
	st := policy.Statement{
		Effect: policy.Text{Value: "Allow"}, Principals: principals, Resources: []policy.Text{{Value: "*"}},
		Node: source.NewMapping(diag.Place{}, field("Principal", text("")), field("Action", text("")), field("Resource", text(""))),
	}
	for _, a := range console.Actions {
		st.Actions = append(st.Actions, policy.Text{Value: a})
	}
	for _, c := range console.Conditions {
		st.Conditions = append(st.Conditions, policy.Condition{
			Operator: policy.Text{Value: c.Operator}, Key: policy.Text{Value: c.Key}, Values: []policy.Text{{Value: c.Value}},
		})
	}
	return policy.Compact(st.Canonical(l.key.Partition))
}

// users takes a statement for a key's users and the one about grants beside it: lists always compile to both.
func (l *lifting) users() {
	for i := range l.doc.Statements {
		st := &l.doc.Statements[i]
		if !l.left[i] || !l.listable(st.Principals, true) {
			continue
		}
		kind, ok := l.kindOfUse(st)
		if !ok {
			continue
		}
		if l.near && !l.hasGrants(st.Principals) {
			l.addPrincipals(st.Principals, "key_users", "key_users_roles")
			l.kind(kind)
			delete(l.left, i)
			return
		}
		for j := range l.doc.Statements {
			if l.left[j] && l.texts[j] == l.allow(st.Principals, facts.ConsoleGrants()) {
				l.addPrincipals(st.Principals, "key_users", "key_users_roles")
				l.kind(kind)
				delete(l.left, i)
				delete(l.left, j)
				return
			}
		}
	}
}

// hasGrants says whether a statement gives the principals what lists give them about grants.
func (l *lifting) hasGrants(principals []policy.Principal) bool {
	grants := l.allow(principals, facts.ConsoleGrants())
	return slices.ContainsFunc(l.doc.Statements, func(st policy.Statement) bool { return l.left[st.Index] && l.texts[st.Index] == grants })
}

// kindOfUse is the kind of key whose users have the statement's actions.
func (l *lifting) kindOfUse(st *policy.Statement) (facts.KindOfKey, bool) {
	have := l.texts[st.Index]
	for _, kind := range facts.KeyKinds() {
		use, _ := facts.ConsoleUsers(kind.Name)
		switch {
		case l.allow(st.Principals, use) != have:
		case l.key.Spec != "" && l.key.Kind != kind.Name:
		case l.key.Spec == "" && kind.Name == facts.AsymmetricEncryptDecrypt: // the usage alone does not say it, and the key spec is not known
		default:
			return kind, true
		}
	}
	return facts.KindOfKey{}, false
}

// kind writes the fields that choose a kind of key, where it is not the usual one and the header does not say it.
func (l *lifting) kind(kind facts.KindOfKey) {
	if l.key.Spec == "" {
		l.key.Kind = kind.Name
		if kind.Name != facts.SymmetricEncryption {
			l.fields = append(l.fields, field("key_usage", text(kind.KeyUsage)))
		}
	}
}

// administrators takes the statement for a key's administrators, with what the console adds to it or leaves out.
func (l *lifting) administrators() {
	for i := range l.doc.Statements {
		st := &l.doc.Statements[i]
		if !l.left[i] || !l.listable(st.Principals, false) {
			continue
		}
		have := l.texts[st.Index]
		for _, a := range l.administrations() {
			if l.isAdministration(st.Principals, a.actions, have) {
				l.addPrincipals(st.Principals, "key_admins", "key_admins_roles")
				l.fields = append(l.fields, a.fields...)
				delete(l.left, i)
				return
			}
		}
	}
}

// isAdministration says whether a statement gives the administrators' actions. Near to them are those of the console before it had
// kms:RotateKeyOnDemand, and before it had tags.
func (l *lifting) isAdministration(principals []policy.Principal, actions []string, have string) bool {
	if l.allow(principals, facts.ConsoleStatement{Actions: actions}) == have {
		return true
	}
	if !l.near {
		return false
	}
	for _, later := range [][]string{{"kms:RotateKeyOnDemand"}, {"kms:RotateKeyOnDemand", "kms:TagResource", "kms:UntagResource"}} {
		before := slices.DeleteFunc(slices.Clone(actions), func(name string) bool { return slices.Contains(later, name) })
		if l.allow(principals, facts.ConsoleStatement{Actions: before}) == have {
			return true
		}
	}
	return false
}

// administration is one form of the administrators' actions with the fields that ask for it.
type administration struct {
	actions []string
	fields  []source.Member
}

func (l *lifting) administrations() []administration {
	console := facts.ConsoleAdministrators()
	known := l.key.Spec != ""
	symmetric := l.key.Kind == facts.SymmetricEncryption || l.key.Kind == "" // the compiler's default
	var all []administration
	for _, deletion := range []bool{true, false} {
		for _, imported := range []bool{false, true} {
			for _, multiRegion := range []bool{false, true} {
				if known && (imported != (l.key.Origin == "EXTERNAL") || multiRegion != l.key.MultiRegion) {
					continue
				}
				var a administration
				a.actions = slices.Clone(console.Actions)
				if !deletion {
					a.actions = slices.Clone(console.ActionsWithoutDeletion)
					a.fields = append(a.fields, field("allow_key_deletion", boolean(false)))
				}
				if !symmetric {
					a.actions = slices.DeleteFunc(a.actions, func(name string) bool { return name == "kms:RotateKeyOnDemand" })
				}
				if imported {
					a.actions = append(a.actions, console.ImportedKeyMaterialActions...)
				}
				if multiRegion {
					a.actions = append(a.actions, console.MultiRegionActions...)
				}
				if imported && !known {
					a.fields = append(a.fields, field("origin", text("EXTERNAL")))
				}
				if multiRegion && !known {
					a.fields = append(a.fields, field("multi_region", boolean(true)))
				}
				all = append(all, a)
			}
		}
	}
	return all
}

// listable says whether lists can name every one of the principals.
func (l *lifting) listable(principals []policy.Principal, accounts bool) bool {
	for _, p := range principals {
		switch {
		case p.HasWildcard() || p.Element != "AWS":
			return false
		case p.Kind == policy.User || p.Kind == policy.Role:
		case p.Kind == policy.Account && accounts && policy.IsAccountID(p.Account) && p.Account != l.key.Account:
		default:
			return false
		}
	}
	return len(principals) > 0
}

func (l *lifting) addPrincipals(principals []policy.Principal, users, roles string) {
	for _, p := range principals {
		list := users
		switch p.Kind {
		case policy.Role:
			list = roles
		case policy.Account:
			list = "external_accounts"
		default:
		}
		l.lists[list] = append(l.lists[list], text(l.entry(p)))
	}
}

// entry writes a principal as lists name it: short where the spec's account and partition complete it.
func (l *lifting) entry(p policy.Principal) string {
	own := p.Partition == l.key.Partition
	switch {
	case p.Kind == policy.Account && (own || p.Partition == ""):
		return p.Account
	case p.Kind != policy.Account && own && p.Account == l.key.Account && !strings.HasPrefix(p.NamePath+p.Name, "arn:"):
		return p.NamePath + p.Name
	default:
		return p.Text
	}
}
