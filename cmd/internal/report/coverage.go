package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy"
)

// CoverageSummary is the summary as a sentence.
func CoverageSummary(c *keypolicy.Coverage) string {
	text := fmt.Sprintf("%s: %d without a spec; %s without a key", number(c.Summary.Keys, "key", "keys"), c.Summary.KeysWithoutSpec,
		number(c.Summary.SpecsWithoutKey, "spec", "specs"))
	if n := c.Summary.NotRead; n > 0 {
		text += fmt.Sprintf("; %d could not be read", n)
	}
	return text
}

// WriteCoverage writes it as text, json or markdown.
func WriteCoverage(w io.Writer, format string, c *keypolicy.Coverage) error {
	var b strings.Builder
	switch format {
	case "json":
		return WriteValue(w, c)
	case "markdown":
		fmt.Fprintf(&b, "**%s**\n", CoverageSummary(c))
		if len(c.KeysWithoutSpec)+len(c.SpecsWithoutKey) > 0 {
			b.WriteString("\n| | key | spec | account | Region |\n|---|---|---|---|---|\n")
		}
		row := func(what string, u keypolicy.Uncovered) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", what, codeCell(uncoveredName(u)), codeCell(uncoveredSpec(u)), codeCell(u.Account), codeCell(u.Region))
		}
		for _, u := range c.KeysWithoutSpec {
			row("key without a spec", u)
		}
		for _, u := range c.SpecsWithoutKey {
			row("spec without a key", u)
		}
	default:
		for _, u := range c.KeysWithoutSpec {
			fmt.Fprintf(&b, "key without a spec: %s\n", Escape(uncoveredName(u)))
		}
		for _, u := range c.SpecsWithoutKey {
			fmt.Fprintf(&b, "spec without a key: %s: %s\n", Escape(uncoveredSpec(u)), Escape(uncoveredName(u)+in(u)))
		}
	}
	_, err := io.WriteString(w, Inert(b.String()))
	return err
}

func in(u keypolicy.Uncovered) string {
	if u.Region == "" || strings.Contains(u.Key, ":"+u.Region+":") {
		return ""
	}
	return " in " + u.Region
}

// uncoveredName is the key with its aliases.
func uncoveredName(u keypolicy.Uncovered) string {
	if len(u.Aliases) > 0 {
		return fmt.Sprintf("%s (%s)", u.Key, strings.Join(u.Aliases, ", "))
	}
	return cmp.Or(u.Key, "no key is named")
}

func uncoveredSpec(u keypolicy.Uncovered) string {
	if u.Document > 0 {
		return fmt.Sprintf("%s (document %d)", u.File, u.Document)
	}
	return u.File
}
