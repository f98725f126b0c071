package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// valuesOf are what the files of values give to a root module's variables: terraform.tfvars and *.auto.tfvars next to it, in the order
// of their names, each also with .json, and then those that are given to the run. https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
func (e *evaluator) valuesOf(c *config) map[string]*value {
	names, err := e.files.List(c.folder)
	if err != nil {
		return nil
	}
	var list []string
	for _, name := range []string{"terraform.tfvars", "terraform.tfvars.json"} {
		if slices.Contains(names, name) {
			list = append(list, name)
		}
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".auto.tfvars") || strings.HasSuffix(name, ".auto.tfvars.json") {
			list = append(list, name)
		}
	}
	values := map[string]*value{}
	for _, name := range list {
		full := path.Join(c.folder, name)
		data, err := e.files.Read(full)
		if err != nil {
			e.reportOutside(err, hcl.Range{Filename: full})
			continue
		}
		e.readValues(values, full, data)
	}
	for _, given := range e.modules.Given {
		e.readValues(values, given.Name, given.Text)
	}
	return values
}

// ValuesFile is a file that gives variables of root modules their values.
type ValuesFile struct {
	Name string // as findings name it
	Text []byte
}

// readValues takes what a file of values gives.
func (e *evaluator) readValues(values map[string]*value, name string, data []byte) {
	file, found := source.LoadText(name, data, source.DefaultLimits)
	d, deep := tooDeep(file)
	if deep {
		found = append(found, d)
	}
	if !found.HasErrors() {
		e.sources[name] = file
		var body *hclsyntax.Body
		var wrong diag.List
		if isJSON(name) {
			body, _, wrong = parseJSON(file, true)
		} else {
			if body, wrong = parse(file); !wrong.HasErrors() {
				suppressions(file, body)
			}
		}
		found = append(found, wrong...)
		if body != nil {
			for name, a := range body.Attributes {
				values[name] = e.value(a.Expr, &scope{in: newInstance(newConfig(""), ""), closed: true})
			}
		}
	}
	e.found = append(e.found, found...)
}
