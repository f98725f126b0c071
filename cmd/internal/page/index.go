package page

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
)

// ruleGroups are the categories in the order in which people look for a rule, with the question that each answers. A category
// of a user's own comes last.
var ruleGroups = [...]struct{ category, heading string }{
	{rules.Lockout, "Who can still change, use and delete the key"},
	{"exposure", "Who gets in, and conditions that do not limit access"},
	{"privilege", "More access than is needed"},
	{"services", "AWS services and other accounts"},
	{"principals", "Principals"},
	{"actions", "Actions"},
	{"conditions", "Conditions"},
	{"grammar", "The policy's grammar and size"},
	{"redundancy", "Statements without an effect of their own"},
	{"spec", "Specs"},
	{"references", "Several specs and templates together"},
	{"hygiene", "Suppressions, names and configuration"},
}

// The names of the files that `rules --format markdown -o DIR` writes.
const (
	rulesIndex  = "rules.md"
	rulesFolder = "rules"
)

const indexIntroduction = `# The rules

All rules that are built in, with the severity that each has unless the configuration's ` + "`severity`" + ` says otherwise. A rule's page
has a bad example with what ` + "`keypolicy lint`" + ` prints for it, a good one and what to do. ` + "`keypolicy rules NAME`" + ` prints the same
on the terminal. [Rules of your own](writing-rules.md) work the same way, and a finding that you accept is
[suppressed with a reason](suppressions.md).
`

// WriteIndex writes the list of all rules, by category and name, with a link to the page of each.
func WriteIndex(w io.Writer, pages []keypolicy.RuleInfo) error {
	out := report.NewLines(w)
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	put("%s", indexIntroduction)
	of := map[string][]keypolicy.RuleInfo{}
	for _, p := range pages {
		of[p.Category] = append(of[p.Category], p)
	}
	section := func(category, heading string) {
		list := of[category]
		delete(of, category)
		if len(list) == 0 {
			return
		}
		slices.SortFunc(list, func(a, b keypolicy.RuleInfo) int { return strings.Compare(a.Name, b.Name) })
		put("\n## %s\n\nCategory `%s`.\n\n| rule | severity | fault |\n|---|---|---|\n", prose(heading), category)
		for _, p := range list {
			severity := p.Severity
			if !p.Enabled {
				severity += ", off"
			}
			put("| [%s](%s/%s.md) | %s | **%s.** %s |\n", p.Name, rulesFolder, p.Name, severity, cellText(strings.TrimSuffix(p.Title, ".")), cellText(FirstSentence(p.Description)))
		}
	}
	for _, g := range ruleGroups {
		section(g.category, g.heading)
	}
	var own []string
	for category := range of {
		own = append(own, category)
	}
	slices.Sort(own)
	for _, category := range own {
		section(category, category)
	}
	return out.Flush()
}

// cellText is prose in a cell of a table, which a bar would end.
func cellText(text string) string { return strings.ReplaceAll(prose(text), "|", `\|`) }

// FirstSentence is a text up to its first full stop that ends a sentence.
func FirstSentence(text string) string {
	inCode := false
	for i, r := range text {
		switch {
		case r == '`':
			inCode = !inCode
		case r == '.' && !inCode && (i+1 == len(text) || text[i+1] == ' '):
			return text[:i+1]
		}
	}
	return text
}

// WriteAll writes the index and a page for each rule into a folder. It does not delete the pages of rules that were removed.
func WriteAll(dir string, pages []*Rule) error {
	if err := os.MkdirAll(filepath.Join(dir, rulesFolder), 0o755); err != nil {
		return err
	}
	list := make([]keypolicy.RuleInfo, len(pages))
	for i, p := range pages {
		list[i] = p.RuleInfo
	}
	err := disk.Replace(filepath.Join(dir, rulesIndex), func(w io.Writer) error { return WriteIndex(w, list) })
	for _, p := range pages {
		err = errors.Join(err, disk.Replace(filepath.Join(dir, rulesFolder, p.Name+".md"), func(w io.Writer) error { return p.WriteMarkdown(w) }))
	}
	return err
}
