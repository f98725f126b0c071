package expand

import (
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

// maxDepth is how deep templates may include one another, maxUses how many times one spec may use templates in
// all: includes that double at each level would never end.
const (
	maxDepth = 16
	maxUses  = 500
)

// Result is a spec with its templates filled in.
type Result struct {
	Lists            map[string]*spec.List // by the names of spec.ListNames
	Policy           *source.Node          // the whole policy, where the spec or its template gives it
	Included         []*source.Node        // statements of templates
	Statements       []*source.Node        // the spec's own statements
	DelegateToIAM    *source.Node
	AllowKeyDeletion *source.Node
	UsedBy           []spec.Use // the spec's own, then those of its templates
	Uses             []string   // the templates used, sorted
}

// Expand fills in the templates of a spec that has one form. Where a finding is an error the result is
// not to be compiled.
func (l *Library) Expand(s *spec.KeyPolicy, vars Variables) (*Result, diag.List) {
	e := &expander{library: l, vars: vars, statements: s.Statements, reported: map[string]bool{}, result: &Result{
		Lists: map[string]*spec.List{}, Policy: s.Policy, DelegateToIAM: s.DelegateToIAM, AllowKeyDeletion: s.AllowKeyDeletion,
	}}
	e.lists(&s.Body)
	e.result.UsedBy = slices.Clone(s.UsedBy)
	switch {
	case s.Template != nil:
		e.use(s.Template, s.Parameters, false)
	case s.Parameters != nil && len(s.Include) > 0 && s.Include[0].Template.IsString():
		e.besideInclude(s)
		return e.result, e.found
	case s.Parameters != nil:
		e.report(*s.Parameters, "template-parameter", "`parameters` is without `policytemplate`", "name the template that takes them: `policytemplate: NAME`")
	}
	e.includes(s.Include)
	e.result.Statements = s.Statements
	slices.Sort(e.result.Uses)
	e.result.Uses = slices.Compact(e.result.Uses)
	return e.result, e.found
}

type expander struct {
	library    *Library
	vars       Variables
	statements []*source.Node // the spec's own
	stack      []string       // the templates that are being filled in
	reported   map[string]bool
	result     *Result
	found      diag.List
}

func (e *expander) lists(b *spec.Body) {
	for _, name := range spec.ListNames {
		l := b.Lists[name]
		if l == nil {
			continue
		}
		if have := e.result.Lists[name]; have != nil {
			have.Entries = append(slices.Clip(have.Entries), l.Entries...)
			continue
		}
		e.result.Lists[name] = &spec.List{Field: l.Field, Entries: l.Entries}
	}
}

func (e *expander) includes(list []spec.Include) {
	for _, i := range list {
		e.use(i.Template, i.Parameters, true)
	}
}

// use fills in one template and adds it to the result.
func (e *expander) use(name, parameters *source.Node, included bool) {
	if !name.IsString() {
		return // the schema has reported it
	}
	entry := e.library.Lookup(name.Text)
	switch {
	case entry == nil:
		e.report(*name, "template-not-found", fmt.Sprintf("there is no template `%s`", name.Text), templateHelp(name.Text, e.library.Names()))
		return
	case slices.Contains(e.stack, name.Text) || len(e.stack) == maxDepth:
		e.report(*name, "template-cycle", "templates include each other in a circle: "+cycle(e.stack, name.Text), "remove one of these `include` entries")
		return
	}
	if e.result.Uses = append(e.result.Uses, name.Text); len(e.result.Uses) > maxUses {
		e.reportOnce(*name, "template-cycle", fmt.Sprintf("the spec uses templates more than %d times, including those that templates include", maxUses), "include fewer templates")
		return
	}
	if faults := e.library.faults(entry); faults.HasErrors() { // all of them are errors
		e.faulty(name, faults)
		return
	}
	sc := &scope{entry: entry, via: name}
	before := e.found.Count(diag.Error)
	e.parameters(sc, parameters)
	if e.found.Count(diag.Error) > before {
		return
	}
	e.stack = append(e.stack, name.Text)
	e.body(sc, included)
	e.stack = e.stack[:len(e.stack)-1]
}

// besideInclude reports parameters that are written beside include and not in its entry: once, and not as parameters that
// the template lacks too.
func (e *expander) besideInclude(s *spec.KeyPolicy) {
	e.report(*s.Parameters, "template-parameter", "`parameters` beside `include` has no effect: a template takes the parameters of its own entry",
		fmt.Sprintf("move it into the entry: `include: [{template: %s, parameters: {…}}]`", s.Include[0].Template.Text))
}

// faulty reports, where a template is used, what is wrong with the template: each of its lines is beside the use, and
// is a finding of its own where the template itself is checked.
func (e *expander) faulty(name *source.Node, faults diag.List) {
	const most = 10
	e.report(*name, "template-parameter", fmt.Sprintf("the template `%s` has faults of its own, the first: %s", name.Text, faults[0].Message), "fix the template first")
	last := &e.found[len(e.found)-1]
	for _, d := range faults[:min(len(faults), most)] {
		last.Related = append(last.Related, diag.Related{Place: d.Place, Message: d.Message})
	}
}

// body adds a template's filled in body to the result.
func (e *expander) body(sc *scope, included bool) {
	root := &source.Node{Kind: source.Mapping, Place: sc.via.Place, Origins: sc.via.Origins}
	for _, m := range sc.entry.Template.BodyMembers() {
		if m.Key.Text == "policy" {
			if included {
				e.report(*sc.via, "template-parameter", fmt.Sprintf("the template `%s` is a whole policy (it has `policy`) and cannot be included", sc.via.Text),
					"use it by `policytemplate`, as the whole policy")
				return
			}
			e.policy(sc, m.Value)
			return
		}
		value := m.Value
		if m.Key.Text == "statements" {
			value = sc.used(value)
		}
		root.Members = append(root.Members, source.Member{Key: e.substituteText(sc, m.Key), Value: e.substitute(sc, value)})
	}
	wrong := validate.Body(root)
	e.found = append(e.found, wrong...)
	if wrong.HasErrors() {
		return
	}
	b := spec.ParseBody(root)
	e.lists(&b)
	e.includes(b.Include)
	e.result.UsedBy = append(e.result.UsedBy, b.UsedBy...)
	e.emptied(sc, b.Statements)
	e.result.Included = append(e.result.Included, e.distinct(b.Statements)...)
	if !included {
		if e.result.DelegateToIAM == nil {
			e.result.DelegateToIAM = b.DelegateToIAM
		}
		if e.result.AllowKeyDeletion == nil {
			e.result.AllowKeyDeletion = b.AllowKeyDeletion
		}
	}
}

// distinct numbers the Sids that statements of an earlier include have, as those of a template that is included for one thing
// and again for another. No other statement of the template or of the spec has a numbered Sid.
func (e *expander) distinct(statements []*source.Node) []*source.Node {
	earlier := spec.Sids(e.result.Included)
	taken := spec.Sids(slices.Concat(e.result.Included, statements, e.statements))
	out := slices.Clone(statements)
	for i, st := range statements {
		sid := st.Get("Sid")
		if !sid.IsString() || len(sid.Parts) > 0 || !earlier[sid.Text] {
			continue
		}
		numbered := *sid
		numbered.Text = spec.FreeSid(sid.Text, taken)
		taken[numbered.Text] = true
		changed := *st
		changed.Members = slices.Clone(st.Members)
		for j, m := range changed.Members {
			if m.Value == sid {
				changed.Members[j].Value = &numbered
			}
		}
		out[i] = &changed
	}
	return out
}

// policy takes a template's whole policy; one JSON string is read first, so that values go in as nodes.
func (e *expander) policy(sc *scope, n *source.Node) {
	if n.IsString() {
		inner, found := n.Embedded(source.DefaultLimits)
		e.found = append(e.found, found...)
		if inner == nil || found.HasErrors() {
			return
		}
		n = inner
	}
	c := *n
	c.Members = slices.Clone(n.Members)
	for i, m := range c.Members {
		if m.Key.Text == "Statement" {
			c.Members[i].Value = sc.used(m.Value)
		}
	}
	e.result.Policy = e.substitute(sc, &c)
	if statements := e.result.Policy.Get("Statement"); statements != nil {
		e.emptied(sc, statements.Items)
	}
}

// emptied reports statements that parameters have left without a principal: a statement for nobody is not
// policy, and leaving it out in silence would be none that the template's writer meant.
func (e *expander) emptied(sc *scope, statements []*source.Node) {
	for _, st := range statements {
		for _, element := range []string{"Principal", "NotPrincipal"} {
			if p := st.Get(element); p != nil && isEmpty(p) {
				e.report(*p, "template-parameter", fmt.Sprintf("a statement of the template `%s` is left without a principal", sc.via.Text),
					"give the parameter that names its principals at least one entry")
			}
		}
	}
}

// isEmpty reports whether a Principal names nobody.
func isEmpty(n *source.Node) bool {
	if n.Kind == source.Scalar {
		return false
	}
	for _, m := range n.Members {
		if m.Value.Kind != source.Sequence || len(m.Value.Items) > 0 {
			return false
		}
	}
	return len(n.Items) == 0
}
