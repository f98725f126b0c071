package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler/lift"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// importFlags is the flags of import.
type importFlags struct {
	documentFlags
	output string
	all    bool

	suggest bool

	timeout time.Duration
}

func (a *app) importSpec() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE|KEY",
		Short: "Turn a policy document or a live key's policy into a spec that allows exactly the same",
		Long: "Turn a policy document, the reply of `aws kms get-key-policy`, or a live key's policy into a spec. Statements that a\n" +
			"spec's lists (who may do what) compile to become lists, those that fit a built-in template become the template, and the\n" +
			"others are kept unchanged. A spec is written only where it is proven to decide every request as the policy does.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			if err := checkTimeout(f.timeout); err != nil {
				return err
			}
			a.asksAWS = true
			ctx, stop := a.within(cmd.Context(), f.timeout)
			defer stop()
			return a.runImport(ctx, &f, args)
		},
	}
	f.add(cmd)
	a.flags.addVarFile(cmd)
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "the file that the spec is written to, else stdout; with --all the folder. Existing files are not overwritten")
	cmd.Flags().BoolVar(&f.all, "all", false, "every customer managed key of the account and Region, each into a file of the folder -o")
	cmd.Flags().BoolVar(&f.suggest, "suggest", false, "also use lists and templates for statements that are only similar to theirs, leave out statements that allow nothing more, and report what that changes")
	cmd.Flags().DurationVar(&f.timeout, "timeout", 0, timeoutHelp)
	return cmd
}

func (a *app) runImport(ctx context.Context, f *importFlags, args []string) error {
	switch {
	case f.all && len(args) > 0:
		return errors.New("import takes a FILE, a KEY or --all, and only one of them")
	case f.all && f.output == "":
		return errors.New("import --all needs a folder to write to: give -o DIR")
	case !f.all && len(args) != 1:
		return errors.New("import takes one policy document or one key: `import FILE`, `import KEY`, or `import --all -o DIR`")
	}
	l, err := a.linter()
	if err != nil {
		return err
	}
	document := !f.all && (args[0] == keypolicy.Stdin || !disk.IsMissing(args[0]) || !push.IsKeyName(args[0]))
	if f.suggest && !document {
		return errors.New("--suggest is for a policy document: `import --suggest FILE`")
	}
	switch {
	case f.all:
		return a.importAll(ctx, l, f.output)
	case args[0] != keypolicy.Stdin && disk.IsMissing(args[0]) && push.IsKeyName(args[0]):
		return a.importKey(ctx, l, f, args[0])
	default:
		return a.importFile(l, f, args[0])
	}
}

func (a *app) importFile(l *keypolicy.Linter, f *importFlags, path string) error {
	p, err := a.one(l, path, f.documentFlags, false)
	if err != nil {
		return err
	}
	if p.Form != spec.FormDocument && p.Form != spec.FormReply {
		return fmt.Errorf("%s is a spec already: import takes a policy document", path)
	}
	if f.suggest {
		return a.suggested(l, path, f.output, p)
	}
	if lift.HasHoles(p.Document.Root, false) {
		return a.importedTemplate(l, path, f, p)
	}
	err = a.imported(l, path, f.output, p.Document, p.Key)
	if errors.Is(err, lift.ErrNoSpec) && lift.HasHoles(p.Document.Root, true) { // it names its own account, which is not known
		return a.importedTemplate(l, path, f, p)
	}
	return err
}

// importedTemplate writes a template whose parameters are what is not known of a policy before a run.
func (a *app) importedTemplate(l *keypolicy.Linter, path string, f *importFlags, p *spec.Compiled) error {
	address := cmp.Or(f.resource, "imported")
	name := address[strings.LastIndex(address, ".")+1:]
	made, err := lift.ProveTemplate(p.Document, name, "The policy of "+address+".", p.Key, l.CompilerOptions(""))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := a.writeSpec(f.output, made.Text); err != nil {
		return err
	}
	if !a.flags.quiet {
		a.say("%s: parts of the policy are not known before a run, so it is a template, proven to give the policy with their values: put it into a folder of the configuration's `templates`, and use it in a spec by `policytemplate: %s` with `parameters`: %s",
			path, made.Name, strings.Join(made.Parameters, ", "))
	}
	return nil
}

// imported lifts one policy and writes its spec.
func (a *app) imported(l *keypolicy.Linter, what, output string, doc *policy.Document, key spec.Key) error {
	proven, err := lift.Prove(doc, key, l.CompilerOptions(""), lift.Header(key)...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := a.writeSpec(output, proven.Text); err != nil {
		return err
	}
	if !a.flags.quiet {
		a.say("%s", conversionSummary(what, doc, proven.Spec))
	}
	return nil
}

func (a *app) writeSpec(name string, text []byte) error {
	if name == "" {
		_, err := a.stdio.Out.Write(text)
		return err
	}
	if !disk.IsMissing(name) {
		return fmt.Errorf("%s already exists, and import does not overwrite files", filepath.ToSlash(name))
	}
	if err := disk.Replace(name, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return fmt.Errorf("%s: it cannot be written: %w", filepath.ToSlash(name), disk.Reason(err))
	}
	return nil
}

// conversionSummary says what became of a policy's statements.
func conversionSummary(what string, doc *policy.Document, s lift.Spec) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the spec is proven equivalent", what)
	if len(s.Templates) > 0 {
		fmt.Fprintf(&b, "; by templates: %s", strings.Join(s.Templates, ", "))
	}
	if len(s.Verbatim) > 0 {
		fmt.Fprintf(&b, "; statements kept unchanged: %s", labels(doc, s.Verbatim))
	}
	return b.String()
}
