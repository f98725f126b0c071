package keypolicy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// AnyDocument is the document of a file that has one.
const AnyDocument = -1

// Pick picks one of a file's documents; the linter's Region picks one of a spec's Regions.
type Pick struct {
	Document int    // from 0, or [AnyDocument]
	Resource string // the address of a key in what carries it; "" where there is one
	Lenient  bool   // the only document of a file is taken whatever Document is: of two files one may have several
}

// BrokenError says that a document does not compile.
type BrokenError struct {
	Findings diag.List // the errors, sorted
	Lines    Lines
}

// Error is the first finding.
func (e *BrokenError) Error() string {
	return e.Findings[0].Place.File + ": " + e.Findings[0].Message
}

// Policy reads the one policy of a file. A document that does not compile is a [*BrokenError].
func (l *Linter) Policy(in Input, pick Pick) (*spec.Compiled, error) {
	read, unit, found, err := l.compiled(in)
	if err != nil {
		return nil, err
	}
	d, err := document(unit, in.Name, pick)
	if err != nil {
		return nil, err
	}
	read.Text = unit.File.Shown
	if err := brokenBy(read, found, d); err != nil {
		return nil, err
	}
	if err := holdsPolicy(in.Name, d); err != nil {
		return nil, err
	}
	return l.region(in.Name, d)
}

// compiled is what a file, or a Terraform module's folder or file, becomes.
func (l *Linter) compiled(in Input) (compiler.Input, *compiler.Unit, diag.List, error) {
	if m, ok := l.module(in); ok {
		unit, found, err := compiler.CompileModule(m, l.CompilerOptions(settingsOf(m.Folder)))
		return compiler.Input{Name: m.Folder}, unit, found, err
	}
	read, err := l.input(in)
	if err != nil {
		return read, nil, nil, err
	}
	unit, found := compiler.Compile(read, l.CompilerOptions(in.Name))
	return read, unit, found, nil
}

// input is a file as the compiler takes it.
func (l *Linter) input(in Input) (compiler.Input, error) {
	read := compiler.Input{Name: in.Name, Text: in.Text, Spec: in.Spec}
	if in.Text == nil {
		text, err := l.files.Read(in.Name)
		if err != nil {
			return read, err
		}
		read.Text = text
	}
	if in.Name != Stdin {
		read.Spec = read.Spec || l.Configuration.includes(in.Name)
		read.Configuration = l.Configuration.is(in.Name)
	}
	return read, nil
}

// Unit is what a file became, with the errors of each of its documents.
type Unit struct {
	*compiler.Unit
	in    compiler.Input
	found diag.List
}

// Unit compiles a file.
func (l *Linter) Unit(in Input) (*Unit, error) {
	read, unit, found, err := l.compiled(in)
	if err != nil {
		return nil, err
	}
	read.Text = unit.File.Shown
	return &Unit{unit, read, found}, nil
}

// IsState reports whether a file of Terraform is a state, which has no changes, and not a plan.
func (u *Unit) IsState() bool {
	return len(u.File.Documents) > 0 && u.File.Documents[0].Root.Member("resource_changes") == nil
}

// Err is a [*BrokenError] where the document has errors.
func (u *Unit) Err(d *compiler.Document) error { return brokenBy(u.in, u.found, d) }

// ErrOfNone is the errors of what became no document, as where a file is not YAML any more; nil where there is none.
func (u *Unit) ErrOfNone() error {
	var list diag.List
	for _, f := range u.found {
		if !slices.ContainsFunc(u.Documents, func(d *compiler.Document) bool { return d.Index == f.Place.Document }) {
			list = append(list, f)
		}
	}
	return brokenBy(u.in, list, nil)
}

// document picks a document; nil where the file has none.
func document(unit *compiler.Unit, name string, pick Pick) (*compiler.Document, error) {
	all := unit.Documents
	if pick.Resource != "" || len(all) > 0 && all[0].Kind.Carries() {
		return carried(all, name, pick)
	}
	switch {
	case len(all) == 0:
		return nil, nil
	case len(all) == 1 && (pick.Document <= 0 || pick.Lenient):
		return all[0], nil
	case pick.Document >= 0 && pick.Document < len(all):
		return all[pick.Document], nil
	}
	var list strings.Builder
	for _, d := range all {
		fmt.Fprintf(&list, "\n  --document %d: %s", d.Index, described(d))
	}
	if pick.Document >= 0 {
		return nil, fmt.Errorf("%s has no document %d: it has%s", name, pick.Document, list.String())
	}
	return nil, fmt.Errorf("%s has %d documents: say which with --document%s", name, len(all), list.String())
}

// carried picks the key of a carrier.
func carried(all []*compiler.Document, name string, pick Pick) (*compiler.Document, error) {
	var keys []*compiler.Document
	var list strings.Builder
	for _, d := range all {
		switch {
		case d.Resource == "":
			continue
		case d.Resource == pick.Resource:
			return d, nil
		case d.Carried.Change.Action == carrier.Delete: // it has no policy then
			continue
		}
		keys = append(keys, d)
		fmt.Fprintf(&list, "\n  --resource '%s'", d.Resource)
	}
	switch {
	case len(keys) == 0:
		return nil, fmt.Errorf("%s contains no KMS key of Terraform", name)
	case pick.Resource != "":
		return nil, fmt.Errorf("%s has no key %s: it has%s", name, pick.Resource, list.String())
	case len(keys) == 1:
		return keys[0], nil
	default:
		return nil, fmt.Errorf("%s has %d keys: say which with%s", name, len(keys), list.String())
	}
}

func described(d *compiler.Document) string {
	what := map[compiler.Kind]string{
		compiler.KindSpec: "a spec", compiler.KindDocument: "a policy document", compiler.KindTemplate: "a template",
		compiler.KindConfiguration: "a configuration", compiler.KindPlan: "a Terraform plan", compiler.KindTerraform: "a Terraform module", compiler.KindUnknown: "of no kind",
	}[d.Kind]
	if d.Root == nil {
		return what
	}
	if outputs := d.Outputs(); d.Kind == compiler.KindSpec && len(outputs) > 0 {
		what += " `" + outputs[0].Name + "`"
	}
	return fmt.Sprintf("%s (line %d)", what, d.Root.Place.Range.Start.Line)
}

// brokenBy is the error of a document that does not compile; nil for d is all of the file's documents.
func brokenBy(in compiler.Input, found diag.List, d *compiler.Document) error {
	if d != nil && d.Guard != nil {
		found = append(found, *d.Guard)
	}
	var errors, own diag.List
	for _, f := range found {
		if f.Severity == diag.Error && (d == nil || f.Place.Document == d.Index && (f.Resource == "" || f.Resource == d.Resource)) {
			errors = append(errors, f)
		}
	}
	if len(errors) == 0 {
		return nil
	}
	errors.Sort()
	for _, f := range errors {
		if f.Place.File == in.Name {
			own = append(own, f)
		}
	}
	return &BrokenError{errors, linesOf(own, in.Text)}
}

func holdsPolicy(name string, d *compiler.Document) error {
	switch {
	case d == nil:
		return fmt.Errorf("%s holds nothing", name)
	case d.Kind == compiler.KindTemplate:
		return fmt.Errorf("%s is a template, which becomes a policy only with its parameters: name a spec that uses it", name)
	case d.Carried != nil && d.Carried.Change.Action == carrier.Delete:
		return fmt.Errorf("%s: the plan deletes %s, which has no policy then", name, d.Resource)
	case d.Kind == compiler.KindConfiguration:
		return fmt.Errorf("%s is a configuration: name a spec or a policy document", name)
	case len(d.Policies) == 0:
		return fmt.Errorf("%s holds no policy", name)
	}
	return nil
}

// region picks the policy of a Region. Where one is given, the spec is compiled only for it.
func (l *Linter) region(name string, d *compiler.Document) (*spec.Compiled, error) {
	var listed []string
	if d.Spec != nil {
		listed = d.Spec.RegionNames()
	}
	wanted := l.compile.Flags.Region
	switch {
	case wanted != "" && len(listed) > 0 && !slices.Contains(listed, wanted):
		return nil, fmt.Errorf("%s has no Region %s: it has %s", name, wanted, strings.Join(listed, ", "))
	case len(d.Policies) > 1:
		return nil, fmt.Errorf("%s has %d policies, one a Region: say which with --region, one of %s", name, len(d.Policies), strings.Join(listed, ", "))
	}
	return d.Policies[0], nil
}

// Env is what is known of the key of a file's policy and of its surroundings: whom the configuration trusts, and today.
func (l *Linter) Env(file string, p *spec.Compiled) access.Env {
	env, trust := access.EnvOf(p.Key.Key), l.Configuration.of(file).trust
	env.TrustAccounts, env.TrustOrgs = trust.Accounts, trust.Organizations
	env.Today, _ = time.Parse(time.DateOnly, l.opts.Today)
	return env
}
