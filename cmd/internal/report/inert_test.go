package report

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// command is what a CI runner obeys.
var command = regexp.MustCompile(`(?m)^[ \t\r\v\f]*::|##(vso|teamcity)?\[`)

func TestInertTextHoldsNoCommand(t *testing.T) {
	for text, want := range map[string]string{
		"::error::x":              `\x3a:error::x`,
		"a\n  ::error::x\nb":      "a\n  \\x3a:error::x\nb",
		"\t\v::add-mask::x":       "\t\v\\x3a:add-mask::x",
		"a ##[error]x":            `a #\x23[error]x`,
		"##vso[task.setvariable]": `#\x23vso[task.setvariable]`,
		"a::b, arn:aws:s3:::c":    "a::b, arn:aws:s3:::c",
		"":                        "",
	} {
		if got := Inert(text); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
	chance := rand.New(rand.NewPCG(5, 5))
	pieces := []string{"::", ":", "#", "[", "##[", "\n", " ", "\t", "error", "vso", `\`, "a"}
	for range 5000 {
		var text strings.Builder
		for range chance.IntN(12) {
			text.WriteString(pieces[chance.IntN(len(pieces))])
		}
		if got := Inert(text.String()); command.MatchString(got) {
			t.Fatalf("%q becomes %q", text.String(), got)
		}
		var out strings.Builder
		lines := NewLines(&out)
		for rest := text.String(); rest != ""; {
			n := 1 + chance.IntN(len(rest))
			_, _ = lines.WriteString(rest[:n])
			rest = rest[n:]
		}
		if err := lines.Flush(); err != nil || out.String() != Inert(text.String()) {
			t.Fatalf("in parts %q becomes %q: %v", text.String(), out.String(), err)
		}
	}
}

// hostile is a text that would be obeyed wherever a line is broken: each of its words is a command.
const hostile = "::error::a ::add-mask::b ##[error]c ##vso[task.x]d ::set-env::e"

// Whatever is wrapped, a command does not come to be at the beginning of a line.
func TestNoReportHoldsACommand(t *testing.T) {
	long := strings.Repeat(hostile+" ", 10)
	change := access.Change{
		Principal: long, Kind: "role", Actions: []string{long}, Decision: access.Allowed, Was: access.ExplicitDeny,
		Conditions: access.Conditions{Text: long},
		Witness:    access.Request{Principal: long, Action: long, Context: map[string][]string{long: {long}}},
	}
	d := &access.Difference{Added: []access.Change{change}, Removed: []access.Change{change}, Future: []access.Change{change}, Unknown: []access.Reason{{Kind: access.ReasonOpen, Text: long}}}
	found := diag.Diagnostic{
		Rule: long, Reason: "::error::r", Severity: diag.Error, Message: long, Help: "x\n" + hostile + "\n" + hostile, Place: diag.Place{File: hostile},
		Related: []diag.Related{{Place: diag.Place{File: hostile}, Message: long}}, Witness: &diag.Witness{Principal: hostile, Action: hostile},
	}
	keys := Keys{{File: hostile, Key: hostile, Region: hostile, Account: hostile, State: "change", Reason: long, Findings: diag.List{found}, Diff: d}}
	policy := Policy{File: hostile, Region: hostile}
	var out strings.Builder
	for _, format := range []string{"text", "markdown"} {
		_ = WriteKeys(&out, keys, KeysOptions{Format: format})
		_ = WriteDifference(&out, format, Difference{Old: policy, New: policy, Result: d}, false)
		_ = WriteDifferences(&out, format, Differences{Base: hostile, List: []Difference{{Old: policy, New: policy, Result: d}}}, false)
		_ = WriteDifferences(&out, format, Differences{Base: hostile}, false)
		_ = WriteAccess(&out, format, Access{Policy: policy, Report: &access.Report{Unknown: []access.Reason{{Kind: access.ReasonOpen, Text: long}}}}, false)
	}
	for _, format := range []string{"text", "markdown"} {
		bare := keypolicy.Uncovered{Key: hostile, File: hostile, Aliases: []string{hostile}, Account: hostile, Region: hostile}
		_ = WriteCoverage(&out, format, &keypolicy.Coverage{KeysWithoutSpec: []keypolicy.Uncovered{bare}, SpecsWithoutKey: []keypolicy.Uncovered{bare}})
	}
	_ = Write(&out, "text", Findings{List: diag.List{found}, Lines: keypolicy.Lines{keypolicy.LineOf(found): long}, Summary: keypolicy.Summary{}})
	_ = WriteSimulation(&out, "text", Simulation{Policy: policy, Request: access.Request{Principal: hostile, Action: hostile}, Result: access.Simulation{Decision: access.Undecided, Reasons: []string{long}}}, false)
	if at := command.FindStringIndex(out.String()); at != nil {
		t.Errorf("…%q…", out.String()[max(0, at[0]-200):min(out.Len(), at[1]+100)])
	}
	if strings.Count(out.String(), "error") < 50 {
		t.Errorf("the text is not there:\n%s", out.String())
	}
}

// obeyed gives what Markdown would read in a line of text, as CommonMark and GitHub's additions are specified: the
// characters that begin something outside of code, and bars that end a cell.
func obeyed(line string) string {
	for i := 0; i < len(line); {
		c := line[i]
		switch {
		case c == '\\' && i+1 < len(line) && strings.ContainsRune("\\`*_{}[]<>()#+-.!|~$=@&", rune(line[i+1])):
			i += 2
		case c == '`':
			n := len(line[i:]) - len(strings.TrimLeft(line[i:], "`"))
			end := closing(line[i+n:], n)
			if end < 0 {
				i += n
				continue
			}
			inside := line[i+n : i+n+end]
			for j := 0; j < len(inside); j++ { // a bar counts in code too
				if inside[j] == '\\' && j+1 < len(inside) && strings.ContainsRune("\\|`", rune(inside[j+1])) {
					j++
				} else if inside[j] == '|' {
					return "|"
				}
			}
			i += n + end + n
		case strings.ContainsRune("<*_[]|#~$", rune(c)):
			return string(c)
		case c == '@' && !strings.HasPrefix(line[i:], "@\u200b"):
			return "@"
		case c == '&' && !strings.HasPrefix(line[i:], "&amp;") && !strings.HasPrefix(line[i:], "&lt;"):
			return "&"
		case strings.HasPrefix(line[i:], "://"):
			return "://"
		default:
			i++
		}
	}
	return ""
}

// closing finds a run of just n backticks.
func closing(text string, n int) int {
	for i := 0; i < len(text); {
		if text[i] != '`' {
			i++
			continue
		}
		run := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		if run == n {
			return i
		}
		i += run
	}
	return -1
}

func TestMarkdownCannotBeBrokenOutOf(t *testing.T) {
	for _, text := range []string{"`` ` `` <b> ` ``", "`a``<b>``c`", `a\|b`, "`a\\|b`", "&commat;user", "https://example.com", "<!-- x", "- a", "1. a", "> a", "= a", "~~a~~", "$a$"} {
		if got := cell(text); obeyed(got) != "" || regexp.MustCompile(`^([-+>=]|[0-9]+[.)]| )`).MatchString(got) {
			t.Errorf("%q becomes %q, in which %q counts", text, got, obeyed(got))
		}
	}
	chance := rand.New(rand.NewPCG(9, 9))
	pieces := []string{"`", "``", `\`, "|", "<", "b", ">", "*", "[", "]", "(", "_", "@", "#", "~", "$", "&", "\n", " ", "a", "://", "!", "-", "\t"}
	kept := 0
	for range 20000 {
		var b strings.Builder
		for range chance.IntN(14) {
			b.WriteString(pieces[chance.IntN(len(pieces))])
		}
		text := b.String()
		if got := cell(text); strings.ContainsAny(got, "\n\r") || obeyed(got) != "" {
			t.Fatalf("%q becomes %q, in which %q counts", text, got, obeyed(got))
		}
		if strings.Contains(cell(text), "`") {
			kept++
		}
		if got := codeCell(text); strings.Contains(got, "\n") || obeyed(got) != "" {
			t.Fatalf("as code %q becomes %q, in which %q counts", text, got, obeyed(got))
		}
	}
	if kept == 0 {
		t.Error("no code is kept")
	}
}
