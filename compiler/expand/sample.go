package expand

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// samples are texts that fit what parameters of templates are mostly about, where their schema has no example.
var samples = []string{
	"111122223333", "eu-central-1", "o-a1b2c3d4e5", "example", "example-1", "Example", "/example", "/example/*", "example/*",
	"1234abcd-12ab-34cd-56ef-1234567890ab", "alias/example", "ou-a1b2-f6g7h222", "r-a1b2", "o-a1b2c3d4e5/r-a1b2/ou-a1b2-f6g7h222/",
	"arn:aws:iam::111122223333:role/example", "arn:aws:iam::111122223333:user/example", "arn:aws:iam::111122223333:root",
	"arn:aws:s3:::example", "arn:aws:sns:eu-central-1:111122223333:example", "arn:aws:sqs:eu-central-1:111122223333:example",
	"arn:aws:logs:eu-central-1:111122223333:log-group:example", "arn:aws:lambda:eu-central-1:111122223333:function:example",
	"arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "s3.eu-central-1.amazonaws.com", "s3.amazonaws.com",
	"i-1234567890abcdef0", "vpc-1a2b3c4d", "vpce-1a2b3c4d", "10.0.0.0/8", "2027-03-31T00:00:00Z", "ami-1234567890abcdef0", "fs-1234567890abcdef0",
}

// Sample is values for a template's parameters that have no default, as a use would give them, each at the place of its
// parameter; false where none are found that the parameters' schemas take.
func (l *Library) Sample(t *Entry) (parameters *source.Node, ok bool) {
	parameters = source.NewMapping(t.Template.Root.Place)
	for i := range t.Template.Parameters {
		p := &t.Template.Parameters[i]
		if p.Default != nil {
			continue
		}
		value := sampleOf(p, p.Schema, func(n *source.Node) bool { return len(t.check(p, n)) == 0 })
		if value == nil {
			return nil, false
		}
		parameters.Members = append(parameters.Members, source.Member{Key: p.Name, Value: value})
	}
	return parameters, true
}

// sampleOf tries a schema's own examples and then what its type may be.
func sampleOf(p *spec.Parameter, schema *source.Node, fits func(*source.Node) bool) *source.Node {
	var tried []*source.Node
	for _, name := range []string{"examples", "enum"} {
		if list := schema.Get(name); list != nil {
			tried = append(tried, list.Items...)
		}
	}
	if one := schema.Get("const"); one != nil {
		tried = append(tried, one)
	}
	for _, n := range tried {
		if n = placed(n, p); fits(n) {
			return n
		}
	}
	kind := ""
	if t := schema.Get("type"); t.IsString() {
		kind = t.Text
	}
	switch kind {
	case "array":
		return sampleList(p, schema, fits)
	case "integer", "number":
		return sampleScalar(p, source.Int, []string{"1", "7", "30", "90", "365"}, fits)
	case "boolean":
		return sampleScalar(p, source.Bool, []string{"true", "false"}, fits)
	case "", "string":
		return sampleScalar(p, source.String, append([]string{strings.ReplaceAll(p.Name.Text, "_", "-")}, samples...), fits)
	default:
		return nil
	}
}

func sampleScalar(p *spec.Parameter, kind source.Type, texts []string, fits func(*source.Node) bool) *source.Node {
	for _, text := range texts {
		n := source.NewScalar(text, p.Name.Place)
		if kind != source.String {
			n.Type, n.Style = kind, source.Plain
		}
		if fits(n) {
			return n
		}
	}
	return nil
}

// sampleList is a list of one item, which is what the list's schema is asked about.
func sampleList(p *spec.Parameter, schema *source.Node, fits func(*source.Node) bool) *source.Node {
	items := schema.Get("items")
	if items == nil {
		items = source.NewMapping(p.Name.Place)
	}
	list := func(item *source.Node) *source.Node { return source.NewSequence(p.Name.Place, item) }
	item := sampleOf(p, items, func(n *source.Node) bool { return fits(list(n)) })
	if item == nil {
		return nil
	}
	return list(item)
}

// placed is a copy of a schema's example at the place of its parameter.
func placed(n *source.Node, p *spec.Parameter) *source.Node {
	c := n.Clone()
	var move func(*source.Node)
	move = func(n *source.Node) {
		n.Place = p.Name.Place
		for _, item := range n.Items {
			move(item)
		}
		for _, m := range n.Members {
			move(m.Key)
			move(m.Value)
		}
	}
	move(c)
	return c
}

// With is the library with one template in the place of what has its name.
func (l *Library) With(t *Entry) *Library {
	all := []*Entry{t}
	for _, name := range l.Names() {
		if e := l.user[name]; e != nil && name != t.Template.Name.Text {
			all = append(all, e)
		}
	}
	return NewLibrary(all)
}
