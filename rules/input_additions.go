package rules

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// addition is what to add, as a value of the types of encoding/json, to the mapping or the list that a path leads to.
type addition struct {
	path  diag.Path
	value any
}

func additionTerm(a addition) *ast.Term {
	value, err := ast.InterfaceToValue(a.value)
	if err != nil {
		panic(err) // it is of the types of encoding/json
	}
	return object(every.term("path", pathTerm(a.path, 0)), every.term("add", ast.NewTerm(value)))
}

// specAdditions let a use be that the spec's policies refuse: an entry of include, or the statements of a whole policy. There
// are none where a Sid would be there twice, which needs a name that somebody gives.
func specAdditions(asked uses.Asked, s *spec.Document, policies []*spec.Compiled) []addition {
	if len(policies) == 0 {
		return nil
	}
	if s.Policy != nil {
		return statementAdditions(asked, policies[0], s.Policy, diag.Path{"policy"})
	}
	entry, complete := asked.Entry()
	statements, known := asked.Added(policies[0].Key.Key)
	if !complete || !known {
		return nil
	}
	sids := spec.Sids(s.Statements)
	for _, st := range statements {
		if sid, _ := st["Sid"].(string); sids[sid] {
			return nil
		}
	}
	name := "include"
	for _, m := range s.Root.Members {
		if spec.FieldName(m.Key.Text) == name {
			name = m.Key.Text
			break
		}
	}
	return []addition{{nil, map[string]any{name: []any{entry}}}}
}

// hasIncludes reports whether a spec includes a template already.
func hasIncludes(s *spec.Document) bool {
	return slices.ContainsFunc(s.Root.Members, func(m source.Member) bool {
		return spec.FieldName(m.Key.Text) == "include" && m.Value != nil && len(m.Value.Items) > 0
	})
}

// statementAdditions are the statements that a policy as a whole lacks, with Sids of their own.
func statementAdditions(asked uses.Asked, p *spec.Compiled, document *source.Node, at diag.Path) []addition {
	list := document.Get("Statement")
	if list == nil || list.Kind != source.Sequence {
		return nil
	}
	statements, known := asked.Added(p.Key.Key)
	if !known {
		return nil
	}
	taken := spec.Sids(list.Items)
	items := make([]any, len(statements))
	for i, st := range statements {
		if sid, ok := st["Sid"].(string); ok {
			free := spec.FreeSid(sid, taken)
			st["Sid"], taken[free] = free, true
		}
		items[i] = st
	}
	return []addition{{append(append(diag.Path{}, at...), "Statement"), items}}
}
