package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// link makes a key able to have the values of a variable that it is compared with, and the other way round.
// A comparison of two keys is a relation, and classes are made for each key by itself. So that "equal" and "not
// equal" can both be represented, each key has to be able to take the other's values: those of the caller are
// copied, those of another key shared.
func (s *space) link(b, v *dimensionBuilder, name string, c *condition) {
	if b == nil {
		if v != nil { // a key of the caller compared with a variable: its values are the callers'
			for _, caller := range s.callers {
				for _, text := range callerValues(caller, c.key.lower) {
					v.extra = append(v.extra, variableIn(c, text)...)
				}
			}
		}
		return
	}
	if v != nil {
		b.linked = append(b.linked, v.key.lower)
		v.linked = append(v.linked, b.key.lower)
		return
	}
	b.linked = append(b.linked, name)
	if st, _ := s.leafOf(b.key.lower); st != nil {
		return
	}
	for _, caller := range s.callers {
		for _, text := range callerValues(caller, name) {
			b.extra = append(b.extra, s.substitute(c, name, text)...)
		}
	}
}

// variableIn gives the values of a condition's variable with which the condition's values match a text.
func variableIn(c *condition, text string) []string {
	var list []string
	for i := range c.values {
		v := &c.values[i]
		t, ok := template{}, false
		if v.pieces != nil {
			t, ok = templateOf(c, v)
		}
		rest, begins := strings.CutPrefix(text, t.before)
		if !ok || !begins {
			continue
		}
		for n := range len(rest) + 1 {
			if p := t.resolve(rest[:n]); p != nil && p.Match(text) {
				list = append(list, rest[:n])
				break // the others are alike to all that is not compared with them
			}
		}
	}
	return list
}

func callerValues(c caller, lower string) []string {
	choices, _ := c.derived(lower)
	var list []string
	for _, values := range choices {
		list = append(list, values...)
	}
	return list
}

// substitute gives the values that a condition asks for where a variable has a value.
func (s *space) substitute(c *condition, name, text string) []string {
	var list []string
	for _, v := range c.values {
		chars, ok := resolvePieces(v.pieces, func(variable string) (string, bool) { return text, variable == name })
		if v.pieces == nil || !ok {
			continue
		}
		var b strings.Builder
		for _, ch := range chars {
			if !ch.Wild {
				b.WriteRune(ch.Rune)
			}
		}
		list = append(list, b.String())
	}
	return list
}

// userIDs are what aws:userid can be for the callers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
// Each form is a domain of its own, so that a value of one kind of caller never represents another kind's.
func (s *space) userIDs() []glob.Pattern {
	id := glob.Concat([]glob.Token{{Set: glob.CharsOf(letters)}}, glob.ZeroOrMore(letters+digits))
	list := []glob.Pattern{id, glob.Concat(id, glob.Exact(":"), glob.OneOrMore(nameChars))}
	seen := map[string]bool{}
	for i := range s.callers {
		c := &s.callers[i]
		var domain glob.Pattern
		text := ""
		switch {
		case c.kind == callerRoot:
			text = c.account
			domain = glob.Exact(text)
		case c.kind == callerFederated:
			text = c.account + ":" + c.name
			domain = glob.Exact(text)
		case c.kind == callerSession && !c.anySession:
			text = ":" + c.session
			domain = glob.Concat(id, glob.Exact(text))
		}
		if domain != nil && !seen[text] {
			seen[text] = true
			list = append(list, domain)
		}
	}
	return list
}

// linkContextKeys: which keys an encryption context has is what kms:EncryptionContextKeys says.
func (s *space) linkContextKeys(builders keyBuilders) {
	all := builders[keyEncryptionKeys]
	if all == nil {
		return
	}
	for lower := range builders {
		if name, ok := strings.CutPrefix(lower, encryptionPrefix); ok {
			all.extra = append(all.extra, spelled(s, lower, name))
		}
	}
	slices.Sort(all.extra)
	for _, name := range all.extra { // the name of a condition key counts in any case
		all.apart = append(all.apart, glob.Fold(name))
	}
}

// spelled is the context key as a policy spells it.
func spelled(s *space, lower, name string) string {
	found := name
	s.conditions(func(_ *model, _ *statement, c *condition) {
		if c.key.lower == lower {
			found = c.key.name[len(encryptionPrefix):]
		}
	})
	return found
}

// shareLinked gives keys that are linked, by others in between too, each other's conditions, so that they distinguish the same
// values apart.
// If `a` is compared with `b` and a condition singles out the value x of `b`, then x is special for `a` too,
// though nothing says so of `a`: where they are equal the condition on `b` holds. So conditions travel along
// links, transitively.
func (s *space) shareLinked(builders keyBuilders) {
	done := map[string]bool{}
	for _, lower := range sortedKeys(builders) {
		if st, _ := s.leafOf(lower); done[lower] || len(builders[lower].linked) == 0 || st != nil || s.stars[lower] != nil {
			continue
		}
		keys := linkedKeys(lower, builders)
		var names []string // the linked keys of the callers too
		for _, key := range keys {
			done[key] = true
			names = append(names, key)
			names = append(names, builders[key].linked...)
		}
		slices.Sort(names)
		names = slices.Compact(names)
		var conds []*condition
		var extra []string
		for _, key := range keys {
			conds, extra = append(conds, builders[key].conds...), append(extra, builders[key].extra...)
		}
		for _, key := range keys {
			b := builders[key]
			s.meter.Take(boxes.StepBox * (len(conds) + len(extra) + len(names)))
			b.conds, b.extra = union(b.conds, conds), union(b.extra, extra)
			b.linked = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == key })
		}
	}
}

// linkedKeys are the keys that a key is linked with, and itself, sorted.
func linkedKeys(lower string, builders keyBuilders) []string {
	in := map[string]bool{lower: true}
	for rest := []string{lower}; len(rest) > 0; rest = rest[1:] {
		for _, other := range builders[rest[0]].linked {
			if builders[other] != nil && !in[other] {
				in[other] = true
				rest = append(rest, other)
			}
		}
	}
	return sortedKeys(in)
}

// union is a list and what another has next to it, each once.
func union[T comparable](list, other []T) []T {
	seen := map[T]bool{}
	var out []T
	for _, x := range slices.Concat(list, other) {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}
