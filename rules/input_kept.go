package rules

import (
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// keptLimit bounds the parts of inputs that are kept.
const keptLimit = 2048

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

// kept is a part of an input that is the same for every subject with the same key, made once.
func (in *inputs) kept(key keptKey, make func() *ast.Term) *ast.Term {
	in.mu.RLock()
	known, ok := in.parts[string(key)]
	in.mu.RUnlock()
	if ok {
		return known
	}
	made := make()
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.parts) >= keptLimit {
		clear(in.parts)
	}
	in.parts[string(key)] = made
	return made
}
