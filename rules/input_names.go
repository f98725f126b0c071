package rules

import (
	"maps"
	"slices"

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
	if !bare || isNumber(item) || isOddEntry(policy.Key{}, l, pr, bare) {
		return false
	}
	fault, _ := entryFault(pr, l.wants, bare)
	return fault == ""
}

// RoleNames are the ARNs of roles that a policy's statements name, each once.
func RoleNames(p *policy.Policy) []Named {
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

// position is where a name of a document is: in its users or in its roles.
type position struct {
	index   int // of the file
	at      int
	text    string
	account string // empty where it is not known
}

// groupNames finds the users that specs name without an ARN, and those of them that are roles in another document.
func groupNames(all []FileSummary) []fileGroup {
	roles := map[string][]position{}
	for i, f := range all {
		for at, named := range f.Roles {
			pr := policy.ReadPrincipal("AWS", named.Text, nil)
			name := pr.NamePath + pr.Name
			roles[name] = append(roles[name], position{i, at, named.Text, knownAccount(pr.Account)})
		}
	}
	users, both := []fileGroup{}, map[string]*fileGroup{}
	for i, f := range all {
		bare := fileGroup{kind: userNames, text: f.Place.File}
		for at, named := range f.Users {
			member := groupMember{index: i, field: "users", at: at, listed: true, text: named.Text}
			others := othersOf(roles[named.Text], position{i, at, named.Text, knownAccount(f.Account)})
			if len(others) == 0 {
				bare.members = append(bare.members, member)
				continue
			}
			of := named.Text + " " + others[0].account
			g := both[of]
			if g == nil {
				g = &fileGroup{kind: userAndRole, text: named.Text}
				for _, p := range others[:1] {
					g.members = append(g.members, groupMember{index: p.index, field: "roles", at: p.at, listed: true, text: p.text})
				}
				both[of] = g
			}
			g.members = append(g.members, member)
		}
		if len(bare.members) > 0 {
			users = append(users, bare)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(both)) {
		users = append(users, *both[name])
	}
	return users
}

// othersOf are the roles of a user's name in other documents. A document that has the role too means both.
func othersOf(roles []position, user position) []position {
	var others []position
	for _, r := range roles {
		switch {
		case r.account != "" && user.account != "" && r.account != user.account:
		case r.index == user.index:
			return nil
		default:
			others = append(others, r)
		}
	}
	return others
}

func knownAccount(account string) string {
	if policy.IsAccountID(account) {
		return account
	}
	return ""
}
