package rules

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// programs compiles the rules that are due, when they first are. Most runs need few of them: the first target compiles its
// own, and one that needs another rule compiles that too.
type programs struct {
	libraries []library
	limit     Limit // of one query; nil for none
	print     func(Printed)
	all       []*rule

	mu       sync.Mutex
	latest   *program
	compiled int // how often
}

// program is rules that are ready to be asked.
type program struct {
	rules    map[*rule]bool
	compiler *ast.Compiler
	store    storage.Store
	limit    Limit
	print    func(Printed) // nil where nobody listens
}

// compilations is how often the rules of a run are compiled at most: the last time it is all of them.
const compilations = 3

// with is a program that has the rules.
func (p *programs) with(due []*rule) (*program, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.latest != nil && !slices.ContainsFunc(due, func(r *rule) bool { return !p.latest.rules[r] }) {
		return p.latest, nil
	}
	wanted := map[*rule]bool{}
	if p.latest != nil {
		maps.Copy(wanted, p.latest.rules)
	}
	if p.compiled++; p.compiled >= compilations {
		due = p.all
	}
	for _, r := range due {
		wanted[r] = true
	}
	next, err := p.compile(wanted)
	if err == nil {
		p.latest = next
	}
	return next, err
}

// compile parses and compiles rules and what they share. The checks that are left out here were made: of the rules built in
// by the tests, of a user's own by Load.
func (p *programs) compile(wanted map[*rule]bool) (*program, error) {
	modules, err := p.parse(wanted)
	if err != nil {
		return nil, err
	}
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithEnablePrintStatements(p.print != nil).WithSkipStages(skipped...)
	if c.Compile(modules); c.Failed() {
		return nil, compileError(c.Errors)
	}
	return &program{rules: wanted, compiler: c, store: inmem.New(), limit: p.limit, print: p.print}, nil
}

// skipped are the stages of OPA's compiler that only check.
var skipped = []ast.StageID{
	ast.StageCheckUnusedImports, ast.StageCheckKeywordOverrides, ast.StageCheckDuplicateImports,
	ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageCheckRuleConflicts, ast.StageCheckVoidCalls,
	ast.StageCheckUndefinedFuncs, ast.StageCheckTypes, ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins,
	ast.StageBuildRequiredCapabilities,
}

// parse parses the rules, and then the libraries that they use.
func (p *programs) parse(wanted map[*rule]bool) (map[string]*ast.Module, error) {
	modules := map[string]*ast.Module{}
	var files []library
	for _, r := range slices.SortedFunc(maps.Keys(wanted), func(a, b *rule) int { return strings.Compare(a.Name, b.Name) }) {
		text, err := readRego(r.File, r.text)
		if err != nil {
			return nil, err
		}
		files = append(files, library{File: r.File, text: text})
	}
	if err := parseInto(modules, files); err != nil {
		return nil, err
	}
	return modules, addLibraries(modules, p.libraries)
}

// addLibraries parses the libraries that modules use.
func addLibraries(modules map[string]*ast.Module, libraries []library) error {
	wanted := used(libraries, modules)
	for i := range wanted {
		text, err := readRego(wanted[i].File, wanted[i].text)
		if err != nil {
			return err
		}
		wanted[i].text = text
	}
	return parseInto(modules, wanted)
}

// parseInto parses files side by side.
func parseInto(modules map[string]*ast.Module, files []library) error {
	parsed := make([]*ast.Module, len(files))
	errs := make([]error, len(files))
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(files); i += workers {
				parsed[i], errs[i] = parseModule(files[i].File, files[i].text, false)
			}
		})
	}
	wait.Wait()
	for i, m := range parsed {
		if errs[i] != nil {
			return errs[i]
		}
		modules[files[i].File] = m
	}
	return nil
}

// Limit begins to wait, and calls cancel if that takes too long; stop ends the waiting. It comes from outside: there is no
// clock here.
type Limit func(cancel func()) (stop func())

// ask asks rules about one subject, of the file about, in one query.
func (p *program) ask(ctx context.Context, subject Subject, about string, asked *plan, input *ast.Term) ([]finding, error) {
	due := asked.due
	answers, late, err := p.query(ctx, asked.query, input, about)
	var stopped map[int]bool
	if late {
		answers, stopped, err = p.oneByOne(ctx, due, input, about)
	}
	if err != nil {
		return nil, err
	}
	var all []finding
	for i, r := range due {
		if stopped[i] {
			all = append(all, finding{
				rule: r.Name, reason: "stopped", stopped: true, severity: diag.Error, path: diag.Path{},
				message: fmt.Sprintf("the rule %s takes too long on this %s, and was stopped: what it would report of the document is not known", r.Name, subject),
				help:    "make the rule in " + r.File + " faster, or the policy smaller",
			})
			continue
		}
		found, err := readFindings(r, answers[i])
		if err != nil {
			return nil, fmt.Errorf("%s: rule %s: %w", r.File, r.Name, err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// oneByOne asks each rule by itself, where all together took too long: they may be many and the input large. stopped are
// those that take too long by themselves.
func (p *program) oneByOne(ctx context.Context, due []*rule, input *ast.Term, about string) (answers []*ast.Term, stopped map[int]bool, err error) {
	answers = make([]*ast.Term, len(due))
	stopped = map[int]bool{}
	for i := range due {
		one, late, err := answers, true, error(nil) // the only one has been asked
		if len(due) > 1 {
			one, late, err = p.query(ctx, question(due[i:i+1]), input, about)
		}
		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case late:
			stopped[i] = true
			continue
		case err != nil:
			return nil, nil, err
		}
		answers[i] = one[0]
	}
	return answers, stopped, nil
}

// query gives the findings of each rule, as sets; late says that the limit has ended it.
func (p *program) query(ctx context.Context, body ast.Body, input *ast.Term, about string) (answers []*ast.Term, late bool, err error) {
	result, late, err := p.run(ctx, body, input, about)
	if err != nil {
		return nil, late, err
	}
	answers = make([]*ast.Term, len(body))
	for i := range body {
		answers[i] = result[answerVar(i).Value.(ast.Var)]
	}
	return answers, false, nil
}

// run runs one query.
func (p *program) run(ctx context.Context, query ast.Body, input *ast.Term, about string) (result topdown.QueryResult, late bool, err error) {
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	if p.limit != nil {
		defer p.limit(cancel.Cancel)()
	}
	txn, err := p.store.NewTransaction(ctx)
	if err != nil {
		return nil, false, errorf("%w", err)
	}
	defer p.store.Abort(ctx, txn)
	said := &recorder{printer: printer{about, wordsOf(ctx), p.print}}
	defer func() {
		if !late || len(query) == 1 { // else they are asked again, one by one
			said.pass(ctx)
		}
	}()
	results, err := topdown.NewQuery(query).
		WithCompiler(p.compiler).WithStore(p.store).WithTransaction(txn).
		WithInput(input).WithPrintHook(said).WithStrictBuiltinErrors(true).WithCancel(cancel).Run(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, false, ctx.Err()
	case topdown.IsCancel(err) || err != nil && cancel.Cancelled():
		return nil, true, err
	case err != nil:
		return nil, false, runError(err)
	case len(results) == 0:
		return nil, false, errNoResult
	default:
		return results[0], false, nil
	}
}

// errNoResult is that a query is undefined.
var errNoResult = errors.New("rules: the query gave no result")
