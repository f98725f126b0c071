package cli

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// library reads the templates of the configuration's folders, and their comments that suppress findings.
func library(c *configuration, suppressed *suppressions) (*expand.Library, []error) {
	l := &listing{configuration: c, seen: map[string]bool{}}
	for _, folder := range c.Templates {
		l.templates(c.path(folder))
	}
	var entries []*expand.Entry
	for _, t := range l.list {
		text, err := readFile(t.name)
		if err != nil {
			l.faults = append(l.faults, err)
			continue
		}
		named, comments := templatesIn(t.name, text)
		entries = append(entries, named...)
		if suppressed != nil && len(comments) > 0 {
			suppressed.templates[t.name] = suppressed.comments(comments)
		}
	}
	return expand.NewLibrary(entries), l.faults
}

// templatesIn are the templates of a file that have a name, those that cannot be read behind the others, and the file's
// suppressions.
func templatesIn(name string, text []byte) ([]*expand.Entry, []source.Suppression) {
	var entries []*expand.Entry
	unit, found := compiler.Compile(compiler.Input{Name: name, Text: text}, compiler.Options{})
	for _, d := range unit.Documents {
		if d.Template != nil && d.Template.Template.Name != nil {
			entries = append(entries, d.Template)
		}
	}
	if found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return d.Rule != "syntax" || d.Severity != diag.Error }); len(found) > 0 {
		entries = append(entries, expand.Unread(name, text, found)...)
	}
	return entries, unit.File.Suppressions
}
