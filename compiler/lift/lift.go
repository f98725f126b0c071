// Package lift turns a policy document into a spec, the way back of what the compiler lowers: lists of who may do what
// where the statements are those that lists compile to, the built-in templates where they fit, and for the rest the
// statements unchanged. What it makes is to be compiled and held against the document before anybody relies on it.
package lift

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Spec is what a document became.
type Spec struct {
	Root      *source.Node
	Verbatim  []int    // the statements that are in it as they did in the document, by their index
	Templates []string // those that it uses, in the order of their statements
	Steps     []Step   // the statements that became a template which is written in another way
	// Placeless are the templates that would fit statements of it if the key's Region were known, sorted.
	Placeless []string
}

// Step is what some statements became.
type Step struct {
	Statements []int  // by their index
	Template   string // that they became
	// Lost are the uses of a key by a service that the statements let be and the template does not.
	Lost []string
}

// Document lifts a document. header are the spec's first fields, such as account and key.
func Document(doc *policy.Document, key spec.Key, library *expand.Library, header ...source.Member) Spec {
	return document(doc, key, library, false, header)
}

// document lifts a document; near says that statements close to those that lists compile to are taken too.
func document(doc *policy.Document, key spec.Key, library *expand.Library, near bool, header []source.Member) Spec {
	if !readable(doc) {
		return whole(doc, header...)
	}
	whole := map[int]bool{}
	for {
		l := newLifting(doc, key, library, near, header, whole)
		l.lift()
		torn := l.torn()
		if len(torn) == 0 {
			return l.result()
		}
		for _, i := range torn {
			whole[i] = true
		}
	}
}

func newLifting(doc *policy.Document, key spec.Key, library *expand.Library, near bool, header []source.Member, whole map[int]bool) *lifting {
	l := &lifting{near: near, whole: doc, key: key, library: library, lists: map[string][]*source.Node{}, header: header, left: map[int]bool{}}
	l.doc, l.origin = split(doc, key, whole)
	for i := range l.doc.Statements {
		l.left[i] = true
		n := l.doc.Statements[i].Canonical(key.Partition)
		l.canonical, l.texts = append(l.canonical, n), append(l.texts, policy.Compact(n))
	}
	return l
}

// lift takes what lists and templates say.
func (l *lifting) lift() {
	l.account()
	l.owners()
	l.users(true)
	l.administrators()
	l.templates()
	l.meanings()
	if l.near {
		l.users(false)
	}
}

// result is the spec of what was taken and what is left.
func (l *lifting) result() Spec {
	if !l.delegates && len(l.lists) == 0 && len(l.uses) == 0 {
		whole := whole(l.whole, l.header...)
		whole.Placeless = l.placelessNames()
		return whole
	}
	return l.spec()
}

func (l *lifting) placelessNames() []string {
	slices.Sort(l.placeless)
	return slices.Compact(l.placeless)
}

// whole makes the spec that gives the policy itself.
func whole(doc *policy.Document, header ...source.Member) Spec {
	s := Spec{Root: source.NewMapping(diag.Place{}, append(slices.Clip(header), field("policy", doc.Root))...)}
	for i := range doc.Statements {
		s.Verbatim = append(s.Verbatim, i)
	}
	return s
}

// lifting is one document on its way.
type lifting struct {
	whole   *policy.Document // as it was given
	doc     *policy.Document // with each service and the account in a statement of their own
	origin  []int            // of its statements, those of the whole
	key     spec.Key
	library *expand.Library
	header  []source.Member
	near    bool

	canonical []*source.Node            // the statements, each in its canonical form
	texts     []string                  // the same as text, for comparing
	left      map[int]bool              // the statements that nothing says yet
	delegates bool                      // the account's statement is there
	fields    []source.Member           // the fields about the key's kind and its administrators
	lists     map[string][]*source.Node // by spec.ListNames
	uses      []use
	steps     []Step
	placeless []string // by Spec.Placeless

	kindOfUsers string // the kind of key that the users' actions are of; "" before there are users
}

// readable reports whether every part of the document was understood, and means the same in the current version of the
// policy language, which specs are compiled to.
func readable(doc *policy.Document) bool {
	if len(doc.Problems) > 0 {
		return false
	}
	return doc.Version.Value == policy.Current || !mentions(doc.Root, "${")
}

func (l *lifting) spec() Spec {
	s := Spec{Steps: l.steps, Placeless: l.placelessNames()}
	for i := range s.Steps {
		s.Steps[i].Statements = l.origins(s.Steps[i].Statements)
	}
	members := append([]source.Member{}, l.header...)
	members = append(members, l.fields...)
	for _, name := range spec.ListNames {
		if entries := l.lists[name]; len(entries) > 0 {
			members = append(members, field(name, source.NewSequence(diag.Place{}, entries...)))
		}
	}
	switch {
	case !l.delegates:
		members = append(members, field("delegate_to_iam", boolean(false)))
	case len(l.lists) == 0 && len(l.uses) == 0 && len(l.left) == 0:
		members = append(members, field("delegate_to_iam", boolean(true))) // the account's statement is all that there is
	}
	switch {
	case len(l.uses) == 1 && l.isWhole(l.uses[0]):
		members = append(members, l.uses[0].members("policytemplate")...)
		s.Templates = append(s.Templates, l.uses[0].name)
	case len(l.uses) > 0:
		list := source.NewSequence(diag.Place{})
		for _, u := range l.uses {
			list.Items = append(list.Items, source.NewMapping(diag.Place{}, u.members("template")...))
			s.Templates = append(s.Templates, u.name)
		}
		members = append(members, field("include", list))
	}
	if len(l.left) > 0 {
		list := source.NewSequence(diag.Place{})
		s.Verbatim = l.origins(slices.Sorted(maps.Keys(l.left)))
		for _, i := range s.Verbatim {
			list.Items = append(list.Items, l.whole.Statements[i].Node)
		}
		members = append(members, field("statements", list))
	}
	s.Root = source.NewMapping(diag.Place{}, members...)
	return s
}

// isWhole reports whether a template is what the policy comes from, and not an addition to lists: it gives every list.
func (l *lifting) isWhole(u use) bool { return len(u.takes) > 0 && len(l.lists) == 0 }

func field(name string, value *source.Node) source.Member {
	return source.NewMember(name, diag.Place{}, value)
}

func text(s string) *source.Node { return source.NewScalar(s, diag.Place{}) }

func boolean(b bool) *source.Node {
	n := text("false")
	n.Type, n.Style = source.Bool, source.Plain
	if b {
		n.Text = "true"
	}
	return n
}

// mentions reports whether a string of a document holds a text.
func mentions(n *source.Node, what string) bool {
	if n == nil {
		return false
	}
	for _, item := range n.Items {
		if mentions(item, what) {
			return true
		}
	}
	for _, m := range n.Members {
		if mentions(m.Key, what) || mentions(m.Value, what) {
			return true
		}
	}
	return n.Kind == source.Scalar && strings.Contains(n.Text, what)
}
