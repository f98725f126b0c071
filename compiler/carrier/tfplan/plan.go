// Package tfplan reads the keys of a Terraform plan or state, as `terraform show -json` and `tofu show -json` write it.
// https://developer.hashicorp.com/terraform/internals/json-format
package tfplan

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// Is reports whether a text is a plan or a state, or the beginning of one.
func Is(text []byte) bool {
	start := skipBlank(text, bomLength(text))
	if emptyState.Match(text[bomLength(text):]) {
		return true
	}
	return start < len(text) && text[start] == '{' && bytes.Contains(text, []byte(`"format_version"`)) &&
		slices.ContainsFunc([]string{`"terraform_version"`, `"resource_changes"`, `"planned_values"`, `"values"`}, func(field string) bool {
			return bytes.Contains(text, []byte(field))
		})
}

// emptyState is what is written of a state that has nothing.
var emptyState = regexp.MustCompile(`^\s*\{\s*"format_version"\s*:\s*"[0-9.]*"\s*\}\s*$`)

// Limits are those of a plan: far above the largest that are reported, with what is left of it once it is selected.
var Limits = source.Limits{Bytes: 512 << 20, Depth: 200, Nodes: 2_000_000}

// Load reads a plan. All that is not about keys is left out: no node is made of it.
func Load(name string, text []byte) (*source.File, diag.List) {
	if chosen := selected(text); chosen != nil {
		return source.LoadSelected(name, text, chosen, Limits)
	}
	file, found := source.LoadSelected(name, text, text, Limits) // to hear what is wrong with it
	file.Shown = nil
	for i, d := range found {
		if d.Reason == "syntax-error" && skipValue(text, skipBlank(text, bomLength(text))) < 0 {
			found[i].Message = "the Terraform plan is incomplete: its JSON ends too early"
			found[i].Help = "write it again: `terraform show -json PLAN > plan.json`"
		}
	}
	return file, found
}

// plan is a plan or a state while it is read.
type plan struct {
	root          *source.Node
	configuration configuration
	resources     []*resource
	prior         []*resource // of the state before the plan: data sources that were read
	found         diag.List
	rebuilt       int         // documents of documents
	used          []*resource // the documents that the policy at hand is rebuilt from
}

// Read finds the keys of a plan, in its order, and what is wrong with it.
func Read(root *source.Node) ([]*carrier.Key, diag.List) {
	p := &plan{root: root, configuration: configuration{root.Get("configuration")}}
	if !p.version() {
		return nil, p.found
	}
	p.failed()
	changes, isPlan := items(root.Get("resource_changes"))
	deferred, defers := items(root.Get("deferred_changes"))
	for _, n := range deferred { // what a later plan will settle, as far as it is known
		changes = append(changes, n.Get("resource_change"))
	}
	for _, n := range changes {
		if n != nil && n.Kind == source.Mapping {
			p.resources = append(p.resources, p.newResource(n, text(n.Get("module_address"))))
		}
	}
	if !isPlan && !defers {
		p.resources = p.stateResources(root.Get("values").Get("root_module"), nil)
	}
	p.prior = p.stateResources(root.Get("prior_state").Get("values").Get("root_module"), nil)
	return p.keys(), p.found
}

// failed reports a plan of a run that ended with an error: keys may be missing in it, so what is found in it is not all that there is to find.
// https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
func (p *plan) failed() {
	if n := p.root.Get("errored"); isTrue(n) {
		p.found = append(p.found, diag.Diagnostic{
			Rule: "schema", Reason: "plan-failed", Severity: diag.Error,
			Message: "the plan is one that failed: it may not have every key",
			Help:    "make a plan that succeeds, and write it with `terraform show -json PLAN`",
			Place:   n.Place,
		})
	}
}

// items are those of a list; false where it is not one.
func items(n *source.Node) ([]*source.Node, bool) {
	if n == nil || n.Kind != source.Sequence {
		return nil, false
	}
	return slices.Clone(n.Items), true
}

// stateResources are the resources of a state's module and of the modules in it.
func (p *plan) stateResources(module *source.Node, list []*resource) []*resource {
	if module == nil || module.Kind != source.Mapping {
		return list
	}
	if own := module.Get("resources"); own != nil {
		for _, n := range own.Items {
			if n.Kind == source.Mapping {
				list = append(list, p.newResource(n, text(module.Get("address"))))
			}
		}
	}
	if children := module.Get("child_modules"); children != nil {
		for _, child := range children.Items {
			list = p.stateResources(child, list)
		}
	}
	return list
}

// version reports whether the format is one that is understood: minor versions add fields, major ones change what is there.
func (p *plan) version() bool {
	n := p.root.Get("format_version")
	if major, _, _ := strings.Cut(text(n), "."); major == "0" || major == "1" {
		return true
	}
	place := p.root.Place
	if n != nil {
		place = n.Place
	}
	p.found = append(p.found, diag.Diagnostic{
		Rule: "schema", Reason: "plan-version", Severity: diag.Error,
		Message: fmt.Sprintf("the plan's format version `%s` is not supported: only 0.x and 1.x are", text(n)),
		Help:    "write the plan with a Terraform or OpenTofu of the version 1: `terraform show -json PLAN`",
		Place:   place,
	})
	return false
}
