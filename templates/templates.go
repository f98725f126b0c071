// Package templates holds the templates that are built in: one YAML file a use of a key, written like a
// user's own. The first comment of each says when to use it and when not.
package templates

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

const suffix = ".yaml"

//go:embed *.yaml
var files embed.FS

// Names are the names of the built-in templates, sorted.
func Names() []string {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil // an embedded folder is always there
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), suffix))
	}
	slices.Sort(names) // "s3-tables.yaml" and "s3.yaml" sort otherwise as files
	return names
}

// Read gives the text of a built-in template; false where there is none of that name.
func Read(name string) ([]byte, bool) {
	text, err := files.ReadFile(name + suffix)
	return text, err == nil
}
