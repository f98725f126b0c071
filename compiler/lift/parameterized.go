package lift

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Parameterized is a template that gives a policy of which parts are not known: these are its parameters.
type Parameterized struct {
	Name       string
	Parameters []string
	Text       []byte // YAML
}

// StructureError says that of parts of a policy not even the kind of value is known, such as further statements.
type StructureError struct{ References []string }

// Error names what decides them.
func (e *StructureError) Error() string {
	return strings.Join(e.References, ", ") + " decides statements or conditions, which no parameter of a template can be: give it a value by --var-file, or import the key of a plan"
}

// ProveTemplate makes a template of a policy, and shows that a spec that uses it gives the policy with the parameters' values in it.
func ProveTemplate(doc *policy.Document, name, description string, key spec.Key, opts compiler.Options) (Parameterized, error) {
	name = strings.Trim(notName.ReplaceAllString(name, "-"), "-_")
	p := newParameters()
	written := p.policy(doc.Root)
	if len(p.structure) > 0 {
		return Parameterized{}, &StructureError{p.structure}
	}
	root := source.NewMapping(diag.Place{}, field("template", text(name)), field("description", text(description)))
	if len(p.order) > 0 {
		root.Members = append(root.Members, field("parameters", p.schemas()))
	}
	root.Members = append(root.Members, field("policy", written))
	out := Parameterized{Name: name}
	for _, one := range p.order {
		out.Parameters = append(out.Parameters, one.name)
	}
	var err error
	if out.Text, err = source.Write(root); err != nil {
		return Parameterized{}, err
	}

	const account, region = "111122223333", "us-east-1"
	own := []source.Member{field("account", text(cmp.Or(key.Account, account))), field("region", text(cmp.Or(key.Region, region)))}
	own = append(own, field("policytemplate", text(name)))
	if len(p.order) > 0 {
		own = append(own, field("parameters", p.values()))
	}
	used, err := source.Write(source.NewMapping(diag.Place{}, own...))
	if err != nil {
		return Parameterized{}, err
	}
	unit, _ := compiler.Compile(compiler.Input{Name: "imported.yaml", Text: out.Text}, opts)
	if len(unit.Documents) != 1 || unit.Documents[0].Template == nil {
		return Parameterized{}, ErrNoSpec
	}
	opts.Templates = expand.NewLibrary([]*expand.Entry{unit.Documents[0].Template})
	compiled := compiledFrom(used, opts)
	if compiled == nil {
		return Parameterized{}, fmt.Errorf("%w: `keypolicy lint` reports what is wrong with it", ErrNoSpec)
	}
	filled := p.readFilled(doc.Root, compiled.Key.Account, compiled.Key.Partition, compiled.Key.Region)
	if !same(filled, compiled.Document, compiled.Key) {
		return Parameterized{}, ErrNoSpec
	}
	return out, nil
}
