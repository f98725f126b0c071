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
	of, is string // a comparison of a value with one that is known: no other of the value is true next to it
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

// settle lets only one option of a choice count.
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

// isOpen reports whether something rests on a choice that is not settled.
func (e *evaluator) isOpen(used names) bool {
	return slices.ContainsFunc(e.choicesIn(used), func(c symbol.Choice) bool { return c.Only == 0 })
}

// offerUnless offers a choice, unless what it is about rests on another: that decides, and is settled first.
func (e *evaluator) offerUnless(rests names, c choice) {
	if !e.isOpen(rests) {
		e.offer(c)
	}
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

// instancesChoice is whether a block whose count or for_each is not known has instances.
func instancesChoice(v *value) choice {
	return choice{id: "instances " + v.key(), Choice: symbol.Choice{Ref: v.hole.Ref, Options: []string{"gives none", "gives one"}, Place: v.place}}
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

// onlyMember names the collection of which a loop in a template writes one member.
const onlyMember = "\x00only member"

// forUnknown is a loop over a collection of which nothing is known. A body that is an object may be there.
func (e *evaluator) forUnknown(x *hclsyntax.ForExpr, s *scope, in, out *value) *value {
	open := out.open(e.derived(s, x.SrcRange, in.hole).hole)
	if x.KeyExpr != nil {
		return open
	}
	key, val := e.one(in)
	vars := map[string]*value{x.ValVar: val}
	inText := strings.HasPrefix(e.written(x.OpenRange), "%{")
	if inText {
		key, vars[onlyMember] = newNumber("0", in.place), in
	}
	if x.KeyVar != "" {
		vars[x.KeyVar] = key
	}
	body := e.value(x.ValExpr, s.with(vars))
	if body.kind != object && !inText && (body.encoded == nil || body.encoded.kind != object) {
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
	open := e.made(b, s, e.derived(s, b.Body.Attributes["for_each"].Expr.Range(), v.firstHole()).hole)
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

// member is the member of a collection whose name or position is not known.
func (e *evaluator) member(v, key *value, s *scope, r hcl.Range) *value {
	otherwise := e.derived(s, r, key.firstHole())
	if key.kind != unknown || v.kind != object && v.kind != list || v.hole != nil || len(v.fields)+len(v.items) < 2 {
		return otherwise
	}
	return e.oneOf(v, key, nil, otherwise)
}

// oneOf is the member of a collection whose name or position is not known, or what there is where it has no such member.
func (e *evaluator) oneOf(v, key, otherwise, open *value) *value {
	c := choice{id: "member " + key.key() + v.key(), Choice: symbol.Choice{Ref: key.hole.Ref, Place: key.place}}
	var values []*value
	for _, kv := range e.pairs(v) {
		c.Options, values = append(c.Options, `is "`+kv.key.shown()+`"`), append(values, kv.value)
	}
	if otherwise != nil {
		c.Options, values = append(c.Options, "is another"), append(values, otherwise)
	}
	if option, assumed := e.assumed[c.id]; assumed {
		return values[option]
	}
	first := values[0].key()
	if !slices.ContainsFunc(values, func(v *value) bool { return v.key() != first }) {
		return values[0]
	}
	e.offer(c)
	return open
}
