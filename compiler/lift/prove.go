package lift

import (
	"errors"
	"fmt"
	"slices"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// ErrNoSpec says that no spec gives a document: it holds what no spec compiles to.
var ErrNoSpec = errors.New("no spec gives this policy")

// Proven is a spec whose compiled policy decides every request as the document does.
type Proven struct {
	Spec
	Text []byte // YAML
}

// Prove lifts a document and compiles what it made; a spec that is not shown to be equivalent gives way to one that
// gives the policy whole. opts are those with which the spec will be compiled.
func Prove(doc *policy.Document, key spec.Key, opts compiler.Options, header ...source.Member) (Proven, error) {
	for _, s := range []Spec{Document(doc, key, opts.Templates, header...), whole(doc, header...)} {
		text, err := source.Write(s.Root)
		if err != nil {
			return Proven{}, err
		}
		if compiled := compiledFrom(text, opts); compiled != nil && equivalent(doc, key, compiled) {
			return Proven{Spec: s, Text: text}, nil
		}
	}
	return Proven{}, fmt.Errorf("%w: `keypolicy lint` reports what is wrong with it", ErrNoSpec)
}

// compiledFrom is the policy that a spec gives; nil where it gives none.
func compiledFrom(text []byte, opts compiler.Options) *spec.Compiled {
	unit, found := compiler.Compile(compiler.Input{Name: "imported.keypolicy.yaml", Text: text, Spec: true}, opts)
	if found.HasErrors() || len(unit.Documents) != 1 || len(unit.Documents[0].Policies) != 1 {
		return nil
	}
	return unit.Documents[0].Policies[0]
}

// equivalent reports whether it is sure that both policies decide alike: by reasoning, or because they say the same.
func equivalent(doc *policy.Document, key spec.Key, compiled *spec.Compiled) bool {
	env := access.EnvOf(key.Key)
	answer, _ := access.Equivalent(doc, compiled.Document, env, env)
	return answer == access.Yes || answer == access.Unknown && same(doc, compiled.Document, key)
}

// same reports whether two documents have the same statements, whatever their order and their spelling.
func same(a, b *policy.Document, key spec.Key) bool {
	x, y := a.Canonical(key.Partition), b.Canonical(key.Partition)
	if x == nil || y == nil {
		return policy.Identity(a.Root) == policy.Identity(b.Root)
	}
	return slices.Equal(x, y)
}
