package keypolicy

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// library reads the templates of the configuration's folders, and their comments that suppress findings.
func (l *Linter) library() (*expand.Library, []error) {
	list := l.listing()
	for _, folder := range l.Configuration.Templates {
		name := l.Configuration.Path(folder)
		if _, err := l.files.stat(name); l.opts.Sparse && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		list.templates(name)
	}
	l.comments = map[string][]source.Suppression{}
	var entries []*expand.Entry
	for _, t := range list.Inputs {
		text, err := l.files.Read(t.Name)
		if err != nil {
			list.Faults = append(list.Faults, err)
			continue
		}
		named, comments := templatesIn(t.Name, text)
		entries = append(entries, named...)
		if len(comments) > 0 {
			l.comments[t.Name] = comments
		}
	}
	return expand.NewLibrary(entries), list.Faults
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
