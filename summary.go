package keypolicy

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// summarize keeps of a document what the rules about all files of a run need.
func (c *checker) summarize(d *compiler.Document) rules.FileSummary {
	s := rules.FileSummary{Kind: string(d.Kind)}
	if d.Root != nil {
		s.Place = d.Root.Place
	}
	switch d.Kind {
	case compiler.KindDocument:
		s.Kind = "policy"
	case compiler.KindTemplate:
		s.Name = named(d.Template.Template.Name)
	case compiler.KindSpec:
		s.Name, s.Key = named(d.Spec.Name), named(d.Spec.KeyPolicy.Key)
		s.Account, s.Users = d.Spec.Key.Account, rules.UserNames(d.Spec)
		if len(d.Policies) == 0 { // it says whose key it is for, though no policy was compiled from it
			s.Regions = SpecRegions(d)
		}
	case compiler.KindConfiguration:
		if d.Root != nil && c.configuration.unused(d.Root.Place.File) {
			s.Name = rules.Named{Text: d.Root.Place.File, Place: d.Root.Place}
			if len(d.Root.Members) > 0 {
				s.Name.Place = d.Root.Members[0].Key.Place
			}
			s.Unused = true
		}
	case compiler.KindPlan, compiler.KindTerraform, compiler.KindUnknown:
	}
	for _, name := range d.Uses {
		s.Uses = append(s.Uses, rules.Named{Text: name, Place: s.Place})
	}
	for _, p := range d.Policies {
		s.Outputs, s.Roles = append(s.Outputs, p.Name), append(s.Roles, rules.RoleNames(p)...)
		if p.Key.Region == "" {
			continue
		}
		s.Regions = append(s.Regions, p.Key.Region)
		if strings.Contains(s.Key.Text, "mrk-") {
			s.Digests = append(s.Digests, digest(p))
		}
	}
	return s
}

// SpecRegions are the Regions that a spec is for, as far as it says so.
func SpecRegions(d *compiler.Document) []string {
	var list []string
	for _, n := range d.Spec.Regions {
		if n.IsString() && !slices.Contains(list, n.Text) {
			list = append(list, n.Text)
		}
	}
	if len(list) == 0 && d.Spec.Key.Region != "" {
		list = []string{d.Spec.Key.Region}
	}
	return list
}

func named(n *source.Node) rules.Named {
	if n == nil || n.Kind != source.Scalar {
		return rules.Named{}
	}
	return rules.Named{Text: n.Text, Place: n.Place}
}

// digest is equal for two policies that are equal but for their Region, their Sids and how they are written.
func digest(p *spec.Compiled) string {
	text := strings.Join(p.Document.Canonical(p.Key.Partition), "\n")
	if text == "" { // a part cannot be read
		text = policy.Compact(p.Document.Root)
	}
	sum := sha256.Sum256([]byte(strings.ReplaceAll(text, p.Key.Region, "REGION")))
	return hex.EncodeToString(sum[:8])
}
