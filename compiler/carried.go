package compiler

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/carrier/origin"
	"github.com/keypolicy/keypolicy/compiler/carrier/tfplan"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

// read reads a file as what it is.
func read(in Input, limits source.Limits) (*source.File, diag.List) {
	if tfplan.Is(in.Text) && !isConfiguration(in) && !IsSpecName(in.Name) {
		return tfplan.Load(in.Name, in.Text)
	}
	file, found := source.Load(in.Name, in.Text, limits)
	if len(found) > 0 {
		found = unfilled(file, found)
	}
	return file, found
}

// MaxBytes is how much is read of a file with this beginning: a plan is much larger than what people write.
func MaxBytes(start []byte) int {
	if tfplan.Is(start) {
		return tfplan.Limits.Bytes
	}
	return source.DefaultLimits.Bytes
}

// carried are the documents of a file that carries keys: one a key, or one without a policy where it has no key.
func carried(in Input, opts Options, file *source.File, d *source.Document) (list []*Document, sources []*source.File, found diag.List) {
	keys, found := tfplan.Read(d.Root)
	if len(keys) > 0 {
		sources = planned(in, opts, keys)
	}
	list, wrong := carriedKeys(in, opts, KindPlan, file, keys)
	if len(list) == 0 {
		list = append(list, &Document{Index: d.Index, Kind: KindPlan, Root: d.Root, OutputNode: d.Root})
	}
	return list, sources, append(found, wrong...)
}

// planned gives the keys of a plan the places at which the source of their module writes them, and gives its files; none where it is
// not at hand. What is wrong with the source is reported where it is judged.
func planned(in Input, opts Options, keys []*carrier.Key) []*source.File {
	if opts.PlanModule == nil {
		return nil
	}
	m, ok := opts.PlanModule(in.Name)
	if !ok {
		return nil
	}
	read, _, err := m.Modules.Read(m.Folder)
	if err != nil || len(read.Keys) == 0 {
		return nil
	}
	origin.Keys(keys, read.Keys)
	return read.Files
}

// AddPlanned adds to findings at the source of a plan's key where the plan has what they are about.
func AddPlanned(k *carrier.Key, found diag.List) {
	if k == nil || k.Source == nil {
		return
	}
	whole := k.Planned[k.Node.Place]
	for i, d := range found {
		if d.Place.File == whole.File {
			continue
		}
		place, exact := k.Planned[d.Place]
		if !exact {
			place = whole
		}
		found[i].Related = append(slices.Clone(d.Related), diag.Related{Place: place, Message: "in the plan"})
	}
}

// carriedKeys are the documents of keys, one each.
func carriedKeys(in Input, opts Options, kind Kind, file *source.File, keys []*carrier.Key) (list []*Document, found diag.List) {
	for _, k := range keys {
		c := &compilation{in: in, opts: opts, total: 1, out: &Document{Kind: kind, Root: k.Node, OutputNode: k.Node, Resource: k.Resource, Carried: k}}
		if k.Change.Action != carrier.NoChange {
			c.out.Before = c.before(k)
		}
		if k.Change.Action != carrier.Delete {
			if p := c.carriedPolicy(k, k.Policy); p != nil {
				c.out.Policies = []*spec.Compiled{p}
				c.worlds(k, p)
			}
		}
		if k.WithoutDefaults != nil {
			open, _ := carriedKeys(in, opts, kind, file, []*carrier.Key{k.WithoutDefaults})
			c.out.WithoutDefaults = open[0]
		}
		if k.Bypass != nil {
			c.found = append(c.found, bypassed(k))
		}
		if k.Sensitive {
			Conceal(c.found)
			for _, n := range append([]*source.Node{k.Policy, k.Change.Before}, k.Parts...) {
				if n != nil {
					file.Hide(n.Place)
				}
			}
		}
		for i := range c.found {
			c.found[i].Resource = k.Resource
		}
		AddPlanned(k, c.found)
		list, found = append(list, c.out), append(found, c.found...)
	}
	return list, found
}

// worlds gives a policy what it is with the choices of its key settled.
func (c *compilation) worlds(k *carrier.Key, p *spec.Compiled) {
	if k.Worlds == nil {
		return
	}
	known := slices.Clone(c.found)
	p.Worlds = sync.OnceValue(func() (out spec.Worlds) {
		list, all := k.Worlds()
		out.All = all
		for _, w := range list {
			scratch := &compilation{in: c.in, opts: c.opts, total: c.total, out: c.out}
			one := spec.World{Assumed: w.Assumed, By: w.By}
			if !w.Unread {
				one.Policy = scratch.carriedPolicy(k, w.Key.Policy)
			}
			scratch.found = append(scratch.found, w.Found...)
			for i := range scratch.found {
				scratch.found[i].Resource = k.Resource
			}
			one.Found = mergeNew(known, scratch.found)[len(known):]
			out.List = append(out.List, one)
		}
		out.Unset = c.unset(k)
		return out
	})
}

// unset are the worlds in which a key has no policy of its own.
func (c *compilation) unset(k *carrier.Key) (list []spec.World) {
	scratch := &compilation{in: c.in, opts: c.opts, total: c.total, out: c.out}
	for _, choice := range k.Choices {
		for option := range choice.Options {
			if choice.Only > 0 && option != choice.Only-1 {
				list = append(list, spec.World{Assumed: []symbol.Assumption{{Choice: choice, Option: option}}, Policy: scratch.carriedPolicy(k, nil)})
			}
		}
	}
	return list
}

// Conceal takes all values out of the findings about a policy that its carrier marks as not to be shown.
func Conceal(found diag.List) {
	for i, d := range found {
		found[i] = diag.Diagnostic{
			Rule: d.Rule, Reason: d.Reason, Category: d.Category, Severity: d.Severity, Place: d.Place, Resource: d.Resource,
			Message: "the policy is marked as sensitive, so what `" + d.Rule + "` says of it is not shown",
			Help:    "`keypolicy access --resource ADDRESS` shows what the policy allows",
		}
	}
}

// bypassed reports that KMS is asked to leave out its check of the policy.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
func bypassed(k *carrier.Key) diag.Diagnostic {
	d := compileFinding(k.Bypass, "lockout-check-bypassed",
		"`bypass_policy_lockout_safety_check` is true: KMS takes a policy that no principal can change any more, and only AWS Support can recover the key",
		"remove the attribute: KMS then refuses a policy by which the caller could not change it again")
	d.Severity = diag.Warning
	return d
}

// before is the policy that a plan's change finds: that of a key that is there, or the one that KMS gives a new key until
// its own is put. What is wrong with it is not of the plan.
func (c *compilation) before(k *carrier.Key) *spec.Compiled {
	document := k.Change.Before
	if k.Change.Action == carrier.Create || k.Change.Action == carrier.Replace {
		document = nil
	}
	scratch := &compilation{in: c.in, opts: c.opts, total: c.total, out: c.out}
	p := scratch.carriedPolicy(k, document)
	if scratch.found.HasErrors() {
		return nil
	}
	return p
}

// carriedPolicy reads a policy of a carrier's key: KMS's default one where none is written.
func (c *compilation) carriedPolicy(k *carrier.Key, document *source.Node) *spec.Compiled {
	configured := c.configuredKey(k.Resource)
	key := configured.carriedKey(k)
	p := &spec.Compiled{Name: outputName(c.in.Name, c.out.Index), Form: spec.FormDocument, Key: key}
	hasSource := k.Source != nil && document != nil && document == k.Policy
	switch {
	case document == nil:
		p.Form = spec.FormDefault
		document = defaultPolicy(key, k.Node.Place)
	case document.Hole() != nil, policy.IsPending(document): // nothing of it is known
	case document.IsString():
		inner, found := document.Embedded(source.DefaultLimits)
		c.found = append(c.found, found...)
		if found.HasErrors() {
			return nil
		}
		document = inner
	}
	if hasSource {
		document = origin.Policy(document, k)
	}
	if document.Hole() == nil && !policy.IsPending(document) {
		c.found = append(c.found, validate.Document(document)...)
		if document.Kind != source.Mapping {
			return nil
		}
	}
	p.Document = policy.Read(document)
	completeKey(&p.Key, p.Document)
	configured.apply(p)
	for _, d := range k.Defaults {
		p.Defaults = append(p.Defaults, d.Variable)
	}
	return p
}

// carriedKey is what is known of a carrier's key: the flags, the carrier, the configuration.
func (c *configuredKey) carriedKey(k *carrier.Key) spec.Key {
	key := c.key(Defaults{Account: k.Account, Partition: k.Partition, Region: k.Region})
	key.Spec, key.Usage, key.Origin, key.MultiRegion = k.Spec, k.Usage, cmp.Or(k.Origin, "AWS_KMS"), k.MultiRegion
	if kind, ok := facts.KeyKind(key.Spec, key.Usage); ok {
		key.Kind = kind
	}
	return key
}

// defaultPolicy is KMS's own policy of a key, whose account need not be known.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func defaultPolicy(key spec.Key, place diag.Place) *source.Node {
	l := &lowering{key: key, spec: &spec.KeyPolicy{Root: &source.Node{Place: place}}}
	account := source.NewScalar(policy.AccountARN(cmp.Or(key.Partition, defaultPartition), key.Account), place)
	if key.Account == "" {
		own := &symbol.Hole{Kind: symbol.Own, Ref: "the key's account", Shape: symbol.OwnAccount, Place: place}
		before, after, _ := strings.Cut(policy.AccountARN(cmp.Or(key.Partition, defaultPartition), "ACCOUNT"), "ACCOUNT")
		account = source.NewText(place, symbol.Part{Literal: before}, symbol.Part{Hole: own}, symbol.Part{Literal: after})
	}
	return l.byDefault([]*source.Node{account})
}
