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

// printer is where one query prints.
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

type onceKey struct{}

// printingOnce is for a subject of which rules are asked with one filling after another: what they have printed of one, they do not print
// of the next.
func printingOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, onceKey{}, map[Printed]bool{})
}

type quietKey struct{}

// quietly is for rules that are asked again about what they have been asked: what they print is dropped.
func quietly(ctx context.Context) context.Context { return context.WithValue(ctx, quietKey{}, true) }

func isQuiet(ctx context.Context) bool { return ctx.Value(quietKey{}) != nil }

func wordsOf(ctx context.Context) *strings.Replacer {
	words, _ := ctx.Value(wordsKey{}).(*strings.Replacer)
	return words
}

// recorder keeps what is printed in one query until it is known whether the same will be asked again.
type recorder struct {
	printer printer
	all     []Printed
}

// Print implements OPA's hook.
func (r *recorder) Print(at print.Context, text string) error {
	p := r.printer
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
	r.all = append(r.all, printed)
	return nil
}

// pass passes on what was printed, and has not been of an earlier filling.
func (r *recorder) pass(ctx context.Context) {
	if isQuiet(ctx) {
		return
	}
	earlier, _ := ctx.Value(onceKey{}).(map[Printed]bool)
	for _, printed := range r.all {
		if !earlier[printed] {
			r.printer.to(printed)
		}
	}
	for i := 0; earlier != nil && i < len(r.all); i++ {
		earlier[r.all[i]] = true
	}
}
