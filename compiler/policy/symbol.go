package policy

import (
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// More is a mapping that is not known as a whole, or may have more fields than are written. What a list may have beside its
// items is an item of its own, which is one value or several.
type More struct {
	Element string // Principal, NotPrincipal or Condition; "" is the statement itself
	Hole    *symbol.Hole
	Path    diag.Path
}

// MoreOf lists what an element may have beside what is written.
func (s *Statement) MoreOf(element string) []More {
	var list []More
	for _, m := range s.More {
		if m.Element == element {
			list = append(list, m)
		}
	}
	return list
}

// Further represents the statements that a policy may have beside those that are written: it may allow somebody, or a service, anything. What
// they may deny is left out, so that what is written is accused all the same.
func Further(h *symbol.Hole, index int) *Statement {
	place := h.Place
	hole := func() *source.Node { return source.NewHole(h) }
	st := source.NewMapping(place,
		source.NewMember("Effect", place, source.NewScalar("Allow", place)),
		source.NewMember("Principal", place, hole()),
		source.NewMember("Action", place, hole()),
		source.NewMember("Resource", place, source.NewScalar("*", place)),
	)
	doc := Read(source.NewMapping(place, source.NewMember("Statement", place, st)))
	doc.Statements[0].Index = index
	return &doc.Statements[0]
}

// IsPending reports whether all of a text is one mark that is still to be filled in: where a document is due, it may become any.
func IsPending(n *source.Node) bool {
	if n == nil || !n.IsString() {
		return false
	}
	text := strings.TrimSpace(n.Text)
	return text != "" && Placeholder(text) == text
}

// parts are the parts of a text that are not known: the node's own, or those of a text with marks that are yet to be filled in.
func parts(n *source.Node, doubtful bool) symbol.Text {
	if n.Parts != nil || n.Type != source.String {
		return n.Parts
	}
	mark := Placeholder(n.Text)
	if mark == "" || !doubtful && !IsDoubtlessPlaceholder(mark) {
		return nil
	}
	return placeholdersIn(n.Text, n.Place)
}

// placeholdersIn takes a text apart at its marks that are yet to be filled in; nil where it has none.
func placeholdersIn(text string, place diag.Place) symbol.Text {
	var list []symbol.Part
	for {
		mark := Placeholder(text)
		if mark == "" {
			break
		}
		at := strings.Index(text, mark)
		for wholePart.MatchString(mark) && !isWholePart(text, at, len(mark)) {
			at += 1 + strings.Index(text[at+1:], mark)
		}
		hole := &symbol.Hole{Kind: symbol.Placeholder, Ref: mark, Place: place}
		list = append(list, symbol.Part{Literal: text[:at]}, symbol.Part{Hole: hole})
		text = text[at+len(mark):]
	}
	parts, _, _ := symbol.NewText(append(list, symbol.Part{Literal: text})...)
	return parts
}

func isWholePart(text string, at, length int) bool {
	return (at == 0 || text[at-1] == ':') && (at+length == len(text) || text[at+length] == ':')
}

// OwnValues are what is known of the key itself; "" is not known.
type OwnValues struct{ Account, Partition, Region, KeyID string }

func (o OwnValues) of(name string) string {
	switch name {
	case "{account}":
		return o.Account
	case "{partition}":
		return o.Partition
	case "{region}":
		return o.Region
	case "{key}":
		return o.KeyID
	}
	return ""
}

var ownName = regexp.MustCompile(`\{[a-z]+\}`)

// Glob is the pattern that every value of a hole matches, with what is known of the key in its place.
func (o OwnValues) Glob(h *symbol.Hole) string {
	if h.Shape == symbol.AnyText {
		return "*"
	}
	return ownName.ReplaceAllStringFunc(string(h.Shape), func(name string) string {
		if value := o.of(name); value != "" {
			return value
		}
		return "*"
	})
}

// known is the text where each of its holes is the key's own, and known.
func (o OwnValues) known(t symbol.Text) (string, bool) {
	known := t != nil
	text := t.Fill(func(h *symbol.Hole) string {
		glob := o.Glob(h)
		known = known && h.Kind == symbol.Own && h.Shape != symbol.AnyText && !strings.Contains(glob, "*")
		return glob
	})
	return text, known
}

// Resolve puts what is known of the key in the place of the holes that represent it. Without such holes it is the document itself.
func (d *Document) Resolve(own OwnValues) *Document {
	if !d.HasHoles() {
		return d
	}
	c := *d
	c.Statements = slices.Clone(d.Statements)
	for i := range c.Statements {
		st := &c.Statements[i]
		st.Effect = own.text(st.Effect)
		for _, list := range []*[]Text{&st.Actions, &st.NotActions, &st.Resources, &st.NotResources} {
			*list = own.texts(*list)
		}
		st.Principals, st.NotPrincipals = own.principals(st.Principals), own.principals(st.NotPrincipals)
		st.Conditions = slices.Clone(st.Conditions)
		for j := range st.Conditions {
			cond := &st.Conditions[j]
			cond.Operator, cond.Key, cond.Values = own.text(cond.Operator), own.text(cond.Key), own.texts(cond.Values)
		}
	}
	return &c
}

func (o OwnValues) text(t Text) Text {
	if text, known := o.known(t.Parts); known {
		return Text{Value: text, Path: t.Path}
	}
	return t
}

func (o OwnValues) texts(list []Text) []Text {
	list = slices.Clone(list)
	for i := range list {
		list[i] = o.text(list[i])
	}
	return list
}

func (o OwnValues) principals(list []Principal) []Principal {
	list = slices.Clone(list)
	for i, p := range list {
		if text, known := o.known(p.Parts); known {
			list[i] = ReadPrincipal(p.Element, text, p.Path)
		}
	}
	return list
}

// HasHoles reports whether a part of the document is not known before a run.
func (d *Document) HasHoles() bool { return d.symbolic }
