package cli

import (
	"bytes"
	"encoding/json"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/rules"
)

// ruleInputs writes what the rules see of a document: for each policy a list of its spec's, its own and its statements' inputs.
func ruleInputs(set *rules.Set, d *compiler.Document, compact bool) ([][]byte, error) {
	var texts [][]byte
	for _, p := range d.Policies {
		all, err := set.Inputs(rules.Target{Spec: d.Spec, Policies: []*spec.Compiled{p}})
		if err != nil {
			return nil, err
		}
		list := make([]keypolicy.RuleInput, 0, len(all))
		for _, in := range all {
			list = append(list, keypolicy.RuleInput{Subject: string(in.Subject), Input: in.Value})
		}
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		if !compact {
			e.SetIndent("", "  ")
		}
		if err := e.Encode(list); err != nil {
			return nil, err
		}
		texts = append(texts, out.Bytes())
	}
	return texts, nil
}
