package lift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// use is one use of a template.
type use struct {
	name       string
	parameters []source.Member
	takes      []string // the lists that it gives, by spec.ListNames
}

// members are its fields in include, or in the spec where it is all of the policy.
func (u use) members(name string) []source.Member {
	all := []source.Member{field(name, text(u.name))}
	if len(u.parameters) > 0 {
		all = append(all, field("parameters", source.NewMapping(diag.Place{}, u.parameters...)))
	}
	return all
}

// include makes a spec of only the use.
func (u use) include() *spec.KeyPolicy {
	entry := source.NewMapping(diag.Place{}, u.members("template")...)
	return spec.Parse(source.NewMapping(diag.Place{}, field("include", source.NewSequence(diag.Place{}, entry))))
}

// candidate is a template that may fit: one that has statements, and includes none.
type candidate struct {
	name       string
	statements []*source.Node    // canonical, with references
	optional   map[int]bool      // those of them that the template leaves out where a parameter is empty
	lists      map[string]string // the parameter that is a list's value, by the list's name
	entry      *expand.Entry
	literal    int // how much of it is fixed text: of two that fit, the one that says more is meant
}

// templates takes the statements that the library's templates give.
func (l *lifting) templates() {
	if len(l.left) == 0 {
		return
	}
	candidates := l.candidates()
	for i := range l.doc.Statements {
		for l.left[i] {
			if !l.fit(i, candidates) {
				break
			}
		}
	}
}

func (l *lifting) candidates() []candidate {
	var all []candidate
	for _, name := range l.library.Names() {
		entry := l.library.Lookup(name)
		if entry == nil || len(entry.Findings) > 0 {
			continue
		}
		body := spec.ParseBody(source.NewMapping(diag.Place{}, entry.Template.BodyMembers()...))
		if len(body.Statements) == 0 || len(body.Include) > 0 || body.Policy != nil {
			continue
		}
		c := candidate{name: name, entry: entry, lists: listParameters(entry.Template), optional: map[int]bool{}}
		for i, st := range body.Statements {
			c.optional[i] = expand.IsOptional(entry.Template, st)
			n := l.pattern(st)
			c.statements = append(c.statements, n)
			c.literal += len(fixed(policy.Compact(n), entry.Template))
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(len(b.statements), len(a.statements)), cmp.Compare(b.literal, a.literal))
	})
	return all
}

// fixed is the text of a template's statement without the references to its parameters: what is known of the key is fixed.
func fixed(statement string, t *spec.Template) string {
	for _, p := range t.Parameters {
		statement = strings.ReplaceAll(statement, "$("+p.Name.Text+")", "")
	}
	return statement
}

// fit looks for a template that gives a statement, and the others that it gives too, among those left.
func (l *lifting) fit(first int, candidates []candidate) bool {
	for _, c := range candidates {
		u := use{name: c.name}
		b := &binding{lifting: l, entry: c.entry, values: map[string]*source.Node{}, region: l.key.Region}
		taken := map[int]bool{}
		if !l.place(b, c, taken) || !taken[first] {
			continue
		}
		for _, list := range spec.ListNames {
			if name := c.lists[list]; name != "" && len(l.lists[list]) > 0 && b.bind(name, source.NewSequence(diag.Place{}, l.lists[list]...)) {
				u.takes = append(u.takes, list)
			}
		}
		u.parameters = l.given(c, b.values)
		if !l.gives(u, b.region, taken) {
			continue
		}
		l.take(u, b.region)
		for i := range taken {
			delete(l.left, i)
		}
		for _, list := range u.takes {
			delete(l.lists, list)
		}
		return true
	}
	return false
}

// take includes a template; region is that of the key, as far as it is known by now.
func (l *lifting) take(u use, region string) {
	if region != l.key.Region {
		l.key.Region = region
		l.header = append(slices.Clip(l.header), field("region", text(region)))
	}
	same := func(o use) bool {
		return policy.Compact(source.NewMapping(diag.Place{}, o.members("template")...)) == policy.Compact(source.NewMapping(diag.Place{}, u.members("template")...))
	}
	if !slices.ContainsFunc(l.uses, same) {
		l.uses = append(l.uses, u)
	}
}

// spelledAs is a list whose entries are written as an enumeration writes them: statements in canonical form have actions in lower case.
func spelledAs(enum, value *source.Node) *source.Node {
	c := source.NewSequence(diag.Place{})
	for _, known := range enum.Items {
		if slices.ContainsFunc(value.Items, func(n *source.Node) bool { return strings.EqualFold(known.Text, n.Text) }) {
			c.Items = append(c.Items, text(known.Text))
		}
	}
	if len(c.Items) < len(value.Items) {
		return value // there is another, which the template refuses
	}
	return c
}

// given are the parameters of a template that have a value other than the default.
func (l *lifting) given(c candidate, values map[string]*source.Node) []source.Member {
	var list []source.Member
	for _, p := range c.entry.Template.Parameters {
		v := values[p.Name.Text]
		if v == nil {
			continue
		}
		if v = l.named(p.Schema, v); p.Default == nil || policy.Compact(p.Default) != policy.Compact(v) {
			list = append(list, field(p.Name.Text, v))
		}
	}
	return list
}

// named is the value of a parameter with the roles of the key's account by their names, where it takes names.
func (l *lifting) named(schema, value *source.Node) *source.Node {
	items := schema.Get("items")
	if items != nil && items.Get("enum") != nil {
		return spelledAs(items.Get("enum"), value)
	}
	if items == nil || value.Kind != source.Sequence || items.Get("format") == nil || items.Get("format").Text != expand.PrincipalFormat {
		return value
	}
	c := value.Clone()
	for _, item := range c.Items {
		name, isRole := strings.CutPrefix(item.Text, policy.RoleARN(l.key.Partition, l.key.Account, ""))
		if _, _, isEnd := facts.CutIAMResource(name); isRole && !isEnd && l.key.Account != "" {
			item.Text = name
		}
	}
	return c
}

// place finds a statement for each of a template's, in order.
func (l *lifting) place(b *binding, c candidate, taken map[int]bool) bool {
	for at, pattern := range c.statements {
		found := false
		for i := range l.doc.Statements {
			if !l.left[i] || taken[i] {
				continue
			}
			try := b.clone()
			if try.value(pattern, l.canonical[i]) {
				*b, taken[i], found = *try, true, true
				break
			}
		}
		if !found && !c.optional[at] {
			return false
		}
	}
	return true
}

// gives reports whether the use of the template, compiled, is just the statements that it is taken for.
func (l *lifting) gives(u use, region string, taken map[int]bool) bool {
	result, found := l.library.Expand(u.include(), expand.Variables{
		Account: l.key.Account, Partition: l.key.Partition, Region: region, Key: l.key.ID,
	})
	if len(found) > 0 || len(result.Included) != len(taken) {
		return false
	}
	var want, got []string
	for i := range taken {
		want = append(want, l.texts[i])
	}
	for _, n := range result.Included {
		got = append(got, policy.Compact(l.pattern(n)))
	}
	slices.Sort(want)
	slices.Sort(got)
	return slices.Equal(want, got) && l.givesLists(result, u.takes)
}

// givesLists reports whether a template gives just the lists that are taken for its own.
func (l *lifting) givesLists(result *expand.Result, takes []string) bool {
	for _, list := range spec.ListNames {
		var given, taken []*source.Node
		if result.Lists[list] != nil {
			given = result.Lists[list].Entries
		}
		if slices.Contains(takes, list) {
			taken = l.lists[list]
		}
		if !slices.EqualFunc(given, taken, func(a, b *source.Node) bool { return l.roleARN(list, a.Text) == l.roleARN(list, b.Text) }) {
			return false
		}
	}
	return true
}

// roleARN is the entry of a list of roles as an ARN, as templates give it; other entries unchanged.
func (l *lifting) roleARN(list, entry string) string {
	if !strings.HasSuffix(list, "_roles") || strings.HasPrefix(entry, "arn:") {
		return entry
	}
	return policy.RoleARN(l.key.Partition, l.key.Account, entry)
}

// listParameters are the lists of a template's body that are a parameter each.
func listParameters(t *spec.Template) map[string]string {
	lists := map[string]string{}
	for _, m := range t.BodyMembers() {
		name, ok := soleReference(m.Value)
		if list := spec.FieldName(m.Key.Text); ok && slices.Contains(spec.ListNames[:], list) {
			lists[list] = name
		}
	}
	return lists
}

// pattern is the canonical form of a template's statement.
func (l *lifting) pattern(n *source.Node) *source.Node {
	doc := policy.Read(source.NewMapping(diag.Place{}, field("Statement", n)))
	if len(doc.Statements) != 1 {
		return n
	}
	return doc.Statements[0].Canonical(l.key.Partition)
}
