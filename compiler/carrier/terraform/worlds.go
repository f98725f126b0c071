package terraform

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

const (
	mostWorlds   = 16          // of one policy in which its choices are settled in every way
	mostWays     = 40          // of one policy that are looked at, where settling choices shows more of them
	mostChoices  = 12          // of one policy that are settled one by one, where there are more ways
	mostKept     = 100         // evaluators of one module that are kept, each for choices that several keys rest on
	worldsBudget = 10 * budget // how many values may be made for the worlds of one module
)

// worlds are the evaluations of one module with choices settled.
type worlds struct {
	modules *Modules
	folder  string
	base    *evaluator
	budget  int // for each key
	mu      sync.Mutex
	kept    map[string]*evaluator
}

// newWorlds are those of a module, beside its evaluation with nothing settled.
func (m *Modules) newWorlds(folder string, base *evaluator) *worlds {
	return &worlds{modules: m, folder: folder, base: base, kept: map[string]*evaluator{}}
}

// give gives the keys that rest on choices what they are with these settled, once it is asked for.
func (w *worlds) give(keys []*keyBlock) {
	resting := 0
	for _, k := range keys {
		if len(k.key.Choices) > 0 {
			resting++
			k.key.Worlds = sync.OnceValues(func() ([]carrier.World, bool) { return w.of(k) })
		}
	}
	w.budget = w.modules.worldsBudget / max(resting, 1)
}

// of are the worlds of one key. all says that there are no others. What a world rests on beside is settled in turn.
func (w *worlds) of(k *keyBlock) (list []carrier.World, all bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ways, all := w.settlements(k.key.Choices)
	left := w.budget
	for i := 0; i < len(ways); i++ {
		e := w.evaluator(ways[i])
		if e == nil {
			return list, false
		}
		e.budget = left
		before := len(e.found)
		again, absent := e.again(k)
		left = e.budget
		switch {
		case left < 0:
			return list, false
		case again == nil:
			all = all && absent
			continue
		}
		if more, every := e.settlements(again.key.Choices); all && len(again.key.Choices) > 0 && len(ways)+len(more) <= mostWays {
			for _, m := range more {
				ways = append(ways, append(slices.Clone(ways[i]), m...))
			}
			all = every
			continue
		}
		all = all && len(again.key.Choices) == 0
		found := slices.DeleteFunc(slices.Clone(e.found[before:]), func(d diag.Diagnostic) bool { return d.Resource != again.key.Resource })
		again.key.Resource = k.key.Resource
		list = append(list, carrier.World{Key: again.key, Assumed: ways[i], Found: found, By: again.by, Unread: again.unread})
	}
	return list, all
}

// evaluator makes an evaluator that supposes one way of settling choices, or gives the one that did before; nil where the module
// cannot be read.
func (w *worlds) evaluator(assumed []symbol.Assumption) *evaluator {
	var id strings.Builder
	options := map[string]int{}
	for _, a := range assumed {
		fmt.Fprintf(&id, "%s\x00%d\x00", a.Choice.ID, a.Option)
		options[a.Choice.ID] = a.Option
	}
	if have := w.kept[id.String()]; have != nil {
		return have
	}
	e := w.modules.evaluator(w.base.open, options)
	e.unmade = w.base.unmade
	e.sources, e.models, e.manifest = w.base.sources, w.base.models, w.base.manifest
	e.root = newInstance(w.base.root.config, "")
	e.root.values = w.base.root.values
	if len(w.kept) < mostKept {
		w.kept[id.String()] = e
	}
	return e
}

// again evaluates one key of another evaluator, and nothing that it does not rest on. absent says that the module makes no such key.
func (e *evaluator) again(k *keyBlock) (again *keyBlock, absent bool) {
	b, there, absent := e.blockLike(k.block)
	if !there {
		return nil, absent
	}
	if !isKeyType(b.kind()) {
		if k.isConditional && e.isKeyOfModule(b) { // it is judged there
			return nil, true
		}
		return e.ownPolicy(b), false
	}
	own := e.key(b)
	for _, p := range k.policies {
		if p, there, _ := e.blockLike(p); there && (!k.isConditional || e.targetOf(p) == ofKey(own.block)) {
			e.setPolicy(p, own)
		}
	}
	return own, false
}

// blockLike is the same block of the same module. absent says that count or for_each makes none of it.
func (e *evaluator) blockLike(b block) (like block, there, absent bool) {
	in, absent := e.instanceLike(b.in)
	if in == nil {
		return block{}, false, absent
	}
	like = block{in: in, name: b.name, body: in.config.resources[b.name], chosen: true}
	x := e.expansionOf(like)
	for _, each := range x.list {
		like.each = each
		if like.address() == b.address() || onlyOne(b.each, x) {
			return like, true, false
		}
	}
	return block{}, false, x.known && (len(x.list) == 0 || b.each != nil && b.each.label != "")
}

// onlyOne reports whether an instance whose index is not known is the one that there is.
func onlyOne(of *each, x expansion) bool {
	return of != nil && of.label == "" && x.known && len(x.list) == 1
}

func (e *evaluator) instanceLike(in *instance) (like *instance, absent bool) {
	if in.up == nil {
		return e.root, false
	}
	up, absent := e.instanceLike(in.up)
	if up == nil {
		return nil, absent
	}
	c := e.callOf(up, in.name)
	for _, child := range c.instances {
		if (child.address == in.address || onlyOne(in.call.each, c.expansion)) && !child.config.found.HasErrors() {
			return child, false
		}
	}
	return nil, c.there && c.expansion.known && (len(c.expansion.list) == 0 || in.call.each != nil && in.call.each.label != "")
}

func (w *worlds) settlements(choices []symbol.Choice) (ways [][]symbol.Assumption, all bool) {
	return w.base.settlements(choices)
}

// settlements are the ways of settling choices: every one that can be where they are few, else those in which all are settled alike
// but one.
func (e *evaluator) settlements(choices []symbol.Choice) (ways [][]symbol.Assumption, all bool) {
	ways = [][]symbol.Assumption{nil}
	for _, c := range choices {
		var next [][]symbol.Assumption
		for _, way := range ways {
			for option := range c.Options {
				if (c.Only == 0 || c.Only == option+1) && e.canBe(way, c, option) {
					next = append(next, append(slices.Clone(way), symbol.Assumption{Choice: c, Option: option}))
				}
			}
		}
		if ways = next; len(ways) > mostWorlds {
			ways = slices.DeleteFunc(oneByOne(choices), func(way []symbol.Assumption) bool {
				for i, a := range way {
					if !e.canBe(way[:i], a.Choice, a.Option) {
						return true
					}
				}
				return false
			})
			return ways[:min(len(ways), mostWays)], false
		}
	}
	return ways, true
}

// canBe reports whether an option of a choice can come beside others: no value equals two that differ.
func (e *evaluator) canBe(way []symbol.Assumption, c symbol.Choice, option int) bool {
	this := e.choices[c.ID]
	if option == 0 || this.of == "" {
		return true
	}
	return !slices.ContainsFunc(way, func(a symbol.Assumption) bool {
		other := e.choices[a.Choice.ID]
		return a.Option == 1 && other.of == this.of && other.is != this.is
	})
}

func oneByOne(choices []symbol.Choice) (ways [][]symbol.Assumption) {
	choices = choices[:min(len(choices), mostChoices)]
	alike := func(option int) []symbol.Assumption {
		var way []symbol.Assumption
		for _, c := range choices {
			of := min(option, len(c.Options)-1)
			if c.Only > 0 {
				of = c.Only - 1
			}
			way = append(way, symbol.Assumption{Choice: c, Option: of})
		}
		return way
	}
	for option := range 2 {
		ways = append(ways, alike(option))
		for i, c := range choices {
			for other := range c.Options {
				if c.Only > 0 || other == min(option, len(c.Options)-1) {
					continue
				}
				way := alike(option)
				way[i].Option = other
				ways = append(ways, way)
			}
		}
	}
	return ways
}
