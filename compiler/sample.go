package compiler

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// SampleCompile is a template as rules judge it: its body as it is written, and the policy that it gives, in which parameters without a
// default are not known. Every place is in the template.
type SampleCompile struct {
	Spec     *spec.Document
	Policies []*spec.Compiled
	StandIns map[string]string // what the key's own values are taken for that nothing says, by their references, such as $(account)
}

// What a template's key can be taken for where nothing says: the first that the template does not name itself.
var (
	sampleAccounts = []string{"111122223333", "123456789012", "999988887777", "222233334444"}
	sampleRegions  = []string{"eu-central-1", "eu-west-1", "us-east-2", "ap-southeast-2"}
	sampleKeys     = []string{"1234abcd-12ab-34cd-56ef-1234567890ab", "0987dcba-09fe-87dc-65ba-ab0987654321"}
)

// template checks a template and compiles a sample of it.
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
	sample := &SampleCompile{StandIns: map[string]string{}}
	suppose := func(value *string, flag, reference string, those []string) {
		at := slices.IndexFunc(those, func(s string) bool { return !strings.Contains(string(c.in.Text), s) })
		if *value == "" && flag == "" {
			*value = those[max(at, 0)]
			if at >= 0 {
				sample.StandIns[reference] = *value
			}
		}
	}
	suppose(&opts.Configuration.Region, opts.Flags.Region, "$(region)", sampleRegions)
	policies := compileSample(c.in, opts, entry, parameters)
	if policies == nil || policies[0].Key.Account == "" { // else the policy says its account itself
		suppose(&opts.Configuration.Account, opts.Flags.Account, "$(account)", sampleAccounts)
		policies = compileSample(c.in, opts, entry, parameters)
	}
	if policies == nil && opts.Configuration.Key == "" {
		suppose(&opts.Configuration.Key, opts.Flags.Key, "$(key)", sampleKeys)
		policies = compileSample(c.in, opts, entry, parameters)
	}
	if policies == nil {
		return
	}
	sample.Policies = policies
	body := source.NewMapping(root.Place, entry.Template.BodyMembers()...)
	s := spec.Parse(body)
	sample.Spec = spec.NewDocument(s, policies[0].Key)
	c.out.Sample = sample
}

// compileSample compiles a spec that uses the template; nil where that fails.
func compileSample(in Input, opts Options, entry *expand.Entry, parameters *source.Node) []*spec.Compiled {
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
		restoreTemplatePlaces(p.Document.Root, seen)
	}
	return c.out.Policies
}

// restoreTemplatePlaces gives what the template brought in its own place in the template, with those of templates that it includes beside.
func restoreTemplatePlaces(n *source.Node, seen map[*source.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	if last := len(n.Origins) - 1; last >= 0 {
		n.Place, n.Origins = n.Origins[last], n.Origins[:last]
	}
	for _, item := range n.Items {
		restoreTemplatePlaces(item, seen)
	}
	for _, m := range n.Members {
		restoreTemplatePlaces(m.Key, seen)
		restoreTemplatePlaces(m.Value, seen)
	}
}
