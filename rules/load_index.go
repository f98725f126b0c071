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
