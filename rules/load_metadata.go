package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Metadata is what a rule's METADATA says: the text of its page, of SARIF's help and of the index.
type Metadata struct {
	Name        string
	Category    string
	Aliases     []string // names that it, or a part of it, had before: ignore, comments and severities still mean it by them
	Title       string
	Description string // why it matters
	Remedy      string // what to do
	Severity    diag.Severity
	Subjects    []Subject
	When        []string // what it waits for: any of these, each names joined by "and"
	Access      []Part   // the parts of access that it reads
	Enabled     bool     // false: off until the configuration turns it on
	Links       []string
	File        string // where the rule is
	User        bool   // a user's own
}

// readRule reads a rule in full: its METADATA, its package and that it has findings.
func readRule(file string, text []byte, m *ast.Module) (*rule, error) {
	at := func(l *ast.Location, format string, args ...any) error {
		return fmt.Errorf("%s:%d:%d: %s", file, l.Row, l.Col, fmt.Sprintf(format, args...))
	}
	annotations := packageAnnotations(m)
	if annotations == nil {
		return nil, at(m.Package.Location, "the rule has no METADATA above its package")
	}
	r, err := newRule(file, path.Base(file), annotations.Custom)
	if err != nil {
		return nil, at(annotations.Location, "%s", err)
	}
	r.text = text
	category, name, ok := packageName(m)
	err = fmt.Errorf(`%q is not package keypolicy.rules.CATEGORY["NAME"]`, m.Package.String())
	if ok {
		err = r.finish(category, name)
	}
	if err != nil {
		return nil, at(m.Package.Location, "%s", err)
	}
	if annotations.Title == "" {
		return nil, at(annotations.Location, "METADATA has no title")
	}
	found := false
	for _, rule := range m.Rules {
		if rule.Head.Name == "findings" && rule.Head.RuleKind() != ast.MultiValue {
			return nil, at(rule.Location, "findings is a set: write `findings contains {…} if {…}`")
		}
		found = found || rule.Head.Name == "findings"
	}
	if !found {
		return nil, at(m.Package.Location, "the rule has no findings: write `findings contains {…} if {…}`")
	}
	return r, nil
}

// packageName reads the package keypolicy.rules.CATEGORY["NAME"].
func packageName(m *ast.Module) (category, name string, ok bool) {
	var steps []string
	for _, term := range m.Package.Path[1:] {
		step, _ := term.Value.(ast.String)
		steps = append(steps, string(step))
	}
	if len(steps) != 4 || steps[0] != "keypolicy" || steps[1] != "rules" {
		return "", "", false
	}
	return steps[2], steps[3], true
}

func packageAnnotations(m *ast.Module) *ast.Annotations {
	if i := slices.IndexFunc(m.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" }); i >= 0 {
		return m.Annotations[i]
	}
	return nil
}

// words reads a string, a boolean or a list of them.
func words(value any) []string {
	list, ok := value.([]any)
	if !ok {
		return []string{fmt.Sprint(value)}
	}
	var all []string
	for _, v := range list {
		all = append(all, fmt.Sprint(v))
	}
	if all == nil {
		return []string{""}
	}
	return all
}

// metadata reads a rule's METADATA in full.
func (r *rule) metadata() (Metadata, error) {
	text, err := readRego(r.File, r.text)
	if err != nil {
		return Metadata{}, err
	}
	m, err := parseModule(r.File, text, true)
	if err != nil {
		return Metadata{}, err
	}
	a := packageAnnotations(m)
	if a == nil {
		return Metadata{}, errorf("%s: no METADATA above the package", r.File)
	}
	remedy, _ := a.Custom["remedy"].(string)
	md := r.Metadata
	md.Title, md.Description, md.Remedy = a.Title, oneLine(a.Description), oneLine(remedy)
	md.When, md.Access = r.when.texts(), r.reads()
	for _, resource := range a.RelatedResources {
		md.Links = append(md.Links, resource.Ref.String())
	}
	return md, nil
}

// oneLine takes the line breaks out of a text that METADATA has over several lines.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Index is the METADATA of every rule of the set, by name.
func (s *Set) Index() ([]Metadata, error) {
	all := make([]Metadata, len(s.rules))
	for i, r := range s.rules {
		md, err := r.metadata()
		if err != nil {
			return nil, err
		}
		all[i] = md
	}
	return all, nil
}

// Metadata is one rule's METADATA; false where there is no such rule.
func (s *Set) Metadata(name string) (Metadata, bool, error) {
	r := s.rule(name)
	if r == nil {
		return Metadata{}, false, nil
	}
	md, err := r.metadata()
	return md, true, err
}

// ExampleText is the text of the .txtar beside a rule; nil where it has none.
func (s *Set) ExampleText(name string) []byte {
	r := s.rule(name)
	switch {
	case r == nil:
		return nil
	case r.User:
		return r.examples
	}
	text, _ := embedded.ReadFile(strings.TrimSuffix(r.path, ".rego") + ".txtar") // nil where there is none
	return text
}
