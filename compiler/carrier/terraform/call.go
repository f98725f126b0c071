package terraform

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// call is a module's call with the module's instances.
type call struct {
	expansion expansion
	instances []*instance // one each; nil where the module is not there
	there     bool        // its module was found
	rests     names       // the defaults that what is given to each instance rests on
}

const deepestModule = 30

// callOf evaluates a module's call once.
func (e *evaluator) callOf(in *instance, name string) *call {
	if c, ok := in.calls[name]; ok {
		return c
	}
	b := in.config.calls[name]
	c := &call{}
	in.calls[name] = c
	if b == nil {
		return c
	}
	s := &scope{in: in}
	rests := e.noting(func() { e.as(e.whole, func() { c.expansion = e.expand(b.Body, s) }) })
	e.note(rests)
	if c.expansion.byKey {
		c.rests = rests
	}
	folder, found := e.moduleFolder(in, name)
	if !found {
		if config := e.model(in, name); config != nil {
			c.there = true
			e.instantiate(in, name, c, config)
		}
		return c
	}
	c.there = true
	for up, n := in, 0; up != nil; up, n = up.up, n+1 {
		if up.config.folder == folder || n > deepestModule {
			e.report("terraform-cycle", "the module `"+folder+"` calls itself, directly or through others", "remove the call", e.blockPlace(b))
			return c
		}
	}
	config, err := e.load(folder)
	if err != nil {
		e.unreadModule(in, name, b, err)
		return c
	}
	e.found = append(e.found, e.newOf(config)...)
	e.instantiate(in, name, c, config)
	return c
}

// instantiate makes the instances of a call's module.
func (e *evaluator) instantiate(in *instance, name string, c *call, config *config) {
	b := in.config.calls[name]
	for _, i := range c.expansion.list {
		label := ""
		if i != nil {
			label = i.label
		}
		child := newInstance(config, joinAddress(in.address, "module."+name)+label)
		child.name = name
		child.up, child.arguments, child.call, child.rests = in, b.Body, &scope{in: in, each: i}, c.rests
		child.providers = e.passed(in, b.Body)
		c.instances = append(c.instances, child)
	}
}

// moduleFolder is the folder of a called module: by its path, or where `terraform init` has put it.
// https://developer.hashicorp.com/terraform/language/modules/sources
func (e *evaluator) moduleFolder(in *instance, name string) (string, bool) {
	b := in.config.calls[name]
	source, ok := literal(b.Body, "source")
	if !ok {
		return "", false
	}
	if isPath(source) {
		return path.Join(in.config.folder, source), true
	}
	keys := name
	root := in
	for ; root.up != nil; root = root.up {
		keys = callName(root.address) + "." + keys
	}
	folder, ok := e.installed(root.config.folder)[keys]
	return folder, ok
}

// callName is the name of the last call in a module's address.
func callName(address string) string {
	name := address[strings.LastIndex("."+address, ".module.")+len("module."):]
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = name[:i]
	}
	return name
}

// installed are the folders of the modules that `terraform init` has fetched for a root, by the names of their calls.
func (e *evaluator) installed(root string) map[string]string {
	if e.manifest == nil {
		e.manifest = installedIn(e.files, root)
	}
	return e.manifest
}

func installedIn(files Files, root string) map[string]string {
	folders := map[string]string{}
	data, err := files.Read(path.Join(root, ".terraform/modules/modules.json"))
	if err != nil {
		return folders
	}
	var file struct {
		Modules []struct{ Key, Dir string }
	}
	if json.Unmarshal(data, &file) != nil {
		return folders
	}
	for _, m := range file.Modules {
		if m.Key != "" {
			folders[m.Key] = path.Join(root, m.Dir)
		}
	}
	return folders
}

// output is what a module's instance gives.
func (e *evaluator) output(b block, name string, s *scope, r hcl.Range) *value {
	otherwise := func() *value {
		v := e.unknown(symbol.Variable, e.written(r), s, e.place(r))
		v.hole.Definition = e.definition(b)
		return v
	}
	label := ""
	if b.each != nil {
		label = b.each.label
	}
	callName := strings.TrimPrefix(b.name, "module.")
	if b.body == nil {
		return otherwise()
	}
	want := joinAddress(b.in.address, b.name) + label
	for _, in := range e.callOf(b.in, callName).instances {
		if in == nil || in.address != want {
			continue
		}
		o := in.config.outputs[name]
		if o == nil || o.Body.Attributes["value"] == nil {
			return failure(e.place(r))
		}
		key := "output." + name
		if in.busy[key] {
			e.report("terraform-cycle", "the output `"+name+"` of `"+want+"` refers to itself, directly or through others", "remove the reference that leads back to it", e.place(o.DefRange()))
			return otherwise()
		}
		in.busy[key] = true
		defer delete(in.busy, key)
		return e.value(o.Body.Attributes["value"].Expr, &scope{in: in})
	}
	return otherwise()
}
