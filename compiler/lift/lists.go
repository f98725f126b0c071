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

// users takes the statements for a key's users and those about grants beside them: lists always compile to both. Several
// become one list. With granting false, also those that have no statement about grants.
func (l *lifting) users(granting bool) {
	for i := range l.doc.Statements {
		st := &l.doc.Statements[i]
		if !l.left[i] || !l.listable(st.Principals, true) {
			continue
		}
		kind, ok := l.kindOfUse(st)
		if !ok || l.kindOfUsers != "" && l.kindOfUsers != kind.Name {
			continue
		}
		grants := l.grants(st.Principals)
		if grants < 0 && granting {
			continue
		}
		l.addPrincipals(st.Principals, "key_users", "key_users_roles")
		if l.kindOfUsers == "" {
			l.kind(kind)
		}
		l.kindOfUsers = kind.Name
		delete(l.left, i)
		delete(l.left, grants)
	}
}

// grants finds the statement that gives the principals what lists give them about grants; -1 where there is none. Where what is near
// counts, also one that lets them create such grants and not list or revoke them.
func (l *lifting) grants(principals []policy.Principal) int {
	console := facts.ConsoleGrants()
	forms := []string{l.allow(principals, console)}
	if l.near {
		for _, actions := range [][]string{{"kms:CreateGrant"}, {"kms:CreateGrant", "kms:ListGrants"}, {"kms:CreateGrant", "kms:RevokeGrant"}} {
			forms = append(forms, l.allow(principals, facts.ConsoleStatement{Actions: actions, Conditions: console.Conditions}))
		}
	}
	for _, want := range forms {
		if i := slices.IndexFunc(l.doc.Statements, func(st policy.Statement) bool { return l.left[st.Index] && l.texts[st.Index] == want }); i >= 0 {
			return i
		}
	}
	return -1
}

// kindOfUse is the kind of key whose users have the statement's actions.
func (l *lifting) kindOfUse(st *policy.Statement) (facts.KindOfKey, bool) {
	var nearest facts.KindOfKey
	least := -1
	for _, kind := range facts.KeyKinds() {
		use, _ := facts.ConsoleUsers(kind.Name)
		switch {
		case l.key.Spec != "" && l.key.Kind != kind.Name:
		case l.key.Spec == "" && kind.Name == facts.AsymmetricEncryptDecrypt: // the usage by itself does not say it, and the key spec is not known
		case l.allow(st.Principals, use) == l.texts[st.Index]:
			return kind, true
		case l.near && isPlainAllow(st):
			if n, ok := lacks(st, use.Actions, addedToUsers); ok && (least < 0 || n < least) {
				nearest, least = kind, n
			}
		}
	}
	return nearest, least >= 0
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

// administrators takes the statements for a key's administrators, with what the console adds to them or leaves out.
// Several of one form become one list.
func (l *lifting) administrators() {
	var chosen *administration
	for i := range l.doc.Statements {
		st := &l.doc.Statements[i]
		if !l.left[i] || !l.listable(st.Principals, false) {
			continue
		}
		a, ok := l.administrationOf(st)
		switch {
		case !ok || chosen != nil && !slices.Equal(chosen.actions, a.actions):
			continue
		case chosen == nil:
			chosen = &a
			l.fields = append(l.fields, a.fields...)
		}
		l.addPrincipals(st.Principals, "key_admins", "key_admins_roles")
		delete(l.left, i)
	}
}

// administrationOf is the form of the administrators' actions that a statement gives, or is near to.
func (l *lifting) administrationOf(st *policy.Statement) (administration, bool) {
	var nearest administration
	least := -1
	for _, a := range l.administrations() {
		if l.allow(st.Principals, facts.ConsoleStatement{Actions: a.actions}) == l.texts[st.Index] {
			return a, true
		}
		if l.near && isPlainAllow(st) {
			if n, ok := lacks(st, a.actions, addedToAdministrators); ok && (least < 0 || n < least) {
				nearest, least = a, n
			}
		}
	}
	return nearest, least >= 0
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

// listable reports whether lists can name every one of the principals.
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
		entry := l.entry(p)
		if !slices.ContainsFunc(l.lists[list], func(n *source.Node) bool { return n.Text == entry }) {
			l.lists[list] = append(l.lists[list], text(entry))
		}
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
