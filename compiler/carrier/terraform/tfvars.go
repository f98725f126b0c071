package terraform

import (
	"path"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// valuesOf are what the files of values beside a root module give to its variables: terraform.tfvars, and then *.auto.tfvars in the
// order of their names. https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
func (e *evaluator) valuesOf(c *config) map[string]*value {
	names, err := e.files.List(c.folder)
	if err != nil {
		return nil
	}
	var list []string
	if slices.Contains(names, "terraform.tfvars") {
		list = append(list, "terraform.tfvars")
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".auto.tfvars") {
			list = append(list, name)
		}
	}
	values := map[string]*value{}
	for _, name := range list {
		full := path.Join(c.folder, name)
		data, err := e.files.Read(full)
		if err != nil {
			continue
		}
		file, found := source.LoadText(full, data, source.DefaultLimits)
		d, deep := tooDeep(file)
		if deep {
			found = append(found, d)
		}
		if !found.HasErrors() {
			e.sources[full] = file
			body, wrong := parse(file)
			found = append(found, wrong...)
			for name, a := range body.Attributes {
				values[name] = e.value(a.Expr, &scope{in: newInstance(newConfig(c.folder), ""), closed: true})
			}
		}
		e.found = append(e.found, found...)
	}
	return values
}
