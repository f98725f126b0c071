package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// documentFlags is the flags that pick one of a file's documents or keys; --region picks one of its Regions.
type documentFlags struct {
	document int
	resource string
}

func (p *documentFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&p.document, "document", keypolicy.AnyDocument, "which document of a file with several documents, counted from 0")
	cmd.Flags().Lookup("document").DefValue = "0" // so that help does not show AnyDocument
	cmd.Flags().StringVar(&p.resource, "resource", "", "the address of the key, if a Terraform module, plan or state has several")
}

func (p *documentFlags) check(cmd *cobra.Command) error {
	if cmd.Flags().Changed("document") && p.document < 0 {
		return fmt.Errorf("--document is %d: documents count from 0", p.document)
	}
	if cmd.Flags().Changed("resource") && p.resource == "" {
		return errors.New("--resource names no key: write its address, such as module.logs.aws_kms_key.this")
	}
	return nil
}

// one reads the one policy that a path names. lenient takes the only document of a file whatever the flag says: of two
// files one may have several.
func (a *app) one(l *keypolicy.Linter, path string, pick documentFlags, lenient bool) (*spec.Compiled, error) {
	in := keypolicy.Input{Name: filepath.ToSlash(path)}
	if path == keypolicy.Stdin {
		text, err := a.readStdin()
		if err != nil {
			return nil, err
		}
		in.Text, in.Spec = text, true
	}
	p, err := l.Policy(in, keypolicy.Pick{Document: pick.document, Resource: pick.resource, Lenient: lenient})
	if err != nil {
		return nil, a.broken(err)
	}
	return p, nil
}

// broken reports, on stderr, why a document does not compile; other errors, and none, are given back.
func (a *app) broken(err error) error {
	var broken *keypolicy.BrokenError
	if !errors.As(err, &broken) {
		return err
	}
	if a.noFindings {
		a.sayFailing(broken.Findings, diag.Error)
		return errReported
	}
	if err := report.Write(a.stdio.Err, report.Text, report.Findings{List: broken.Findings, Lines: broken.Lines, Colors: a.flags.colored(a.stdio.Err)}); err != nil {
		return err
	}
	return errReported
}
