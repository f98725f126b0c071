package lift

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// parameter is what is not known of a policy, as a parameter of the template that it becomes.
type parameter struct {
	name     string
	ref      string // as it is written where it comes from
	list     bool   // its value is a list of texts
	samples  []string
	position string // the element that it is in
}

// parameters are those of one policy.
type parameters struct {
	byID      map[string]*parameter
	order     []*parameter
	names     map[string]bool
	structure []string // references of which not even the kind of value is known: statements, conditions
	fill      bool     // samples are written instead of references
	own       map[symbol.Shape]string
}

// ownNames are what templates call the key's own account, partition and Region.
var ownNames = map[symbol.Shape]string{symbol.OwnAccount: "$(account)", symbol.OwnPartition: "$(partition)", symbol.OwnRegion: "$(region)"}

// HasHoles reports whether a policy has parts that are not known. The key's own account, partition, Region and ARN count where own is
// set.
func HasHoles(n *source.Node, own bool) bool {
	if n == nil {
		return false
	}
	isHole := func(p symbol.Part) bool { return p.Hole != nil && (own || p.Hole.Kind != symbol.Own) }
	within := func(n *source.Node) bool { return HasHoles(n, own) }
	return n.Open != nil || slices.ContainsFunc(n.Parts, isHole) || slices.ContainsFunc(n.Items, within) ||
		slices.ContainsFunc(n.Members, func(m source.Member) bool { return within(m.Key) || within(m.Value) })
}

// policy writes a policy with references to the parameters, or with their samples.
func (p *parameters) policy(root *source.Node) *source.Node {
	return p.mapping(root, func(name string, value *source.Node) *source.Node {
		switch {
		case name != "Statement":
			return p.value(value, name)
		case value.Kind == source.Sequence:
			return p.statements(value)
		default:
			return p.statement(value)
		}
	})
}

func (p *parameters) statements(n *source.Node) *source.Node {
	out := source.NewSequence(diag.Place{})
	for _, st := range n.Items {
		out.Items = append(out.Items, p.statement(st))
	}
	p.notKnown(n.Open)
	return out
}

func (p *parameters) statement(n *source.Node) *source.Node {
	return p.mapping(n, func(name string, value *source.Node) *source.Node {
		switch {
		case name == "Condition":
			return p.mapping(value, func(_ string, keys *source.Node) *source.Node {
				return p.mapping(keys, func(_ string, values *source.Node) *source.Node { return p.value(values, name) })
			})
		case strings.HasSuffix(name, "Principal") && value.Kind == source.Mapping:
			return p.mapping(value, func(_ string, who *source.Node) *source.Node { return p.value(who, name) })
		case strings.HasSuffix(name, "Principal"):
			p.notKnown(value.Hole())
			return value
		default:
			return p.value(value, name)
		}
	})
}

// mapping writes a mapping with its values written. Of one that is not known as such nothing can be written.
func (p *parameters) mapping(n *source.Node, value func(name string, v *source.Node) *source.Node) *source.Node {
	if n.Kind != source.Mapping {
		p.notKnown(n.Hole())
		return n
	}
	p.notKnown(n.Open)
	out := source.NewMapping(diag.Place{})
	for _, m := range n.Members {
		p.notKnown(m.Key.Parts.First())
		out.Members = append(out.Members, field(m.Key.Text, value(m.Key.Text, m.Value)))
	}
	return out
}

func (p *parameters) notKnown(h *symbol.Hole) {
	if h != nil && !slices.Contains(p.structure, h.Ref) {
		p.structure = append(p.structure, h.Ref)
	}
}

// value writes a text, or a list of texts, in an element.
func (p *parameters) value(n *source.Node, element string) *source.Node {
	switch {
	case n.Kind == source.Sequence:
		out := source.NewSequence(diag.Place{})
		for _, i := range n.Items {
			out.Items = append(out.Items, p.text(i, element))
		}
		if n.Open != nil {
			out.Items = append(out.Items, p.list(n.Open, element)...)
		}
		return out
	case n.Kind != source.Scalar || n.IsKnown():
		return n
	}
	if h := n.Hole(); h != nil && h.Kind != symbol.Own && h.Shape == symbol.AnyText && isListed(element) { // it may be a list
		items := p.list(h, element)
		if p.fill {
			return source.NewSequence(diag.Place{}, items...)
		}
		return items[0]
	}
	return p.text(n, element)
}

// isListed reports whether an element takes a list.
func isListed(element string) bool {
	return element != "Sid" && element != "Effect" && element != "Id" && element != "Version"
}

// list writes the members of a list that are not known.
func (p *parameters) list(h *symbol.Hole, element string) []*source.Node {
	of := p.of(h, true, element)
	if !p.fill {
		return []*source.Node{text("$(" + of.name + ")")}
	}
	var out []*source.Node
	for _, s := range of.samples {
		out = append(out, text(s))
	}
	return out
}

// text writes a text of which parts are not known.
func (p *parameters) text(n *source.Node, element string) *source.Node {
	if n.Kind != source.Scalar || n.IsKnown() {
		return n
	}
	if h := n.Hole(); strings.HasSuffix(element, "Resource") && h != nil && h.Kind == symbol.Own && h.Shape == symbol.OwnKeyARN {
		return text("*") // in a key policy it is this key
	}
	var b strings.Builder
	for i, part := range n.Parts {
		switch h := part.Hole; {
		case h == nil:
			b.WriteString(part.Literal)
		case h.Kind == symbol.Own && ownNames[h.Shape] != "" && p.fill:
			b.WriteString(p.own[h.Shape])
		case h.Kind == symbol.Own && ownNames[h.Shape] != "":
			b.WriteString(ownNames[h.Shape])
		case p.fill:
			b.WriteString(p.sampleOf(h, n.Parts, i, element))
		default:
			b.WriteString("$(" + p.sampled(h, n.Parts, i, element).name + ")")
		}
	}
	return text(b.String())
}

func (p *parameters) sampleOf(h *symbol.Hole, parts symbol.Text, i int, element string) string {
	return p.sampled(h, parts, i, element).samples[0]
}

// sampled is the parameter of a part of a text, with a sample that fits what is around it.
func (p *parameters) sampled(h *symbol.Hole, parts symbol.Text, i int, element string) *parameter {
	of := p.of(h, false, element)
	if !p.fill && i > 0 && strings.HasSuffix(parts[i-1].Literal, "::") {
		of.samples = []string{"111122223333"}
	} else if !p.fill && len(parts) > 1 && len(of.samples) > 0 && strings.HasPrefix(of.samples[0], "arn:") {
		of.samples = []string{"sample-" + of.name}
	}
	return of
}

// of is the parameter that a hole becomes.
func (p *parameters) of(h *symbol.Hole, list bool, element string) *parameter {
	id := h.ID()
	if list {
		id = "list " + id
	}
	if have := p.byID[id]; have != nil {
		return have
	}
	one := &parameter{name: p.nameOf(h), ref: h.Ref, list: list, position: element}
	one.samples = []string{"sample-" + one.name}
	switch {
	case strings.HasSuffix(element, "Principal"):
		one.samples = []string{"arn:aws:iam::111122223333:role/" + one.name}
	case strings.HasSuffix(element, "Action"):
		one.samples = []string{"kms:Decrypt"}
	case strings.HasSuffix(element, "Resource"):
		one.samples = []string{"*"}
	case element == "Effect":
		one.samples = []string{"Allow"}
	}
	p.byID[id], p.order = one, append(p.order, one)
	return one
}

var notName = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// nameOf is the name of a parameter, after its reference.
func (p *parameters) nameOf(h *symbol.Hole) string {
	base := h.Ref
	for _, prefix := range []string{"var.", "local.", "data.", "each.", "module."} {
		base = strings.TrimPrefix(base, prefix)
	}
	base = strings.Trim(notName.ReplaceAllString(base, "_"), "_")
	if base == "" || base[0] >= '0' && base[0] <= '9' {
		base = "value_" + base
	}
	const longest = 60
	base = base[:min(len(base), longest)]
	name := base
	for i := 2; p.names[name]; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	p.names[name] = true
	return name
}

// schemas are the parameters as a template declares them.
func (p *parameters) schemas() *source.Node {
	out := source.NewMapping(diag.Place{})
	for _, one := range p.order {
		schema := []source.Member{field("title", text(one.ref)), field("description", text("In "+one.position+": `"+one.ref+"`."))}
		if one.list {
			schema = append(schema, field("type", text("array")), field("items", source.NewMapping(diag.Place{}, field("type", text("string")))))
		} else {
			schema = append(schema, field("type", text("string")))
		}
		out.Members = append(out.Members, field(one.name, source.NewMapping(diag.Place{}, schema...)))
	}
	return out
}

// values are samples of the parameters, as a spec gives them.
func (p *parameters) values() *source.Node {
	out := source.NewMapping(diag.Place{})
	for _, one := range p.order {
		value := text(one.samples[0])
		if one.list {
			value = source.NewSequence(diag.Place{}, value)
		}
		out.Members = append(out.Members, field(one.name, value))
	}
	return out
}

func newParameters() *parameters {
	return &parameters{byID: map[string]*parameter{}, names: map[string]bool{"account": true, "partition": true, "region": true}}
}

// readFilled is the policy with samples in place of what is not known.
func (p *parameters) readFilled(root *source.Node, account, partition, region string) *policy.Document {
	p.fill = true
	p.own = map[symbol.Shape]string{symbol.OwnAccount: account, symbol.OwnPartition: partition, symbol.OwnRegion: region}
	defer func() { p.fill = false }()
	return policy.Read(p.policy(root))
}
