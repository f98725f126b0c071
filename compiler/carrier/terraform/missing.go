package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// unreadModule reports a module by path that cannot be read.
func (e *evaluator) unreadModule(_ *instance, name string, b *hclsyntax.Block, err error) {
	place := e.blockPlace(b)
	if a := b.Body.Attributes["source"]; a != nil {
		place = e.place(a.Expr.Range())
	}
	if isOutside(err) {
		e.warn("terraform-module-outside", fmt.Sprintf("the module `%s` is not read: %v", name, err),
			"lint the folder that holds both, or judge the plan: `terraform show -json PLAN`", place)
		return
	}
	e.warn("terraform-module-missing", fmt.Sprintf("the module `%s` is not read: %v", name, err), "correct its `source`, or run `terraform init`", place)
}

func (e *evaluator) warn(reason, message, help string, place diag.Place) {
	key := reason + "\x00" + message
	if e.reported[key] {
		return
	}
	e.reported[key] = true
	e.found = append(e.found, diag.Diagnostic{
		Rule: "compile", Reason: reason, Category: "references", Severity: diag.Warning, Message: message, Help: help, Place: place,
	})
}

// Missing is a module that is called and is not there.
type Missing struct {
	Source string
	Place  diag.Place // of the first call
}

// missing are the modules that are not there, by their sources.
func (e *evaluator) missing(root *instance) []Missing {
	var list []Missing
	have := map[string]bool{}
	var walk func(in *instance)
	walk = func(in *instance) {
		for _, name := range in.config.callOrder {
			if e.isKeyless(in, name) {
				continue
			}
			c := e.callOf(in, name)
			source, _ := literal(in.config.calls[name].Body, "source")
			if !c.there && !isPath(source) && len(c.expansion.list) > 0 && !have[source] {
				have[source] = true
				list = append(list, Missing{source, e.blockPlace(in.config.calls[name])})
			}
			for _, child := range c.instances {
				walk(child)
			}
		}
	}
	walk(root)
	return list
}

// NotThere reports, once for a run, the modules that are not there.
func NotThere(all []Missing) diag.List {
	var names []string
	for _, m := range all {
		names = append(names, m.Source)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil
	}
	const few = 3
	what := "`" + strings.Join(names[:min(few, len(names))], "`, `") + "`"
	if len(names) > few {
		what += fmt.Sprintf(" and %d more", len(names)-few)
	}
	return diag.List{{
		Rule: "compile", Reason: "terraform-module-missing", Category: "references", Severity: diag.Info,
		Message: "modules that are not there are not read: " + what, Help: "run `terraform init` to have them read", Place: all[0].Place,
	}}
}
