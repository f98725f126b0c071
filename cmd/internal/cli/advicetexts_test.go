package cli

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// helpLiteral is a text of Rego.
var helpLiteral = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"` + "|`([^`]*)`")

// TestEveryProposalIsInAnExample finds each text of the rules' Rego that proposes something in a finding of an example, where
// TestAdviceIsTried follows it.
func TestEveryProposalIsInAnExample(t *testing.T) {
	shown := textsOfExamples(t)
	n := 0
	err := fs.WalkDir(os.DirFS("../../../rules"), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".rego") || strings.HasSuffix(name, "_test.rego") {
			return err
		}
		text, err := os.ReadFile("../../../rules/" + name)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue
			}
			for _, m := range helpLiteral.FindAllStringSubmatch(line, -1) {
				literal := m[2]
				if m[1] != "" {
					if literal, err = strconv.Unquote(`"` + m[1] + `"`); err != nil {
						return err
					}
				}
				if !strings.Contains(literal, " ") || !proposes.MatchString(literal) {
					continue
				}
				n++
				if _, elsewhere := shownElsewhere[literal]; elsewhere {
					continue
				}
				if form := formOf(literal); !slices.ContainsFunc(shown, form.MatchString) {
					t.Errorf("%s: no finding of an example says %q", name, literal)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d texts", n)
}

// shownElsewhere are texts that no example can have, with what has them.
var shownElsewhere = map[string]string{
	"`%s` is not among the KMS actions that keypolicy knows, and its list is more than a year old":                "a message on a day when the list is old",
	"whether statement %s lets another account in is not known yet: `%s` is not known before a run":               "a message about Terraform",
	"statement %s names a service that is not known yet, `%s`, and no condition says for whom it may use the key": "a message about Terraform",
	"whether `%s` gets %s for `%s` is not known yet%s":                                                            "a message about Terraform",
	"a value of the form `%s`": "where the form is not a part of the other, which those of the known services are",
}

// formOf matches what a format of sprintf makes.
func formOf(literal string) *regexp.Regexp {
	parts := regexp.MustCompile(`%[a-z]`).Split(strings.ReplaceAll(literal, "%%", "%"), -1)
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("(?is)" + strings.Join(parts, ".*"))
}

// textsOfExamples are the messages and helps of the findings of all examples.
func textsOfExamples(t *testing.T) []string {
	t.Helper()
	var out []string
	eachExample(t, func(_ rules.Metadata, _ *keypolicy.Example, _ *rules.Set, found diag.List) {
		for _, d := range found {
			out = append(out, d.Message, d.Help)
			for _, r := range d.Related {
				out = append(out, r.Message)
			}
		}
	})
	return out
}
