package access

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// describe puts contexts in words. Without any limits there are none.
func (s *space) describe(list []projection, callerAt, actionAt int) Conditions {
	return s.describeFor(list, s.key(list), callerAt, actionAt, nil)
}

// describeFor puts contexts in words that are right for other callers too, whose contexts are given by caller.
// Putting a union of boxes in words is the most expensive step of a report, and rows of a table repeat: the same
// contexts for many callers and actions. The memo's key is all that the text depends on: the contexts, whose key is given, and
// what can be sent.
func (s *space) describeFor(list []projection, key string, callerAt, actionAt int, others map[int][]projection) Conditions {
	s.meter.Take(stepRequest * (1 + len(list)))
	sent := s.sentBy(callerAt, actionAt)
	key += "\x00" + strconv.Itoa(sent.id) + "\x00"
	if s.comparesCallers() {
		key += strconv.Itoa(callerAt)
	}
	for _, i := range slices.Sorted(maps.Keys(others)) {
		key += fmt.Sprintf("\x00%d %s", i, s.key(others[i]))
	}
	if c, ok := s.described[key]; ok {
		return c
	}
	d := s.describer(callerAt, sent)
	d.where, d.ties = s.all().With(dimCaller, s.single(dimCaller, callerAt)).With(dimAction, s.single(dimAction, actionAt)), sent.ties
	d.join(others, actionAt)
	c := d.describe(list)
	c.said = c.id()
	s.described[key] = c
	return c
}

// comparesCallers reports whether what a key must be can depend on who the caller is.
func (s *space) comparesCallers() bool {
	found := false
	s.conditions(func(_ *model, _ *statement, c *condition) {
		found = found || len(c.variableNames()) > 0
	})
	return found
}

// What is reported are conditions as a policy could have them, so that a reader can hold them against his file; a
// list of classes and representatives would be exact and of no use.
func (d *describer) describe(list []projection) Conditions {
	all := d.alternatives(list)
	if len(all) > maxContexts {
		entry := d.tooMany(all)
		text := d.sentence(entry)
		return Conditions{Text: text, AnyOf: []map[string]Constraint{entry}, texts: []string{text}}
	}
	var out Conditions
	var texts []string
	for _, a := range all {
		d.untie(a)
		entries := []map[string]Constraint{{}}
		for i, set := range a {
			if d.variesAt(i) {
				entries = multiply(entries, d.common(i, a))
			} else if set != nil {
				entries = multiply(entries, d.constraints(i, set))
			}
		}
		for _, e := range entries {
			if len(e) == 0 {
				return Conditions{}
			}
			out.AnyOf = append(out.AnyOf, e)
			texts = append(texts, d.sentence(e))
		}
	}
	out.sort(texts)
	return out
}

// multiply joins each entry with each of some others.
func multiply(entries, more []map[string]Constraint) []map[string]Constraint {
	var out []map[string]Constraint
	for _, a := range entries {
		for _, b := range more {
			joined := map[string]Constraint{}
			for _, m := range []map[string]Constraint{a, b} {
				for k, c := range m {
					if before, ok := joined[k]; ok { // compared with variables of two groups of keys
						c = before.and(c)
					}
					joined[k] = c
				}
			}
			out = append(out, joined)
		}
	}
	return out
}

// sentence puts one alternative in words, and says of which of its keys it is not known whether the caller's requests have them.
func (d *describer) sentence(entry map[string]Constraint) string {
	return sentenceFor(d.s.callers[d.callerAt].kind, entry)
}

func sentenceFor(kind callerKind, entry map[string]Constraint) string {
	text := sentence(entry)
	if doubted := unsentKeys(kind, entry); len(doubted) > 0 {
		text += ", where " + joinWords(doubted, "and") + map[bool]string{true: " is", false: " are"}[len(doubted) == 1] + " not known to be sent"
	}
	return text
}

// unsentKeys are the keys that an alternative wants, and of which AWS's pages contradict each other whether the requests of a kind
// of caller have them.
// They are named in the sentence and not left out: for who wrote the condition it may work, and whether it does is
// what he has to try.
func unsentKeys(kind callerKind, entry map[string]Constraint) []string {
	var list []string
	for _, name := range sortedKeys(entry) {
		if k := keyNamed(name); !entry[name].Absent && k.known && k.sent(kind) == facts.SentNotKnown {
			list = append(list, name)
		}
	}
	return list
}

// sentence puts one alternative in words, its keys in order.
func sentence(entry map[string]Constraint) string {
	var phrases, vague []string
	absent := ""
	for _, name := range sortedKeys(entry) {
		if c := entry[name]; c.Operator == "" {
			vague = append(vague, name)
			if c.Absent {
				absent = ", or without"
			}
			continue
		}
		phrases = append(phrases, phrase(keyNamed(name), entry[name]))
	}
	if len(vague) > 0 {
		phrases = append(phrases, "only with some values of "+diag.Join(vague, "and")+absent+", which cannot be listed")
	}
	return strings.Join(phrases, ", ")
}
