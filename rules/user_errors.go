package rules

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

func errorf(format string, args ...any) error { return fmt.Errorf("rules: "+format, args...) }

// compileError writes OPA's errors as one a line, each once, with the file, line and column of the rule.
func compileError(err error) error {
	var list ast.Errors
	if !errors.As(err, &list) {
		return fmt.Errorf("rules: %w", err)
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i].Location, list[j].Location
		if a == nil || b == nil {
			return b != nil
		}
		return a.Compare(b) < 0
	})
	var all []error
	said := map[string]bool{}
	for _, e := range list {
		if one := located(e.Location, compileMessage(e)); !said[one.Error()] {
			said[one.Error()] = true
			all = append(all, one)
		}
	}
	return errors.Join(all...)
}

func located(at *ast.Location, message string) error {
	if at == nil || at.File == "" {
		return errorf("%s", message)
	}
	return fmt.Errorf("%s:%d:%d: %s", at.File, at.Row, max(at.Col, 1), message)
}

var (
	ownPackage   = regexp.MustCompile(`data\.keypolicy\.rules\.[a-z_]+(\["[^"]*"\]|\.[a-z_]+)\.`)
	localVar     = regexp.MustCompile(`__local\d+__`)
	unsafeVar    = regexp.MustCompile(`^var (.*) is unsafe$`)
	unusedArg    = regexp.MustCompile(`^unused argument ([^.]*)\..*$`)
	unusedVar    = regexp.MustCompile(`^(?:assigned|declared) var (.*) unused$`)
	undefinedRef = regexp.MustCompile(`^undefined ref: (.*)$`)
	undefinedFn  = regexp.MustCompile(`^undefined function (.*)$`)
)

// compileMessage says what OPA's compiler says, in the words of whoever wrote the rule.
func compileMessage(e *ast.Error) string {
	message := written(e.Message)
	if detail, ok := e.Details.(*ast.RefErrInvalidDetail); ok {
		return undefinedField(message, detail)
	}
	if detail, ok := e.Details.(*ast.UnificationErrDetail); ok {
		if text, ok := matchMessage(e, detail); ok {
			return text
		}
	}
	switch {
	case unsafeVar.MatchString(message):
		message = unsafeVar.ReplaceAllString(message, "the variable `$1` gets no value")
	case unusedArg.MatchString(message):
		message = unusedArg.ReplaceAllString(message, "the argument `$1` is not used: write _ in its place")
	case unusedVar.MatchString(message):
		message = unusedVar.ReplaceAllString(message, "the variable `$1` is not used: remove it")
	case undefinedFn.MatchString(message):
		message = undefinedFn.ReplaceAllString(message, "undefined function $1: it is none of the helpers in keypolicy.lib nor of the builtins that rules may use")
	}
	if detail, ok := e.Details.(*ast.ArgErrDetail); ok && isTextArgument(detail) {
		message += ": an argument is an object: write its `.text`"
	}
	if e.Details != nil {
		for _, line := range e.Details.Lines() {
			message += "\n    " + written(line)
		}
	}
	return message
}

// written takes out what the rule's own text does not say: its package, and the names that the compiler makes up.
func written(message string) string {
	return localVar.ReplaceAllString(ownPackage.ReplaceAllString(message, ""), "_")
}

// undefinedField reports a field that is not there, with the nearest one that is.
func undefinedField(message string, detail *ast.RefErrInvalidDetail) string {
	ref := undefinedRef.ReplaceAllString(message, "$1")
	var have []string
	for _, v := range detail.OneOf {
		if s, ok := v.(ast.String); ok {
			have = append(have, string(s))
		}
	}
	slices.Sort(have)
	text := "undefined ref: " + ref
	name, ok := "", false
	if detail.Pos < len(detail.Ref) {
		var s ast.String
		if s, ok = detail.Ref[detail.Pos].Value.(ast.String); ok {
			name = string(s)
		}
	}
	switch nearest, found := facts.Nearest(name, have); {
	case ok && found:
		return text + fmt.Sprintf(": there is no %s here, did you mean %s?", name, nearest)
	case ok && len(have) > 0:
		return text + fmt.Sprintf(": there is no %s here, but %s", name, strings.Join(have, ", "))
	default:
		return text
	}
}

// runError writes an error that a rule made on an input, with the place in the rule.
func runError(err error) error {
	var e *topdown.Error
	if !errors.As(err, &e) || e.Location == nil {
		return fmt.Errorf("rules: %w", err)
	}
	return located(e.Location, written(e.Message))
}
