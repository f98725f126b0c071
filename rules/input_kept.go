package rules

import (
	"strconv"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// keptKey says all that a part of an input is made of, so that subjects with equal keys have equal parts.
type keptKey []byte

func (k keptKey) add(texts ...string) keptKey {
	for _, t := range texts {
		k = append(append(append(k, strconv.Itoa(len(t))...), ' '), t...)
	}
	return k
}

func (k keptKey) path(path diag.Path) keptKey {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			k = k.add(s)
		case int:
			k = append(strconv.AppendInt(append(k, '#'), int64(s), 10), ' ')
		}
	}
	return k
}

// keptLimit bounds what is kept of each kind.
const keptLimit = 4096

// cache keeps what is the same for all subjects that have the key, made once.
type cache[T any] struct {
	mu    sync.RWMutex
	known map[string]T
}

func (c *cache[T]) get(key string, create func() T) T {
	c.mu.RLock()
	known, ok := c.known[key]
	c.mu.RUnlock()
	if ok {
		return known
	}
	made := create()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= keptLimit {
		c.known = map[string]T{}
	}
	c.known[key] = made
	return made
}
