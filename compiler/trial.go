package compiler

import (
	"cmp"

	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Trial is a template as rules judge it: its body as it is written, and the policy that it gives, in which parameters without a
// default are not known. Every place is in the template.
type Trial struct {
	Spec     *spec.Document
	Policies []*policy.Policy
}

// What a template's key is taken for where nothing says.
const (
	trialAccount = "111122223333"
	trialRegion  = "eu-central-1"
	trialKey     = "1234abcd-12ab-34cd-56ef-1234567890ab"
)

// template checks a template and puts it to the trial.
func (c *compilation) template(root *source.Node) {
	entry := expand.NewEntry(root)
	c.out.Template = entry
	c.found = append(c.opts.Templates.Check(entry), usedByFaults(root)...)
	if c.found.HasErrors() || !entry.Template.Name.IsString() {
		return
	}
	parameters := expand.Open(entry.Template)
	opts := c.opts
	opts.Templates = opts.Templates.With(entry)
	opts.Configuration.Account = cmp.Or(opts.Configuration.Account, trialAccount)
	opts.Configuration.Region = cmp.Or(opts.Configuration.Region, trialRegion)
	policies := tryTemplate(c.in, opts, entry, parameters)
	if policies == nil && opts.Configuration.Key == "" {
		opts.Configuration.Key = trialKey // for $(key)
		policies = tryTemplate(c.in, opts, entry, parameters)
	}
	if policies == nil {
		return
	}
	trial := &Trial{Policies: policies}
	body := source.NewMapping(root.Place, entry.Template.BodyMembers()...)
	s := spec.Parse(body)
	trial.Spec = spec.NewDocument(s, policies[0].Key)
	c.out.Trial = trial
}

// tryTemplate compiles a spec that uses the template; nil where that fails.
func tryTemplate(in Input, opts Options, entry *expand.Entry, parameters *source.Node) []*policy.Policy {
	at := entry.Template.Root.Place
	root := source.NewMapping(at, source.NewMember("policytemplate", entry.Template.Name.Place, entry.Template.Name))
	if len(parameters.Members) > 0 {
		root.Members = append(root.Members, source.NewMember("parameters", at, parameters))
	}
	c := &compilation{in: in, opts: opts, total: 1, out: &Document{Root: root}}
	c.spec(root)
	if c.found.HasErrors() || len(c.out.Policies) == 0 {
		return nil
	}
	seen := map[*source.Node]bool{}
	for _, p := range c.out.Policies {
		goHome(p.Document.Root, seen)
	}
	return c.out.Policies
}

// goHome gives what the template brought in its own place in the template, with those of templates that it includes beside.
func goHome(n *source.Node, seen map[*source.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	if last := len(n.Origins) - 1; last >= 0 {
		n.Place, n.Origins = n.Origins[last], n.Origins[:last]
	}
	for _, item := range n.Items {
		goHome(item, seen)
	}
	for _, m := range n.Members {
		goHome(m.Key, seen)
		goHome(m.Value, seen)
	}
}
