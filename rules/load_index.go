package rules

import (
	"encoding/json"
	"path"
	"strings"
)

// The index says of the rules built in what there is to know before one is asked, so that a run parses no more of them than
// it asks. It is written from their METADATA: go test ./rules -run TestIndex -update.
type index struct {
	Rules     []indexedRule `json:"rules"`
	Libraries []library     `json:"libraries"`
}

type indexedRule struct {
	File   string         `json:"file"`
	Custom map[string]any `json:"custom"` // of METADATA, but for the remedy
	Fields string         `json:"fields"` // of the input that it reads
}

// library is a Rego file that rules share.
type library struct {
	File    string   `json:"file"`
	Package string   `json:"package"`        // keypolicy.lib or below it
	Defines []string `json:"defines"`        // the names of its rules and functions
	Uses    []string `json:"uses,omitempty"` // the files of what they use, directly
	text    []byte   // of a user's own; nil where it is read when it is used
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
		all[i], err = newRule(entry.File, entry.File, entry.Custom)
		if err == nil {
			err = all[i].finish(path.Dir(entry.File), strings.TrimSuffix(path.Base(entry.File), ".rego"))
		}
		if err != nil {
			return nil, nil, errorf("%s: %s: %w", indexFile, entry.File, err)
		}
		all[i].fields = entry.Fields
	}
	return all, x.Libraries, nil
}
