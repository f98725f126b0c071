package rules

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// A rule that is not written for values that are not known is asked about the policy with such values filled in, each time with
// other ones. What it finds whatever they are is so; what it finds of some is not known, and is left out. What points at a value
// that is filled in is left out too, but for what the policy means, and for what a user's rule finds at a text of which a part is written:
// nobody has written it. What the policy means is never worked out from fillings, but by compiler/access from the policy as it is.

// fillings is how many times a policy with holes is filled in at least. Each account that it names is tried too.
const (
	fillings    = 3
	maxFillings = 6
)

// filled is a policy with its holes filled in.
type filled struct {
	policy *spec.Compiled
	words  *strings.Replacer // from what was filled in to how the user names it
}

// fill fills a policy's holes in; nil where it has none.
func fill(p *spec.Compiled) []filled {
	if !p.Document.HasHoles() {
		return nil
	}
	symbolic := p.Document.Symbolic()
	accounts := slices.DeleteFunc(access.Accounts(p.Document), func(id string) bool { return id == p.Key.Account })
	all := make([]filled, min(fillings+len(accounts), maxFillings))
	for i := range all {
		f := filling{
			which: i % fillings, key: p.Key, numbers: map[string]int{}, known: map[string]bool{}, managed: strings.HasPrefix(p.Document.ID.Value, "auto-"),
		}
		if i >= fillings {
			f.which, f.other = fillings-1, accounts[i-fillings]
		}
		f.readKnown(symbolic)
		root := f.node(symbolic, nil)
		c := *p
		c.Document = policy.Read(root)
		c.Document.Statements = slices.DeleteFunc(c.Document.Statements, func(st policy.Statement) bool {
			return isHole(symbolic, st.Path) // what it will say is not known, so no rule can look at it
		})
		for at := range c.Document.Statements {
			c.Document.Statements[at].Index = at
		}
		all[i] = filled{policy: &c, words: f.replacer()}
	}
	return all
}

// isHole reports whether a path leads to a value that is not known, to what is below one, or to nothing that is written.
func isHole(root *source.Node, path diag.Path) bool {
	at := root
	for i := 0; ; i++ {
		switch {
		case at == nil || at.Parts != nil:
			return true
		case i == len(path):
			return at.Open != nil && len(at.Items)+len(at.Members) == 0
		case path[i] == 0 && at.Kind != source.Sequence:
			continue // one value represents a list of one
		}
		key, below := at.Resolve(diag.Path{path[i]})
		if key != nil && key.Parts.Whole() != nil {
			return true
		}
		at = below
	}
}

// isText reports whether a path leads to a text of which not all is known.
func isText(root *source.Node, path diag.Path) bool {
	_, at := root.Resolve(path)
	return at != nil && at.Kind == source.Scalar && at.Parts != nil
}

// isHoleAt is isHole for a place: the name of a field may be written where its value is not known, and of a condition key the
// literal part says which family it is of.
func isHoleAt(root *source.Node, path diag.Path, atKey bool) bool {
	key, _ := root.Resolve(path)
	if !atKey || key == nil {
		return isHole(root, path)
	}
	return key.Parts.Whole() != nil || isHole(root, path[:len(path)-1])
}

// aboveHole is as much of a path from a base as does not lead below a value that is not known.
func aboveHole(root *source.Node, base, path diag.Path) diag.Path {
	_, at := root.Resolve(base)
	for i := range path {
		if at == nil || at.Parts != nil {
			return path[:i]
		}
		_, at = at.Resolve(path[i : i+1])
	}
	return path
}

type filling struct {
	which   int
	other   string // an account that the policy names, to be tried; "" for one that it does not
	managed bool   // it says that it is the policy of an AWS managed key, which is for everyone
	key     spec.Key
	numbers map[string]int  // of holes, by what distinguishes them
	known   map[string]bool // the texts that are written
	words   []string        // what was filled in and the user's words for it, in turn
}

func (f *filling) readKnown(n *source.Node) {
	if n == nil {
		return
	}
	if n.Kind == source.Scalar && n.Parts == nil {
		f.known[n.Text] = true
	}
	for _, item := range n.Items {
		f.readKnown(item)
	}
	for _, m := range n.Members {
		f.readKnown(m.Value)
	}
}

// node copies a node with its holes filled in. Paths stay as they are: what is added is at the end.
func (f *filling) node(n *source.Node, path diag.Path) *source.Node {
	if n == nil {
		return nil
	}
	c := *n
	c.Parts, c.Open, c.Items, c.Members = nil, nil, nil, nil
	switch {
	case n.Parts != nil:
		return f.scalar(n, &c, path)
	case n.Kind == source.Sequence:
		for i, item := range n.Items {
			c.Items = append(c.Items, f.node(item, path.Append(i)))
		}
		if n.Open != nil && f.which > 0 && elementOf(path) != "Statement" {
			c.Items = append(c.Items, f.node(source.NewHole(n.Open), path.Append(len(n.Items))))
		}
	case n.Kind == source.Mapping:
		for _, m := range n.Members {
			key := m.Key
			if key.Parts != nil {
				key = f.scalar(key, new(source.Node), path.Append(""))
			}
			below := path.Append(m.Key.Text)
			if m.Key.Text == "Condition" && m.Value.Hole() != nil && f.which == 0 {
				continue // there may be none
			}
			c.Members = append(c.Members, source.Member{Key: key, Value: f.node(m.Value, below)})
		}
	}
	return &c
}

// scalar fills a text in, or what is in the place of a mapping.
func (f *filling) scalar(n, c *source.Node, path diag.Path) *source.Node {
	*c = *n
	c.Parts = nil
	if h := n.Hole(); h != nil {
		if whole := f.mapping(h, path); whole != nil {
			return whole
		}
	}
	c.Text = f.text(n.Parts, path)
	if n.Text != c.Text {
		f.words = append(f.words, c.Text, n.Text)
	}
	return c
}

// mapping is what a hole is filled with where a mapping is due; nil where a text is.
func (f *filling) mapping(h *symbol.Hole, path diag.Path) *source.Node {
	place := h.Place
	scalar := func(text string) *source.Node { return source.NewScalar(text, place) }
	fields := func(pairs ...any) *source.Node {
		n := source.NewMapping(place)
		for i := 0; i < len(pairs); i += 2 {
			value, ok := pairs[i+1].(*source.Node)
			if !ok {
				value = scalar(pairs[i+1].(string))
			}
			n.Members = append(n.Members, source.NewMember(pairs[i].(string), place, value))
		}
		return n
	}
	tag := "aws:PrincipalTag/" + f.name(h)
	inCondition := conditionAt(path)
	switch last := path[max(0, len(path)-1):]; {
	case len(path) == 0, len(path) == 1 && path[0] == "Statement", len(path) == 2 && path[0] == "Statement" && isPosition(path[1]):
		st := fields("Sid", f.name(h), "Effect", "Allow", "Principal", fields("AWS", policy.AccountARN(f.partition(), f.own())), "Action", "kms:*", "Resource", "*")
		if len(path) == 0 {
			return fields("Version", policy.Current, "Statement", st)
		}
		return st
	case last[0] == "Principal" || last[0] == "NotPrincipal":
		return fields("AWS", f.principal(h, "AWS"))
	case inCondition == len(path) && last[0] == "Condition":
		return fields("StringEquals", fields(tag, f.name(h)))
	case inCondition < len(path) && inCondition == len(path)-1 && path[inCondition] != "":
		return fields(tag, f.name(h))
	}
	return nil
}

func isPosition(step any) bool { _, ok := step.(int); return ok }
