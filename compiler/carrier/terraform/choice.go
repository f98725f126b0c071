package terraform

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// A policy may have parts that are written out and are there only if something comes true that is not known before a run. Such a
// choice is noted by all that rests on it, and a policy that rests on some is evaluated again with each way of settling them.

// choice is one while its options are found.
type choice struct {
	id string
	symbol.Choice
}

// pick is an option of a choice; an id of "" is none.
type pick struct {
	id     string
	option int
}

// choiceMark begins the names of choices among those of variables.
const choiceMark = "\x00choice "

func isChoice(name string) bool { return strings.HasPrefix(name, choiceMark) }

// offer notes that what is being evaluated rests on a choice.
func (e *evaluator) offer(c choice) {
	c.ID = c.id
	if _, known := e.choices[c.id]; !known {
		e.choices[c.id] = c
	}
	e.used[choiceMark+c.id] = true
}

// settle lets one option of a choice count alone.
func (e *evaluator) settle(p pick) {
	c, known := e.choices[p.id]
	if !known {
		return
	}
	c.Only = p.option + 1
	e.choices[p.id+choiceMark] = c
	delete(e.used, choiceMark+p.id)
	e.used[choiceMark+p.id+choiceMark] = true
}

// choicesIn are the choices that something rests on, by their ids.
func (e *evaluator) choicesIn(used names) []symbol.Choice {
	var list []symbol.Choice
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !isChoice(name) {
			continue
		}
		c := e.choices[strings.TrimPrefix(name, choiceMark)]
		if n := len(list) - 1; n >= 0 && list[n].ID == c.ID {
			list[n].Only = max(list[n].Only, c.Only)
			continue
		}
		list = append(list, c.Choice)
	}
	return list
}

// positive is a condition without the negations in front of it.
func positive(x hclsyntax.Expression) (condition hclsyntax.Expression, negated bool) {
	for {
		switch inner := x.(type) {
		case *hclsyntax.ParenthesesExpr:
			x = inner.Expression
		case *hclsyntax.UnaryOpExpr:
			if inner.Op != hclsyntax.OpLogicalNot {
				return x, negated
			}
			x, negated = inner.Val, !negated
		default:
			return x, negated
		}
	}
}

// conditionChoice is what a condition comes to: two of the same words about the same values come to the same.
func (e *evaluator) conditionChoice(x hclsyntax.Expression, s *scope) choice {
	c := choice{Choice: symbol.Choice{Ref: e.shortly(x.Range()), Options: []string{"is false", "is true"}, Place: e.place(x.Range())}}
	if t, ok := x.(*hclsyntax.ScopeTraversalExpr); ok {
		if v := e.traverse(t.Traversal, s, t.SrcRange); v.kind == unknown {
			c.id, c.Ref, c.Place = v.key(), v.hole.Ref, v.hole.Place
			return c
		}
	}
	var b strings.Builder
	b.WriteString(e.written(x.Range()))
	for _, t := range hclsyntax.Variables(x) {
		b.WriteByte(0)
		e.traverse(t, s, t.SourceRange()).id(&b)
	}
	c.id = b.String()
	return c
}

// shortly is an expression as it is written, cut where it is long.
func (e *evaluator) shortly(r hcl.Range) string {
	const longest = 60
	text := []rune(e.written(r))
	if len(text) > longest {
		return string(text[:longest]) + "…"
	}
	return string(text)
}

// membersChoice is whether a collection of which nothing is known has members.
func membersChoice(v *value) choice {
	return choice{id: "members " + v.key(), Choice: symbol.Choice{Ref: v.hole.Ref, Options: []string{"is empty", "has members"}, Place: v.place}}
}

// one is a member of a collection of which nothing is known.
func (e *evaluator) one(v *value) (key, val *value) {
	of := func(what string) *value {
		h := *v.hole
		h.Ref, h.Shape, h.provider = what, symbol.AnyText, ""
		if h.Kind == symbol.Own {
			h.Kind = symbol.Attribute
		}
		h.Definition += " " + what
		return newUnknown(&h)
	}
	return of("keys(" + v.hole.Ref + ")[*]"), of(v.hole.Ref + "[*]")
}

// forUnknown is a loop over a collection of which nothing is known. A body that is an object may be there.
func (e *evaluator) forUnknown(x *hclsyntax.ForExpr, s *scope, in, out *value) *value {
	open := out.open(e.derived(s, x.SrcRange, in.hole).hole)
	if x.KeyExpr != nil {
		return open
	}
	key, val := e.one(in)
	vars := map[string]*value{x.ValVar: val}
	if x.KeyVar != "" {
		vars[x.KeyVar] = key
	}
	body := e.value(x.ValExpr, s.with(vars))
	if body.kind != object {
		return open
	}
	c := membersChoice(in)
	option, assumed := e.assumed[c.id]
	switch {
	case !assumed:
		e.offer(c)
		return open
	case option == 1:
		out.items = append(out.items, body)
	}
	return out
}

// dynamicUnknown are the blocks that a dynamic one makes for a collection of which nothing is known.
func (e *evaluator) dynamicUnknown(b *hclsyntax.Block, name, iterator string, s *scope, v *value) (out []made, more *hole) {
	open := e.derived(s, b.Body.Attributes["for_each"].Expr.Range(), v.firstHole()).hole
	if v.kind != unknown || name == "condition" {
		return nil, open
	}
	c := membersChoice(v)
	option, assumed := e.assumed[c.id]
	switch {
	case !assumed:
		e.offer(c)
		return nil, open
	case option == 0:
		return nil, nil
	}
	key, val := e.one(v)
	item := &value{kind: object, place: v.place, fields: []field{{newText("key", v.place), key}, {newText("value", v.place), val}}}
	for _, content := range b.Body.Blocks {
		if content.Type == "content" {
			out = append(out, made{content.Body, s.with(map[string]*value{iterator: item}), e.blockPlace(b)})
		}
	}
	return out, nil
}

// mostMembers is of how many members one that is not known is looked for.
const mostMembers = 8

// member is the member of a collection whose name or position is not known.
func (e *evaluator) member(v, key *value, s *scope, r hcl.Range) *value {
	all := e.pairs(v)
	if key.kind != unknown || v.kind != object || v.hole != nil || len(all) < 2 || len(all) > mostMembers {
		return e.derived(s, r, key.firstHole())
	}
	c := choice{id: "member " + key.key() + v.key(), Choice: symbol.Choice{Ref: key.hole.Ref, Place: key.place}}
	for _, kv := range all {
		c.Options = append(c.Options, `is "`+kv.key.shown()+`"`)
	}
	if option, assumed := e.assumed[c.id]; assumed {
		return all[option].value
	}
	e.offer(c)
	return e.derived(s, r, key.firstHole())
}
