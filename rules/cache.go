package rules

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// cache keeps what a group found in an input, so that equal inputs are judged once a run. Findings rest on
// the input alone, so no rule can see it.
type cache struct {
	mu    sync.Mutex
	kept  map[cacheKey][]answer
	count int
}

type cacheKey struct {
	group *group
	hash  int
}

type answer struct {
	input    *ast.Term
	findings []finding
}

// cacheLimit bounds the memory that a run of many files takes.
const cacheLimit = 2048

func newCache() *cache { return &cache{kept: map[cacheKey][]answer{}} }

func (c *cache) findings(g *group, input *ast.Term, run func() ([]finding, error)) ([]finding, error) {
	key := cacheKey{g, input.Hash()}
	if found, ok := c.get(key, input); ok {
		return found, nil
	}
	found, err := run()
	if err == nil {
		c.put(key, input, found)
	}
	return found, err
}

func (c *cache) get(key cacheKey, input *ast.Term) ([]finding, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.kept[key] {
		if a.input.Equal(input) {
			return a.findings, true
		}
	}
	return nil, false
}

func (c *cache) put(key cacheKey, input *ast.Term, found []finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count >= cacheLimit {
		c.kept, c.count = map[cacheKey][]answer{}, 0
	}
	c.kept[key] = append(c.kept[key], answer{input, found})
	c.count++
}
