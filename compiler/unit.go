package compiler

import (
	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Unit is what one file became.
type Unit struct {
	File      *source.File
	Documents []*Document
	Sources   []*source.File      // of a Terraform module: its files, and those of the modules that it calls
	Missing   []terraform.Missing // the modules among them that are not there

	PlanSources []*source.File // of a Terraform plan: the files of the module that it is of, where that is at hand
}

// Document is what one document of a file became.
type Document struct {
	Index         int
	Kind          Kind
	Root          *source.Node
	Spec          *spec.Document      // specs
	Template      *expand.Entry       // templates
	Sample        *SampleCompile      // templates that compile with their defaults, and holes for other parameters
	Configuration *spec.Configuration // configurations
	Uses          []string            // the templates that a spec uses, sorted
	Policies      []*spec.Compiled    // none where it does not compile; one a Region
	OutputNode    *source.Node        // what names the output: the spec's name, else its root
	Guard         *diag.Diagnostic    // that two forms are given: reported where no rule has reported it

	Resource string       // the address of a carrier's key
	Carried  *carrier.Key // of a carrier's key: what the carrier says of it
	// WithoutDefaults is the same key whatever the defaults of its module's variables are; nil where it rests on none.
	WithoutDefaults *Document

	Before *spec.Compiled // of a key that a plan changes: the policy before, KMS's default one of a new key
}

// DropWorlds lets go of what the document is with its choices settled and its defaults left out, once it is judged: a module of
// thousands of keys has them one after another.
func (d *Document) DropWorlds() {
	for _, p := range d.Policies {
		p.Worlds = nil
	}
	if d.Carried != nil {
		d.Carried.Worlds, d.Carried.WithoutDefaults = nil, nil
	}
	d.WithoutDefaults = nil
}
