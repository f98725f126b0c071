package rules

import (
	"cmp"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// UserNames are the entries of a spec's lists that are names without an ARN, and that the spec takes for IAM users.
func UserNames(s *spec.Document) []Named {
	var names []Named
	for _, f := range s.ListFields {
		l := specListOf(f.Name)
		if l.wants != policy.User || f.Value.Kind != source.Sequence {
			continue
		}
		for _, item := range f.Value.Items {
			if item.Kind == source.Scalar && !item.IsNull() && isUserName(l, item) {
				names = append(names, Named{Text: item.Text, Place: item.Place})
			}
		}
	}
	return names
}

// isUserName leaves out what other rules say of an entry that looks like something else than a user.
func isUserName(l specList, item *source.Node) bool {
	pr, bare := readEntry(l, item.Text)
	if !bare || isNumber(item) || isOddEntry(spec.Key{}, l, pr, bare) {
		return false
	}
	fault, _ := entryFault(pr, l.wants, bare)
	return fault == ""
}

// RoleNames are the ARNs of roles that a policy's statements name, each once.
func RoleNames(p *spec.Compiled) []Named {
	var names []Named
	seen := map[string]bool{}
	for _, st := range p.Document.Statements {
		for _, pr := range st.Principals {
			if pr.Kind == policy.Role && !seen[pr.Text] {
				seen[pr.Text] = true
				names = append(names, Named{Text: pr.Text, Place: p.Document.Map.Find(pr.Path).Value})
			}
		}
	}
	return names
}

// groupNames finds the users that specs name without an ARN, and those of them that are roles too, in whatever document.
func groupNames(all []FileSummary) []fileGroup {
	roles := map[string][]groupMember{}
	for i, f := range all {
		for at, named := range f.Roles {
			pr := policy.ReadPrincipal("AWS", named.Text, nil)
			name := pr.NamePath + pr.Name
			roles[name] = append(roles[name], groupMember{path: diag.Path{i, "roles", at}, text: named.Text, account: knownAccount(pr.Account)})
		}
	}
	type confusion struct {
		name, account string
		file          int // of the role
	}
	users, both := []fileGroup{}, map[confusion]*fileGroup{}
	for i, f := range all {
		bare := fileGroup{kind: userNames, text: f.Place.File}
		for at, named := range f.Users {
			user := groupMember{path: diag.Path{i, "users", at}, text: named.Text, account: knownAccount(f.Account)}
			role, ok := roleOf(roles[named.Text], user)
			if !ok {
				bare.members = append(bare.members, user)
				continue
			}
			of := confusion{named.Text, role.account, role.file()}
			if both[of] == nil {
				both[of] = &fileGroup{userAndRole, named.Text, []groupMember{role}}
			}
			both[of].members = append(both[of].members, user)
		}
		if len(bare.members) > 0 {
			users = append(users, bare)
		}
	}
	order := func(a, b confusion) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.account, b.account), cmp.Compare(a.file, b.file))
	}
	for _, of := range slices.SortedFunc(maps.Keys(both), order) {
		users = append(users, *both[of])
	}
	return users
}

// roleOf is the role of a user's name: the one in the same document, which may be meant beside the user, or else the first one in
// another document.
func roleOf(roles []groupMember, user groupMember) (first groupMember, ok bool) {
	for _, r := range roles {
		switch {
		case r.account != "" && user.account != "" && r.account != user.account:
		case r.file() == user.file():
			return r, true
		case !ok:
			first, ok = r, true
		}
	}
	return first, ok
}

func knownAccount(account string) string {
	if policy.IsAccountID(account) {
		return account
	}
	return ""
}
