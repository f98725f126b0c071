package cli

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/lift"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// suggested lifts one policy to what is near to it, writes the spec and reports the difference.
func (a *app) suggested(l *keypolicy.Linter, what, output string, p *spec.Compiled) error {
	s, err := lift.Suggest(p.Document, p.Key, l.CompilerOptions(""), lift.Header)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := a.writeSpec(output, s.Text); err != nil {
		return err
	}
	if !a.flags.quiet {
		a.say("%s", suggestionWords(what, p, s))
	}
	return nil
}

// suggestionWords say what became of a policy's statements, and what that changes.
func suggestionWords(what string, p *spec.Compiled, s lift.Suggestion) string {
	var b strings.Builder
	if s.Difference.Equivalent {
		b.WriteString(conversionSummary(what, p.Document, s.Spec) + "\n")
	} else {
		fmt.Fprintf(&b, "%s: the spec differs from the policy:\n", what)
		for _, line := range report.ChangeLines(report.Difference{Old: report.NewPolicy(what, p), New: report.NewPolicy(what, s.Compiled), Result: s.Difference}) {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	for _, step := range s.Steps {
		if len(step.Lost) > 0 {
			fmt.Fprintf(&b, "  with `%s` in place of statement %s, the key can no longer be used for %s: if that is needed, add it to `include`\n",
				step.Template, labels(p.Document, step.Statements), "`"+strings.Join(step.Lost, "`, `")+"`")
		}
	}
	if len(s.Spare) > 0 {
		fmt.Fprintf(&b, "  left out, as the other statements allow the same: %s\n", labels(p.Document, s.Spare))
	}
	if s.Account != "" {
		fmt.Fprintf(&b, "  the key's account is taken to be %s, from the policy: --account says another\n", s.Account)
	}
	if len(s.Placeless) > 0 {
		fmt.Fprintf(&b, "  with the key's Region (--region) some statements may become %s\n", "`"+strings.Join(s.Placeless, "`, `")+"`")
	}
	if !s.Difference.Equivalent && len(s.Verbatim) > 0 {
		fmt.Fprintf(&b, "  statements kept unchanged: %s\n", labels(p.Document, s.Verbatim))
	}
	return b.String()
}

// labels name statements of a document.
func labels(doc *policy.Document, statements []int) string {
	var list []string
	for _, i := range statements {
		list = append(list, report.Escape(doc.Statements[i].Label()))
	}
	return strings.Join(list, ", ")
}
