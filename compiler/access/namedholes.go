package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Some questions have one answer whoever a principal is that is not known. They are asked of the policy with a name in its place:
// with each name that the policy says something else of, and with one that is nowhere in it.

// namePrincipals is the policy with names in the place of principals; those for which name gives "" are left as they are.
func namePrincipals(doc *policy.Document, name func(statement int, p policy.Principal) string) *policy.Document {
	c := *doc
	c.Statements = slices.Clone(doc.Statements)
	for i := range c.Statements {
		st := &c.Statements[i]
		for _, list := range []*[]policy.Principal{&st.Principals, &st.NotPrincipals} {
			*list = slices.Clone(*list)
			for j, p := range *list {
				if text := name(i, p); text != "" {
					(*list)[j] = policy.ReadPrincipal(cmp.Or(p.Element, "AWS"), text, p.Path)
				}
			}
		}
	}
	return &c
}

// principalGlob is the pattern of all that a principal with holes can be.
func (a *Analysis) principalGlob(p policy.Principal) string {
	own := policy.OwnValues{Account: knownOwner(a.env), Partition: a.env.Partition, Region: a.env.Region}
	return p.Parts.Fill(own.Glob)
}

// withOneEditorEach is the policy with a user or role in the place of each principal that is one, whichever it is; nil where there
// is none. A user or role can be deleted, so none of them makes a difference to who is left then.
func (a *Analysis) withOneEditorEach() *policy.Document {
	if !a.doc.HasHoles() || knownOwner(a.env) == "" {
		return nil
	}
	found := false
	doc := namePrincipals(a.doc, func(_ int, p policy.Principal) string {
		if p.Parts == nil || p.Element != "AWS" {
			return ""
		}
		parts := strings.SplitN(a.principalGlob(p), ":", 6)
		if len(parts) != 6 || parts[2] != "iam" || !strings.HasPrefix(parts[5], "role/") && !strings.HasPrefix(parts[5], "user/") {
			return ""
		}
		found = true
		parts[1] = strings.ReplaceAll(parts[1], "*", cmp.Or(a.env.Partition, "aws"))
		if !policy.IsAccountID(parts[4]) {
			parts[4] = knownOwner(a.env)
		}
		return strings.ReplaceAll(strings.Join(parts, ":"), "*", "not-known")
	})
	if !found {
		return nil
	}
	return doc
}

// maxNamedServices bounds the names that are tried for one service principal.
const maxNamedServices = 8

// namedDeputies are the services whose names are not known in full, and that an untrusted account can drive whichever they are.
func (a *Analysis) namedDeputies() []Deputy {
	list := []Deputy{}
	seen := map[string]bool{}
	for i := range a.doc.Statements {
		for _, p := range a.doc.Statements[i].Principals {
			id := p.Parts.ID()
			if p.Parts == nil || p.Element != "Service" || seen[id] {
				continue
			}
			seen[id] = true
			if d, ok := a.namedDeputy(p); ok {
				list = append(list, d)
			}
		}
	}
	return list
}

func (a *Analysis) namedDeputy(hole policy.Principal) (out Deputy, ok bool) {
	names := a.serviceNames(a.principalGlob(hole))
	if len(names) > maxNamedServices {
		return out, false
	}
	var driven []int // by one name or another
	for i, name := range names {
		d := a.deputyNamed(hole, name)
		driven = union(driven, d.Statements)
		if i == 0 {
			out = d
		}
		out.Statements = slices.DeleteFunc(slices.Clone(out.Statements), func(st int) bool { return !slices.Contains(d.Statements, st) })
		out.AnyAccount = out.AnyAccount && d.AnyAccount
	}
	for _, st := range driven {
		if !slices.Contains(out.Statements, st) && !slices.Contains(a.openDeputies, st) {
			reason := notKnown("Statement "+a.doc.Statements[st].Label(), "principal", hole.Parts, hole.Text)
			a.unsettle(AskDeputies, reason)
			a.openDeputies = union(a.openDeputies, []int{st})
		}
	}
	out.Service, out.Witness.Principal = hole.Text, hole.Text
	return out, len(out.Statements) > 0
}

// deputyNamed is a service under a name that it may have, with the statements that name it so.
func (a *Analysis) deputyNamed(hole policy.Principal, name string) Deputy {
	is := func(p policy.Principal) bool { return p.Parts != nil && p.Parts.ID() == hole.Parts.ID() }
	doc := namePrincipals(a.doc, func(_ int, p policy.Principal) string {
		if is(p) {
			return name
		}
		return ""
	})
	list := NewAnalysis(doc, a.env).writtenDeputies()
	at := slices.IndexFunc(list, func(d Deputy) bool { return d.Service == name })
	if at < 0 {
		return Deputy{}
	}
	list[at].Statements = slices.DeleteFunc(slices.Clone(list[at].Statements), func(st int) bool {
		return !slices.ContainsFunc(a.doc.Statements[st].Principals, is)
	})
	return list[at]
}

// serviceNames are the names that a service principal can have, as far as the policy distinguishes them. The first is in no place.
func (a *Analysis) serviceNames(pattern string) []string {
	match := glob.New(glob.Chars(pattern)).Match
	var written []string
	for i := range a.doc.Statements {
		st := &a.doc.Statements[i]
		for _, p := range slices.Concat(st.Principals, st.NotPrincipals) {
			if p.Kind == policy.Service && p.Parts == nil {
				written = append(written, p.Text)
			}
		}
	}
	for _, v := range a.doc.ConditionValues() {
		if v.Parts == nil {
			written = append(written, v.Value)
		}
	}
	written = slices.DeleteFunc(written, func(name string) bool { return !match(name) || !isServiceName(name) })
	slices.Sort(written)
	return append([]string{a.serviceLike(pattern)}, slices.Compact(written)...)
}

// serviceLike is a name of the pattern: of the service that it names but for a Region or the partition's suffix, or else of none that
// is known.
func (a *Analysis) serviceLike(pattern string) string {
	for _, part := range []string{cmp.Or(a.env.Region, "eu-central-1"), "amazonaws.com"} {
		name := strings.ReplaceAll(pattern, "*", part)
		if _, _, known := facts.LookupServicePrincipal(name); known {
			return name
		}
	}
	if strings.Trim(pattern, "*") == "" {
		return "not-known.amazonaws.com"
	}
	return strings.ReplaceAll(pattern, "*", "not-known")
}
