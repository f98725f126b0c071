package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// picking is the flag that picks one of a file's documents; --region picks one of its Regions.
type picking struct{ document int }

// anyDocument is the document of a file that has one.
const anyDocument = -1

func (p *picking) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&p.document, "document", anyDocument, "which document of a file with several, from 0")
}

func (p *picking) check(cmd *cobra.Command) error {
	if cmd.Flags().Changed("document") && p.document < 0 {
		return fmt.Errorf("--document is %d: documents count from 0", p.document)
	}
	return nil
}

// reader reads policies for the commands that say what one means.
type reader struct {
	app           *app
	configuration *configuration
	options       compiler.Options
}

// newReader reads the configuration and the templates.
func (a *app) newReader() (*reader, error) {
	c, err := a.configured()
	if err != nil {
		return nil, err
	}
	if err := a.met(c); err != nil {
		return nil, err
	}
	templates, faults := library(c, nil)
	for _, fault := range faults {
		a.say("%v", fault)
	}
	if len(faults) > 0 {
		return nil, errTold
	}
	return &reader{a, c, compiler.Options{Flags: a.flags.key, Configuration: c.defaults(), Templates: templates}}, nil
}

// one reads the one policy that a path names. lenient takes the only document of a file whatever the flag says: of two
// files one may have several.
func (r *reader) one(path string, pick picking, lenient bool) (*policy.Policy, error) {
	in := compiler.Input{Name: path, Spec: true}
	var err error
	if path == stdin {
		in.Text, err = readAll(r.app.stdio.In)
	} else {
		in.Name, in.Spec = filepath.ToSlash(path), r.configuration.includes(path)
		if absolute, err := filepath.Abs(path); err == nil {
			in.Configuration = r.configuration.is(absolute)
		}
		in.Text, err = readFile(path)
	}
	if err != nil {
		return nil, err
	}
	return r.pick(in, pick, lenient)
}

func (r *reader) pick(in compiler.Input, pick picking, lenient bool) (*policy.Policy, error) {
	unit, found := compiler.Compile(in, r.options)
	d, err := document(unit, in.Name, pick, lenient)
	if err != nil {
		return nil, err
	}
	if err := r.app.broken(in, found, d); err != nil {
		return nil, err
	}
	if err := holdsPolicy(in.Name, d); err != nil {
		return nil, err
	}
	return r.region(in.Name, d)
}

// document picks a document; nil where the file has none.
func document(unit *compiler.Unit, name string, pick picking, lenient bool) (*compiler.Document, error) {
	all := unit.Documents
	switch {
	case len(all) == 0:
		return nil, nil
	case len(all) == 1 && (pick.document <= 0 || lenient):
		return all[0], nil
	case pick.document >= 0 && pick.document < len(all):
		return all[pick.document], nil
	}
	var list strings.Builder
	for _, d := range all {
		fmt.Fprintf(&list, "\n  --document %d: %s", d.Index, described(d))
	}
	if pick.document >= 0 {
		return nil, fmt.Errorf("%s has no document %d: it has%s", name, pick.document, list.String())
	}
	return nil, fmt.Errorf("%s has %d documents: say which with --document%s", name, len(all), list.String())
}

func described(d *compiler.Document) string {
	what := map[compiler.Kind]string{
		compiler.KindSpec: "a spec", compiler.KindDocument: "a policy document", compiler.KindTemplate: "a template",
		compiler.KindConfiguration: "a configuration", compiler.KindUnknown: "of no kind",
	}[d.Kind]
	if d.Root == nil {
		return what
	}
	if outputs := d.Outputs(); d.Kind == compiler.KindSpec && len(outputs) > 0 {
		what += " `" + outputs[0].Name + "`"
	}
	return fmt.Sprintf("%s (line %d)", what, d.Root.Place.Range.Start.Line)
}

// broken tells, on stderr, why a document does not compile.
func (a *app) broken(in compiler.Input, found diag.List, d *compiler.Document) error {
	if d != nil && d.Guard != nil {
		found = append(found, *d.Guard)
	}
	sources := report.Sources{}
	source := newLines(in.Text)
	var errors diag.List
	for _, f := range found {
		if f.Severity == diag.Error && (d == nil || f.Place.Document == d.Index) {
			errors = append(errors, f)
			if f.Place.File == in.Name {
				sources[report.LineOf(f)] = source.at(f.Place.Range.Start.Line)
			}
		}
	}
	if len(errors) == 0 {
		return nil
	}
	errors.Sort()
	if err := report.Write(a.stdio.Err, "text", errors, sources, report.Summary{}, a.flags.colored(a.stdio.Err)); err != nil {
		return err
	}
	return errTold
}

func holdsPolicy(name string, d *compiler.Document) error {
	switch {
	case d == nil:
		return fmt.Errorf("%s holds nothing", name)
	case d.Kind == compiler.KindTemplate:
		return fmt.Errorf("%s is a template, which becomes a policy with its parameters alone: name a spec that uses it", name)
	case d.Kind == compiler.KindConfiguration:
		return fmt.Errorf("%s is a configuration: name a spec or a policy document", name)
	case len(d.Policies) == 0:
		return fmt.Errorf("%s holds no policy", name)
	}
	return nil
}

// region picks the policy of a Region. Where the flag gives one, the spec is compiled for it alone.
func (r *reader) region(name string, d *compiler.Document) (*policy.Policy, error) {
	listed := regionsOf(d)
	wanted := r.options.Flags.Region
	switch {
	case wanted != "" && len(listed) > 0 && !slices.Contains(listed, wanted):
		return nil, fmt.Errorf("%s has no Region %s: it has %s", name, wanted, strings.Join(listed, ", "))
	case len(d.Policies) > 1:
		return nil, fmt.Errorf("%s has %d policies, one a Region: say which with --region, one of %s", name, len(d.Policies), strings.Join(listed, ", "))
	}
	return d.Policies[0], nil
}

func regionsOf(d *compiler.Document) []string {
	if d.Spec == nil {
		return nil
	}
	list := d.Spec.Root.Get("regions")
	if list == nil {
		return nil
	}
	var names []string
	for _, item := range list.Items {
		names = append(names, item.Text)
	}
	return names
}

// env is what is known of a policy's key and of the user's surroundings.
func (r *reader) env(p *policy.Policy) access.Env {
	env := access.EnvOf(p.Key)
	env.TrustAccounts, env.TrustOrgs = r.configuration.Trust.Accounts, r.configuration.Trust.Organizations
	env.Today, _ = time.Parse(time.DateOnly, r.app.flags.today)
	return env
}

// shownPolicy is what a report says of a policy: its file, its account and where its statements stand.
func shownPolicy(file string, p *policy.Policy) report.Policy {
	out := report.Policy{File: file, Region: p.Key.Region, Account: report.Account{ID: p.Key.Account, From: string(p.Key.AccountFrom)}}
	for i := range p.Document.Statements {
		st := &p.Document.Statements[i]
		origin := p.Document.Map.Find(st.Path)
		place := report.Statement{Index: i, Sid: st.Sid.Value, Effect: st.Effect.Value, File: origin.Value.File, Line: origin.Value.Range.Start.Line}
		for _, o := range origin.Origins {
			place.Templates = append(place.Templates, report.Line{File: o.File, Number: o.Range.Start.Line})
		}
		if place.Effect == "Deny" {
			place.Denies = report.DenyWords(st, p.Key.Account)
		}
		out.Statements = append(out.Statements, place)
	}
	return out
}
