package rules

import (
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// readPath reads a list of fields and positions, or a JSON pointer.
func readPath(v ast.Value) (diag.Path, error) {
	if pointer, ok := v.(ast.String); ok {
		return readPointer(string(pointer))
	}
	return readList(v, " of fields and positions", readStep)
}

func readStep(v ast.Value) (any, error) {
	switch step := v.(type) {
	case ast.String:
		return string(step), nil
	case ast.Number:
		n, ok := step.Int()
		if !ok {
			return nil, errorf("%s is not a position in a list", step)
		}
		return n, nil
	default:
		return nil, errorf("%s is neither a field nor a position", step)
	}
}

func readPointer(pointer string) (diag.Path, error) {
	path := diag.Path{}
	if pointer == "" {
		return path, nil
	}
	if pointer[0] != '/' {
		return nil, errorf("%q is not a JSON pointer: it does not begin with /", pointer)
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if n, err := strconv.Atoi(token); err == nil && n >= 0 {
			path = append(path, n)
			continue
		}
		path = append(path, strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
	}
	return path, nil
}
