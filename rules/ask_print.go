package rules

import (
	"context"
	"strings"

	"github.com/open-policy-agent/opa/v1/topdown/print"
)

// Printed is what a rule, or a Rego test, says by print(). It is of no account for findings.
type Printed struct {
	About string // the file that the rule was asked about; "" where it was about several, or in a test
	File  string // the rule's file
	Line  int
	Text  string
}

// printer takes in what is printed in one query.
type printer struct {
	about string
	words *strings.Replacer // the user's for what is filled in; nil where nothing is
	to    func(Printed)     // nil where nobody listens
}

type wordsKey struct{}

// withWords gives a query the user's words for what is filled in, so that no invented value is printed.
func withWords(ctx context.Context, words *strings.Replacer) context.Context {
	return context.WithValue(ctx, wordsKey{}, words)
}

func wordsOf(ctx context.Context) *strings.Replacer {
	words, _ := ctx.Value(wordsKey{}).(*strings.Replacer)
	return words
}

// Print implements OPA's hook.
func (p printer) Print(at print.Context, text string) error {
	if p.to == nil {
		return nil
	}
	if p.words != nil {
		text = p.words.Replace(text)
	}
	printed := Printed{About: p.about, Text: text}
	if at.Location != nil {
		printed.File, printed.Line = at.Location.File, at.Location.Row
	}
	p.to(printed)
	return nil
}
