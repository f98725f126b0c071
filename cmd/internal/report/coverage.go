package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// Coverage says which keys have no spec, and which specs no key.
type Coverage struct {
	Version         int         `json:"version"`
	KeysWithoutSpec []Uncovered `json:"keys_without_spec"`
	SpecsWithoutKey []Uncovered `json:"specs_without_key"`
	Summary         struct {
		Keys            int `json:"keys"` // customer managed ones that are not to be deleted
		KeysWithoutSpec int `json:"keys_without_spec"`
		SpecsWithoutKey int `json:"specs_without_key"`
		NotRead         int `json:"not_read"`
	} `json:"summary"`
}

// Uncovered is a key without a spec, or a spec without a key.
type Uncovered struct {
	Key      string   `json:"key"`
	Aliases  []string `json:"aliases,omitempty"`
	File     string   `json:"file,omitempty"`
	Document int      `json:"document,omitempty"`
	Account  string   `json:"account"`
	Region   string   `json:"region"`
}

// String is the summary as a sentence.
func (c *Coverage) String() string {
	text := fmt.Sprintf("%s: %d without a spec; %s without a key", number(c.Summary.Keys, "key", "keys"), c.Summary.KeysWithoutSpec,
		number(c.Summary.SpecsWithoutKey, "spec", "specs"))
	if n := c.Summary.NotRead; n > 0 {
		text += fmt.Sprintf("; %d could not be read", n)
	}
	return text
}

// WriteCoverage writes it as text, json or markdown.
func WriteCoverage(w io.Writer, format string, c *Coverage) error {
	var b strings.Builder
	switch format {
	case "json":
		return WriteValue(w, c)
	case "markdown":
		fmt.Fprintf(&b, "**%s**\n", c)
		if len(c.KeysWithoutSpec)+len(c.SpecsWithoutKey) > 0 {
			b.WriteString("\n| | key | spec | account | Region |\n|---|---|---|---|---|\n")
		}
		row := func(what string, u Uncovered) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", what, codeCell(u.name()), codeCell(u.spec()), codeCell(u.Account), codeCell(u.Region))
		}
		for _, u := range c.KeysWithoutSpec {
			row("key without a spec", u)
		}
		for _, u := range c.SpecsWithoutKey {
			row("spec without a key", u)
		}
	default:
		for _, u := range c.KeysWithoutSpec {
			fmt.Fprintf(&b, "key without a spec: %s\n", Escape(u.name()))
		}
		for _, u := range c.SpecsWithoutKey {
			fmt.Fprintf(&b, "spec without a key: %s: %s\n", Escape(u.spec()), Escape(u.name()+in(u)))
		}
	}
	_, err := io.WriteString(w, Inert(b.String()))
	return err
}

func in(u Uncovered) string {
	if u.Region == "" || strings.Contains(u.Key, ":"+u.Region+":") {
		return ""
	}
	return " in " + u.Region
}

// name is the key with its aliases.
func (u Uncovered) name() string {
	if len(u.Aliases) > 0 {
		return fmt.Sprintf("%s (%s)", u.Key, strings.Join(u.Aliases, ", "))
	}
	return cmp.Or(u.Key, "no key is named")
}

func (u Uncovered) spec() string {
	if u.Document > 0 {
		return fmt.Sprintf("%s (document %d)", u.File, u.Document)
	}
	return u.File
}
