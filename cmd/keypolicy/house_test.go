package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/keypolicy/keypolicy"

// fences names, for each library, the one package that imports it directly.
func fences() map[string]string {
	return map[string]string{
		"gopkg.in/yaml.v3":                       "compiler/source",
		"github.com/santhosh-tekuri/jsonschema/": "compiler/validate",
		"github.com/bmatcuk/doublestar/":         "compiler/spec",
		"github.com/open-policy-agent/opa/":      "rules",
		"github.com/aws/aws-sdk-go-v2":           "cmd/internal/push",
		"github.com/hashicorp/hcl/":              "compiler/carrier/terraform",
		"github.com/zclconf/go-cty/":             "compiler/carrier/terraform",
	}
}

func TestFencesOnDirectImports(t *testing.T) {
	for name, imports := range packages(t, "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		if found := trespasses(name, imports); len(found) > 0 {
			t.Errorf("%s imports %s, which is behind a fence", name, strings.Join(found, ", "))
		}
	}
}

func TestFencesReportATrespass(t *testing.T) {
	found := trespasses(module+"/compiler/spec", []string{"fmt", "gopkg.in/yaml.v3", module + "/compiler/source"})
	if !slices.Equal(found, []string{"gopkg.in/yaml.v3"}) {
		t.Errorf("the fence reports %v", found)
	}
	if found := trespasses(module+"/compiler/source", []string{"gopkg.in/yaml.v3"}); len(found) > 0 {
		t.Errorf("the fence reports %v of the package that may", found)
	}
}

// trespasses returns the imports that the package may not have.
func trespasses(name string, imports []string) []string {
	var reached []string
	for library, home := range fences() {
		for _, path := range imports {
			if strings.HasPrefix(path+"/", library) && name != module+"/"+home {
				reached = append(reached, path)
			}
		}
	}
	return reached
}

func TestImportsRunOneWay(t *testing.T) {
	// What a package of the folder may import of the module; the longest folder counts.
	may := map[string][]string{
		"schemas":                        {},
		"templates":                      {},
		"compiler/diag":                  {},
		"compiler/glob":                  {},
		"compiler/facts":                 {"compiler/glob"},
		"compiler/symbol":                {"compiler/diag"},
		"compiler/source":                {"compiler/diag", "compiler/symbol"},
		"compiler/policy":                {"compiler/source", "compiler/symbol", "compiler/facts", "compiler/diag"},
		"compiler/spec":                  {"compiler/policy", "compiler/source", "compiler/symbol", "compiler/glob", "compiler/diag"},
		"compiler/carrier":               {"compiler/carrier", "compiler/source", "compiler/policy", "compiler/symbol", "compiler/diag"},
		"compiler/access":                {"compiler/access", "compiler/glob", "compiler/policy", "compiler/symbol", "compiler/facts", "compiler/diag"},
		"compiler/access/internal/boxes": {},
		"compiler":                       {"compiler", "schemas", "templates"},
		"rules":                          {"rules", "compiler", "schemas"},
		".":                              {"rules", "compiler", "schemas", "templates"},
		"cmd/internal":                   {".", "cmd/internal", "rules", "compiler", "schemas", "templates"},
	}
	for name, imports := range packages(t, "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		own, _ := inModule(name)
		room := ""
		for folder := range may {
			if inside(own, folder) && len(folder) > len(room) {
				room = folder
			}
		}
		if room == "" {
			continue
		}
		for _, path := range imports {
			target, ours := inModule(path)
			if ours && !slices.ContainsFunc(may[room], func(folder string) bool { return inside(target, folder) }) {
				t.Errorf("%s imports %s: imports run the other way", own, target)
			}
		}
	}
}

func inside(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// inModule is a package's folder in the module, "." for its root.
func inModule(path string) (folder string, ours bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

// The linter is the top of the road: only the command is above it.
func TestOnlyTheCommandImportsTheLinter(t *testing.T) {
	for name, imports := range packages(t, "{{.ImportPath}} {{join .Imports \" \"}}", "./...") {
		if own, _ := inModule(name); slices.Contains(imports, module) && !inside(own, "cmd") {
			t.Errorf("%s imports the root package", own)
		}
	}
}

// The linter is a library: what it reads is given to it, and nothing of the machine's.
func TestTheLinterKnowsNoMachine(t *testing.T) {
	for _, path := range packages(t, "{{.ImportPath}} {{join .Imports \" \"}}", ".")[module] {
		if slices.Contains([]string{"os", "os/exec", "flag", "syscall", "path/filepath", "github.com/spf13/cobra", "github.com/spf13/pflag"}, path) {
			t.Errorf("the root package imports %s", path)
		}
	}
}

func TestCompilerIsPure(t *testing.T) {
	for name, deps := range packages(t, "{{.ImportPath}} {{join .Deps \" \"}}", "./compiler/...") {
		for _, dep := range deps {
			if dep == "net/http" || strings.HasPrefix(dep, "github.com/aws/aws-sdk-go-v2") {
				t.Errorf("%s reaches %s", name, dep)
			}
		}
	}
}

func TestRootHoldsTheHouseAlone(t *testing.T) {
	allowed := []string{
		"cmd", "compiler", "rules", "schemas", "templates", "docs", "testdata",
		"LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "go.mod", "go.sum", "action.yml", "Dockerfile",
	}
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		isOwn := !entry.IsDir() && strings.HasSuffix(name, ".go") // the linter's own
		if !strings.HasPrefix(name, ".") && !isOwn && !slices.Contains(allowed, name) && !ignored(t, name) {
			t.Errorf("%s does not belong in the root", name)
		}
	}
}

// ignored reports whether git leaves the file out, such as a binary built here.
func ignored(t *testing.T, name string) bool {
	t.Helper()
	command := exec.Command("git", "check-ignore", "-q", name)
	command.Dir = root(t)
	return command.Run() == nil
}

// root is the module's folder; a test runs in its package's.
func root(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// packages returns the words that go list gives for each package, by its path.
func packages(t *testing.T, format, pattern string) map[string][]string {
	t.Helper()
	command := exec.Command("go", "list", "-f", format, pattern)
	command.Dir = root(t)
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list %s: %v", pattern, err)
	}
	words := map[string][]string{}
	for line := range strings.Lines(string(output)) {
		fields := strings.Fields(line)
		words[fields[0]] = fields[1:]
	}
	if len(words) == 0 {
		t.Fatalf("go list %s names no package", pattern)
	}
	return words
}
