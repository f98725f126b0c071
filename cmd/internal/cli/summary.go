package cli

import (
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/rules"
)

// summarize keeps of a document what the rules about all files of a run need.
func summarize(d *compiler.Document) rules.FileSummary {
	s := rules.FileSummary{Kind: string(d.Kind)}
	if d.Root != nil {
		s.Place = d.Root.Place
	}
	switch d.Kind {
	case compiler.KindDocument:
		s.Kind = "policy"
	case compiler.KindTemplate:
		s.Name = named(d.Root.Get("template"))
	case compiler.KindSpec:
		s.Name, s.Key = named(d.Root.Get("name")), named(d.Root.Get("key"))
		s.Account = d.Spec.Key.Account
	case compiler.KindConfiguration, compiler.KindUnknown:
	}
	for _, name := range d.Uses {
		s.Uses = append(s.Uses, rules.Named{Text: name, Place: s.Place})
	}
	for _, p := range d.Policies {
		s.Outputs = append(s.Outputs, p.Name)
		if p.Key.Region != "" {
			s.Regions = append(s.Regions, p.Key.Region)
		}
	}
	return s
}

func named(n *source.Node) rules.Named {
	if n == nil || n.Kind != source.Scalar {
		return rules.Named{}
	}
	return rules.Named{Text: n.Text, Place: n.Place}
}
