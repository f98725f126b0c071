package keypolicy

import (
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
	"github.com/keypolicy/keypolicy/rules"
)

// ValuesFile is a file of values for Terraform's variables, as `--var-file` names it: its name and its text.
type ValuesFile = terraform.ValuesFile

// KeyDefaults are what is given for keys from outside their files; "" is not given.
type KeyDefaults = compiler.Defaults

// Options are what a linter works by. Only Files are needed, and they too only where something is read by its name.
type Options struct {
	Files Files

	// Configuration is the configuration; nil is the first `.keypolicy.yaml` from the working folder up.
	Configuration *Configuration

	// Enforce is another configuration, such as a platform team's: its rules and what its `enforce` names count too, and the
	// own configuration can tighten and not loosen them. What that excludes is evaluated by these rules only. nil is none.
	Enforce *Configuration

	// Key is what is given for every key, before what files say: account, partition, Region, and the key itself.
	Key KeyDefaults

	// Values give variables of Terraform's root modules their values, after the files beside the modules; the last counts.
	Values []ValuesFile

	// PlanModule is the folder of the module that Terraform plans are of; "" is the folder of each plan, or else the working folder,
	// where there are files of Terraform.
	PlanModule string

	// UsedBy are uses that the keys of plain policy documents are for, as NAME[,PARAMETER=VALUE…].
	UsedBy []string

	// Today is the date that `until=` and date conditions are held against, as 2026-01-31; "" is not a date: nothing has expired.
	Today string

	// MinSeverity is the mildest severity of findings that are returned. The zero value is all of them.
	MinSeverity Severity

	// NoIgnore returns suppressed findings too.
	NoIgnore bool

	// Lines returns the lines that findings are about.
	Lines bool

	// Jobs is how many files are read at a time; 0 is one.
	Jobs int

	// Print takes what users' rules print(), from several goroutines; nil leaves print() out.
	Print func(rules.Printed)

	// Limit ends rules that never end; nil is not a limit.
	Limit rules.Limit

	// Sparse says that folders that the configuration names need not be there, as in a revision of git, which has no empty ones.
	Sparse bool
}
