package compiler

import (
	"cmp"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/spec"
)

// configuredKey is a compilation with what the configuration's keys say of one key whose policy is not a spec.
type configuredKey struct {
	compilation
	labels map[string]string
	expect []spec.Expectation
}

// configuredKey finds what the configuration says of a resource of the file; "" is the file's own policy. Of several entries that match, the last that
// gives a field counts; what the key is for and what is expected of it add up.
func (c *compilation) configuredKey(resource string) *configuredKey {
	s := &configuredKey{compilation: compilation{in: c.in, opts: c.opts}}
	config := &s.opts.Configuration
	for i := range c.opts.Keys {
		k := &c.opts.Keys[i]
		if !k.About(resource) {
			continue
		}
		config.Account, config.Region = cmp.Or(k.Account, config.Account), cmp.Or(k.Region, config.Region)
		uses, _ := readUses(k.UsedBy) // a configuration with faults is refused
		for i := range uses {
			uses[i].Entry = nil
		}
		s.opts.UsedBy = append(slices.Clip(s.opts.UsedBy), uses...)
		s.expect = append(s.expect, k.Expect...)
		if k.Labels != nil {
			s.labels = maps.Clone(s.labels)
			if s.labels == nil {
				s.labels = map[string]string{}
			}
			maps.Copy(s.labels, k.Labels)
		}
	}
	return s
}

// apply gives a policy what the configuration says of its key.
func (s *configuredKey) apply(p *spec.Compiled) {
	p.UsedBy, p.Expect, p.Labels = s.opts.UsedBy, s.expect, s.labels
}
