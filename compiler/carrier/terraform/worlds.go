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
	mostWorlds  = 16  // of one policy in which its choices are settled in every way
	mostChoices = 12  // of one policy that are settled one by one, where there are more ways
	mostRuns    = 300 // evaluations of one module
)

// keysWhere are the keys of a module with choices settled.
func (m *Modules) keysWhere(folder string, open bool, assumed map[string]int) []*carrier.Key {
	keys, _ := m.evaluated(folder, open, assumed)
	return keys
}

func (m *Modules) evaluated(folder string, open bool, assumed map[string]int) ([]*carrier.Key, diag.List) {
	e := m.evaluator(open, assumed)
	c, err := e.load(folder)
	if err != nil {
		return nil, nil
	}
	e.root = newInstance(c, "")
	e.root.values = e.valuesOf(c)
	return e.keys(), e.found
}

// run is a module with choices settled.
type run struct {
	keys  map[string]*carrier.Key
	found map[string]diag.List
}

// worlds gives the keys that rest on choices what they are with these settled, once it is asked for.
func (m *Modules) worlds(folder string, open bool, keys []*carrier.Key) {
	runs := map[string]*run{}
	where := func(assumed []symbol.Assumption) *run {
		var id strings.Builder
		options := map[string]int{}
		for _, a := range assumed {
			fmt.Fprintf(&id, "%s\x00%d\x00", a.Choice.ID, a.Option)
			options[a.Choice.ID] = a.Option
		}
		if have := runs[id.String()]; have != nil || len(runs) >= mostRuns {
			return have
		}
		out := &run{map[string]*carrier.Key{}, map[string]diag.List{}}
		all, found := m.evaluated(folder, open, options)
		for _, k := range all {
			out.keys[k.Resource] = k
		}
		for _, d := range found {
			if d.Resource != "" {
				out.found[d.Resource] = append(out.found[d.Resource], d)
			}
		}
		runs[id.String()] = out
		return out
	}
	for _, k := range keys {
		if len(k.Choices) == 0 {
			continue
		}
		var once sync.Once
		var list []carrier.World
		var all bool
		k.Worlds = func() ([]carrier.World, bool) {
			once.Do(func() {
				var ways [][]symbol.Assumption
				ways, all = settlements(k.Choices)
				for _, assumed := range ways {
					of := where(assumed)
					if of == nil || of.keys[k.Resource] == nil {
						all = false
						continue
					}
					list = append(list, carrier.World{Key: of.keys[k.Resource], Assumed: assumed, Found: of.found[k.Resource]})
				}
			})
			return list, all
		}
	}
}

// settlements are the ways of settling choices: every one where they are few, else those in which all are settled alike but one.
func settlements(choices []symbol.Choice) (ways [][]symbol.Assumption, all bool) {
	count := 1
	for _, c := range choices {
		if c.Only == 0 {
			count *= len(c.Options)
		}
		if count > mostWorlds {
			return oneByOne(choices), false
		}
	}
	ways = [][]symbol.Assumption{nil}
	for _, c := range choices {
		var next [][]symbol.Assumption
		for _, way := range ways {
			for option := range c.Options {
				if c.Only == 0 || c.Only == option+1 {
					next = append(next, append(slices.Clone(way), symbol.Assumption{Choice: c, Option: option}))
				}
			}
		}
		ways = next
	}
	return ways, true
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
