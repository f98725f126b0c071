package rules

import (
	"bytes"
	"embed"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// embedded is the rules built in, their examples and the helpers that they share.
//
//go:embed index.json */*.rego */*.txtar
var embedded embed.FS

// isTest reports whether a Rego file holds tests, which are run only by `keypolicy test`.
func isTest(name string) bool { return strings.HasSuffix(name, "_test.rego") }

// readRego gives the text of a file: the one that was read, or the one built in.
func readRego(file string, text []byte) ([]byte, error) {
	if text != nil {
		return text, nil
	}
	text, err := embedded.ReadFile(file)
	if err != nil {
		return nil, errorf("%w", err)
	}
	return text, nil
}

func parseModule(file string, text []byte, annotations bool) (*ast.Module, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("%s:1:1: the file is empty", file)
	}
	m, err := ast.ParseModuleWithOpts(file, string(text), ast.ParserOptions{ProcessAnnotation: annotations, RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, compileError(err)
	}
	return m, nil
}
