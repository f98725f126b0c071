package terraform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// declared checks the blocks of a file before they are taken: a block whose labels are wrong declares nothing, and of what is declared
// twice only the last would be judged.
func (c *config) declared(body *hclsyntax.Body, override bool) {
	for _, b := range body.Blocks {
		n, read := labels[b.Type]
		switch {
		case !read:
		case b.Type == "locals" && len(b.Labels) == 0 && !override:
			for _, name := range slices.Sorted(maps.Keys(b.Body.Attributes)) {
				c.declare("local."+name, b.Body.Attributes[name].NameRange)
			}
		case len(b.Labels) != n:
			c.found = append(c.found, diag.Diagnostic{
				Rule: "syntax", Reason: "syntax-error", Severity: diag.Error, Place: placeOf(c.files, b.DefRange()),
				Message: fmt.Sprintf("the file is not valid Terraform: `%s` has %d labels instead of %d", b.Type, len(b.Labels), n),
				Help:    "write `" + strings.TrimSpace(b.Type+strings.Repeat(` "NAME"`, n)) + " {`",
			})
		case !override && n > 0 && b.Type != "provider":
			c.declare(strings.Join(append([]string{b.Type}, b.Labels...), "."), b.DefRange())
		}
	}
}

// declare reports what is declared a second time. Of a resource or a document, one is not judged; of anything else, such as a local,
// there is no policy to miss, and Terraform itself refuses it.
func (c *config) declare(what string, at hcl.Range) {
	first, twice := c.names[what]
	if !twice {
		c.names[what] = at
		return
	}
	place := placeOf(c.files, at)
	if slices.ContainsFunc(c.found, func(d diag.Diagnostic) bool { return d.Place == place }) {
		return
	}
	severity := diag.Info
	if strings.HasPrefix(what, "resource.") || strings.HasPrefix(what, "data.") {
		severity = diag.Warning
	}
	c.found = append(c.found, diag.Diagnostic{
		Rule: "compile", Reason: "terraform-declared-twice", Category: "references", Severity: severity, Place: place,
		Message: "`" + what + "` is declared twice in this module, which Terraform refuses: only the last one is checked",
		Help:    "remove one, or rename it", Related: []diag.Related{{Place: placeOf(c.files, first), Message: "first declared here"}},
	})
}
