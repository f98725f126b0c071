package terraform

import (
	"maps"
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A key that no module makes, because its count is zero unless somebody sets a variable, is judged as its own module writes it: with no
// variable known. Its policy counts once the variable is set.

// Unmade are those of the folders whose modules have keys that none of the roots makes, sorted. Reading such a folder gives only these
// keys. What a root's own files or its defaults decide about the root's keys is not among them.
func (m *Modules) Unmade(roots, folders []string) []string {
	doubtful := m.doubtful(roots, folders)
	if len(doubtful) == 0 {
		return nil
	}
	for _, root := range roots {
		if !m.reaches(root, doubtful) {
			continue
		}
		e, err := m.begin(root)
		if err != nil || e.root == nil {
			continue
		}
		e.walk(e.root, isAboutKeys, func(b block) { delete(doubtful[b.in.config.folder], b.name) })
		m.begun[root] = e
	}
	var list []string
	for folder, unmade := range doubtful {
		if len(unmade) > 0 {
			m.unmade[folder] = unmade
			list = append(list, folder)
		}
	}
	slices.Sort(list)
	return list
}

// doubtful are the keys of folders that are called, and that may not be made: they, or a call on every way to them, have a count or a
// for_each.
func (m *Modules) doubtful(roots, folders []string) map[string]names {
	certain := m.reached(roots, certainCalls)
	out := map[string]names{}
	for _, folder := range folders {
		c, err := m.load(folder)
		if err != nil || c.found.HasErrors() || slices.Contains(roots, folder) {
			continue
		}
		for _, address := range c.addresses {
			b := block{name: address, body: c.resources[address]}
			if !isAboutKeys(b) || certain[folder] && !isExpanded(b.body) {
				continue
			}
			if out[folder] == nil {
				out[folder] = names{}
			}
			out[folder][address] = true
		}
	}
	return out
}

func isExpanded(b *hclsyntax.Block) bool {
	return b.Body.Attributes["count"] != nil || b.Body.Attributes["for_each"] != nil
}

// certainCalls are the folders of the modules that a module calls by path, whatever its variables are.
func certainCalls(c *config) (list []string) {
	if c.found.HasErrors() {
		return nil
	}
	for _, name := range c.callOrder {
		if source, _ := literal(c.calls[name].Body, "source"); isPath(source) && !isExpanded(c.calls[name]) {
			list = append(list, path.Join(c.folder, source))
		}
	}
	return list
}

// reaches reports whether a root calls the module of one of some folders, directly or through others.
func (m *Modules) reaches(root string, folders map[string]names) bool {
	for folder := range m.reached([]string{root}, m.calledBy) {
		if folders[folder] != nil {
			return true
		}
	}
	return false
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
