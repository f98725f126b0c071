package terraform

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A key that no module makes, because its count is zero unless somebody sets a variable, is judged as its own module writes it: with no
// variable known. Its policy counts once the variable is set.

// Unmade are those of the folders whose modules have keys that none of the roots makes, sorted. Reading such a folder gives only these
// keys. What a root's own files or its defaults decide about the root's keys is not among them.
func (m *Modules) Unmade(roots, folders []string) []string {
	made := map[string]names{}
	for _, root := range roots {
		e := m.evaluator(false, nil)
		c, err := e.load(root)
		if err != nil || c.found.HasErrors() {
			continue
		}
		e.begin(c, e.valuesOf(c))
		e.walk(e.root, isAboutKeys, func(b block) {
			if folder := b.in.config.folder; made[folder] == nil {
				made[folder] = names{b.name: true}
			} else {
				made[folder][b.name] = true
			}
		})
	}
	var list []string
	for _, folder := range folders {
		c, err := m.load(folder)
		if err != nil || c.found.HasErrors() || slices.Contains(roots, folder) {
			continue
		}
		unmade := names{}
		for _, address := range c.addresses {
			if b := (block{name: address}); isAboutKeys(b) && !made[folder][address] {
				unmade[address] = true
			}
		}
		if len(unmade) > 0 {
			m.unmade[folder] = unmade
			list = append(list, folder)
		}
	}
	slices.Sort(list)
	return list
}

// offByDefault are the root's keys that a default of a variable keeps from being made.
func (e *evaluator) offByDefault() names {
	off := names{}
	for _, address := range e.root.config.addresses {
		b := block{in: e.root, name: address, body: e.root.config.resources[address]}
		if !isAboutKeys(b) {
			continue
		}
		var x expansion
		rests := e.noting(func() { x = e.expansionOf(b) })
		if x.known && len(x.list) == 0 && len(e.defaults(rests)) > 0 {
			off[address] = true
		}
	}
	return off
}

// keysUnmade are keys of a module that nothing makes, as they are whatever its variables are.
func (m *Modules) keysUnmade(c *config, by *evaluator, of names) []*keyBlock {
	if len(of) == 0 {
		return nil
	}
	e := m.evaluator(true, nil)
	e.unmade = true
	e.sources, e.models, e.reported = by.sources, by.models, by.reported
	maps.Copy(e.given, by.given)
	e.begin(c, by.root.values)
	keys := e.keysOf(func(b block) bool { return b.in == e.root && of[b.name] })
	by.found = append(by.found, e.found...)
	for _, k := range keys {
		k.key.Unmade, k.key.Defaults = true, nil
	}
	return keys
}

// expandUnmade is the expansion of a block that is empty by default: as though its variables were not known.
func (e *evaluator) expandUnmade(body *hclsyntax.Body, s *scope, byDefault expansion) expansion {
	if open := e.expandKnown(body, s); len(byDefault.list) == 0 {
		return open
	}
	return byDefault
}
