package policydocument_test

import (
	"fmt"
	"math/rand/v2"
)

// generator makes documents at random.
type generator struct {
	*rand.Rand
	variables int
}

func (g *generator) documents() documents {
	d := documents{}
	for _, name := range []string{"a", "b", "c", "d"} {
		d[name] = g.document(d)
	}
	return d
}

// unknown is a variable of its own.
func (g *generator) unknown() reference {
	g.variables++
	return reference(fmt.Sprintf("var.u%d", g.variables))
}

// one is one of some values; sometimes it is not known.
func (g *generator) one(values ...any) any {
	if g.IntN(10) == 0 {
		return g.unknown()
	}
	return values[g.IntN(len(values))]
}

func (g *generator) list(values ...any) any {
	if g.IntN(12) == 0 {
		return g.unknown()
	}
	out := list{}
	for range g.IntN(4) {
		out = append(out, g.one(values...))
	}
	return out
}

// optional adds an entry, or none.
func (g *generator) optional(b block, name string, value func() any) block {
	if g.IntN(2) == 0 {
		return b
	}
	return append(b, entry{name, value()})
}

func (g *generator) document(others documents) (b block) {
	var texts, references []any
	for _, st := range []string{``, `{"Sid": "A", "Effect": "Deny"}`, `{"Sid": "B", "Condition": {"Bool": {"b": "true", "n": 1}}}, {"Effect": "Allow"}`, `{"Sid": "C"}, {"Sid": "C"}`} {
		texts = append(texts, `{"Statement": [`+st+`], "Version": "2012-10-17"}`, `{"Id": "x", "Statement": [`+st+`]}`)
	}
	for _, name := range others.names() {
		references = append(references, reference("data.aws_iam_policy_document."+name+".json"))
	}
	documents := func() any {
		if len(references) > 0 && g.IntN(2) == 0 {
			return g.list(references...)
		}
		return g.list(texts...)
	}
	b = g.optional(b, "version", func() any { return g.one(nil, "2008-10-17", "2012-10-17") })
	b = g.optional(b, "policy_id", func() any { return g.one(nil, "", "i") })
	for _, name := range []string{"source_policy_documents", "override_policy_documents"} {
		b = g.optional(b, name, documents)
	}
	for _, name := range []string{"source_json", "override_json"} {
		b = g.optional(b, name, func() any { return g.one(append(texts, "", nil)...) })
	}
	for range g.IntN(4) {
		b = append(b, entry{"statement", g.statement()})
	}
	return b
}

func (g *generator) statement() (b block) {
	b = g.optional(b, "sid", func() any { return g.one("", nil, "A", "B", "C") })
	b = g.optional(b, "effect", func() any { return g.one(nil, "Allow", "Deny") })
	for _, name := range []string{"actions", "not_actions", "resources", "not_resources"} {
		b = g.optional(b, name, func() any { return g.list("*", "kms:Decrypt", "kms:Encrypt", "&{aws:username}") })
	}
	for _, name := range []string{"principals", "not_principals"} {
		for range g.IntN(3) {
			b = append(b, entry{name, block{
				{"type", g.one("AWS", "AWS", "Service", "*")},
				{"identifiers", g.list("*", "arn:aws:iam::111122223333:root", "a", "b")},
			}})
		}
	}
	for range g.IntN(3) {
		b = append(b, entry{"condition", block{
			{"test", g.one("Bool", "StringEquals")},
			{"variable", g.one("aws:a", "aws:b")},
			{"values", g.list("a", "b", "&{aws:username}")},
		}})
	}
	return b
}
