package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// rolePaths lists the paths with which the policy names a role.
func (m *model) rolePaths(c caller) []string {
	if m.roles == nil {
		m.roles = m.namedRoles()
	}
	return m.roles[c.account+"/"+c.name]
}

// namedRoles are the paths of the roles that the policy names, in order, by their account and name.
func (m *model) namedRoles() map[string][]string {
	paths := map[string][]string{}
	add := func(text string) {
		p := policy.ReadPrincipal("AWS", text, nil)
		if p.Kind != policy.Role || strings.ContainsAny(p.NamePath, "*?$") {
			return
		}
		if _, bad := facts.MisplacedRole(p.NamePath, p.Name); !bad {
			role := p.Account + "/" + p.Name
			paths[role] = append(paths[role], p.NamePath)
		}
	}
	for i := range m.doc.Statements {
		st := &m.doc.Statements[i]
		for _, p := range slices.Concat(st.Principals, st.NotPrincipals) {
			add(p.Text)
		}
	}
	for _, v := range m.doc.ConditionValues() {
		add(v.Value)
	}
	for role, list := range paths {
		slices.Sort(list)
		paths[role] = slices.Compact(list)
	}
	return paths
}

// patternPaths are paths that a role may have by the patterns that conditions on aws:PrincipalArn compare with: of `role/team/*`, the
// path `team/`. A pattern without a path matches roles in paths of its own making too, which nobody means by it.
func (m *model) patternPaths(c caller) []string {
	var paths []string
	c.partition = m.partition
	for i := range m.statements {
		for j := range m.statements[i].conditions {
			cond := &m.statements[i].conditions[j]
			if facts.KeySays(cond.key.lower) != facts.CallerARN {
				continue
			}
			for k := range cond.values {
				if path, ok := patternPath(&cond.values[k], c); ok && !slices.Contains(paths, path) {
					paths = append(paths, path)
				}
			}
		}
	}
	slices.Sort(paths)
	return paths
}

// patternPath is the path that a pattern has before the name, with a letter for each wildcard.
func patternPath(v *value, c caller) (string, bool) {
	_, tail, ok := strings.Cut(v.text, ":role/")
	at := strings.LastIndexByte(tail, '/')
	if !ok || at < 0 || v.pieces != nil || v.pat == nil {
		return "", false
	}
	c.path = strings.NewReplacer("*", "x", "?", "x").Replace(tail[:at+1])
	_, bad := facts.MisplacedRole(c.path, c.name)
	return c.path, !bad && callerPath.MatchString(c.path) && v.pat.Match(c.principalARN())
}
