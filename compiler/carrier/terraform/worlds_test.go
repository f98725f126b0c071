package terraform

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// oneFile is a folder with a file main.tf.
type oneFile string

func (oneFile) List(string) ([]string, error) { return []string{"main.tf"}, nil }

func (f oneFile) Read(name string) ([]byte, error) {
	if name != "main.tf" {
		return nil, errors.New(name + " does not exist")
	}
	return []byte(f), nil
}

// optionalKeys writes keys of which each has as many optional statements.
func optionalKeys(keys, choices int) oneFile {
	var b strings.Builder
	for k := range keys {
		fmt.Fprintf(&b, "resource \"aws_kms_key\" \"k%d\" {\n  policy = jsonencode({ Statement = concat([", k)
		for c := range choices {
			fmt.Fprintf(&b, "], var.v%d_%d ? [{ Sid = \"S%d\", Effect = \"Allow\", Principal = \"*\", Action = \"kms:*\", Resource = \"*\" }] : [", k, c, c)
		}
		b.WriteString("]) })\n}\n")
		for c := range choices {
			fmt.Fprintf(&b, "variable \"v%d_%d\" {}\n", k, c)
		}
	}
	return oneFile(b.String())
}

func readKeys(t *testing.T, m *Modules) *Module {
	t.Helper()
	out, found, err := m.Read(".")
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	return out
}

// TestWorldsAreLimited: whatever limits the worlds of a key, it says that there are others.
func TestWorldsAreLimited(t *testing.T) {
	for _, test := range []struct {
		name          string
		keys, choices int
		budget        int
		worlds        int
		all           bool
	}{
		{"every way", 1, 4, worldsBudget, 16, true},
		{"more than sixteen ways", 1, 5, worldsBudget, 12, false},
		{"more than twelve choices", 1, 14, worldsBudget, 26, false},
		{"hundreds of keys", 400, 1, worldsBudget, 2, true},
		{"too many values", 1, 2, 60, 2, false},
		{"too many values of several keys", 4, 2, 240, 2, false},
		{"no values", 1, 1, 0, 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := NewModules(optionalKeys(test.keys, test.choices))
			m.worldsBudget = test.budget
			for _, k := range readKeys(t, m).Keys {
				worlds, all := k.Worlds()
				if len(worlds) != test.worlds || all != test.all {
					t.Errorf("%s: %d worlds, all: %v", k.Resource, len(worlds), all)
				}
			}
		})
	}
}

// TestWorldsCostTheirKey: what else the module has is not evaluated for a key's worlds.
func TestWorldsCostTheirKey(t *testing.T) {
	cost := func(keys int) int {
		m := NewModules(optionalKeys(keys, 1))
		e := m.evaluator(false, nil)
		c, err := e.load(".")
		if err != nil {
			t.Fatal(err)
		}
		e.begin(c, nil)
		w := e.worlds
		all := e.keysOf(isAboutKeys)
		ways, _ := w.settlements(all[0].key.Choices)
		again := w.evaluator(ways[0])
		if key, _ := again.again(all[0]); key == nil {
			t.Fatal("there is no such key")
		}
		return budget - again.budget
	}
	if one, many := cost(1), cost(50); one != many {
		t.Errorf("a key costs %d values by itself, and %d among others", one, many)
	}
}

// TestWorldsWithoutTheKey: a way in which there is no such key is not one of its worlds, and one in which its index is known is.
func TestWorldsWithoutTheKey(t *testing.T) {
	for _, test := range []struct {
		count  string
		worlds int
		all    bool
	}{
		{"count = var.create ? 1 : 0", 1, true},
		{"for_each = var.create ? toset([\"a\"]) : toset([])", 1, true},
		{"count = var.create ? 2 : 0", 1, true},
		{"for_each = var.create ? toset([\"a\", \"b\"]) : toset([\"c\"])", 1, true},
		{"count = var.number", 2, true},
	} {
		m := NewModules(oneFile(`variable "create" {}
variable "number" {}
resource "aws_kms_key" "k" {
  ` + test.count + `
  policy = jsonencode({ Statement = var.create ? [{ Sid = "S", Effect = "Allow", Principal = "*", Action = "kms:*", Resource = "*" }] : [] })
}
`))
		for _, k := range readKeys(t, m).Keys {
			worlds, all := k.Worlds()
			if len(worlds) != test.worlds || all != test.all {
				t.Errorf("%s: %d worlds, all: %v", test.count, len(worlds), all)
			}
			for _, w := range worlds {
				if w.Key.Resource != k.Resource {
					t.Errorf("%s is %s", k.Resource, w.Key.Resource)
				}
			}
		}
	}
}
