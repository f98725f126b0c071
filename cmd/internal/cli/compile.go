package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/rules"
)

// compileFlags is the flags of compile.
type compileFlags struct {
	reportFlags
	dir, to        string
	check, compact bool
	prune          bool
	resource       string
}

func (a *app) compile() *cobra.Command {
	var f compileFlags
	cmd := &cobra.Command{
		Use:   "compile [PATH…]",
		Short: "Lint specs and write their policy documents",
		Long:  "Lint specs and write their policy documents: one to stdout, more to -o DIR or the configuration's output.\nA policy with an error is neither written nor printed, and its old file stays as it is.\n--prune deletes the policies of specs that no longer exist, if they are committed to git unchanged.",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runCompile(cmd.Context(), &f, args)
		},
	}
	f.add(cmd)
	cmd.Flags().StringVarP(&f.dir, "output", "o", "", "the folder that policies are written to")
	cmd.Flags().BoolVar(&f.check, "check", false, "write nothing, and report what in the folder is missing or stale")
	cmd.Flags().BoolVar(&f.prune, "prune", false, "delete the policies in the folder that no spec compiles to any more, if compile could have written them and they are committed")
	cmd.Flags().StringVar(&f.to, "to", "policy", "what is written: policy, or input, which is what rules read")
	cmd.Flags().StringVar(&f.resource, "resource", "", "print the policy of one key of a Terraform module or plan, by its address: what is not known before a run is a ${REFERENCE}")
	noFindingsFlag(cmd, &a.noFindings)
	cmd.Flags().BoolVar(&f.compact, "compact", false, "without spaces and line breaks")
	return cmd
}

func (a *app) runCompile(ctx context.Context, f *compileFlags, args []string) error {
	if err := f.reportFlags.check(); err != nil {
		return err
	}
	if err := oneOf("--to", f.to, "policy", "input"); err != nil {
		return err
	}
	if f.resource != "" {
		return a.compileResource(ctx, f, args)
	}
	switch {
	case f.prune && f.check:
		return errors.New("--prune deletes and --check changes nothing: give one of them")
	case f.prune && len(args) > 0:
		return errors.New("--prune needs to know all specs: give no paths")
	}
	l, err := a.prepare(ctx, &f.reportFlags, a.stdio.Err)
	if err != nil {
		return err
	}
	inputs, faulty, err := a.collectInputs(l, args, false)
	if err != nil {
		return err
	}
	if inputs, err = withPolicies(inputs); err != nil {
		return err
	}
	options := keypolicy.RunOptions{Emit: f.emit, EmitBad: f.to == "input", OneOutput: f.dir != ""}
	if f.check {
		known := knownFindings{}
		if options.Baseline, err = a.known(ctx, &known, l, args); err != nil {
			return err
		}
		options.OwnBaseline = known.own
	}
	run, err := a.check(ctx, l, inputs, options)
	if err != nil {
		return err
	}
	if a.noFindings {
		a.sayFailing(run.Findings, f.fail)
	} else if err := a.report(run, &f.reportFlags, a.stdio.Err); err != nil {
		return err
	}
	current, err := a.deliver(ctx, f, l.Configuration, run, inputs, len(args) == 0)
	if err != nil {
		return err
	}
	return outcome(run.Failed || faulty, run.Summary.AtLeast(f.fail) || run.AnyBad() && !f.check || !current)
}

// withPolicies are the inputs of which policies are written. Of a Terraform module none is: its findings are those of lint, which has a
// baseline, and would fail compile for good.
func withPolicies(inputs []keypolicy.Input) ([]keypolicy.Input, error) {
	specs := slices.DeleteFunc(slices.Clone(inputs), keypolicy.Input.IsModule)
	if len(specs) == 0 {
		return nil, errors.New("there is no spec to compile: `keypolicy compile --resource ADDRESS PATH` prints the policy of a key of a Terraform module")
	}
	return specs, nil
}

// emit makes a document's output: its policies, or what the rules see of them.
func (f *compileFlags) emit(set *rules.Set, d *compiler.Document) ([][]byte, error) {
	if f.to == "input" {
		return ruleInputs(set, d, f.compact)
	}
	texts := make([][]byte, 0, len(d.Policies))
	for _, p := range d.Policies {
		texts = append(texts, p.Document.JSON(f.compact))
	}
	return texts, nil
}

// deliver prints the one policy, writes the folder, or compares with it; current is false where the folder is out of date.
func (a *app) deliver(ctx context.Context, f *compileFlags, c *keypolicy.Configuration, run *keypolicy.Run, inputs []keypolicy.Input, orphans bool) (current bool, err error) {
	dirs := outputs{dir: f.dir, configuration: c}
	wanted, homeless := 0, f.dir == "" && c.Output == "" && len(c.Folders) == 0
	for _, file := range run.Files {
		wanted += file.Wanted
		homeless = homeless || file.Wanted > 0 && dirs.of(file.Name) == ""
	}
	switch {
	case f.check && homeless:
		return false, errors.New("--check needs a folder to look in: give -o DIR, or write `output` into .keypolicy.yaml")
	case f.check:
		return a.compare(f, dirs, run, orphans)
	case f.prune && homeless:
		return false, errors.New("--prune needs a folder to look in: give -o DIR, or write `output` into .keypolicy.yaml")
	case wanted == 0 && !f.prune:
		a.say("none of the files compiles to a policy: `--resource ADDRESS` prints that of a key of a Terraform plan")
		return true, nil
	case f.dir == "" && wanted <= 1 && !f.prune:
		return true, a.printPolicy(run)
	case homeless:
		return false, errors.New("several policies need a folder to be written to: give -o DIR, or write `output` into .keypolicy.yaml")
	default:
		err := a.writeAll(dirs, run, inputs)
		if err == nil && f.prune {
			err = a.prune(ctx, dirs, run, inputs)
		}
		return true, err
	}
}

func (a *app) printPolicy(run *keypolicy.Run) error {
	for _, file := range run.Files {
		for _, o := range file.Outputs {
			if _, err := a.stdio.Out.Write(o.Text); err != nil {
				return err
			}
		}
	}
	return nil
}

// outputs are the folders that policies are written to.
type outputs struct {
	dir           string // of -o; "" is the configuration's
	configuration *keypolicy.Configuration
}

// of is the folder for the policies of a file; "" where there is none.
func (o outputs) of(file string) string {
	if o.dir != "" {
		return o.dir
	}
	return o.configuration.OutputFor(file)
}

// all are the folders that may hold policies, sorted.
func (o outputs) all() []string {
	if o.dir != "" {
		return []string{o.dir}
	}
	var list []string
	for _, output := range o.configuration.Outputs() {
		list = append(list, o.configuration.Path(output))
	}
	return sorted(list)
}
