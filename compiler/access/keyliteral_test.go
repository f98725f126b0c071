package access

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestFewKeysAreNamed: what a condition key says is a fact (facts.Says), so the engine names a key only in key.go, where it works
// that one out for itself. A condition key that AWS adds needs its entry among the facts, and no code.
func TestFewKeysAreNamed(t *testing.T) {
	const most = 14
	named := 0
	eachLiteral(t, ".", func(file, text string) {
		lower := strings.ToLower(text)
		if !isKeyName(lower) {
			return
		}
		if named++; file != "key.go" {
			t.Errorf("%s names the condition key %s: look at what keys say (facts.KeySays)", file, text)
		}
	})
	if named > most {
		t.Errorf("key.go names %d condition keys, more than %d", named, most)
	}
}

// isKeyName reports whether a text is the name of a condition key, or of a family without what its members have after it.
func isKeyName(lower string) bool {
	if strings.ContainsAny(lower, " `") {
		return false
	}
	return slices.ContainsFunc(facts.ConditionKeys(), func(k facts.ConditionKey) bool {
		if k.Pattern {
			return strings.HasPrefix(strings.ToLower(k.Prefix), lower) && strings.Count(lower, ":") > 0 && len(lower) > len("kms:")
		}
		return strings.ToLower(k.Name) == lower
	})
}

func TestKeyNamesAreSeen(t *testing.T) {
	for text, want := range map[string]bool{
		"aws:principalarn": true, "kms:encryptioncontext:": true, "ssm:sourceinstancearn": true, "kms:decrypt": false, "kms:": false, "kms:*": false,
	} {
		if isKeyName(text) != want {
			t.Errorf("isKeyName(%q) is %v", text, !want)
		}
	}
}

// eachLiteral gives every text that is written in the Go files of a folder, tests left out.
func eachLiteral(t *testing.T, folder string, give func(file, text string)) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					give(name, text)
				}
			}
			return true
		})
	}
}
