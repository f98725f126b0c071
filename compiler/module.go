package compiler

import (
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// Module is a Terraform module's folder, with what reads it.
type Module struct {
	Folder  string // as findings name it
	Modules *terraform.Modules
}

// CompileModule reads the keys of a Terraform module, and of the modules that it calls, as the documents of one unit. The unit's
// file has the comments of all of the module's files and no text. The error is that of a file that cannot be read.
func CompileModule(m Module, opts Options) (*Unit, diag.List, error) {
	if opts.Limits == (source.Limits{}) {
		opts.Limits = source.DefaultLimits
	}
	if opts.Templates == nil {
		opts.Templates = expand.NewLibrary(nil)
	}
	read, found, err := m.Modules.Read(m.Folder)
	if err != nil {
		return nil, nil, err
	}
	unit := &Unit{File: &source.File{Name: m.Folder}, Sources: read.Files, Missing: read.Missing}
	for _, f := range read.Files {
		unit.File.Suppressions = append(unit.File.Suppressions, f.Suppressions...)
	}
	documents, wrong := carriedKeys(Input{Name: m.Folder}, opts, KindTerraform, unit.File, read.Keys)
	unit.Documents, found = documents, append(found, wrong...)
	found.Sort()
	return unit, found, nil
}
