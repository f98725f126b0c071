package terraform

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// texts are files by their names.
type texts map[string]string

func (f texts) List(folder string) (names []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if path.Dir(name) == folder {
			names = append(names, path.Base(name))
		}
	}
	if len(names) == 0 {
		err = errors.New(folder + ": there is no such folder")
	}
	return names, err
}

func (f texts) Read(name string) ([]byte, error) {
	text, there := f[name]
	if !there {
		return nil, errors.New(name + ": there is no such file")
	}
	return []byte(text), nil
}

func (f texts) folders() (list []string) {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if !slices.Contains(list, path.Dir(name)) {
			list = append(list, path.Dir(name))
		}
	}
	return list
}

// reading are all keys of the files, what is wrong with them, and which files were read, as one text.
func (f texts) reading(t *testing.T, prepare, counted func(*Modules)) string {
	t.Helper()
	m := NewModules(f)
	prepare(m)
	roots := m.Roots(f.folders())
	unmade := m.Unmade(roots, f.folders())
	counted(m)
	var b strings.Builder
	for _, folder := range append(roots, unmade...) {
		read, found, err := m.Read(folder)
		if err != nil {
			t.Fatal(err)
		}
		found.Sort()
		fmt.Fprintf(&b, "%s: %+v %+v\n", folder, found, read.Missing)
		for _, k := range read.Keys {
			fmt.Fprintf(&b, "%s %s %s %v %+v %+v ", k.Resource, k.Account, k.Region, k.Unmade, k.Defaults, k.Choices)
			written(&b, k.Policy)
			if k.WithoutDefaults != nil {
				written(&b, k.WithoutDefaults.Policy)
			}
			b.WriteString("\n")
		}
		for _, file := range read.Files {
			b.WriteString(file.Name + "\n")
		}
	}
	return b.String()
}

func written(b *strings.Builder, n *source.Node) {
	if n == nil {
		b.WriteString("none")
		return
	}
	fmt.Fprintf(b, "(%v %q %v %v %v", n.Kind, n.Text, n.Place, n.Parts.String(), n.Open)
	for _, i := range n.Items {
		written(b, i)
	}
	for _, m := range n.Members {
		written(b, m.Key)
		written(b, m.Value)
	}
	b.WriteString(")")
}

// keylessModules have modules with keys and without, that call one another in every way.
var keylessModules = map[string]texts{
	"an output of a module without keys": {
		"main.tf":    "module \"names\" {\n  count = 1\n  source = \"./names\"\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({ Statement = [{ Principal = { AWS = module.names[0].role } }] })\n}\n",
		"names/a.tf": "module \"inner\" {\n  source = \"./inner\"\n}\noutput \"role\" {\n  value = module.inner.role\n}\n", "names/inner/a.tf": "output \"role\" {\n  value = \"*\"\n}\n",
	},
	"keys below a module without": {
		"main.tf": "module \"a\" {\n  source = \"./a\"\n}\nmodule \"other\" {\n  count = 2\n  source = \"./other\"\n}\n",
		"a/a.tf":  "module \"b\" {\n  for_each = toset([\"x\", \"y\"])\n  source = \"../b\"\n}\n", "b/b.tf": "resource \"aws_kms_key\" \"k\" {\n}\n",
		"other/o.tf": "# keypolicy:ignore wildcard-principal because\nlocals {\n  a = 1\n}\n",
	},
	"a key that a count leaves out": {
		"main.tf": "module \"a\" {\n  source = \"./a\"\n  on = false\n}\nmodule \"o\" {\n  source = \"./o\"\n}\n",
		"a/a.tf":  "variable \"on\" {\n  default = true\n}\nresource \"aws_kms_key\" \"k\" {\n  count = var.on ? 1 : 0\n}\n", "o/o.tf": "locals {\n  a = 1\n}\n",
	},
	"a key off by default": {
		"main.tf": "variable \"on\" {\n  default = false\n}\nmodule \"o\" {\n  source = \"./o\"\n}\nresource \"aws_kms_key\" \"k\" {\n  count = var.on ? 1 : 0\n  policy = var.on\n}\n", "o/o.tf": "locals {\n  a = 1\n}\n",
	},
	"modules that are not there": {
		"main.tf": "resource \"aws_kms_key\" \"k\" {\n}\nmodule \"a\" {\n  source = \"./a\"\n}\nmodule \"no\" {\n  source = \"./no\"\n}\n",
		"a/a.tf":  "module \"x\" {\n  source = \"example/x/aws\"\n}\nmodule \"gone\" {\n  source = \"../gone\"\n}\n", "a/example/x/aws/x.tf": "locals {\n  a = 1\n}\n",
	},
	"modules in a circle": {
		"main.tf": "resource \"aws_kms_key\" \"k\" {\n}\nmodule \"a\" {\n  source = \"./a\"\n}\n",
		"a/a.tf":  "module \"b\" {\n  source = \"../b\"\n}\n", "b/b.tf": "module \"a\" {\n  source = \"../a\"\n}\n",
	},
	"a module with an error": {
		"main.tf": "resource \"aws_kms_key\" \"k\" {\n}\nmodule \"a\" {\n  source = \"./a\"\n}\n", "a/a.tf": "module \"b\" {\n  source = \"../b\"\n}\n", "b/b.tf": "locals {\n",
	},
	"a model": {
		"main.tf": "variable \"who\" {\n  default = \"arn:aws:iam::111122223333:role/a\"\n}\nmodule \"a\" {\n  source = \"./a\"\n  who = var.who\n}\n",
		"a/a.tf":  "variable \"who\" {}\nmodule \"kms\" {\n  source = \"terraform-aws-modules/kms/aws\"\n  key_users = [var.who]\n}\n",
	},
}

// TestModulesWithoutKeysChangeNothing: what is read is the same whether modules without keys are passed over or evaluated, and whether
// what was evaluated to count a root's keys is used again or not.
func TestModulesWithoutKeysChangeNothing(t *testing.T) {
	nothing := func(*Modules) {}
	for name, files := range keylessModules {
		want := files.reading(t, func(m *Modules) {
			for _, folder := range files.folders() {
				m.keyless[folder] = false
			}
		}, func(m *Modules) { clear(m.begun) })
		if got := files.reading(t, nothing, nothing); got != want {
			t.Errorf("%s:\n%s\nwith all modules evaluated:\n%s", name, got, want)
		}
	}
}

// TestModulesWithoutKeysAreNotEvaluated: nothing more is evaluated for modules without keys, whatever their calls are given.
func TestModulesWithoutKeysAreNotEvaluated(t *testing.T) {
	evaluated := func(calls int) int {
		var b strings.Builder
		for i := range calls {
			fmt.Fprintf(&b, "module \"m%d\" {\n  source = \"./m\"\n  count = var.on ? 1 : 0\n}\n", i)
		}
		m := NewModules(texts{"main.tf": "variable \"on\" {}\nresource \"aws_kms_key\" \"k\" {\n}\n" + b.String(), "m/m.tf": "module \"n\" {\n  source = \"../n\"\n}\n", "n/n.tf": "locals {\n  a = 1\n}\n"})
		e, err := m.begin(".")
		if err != nil || len(e.keysOf(isAboutKeys)) != 1 || len(e.missing(e.root)) != 0 || len(e.sources) != 1+2*min(calls, 1) {
			t.Fatal(err, sortedNames(e.sources))
		}
		return budget - e.budget
	}
	if none, many := evaluated(0), evaluated(100); none != many {
		t.Errorf("%d values are evaluated without calls, %d with 100", none, many)
	}
}

// TestDecimal: a number is written as big.Float writes it.
func TestDecimal(t *testing.T) {
	for _, s := range []string{"0", "-0", "1", "-1", "100000", "-120", "0.5", "1.10", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e30", "1e-7", "123456789012345678901234567890.5"} {
		v := cty.MustParseNumberVal(s)
		if got, want := decimal(v), v.AsBigFloat().Text('f', -1); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
	if got := decimal(cty.NumberIntVal(-42)); got != "-42" {
		t.Error(got)
	}
}
