package rules

import (
	"cmp"
	"encoding/json"
	"path"
	"strings"
)

// The index says of the rules built in what there is to know before one is asked, so that a run parses no more of them than
// it asks. It is written from their METADATA: go test ./rules -run TestIndex -update.
type index struct {
	Rules     []indexedRule    `json:"rules"`
	Libraries []indexedLibrary `json:"libraries"`
}

type indexedRule struct {
	File     string    `json:"file"`
	Severity string    `json:"severity"`
	Subjects []Subject `json:"subjects"`
	When     []string  `json:"when,omitempty"`
	Access   []Part    `json:"access,omitempty"`
	Optional bool      `json:"optional,omitempty"`
	Holes    bool      `json:"holes,omitempty"`
	Aliases  []string  `json:"aliases,omitempty"`
	Fields   string    `json:"fields"` // of the input that it reads
}

type indexedLibrary struct {
	File    string   `json:"file"`
	Package string   `json:"package,omitempty"` // where it is not keypolicy.lib
	Defines []string `json:"defines"`
	Uses    []string `json:"uses,omitempty"`
}

const indexFile = "index.json"

// readIndex reads the rules built in and their libraries.
func readIndex() ([]*rule, []library, error) {
	text, err := embedded.ReadFile(indexFile)
	if err != nil {
		return nil, nil, errorf("%w", err)
	}
	var x index
	if err := json.Unmarshal(text, &x); err != nil {
		return nil, nil, errorf("%s: %w", indexFile, err)
	}
	all := make([]*rule, len(x.Rules))
	for i, entry := range x.Rules {
		w, err := readWhen(entry.When)
		if err != nil {
			return nil, nil, errorf("%s: %s: %w", indexFile, entry.File, err)
		}
		r := &rule{file: entry.File, path: entry.File, subjects: entry.Subjects, when: w, parts: entry.Access, optional: entry.Optional, holes: entry.Holes, aliases: entry.Aliases, fields: entry.Fields}
		if err := r.set("severity", []string{entry.Severity}); err != nil {
			return nil, nil, errorf("%s: %s: %w", indexFile, entry.File, err)
		}
		if err := r.finish(path.Dir(entry.File), strings.TrimSuffix(path.Base(entry.File), ".rego")); err != nil {
			return nil, nil, errorf("%s: %s: %w", indexFile, entry.File, err)
		}
		all[i] = r
	}
	libraries := make([]library, len(x.Libraries))
	for i, entry := range x.Libraries {
		libraries[i] = library{file: entry.File, pack: cmp.Or(entry.Package, libraryPackage), defines: entry.Defines, uses: entry.Uses}
	}
	return all, libraries, nil
}
