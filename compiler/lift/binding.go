package lift

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// binding is what a template's references have to be for it to give a statement. It is only a guess: what comes of it
// is expanded and compared.
type binding struct {
	*lifting
	entry  *expand.Entry
	values map[string]*source.Node
	region string
}

func (b *binding) clone() *binding {
	c := *b
	c.values = maps.Clone(b.values)
	return &c
}

// value matches a canonical value of a statement with that of a template.
func (b *binding) value(pattern, value *source.Node) bool {
	if pattern.Kind != value.Kind {
		return false
	}
	switch pattern.Kind {
	case source.Mapping:
		return b.members(pattern, value)
	case source.Sequence:
		return b.items(pattern, value)
	default:
		return b.text(pattern.Text, value.Text)
	}
}

// members matches fields in any order; a field's name may hold references.
func (b *binding) members(pattern, value *source.Node) bool {
	if len(pattern.Members) != len(value.Members) {
		return false
	}
	free := slices.Clone(value.Members)
	for _, p := range pattern.Members {
		i := slices.IndexFunc(free, func(v source.Member) bool {
			try := b.clone()
			if !try.text(p.Key.Text, v.Key.Text) || !try.value(p.Value, v.Value) {
				return false
			}
			*b = *try
			return true
		})
		if i < 0 {
			return false
		}
		free = slices.Delete(free, i, i+1)
	}
	return true
}

// items matches lists in any order. A bare reference takes what the other items leave.
func (b *binding) items(pattern, value *source.Node) bool {
	free := slices.Clone(value.Items)
	splice := ""
	for _, p := range pattern.Items {
		if name, ok := soleReference(p); ok && b.isList(name) {
			splice = name
			continue
		}
		i := slices.IndexFunc(free, func(v *source.Node) bool { return v.Kind == source.Scalar && b.text(p.Text, v.Text) })
		if i < 0 {
			return false
		}
		free = slices.Delete(free, i, i+1)
	}
	if splice != "" {
		list := *value
		list.Items = free
		return b.bind(splice, &list)
	}
	return len(free) == 0
}

// text matches a string with one that holds references.
func (b *binding) text(pattern, value string) bool {
	parts, bad := expand.Split(pattern)
	if bad != "" {
		return false
	}
	expression := "^"
	var names []string
	for _, p := range parts {
		switch known := b.known(p.Name); {
		case p.Name == "":
			expression += regexp.QuoteMeta(p.Text)
		case known != "":
			expression += regexp.QuoteMeta(known)
		default:
			names = append(names, p.Name)
			expression += "(.+?)"
		}
	}
	m := regexp.MustCompile(expression + "$").FindStringSubmatch(value)
	if m == nil {
		return false
	}
	for i, name := range names {
		if !b.bind(name, text(m[i+1])) {
			return false
		}
	}
	return true
}

// known is the text that a reference represents already; "" where it is open.
func (b *binding) known(name string) string {
	switch name {
	case "account":
		return b.key.Account
	case "partition":
		return b.key.Partition
	case "region":
		return b.region
	case "key":
		return b.key.ID
	}
	if v := b.values[name]; v != nil && v.Kind == source.Scalar {
		return v.Text
	}
	return ""
}

var regionName = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-[0-9]+$`)

func (b *binding) bind(name string, value *source.Node) bool {
	switch name {
	case "region":
		if b.region != "" || !regionName.MatchString(value.Text) {
			return b.region == value.Text
		}
		b.region = value.Text
		return true
	case "account", "partition", "key":
		return false // not known: the spec would lack it
	}
	if have := b.values[name]; have != nil {
		return policy.Compact(have) == policy.Compact(value)
	}
	b.values[name] = value
	return true
}

// isList reports whether a parameter takes a list.
func (b *binding) isList(name string) bool {
	p := b.entry.Template.Parameter(name)
	if p == nil {
		return false
	}
	kind := p.Schema.Get("type")
	return kind != nil && kind.Text == "array"
}

// soleReference is the name of a reference that is all of a scalar.
func soleReference(n *source.Node) (string, bool) {
	if n.Kind != source.Scalar || !strings.HasPrefix(n.Text, "$(") {
		return "", false
	}
	parts, bad := expand.Split(n.Text)
	if bad != "" || len(parts) != 1 || parts[0].Name == "" {
		return "", false
	}
	return parts[0].Name, true
}
