package rules

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// group is the rules of one subject that need the same: they are compiled together, when the first input
// comes for which they have something to judge, and one query runs them all.
type group struct {
	subject   Subject
	needs     []Need // without those of access
	rules     []*rule
	libraries []library
	user      bool  // a user's own rules, which stand apart
	limit     Limit // of one query; nil for none

	begun   atomic.Bool // being prepared
	prepare func() error
	ready   *compiled
}

// compiled is a group that is ready to judge.
type compiled struct {
	compiler *ast.Compiler
	store    storage.Store
	query    ast.Body
}

const (
	entryFile = "keypolicy.entry"
	entry     = `package keypolicy.entry

import rego.v1

`
)

// groupRules sorts the enabled rules into groups.
func (s *Set) groupRules(libraries []library) map[Subject][]*group {
	groups := map[Subject][]*group{}
	for _, subject := range Subjects {
		byNeeds := map[string]*group{}
		for _, r := range s.rules {
			if !s.enabled(r) || !r.judges(subject) {
				continue
			}
			needs := slices.DeleteFunc(slices.Sorted(slices.Values(r.needed)), Need.isAccess)
			key := fmt.Sprint(needs, r.user)
			if byNeeds[key] == nil {
				g := &group{subject: subject, needs: needs, libraries: libraries, user: r.user, limit: s.opts.Limit}
				g.prepare = sync.OnceValue(g.compile)
				byNeeds[key] = g
				groups[subject] = append(groups[subject], g)
			}
			byNeeds[key].rules = append(byNeeds[key].rules, r)
		}
	}
	return groups
}

// compile parses and compiles the group's rules and an entry that gathers their findings. The checks that
// are left out here were made: of the rules built in by the tests, of a user's own by Load.
func (g *group) compile() error {
	modules, err := g.parse()
	if err != nil {
		return err
	}
	c := ast.NewCompiler().WithCapabilities(capabilities()).WithSkipStages(skipped...)
	c.Compile(modules)
	if c.Failed() {
		return compileError(c.Errors)
	}
	query, err := ast.ParseBody("data.keypolicy.entry.all = findings")
	if err != nil {
		return errorf("%w", err)
	}
	g.ready = &compiled{compiler: c, store: inmem.New(), query: query}
	return nil
}

// skipped are the stages of OPA's compiler that only check.
var skipped = []ast.StageID{
	ast.StageCheckUnusedImports, ast.StageCheckKeywordOverrides, ast.StageCheckDuplicateImports,
	ast.StageParseMetadataBlocks, ast.StageSetAnnotationSet, ast.StageCheckRuleConflicts, ast.StageCheckVoidCalls,
	ast.StageCheckUndefinedFuncs, ast.StageCheckTypes, ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins,
	ast.StageBuildRequiredCapabilities,
}

// parse parses the group's files side by side.
func (g *group) parse() (map[string]*ast.Module, error) {
	type file struct {
		name string
		text []byte
	}
	files := []file{{entryFile, []byte(g.entry())}}
	for _, l := range g.libraries {
		files = append(files, file{l.file, l.text})
	}
	for _, r := range g.rules {
		files = append(files, file{r.file, r.text})
	}
	parsed := make([]*ast.Module, len(files))
	errs := make([]error, len(files))
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(files); i += workers {
				parsed[i], errs[i] = parseModule(files[i].name, files[i].text, false)
			}
		})
	}
	wait.Wait()
	modules := make(map[string]*ast.Module, len(files))
	for i, m := range parsed {
		if errs[i] != nil {
			return nil, errs[i]
		}
		modules[fmt.Sprint(i, " ", files[i].name)] = m
	}
	return modules, nil
}

// entry writes the module that gathers the findings of every rule, each with its rule's name.
func (g *group) entry() string {
	var b strings.Builder
	b.WriteString(entry)
	for _, r := range g.rules {
		fmt.Fprintf(&b, "all contains [%q, f] if some f in data.keypolicy.rules[%q][%q].findings\n", r.name, r.category, r.name)
	}
	return b.String()
}

// Limit begins to wait, and calls cancel if that takes too long; stop ends the waiting. It comes from outside: there is no
// clock here.
type Limit func(cancel func()) (stop func())

// run asks the group's rules about one input.
func (g *group) run(ctx context.Context, input *ast.Term) ([]finding, error) {
	if err := g.prepare(); err != nil {
		return nil, err
	}
	answer, late, err := g.ask(ctx, g.ready.query, input)
	if late {
		answer, err = g.alone(ctx, input)
	}
	if err != nil {
		return nil, err
	}
	if answer == nil {
		return nil, errorf("the query of the rules about a %s gave no result", g.subject)
	}
	found, err := readFindings(answer)
	if err != nil {
		return nil, g.named(err)
	}
	return found, nil
}

// ask runs one query; late says that the limit has ended it.
func (g *group) ask(ctx context.Context, query ast.Body, input *ast.Term) (answer *ast.Term, late bool, err error) {
	cancel := topdown.NewCancel()
	defer context.AfterFunc(ctx, cancel.Cancel)()
	if g.limit != nil {
		defer g.limit(cancel.Cancel)()
	}
	txn, err := g.ready.store.NewTransaction(ctx)
	if err != nil {
		return nil, false, errorf("%w", err)
	}
	defer g.ready.store.Abort(ctx, txn)
	results, err := topdown.NewQuery(query).
		WithCompiler(g.ready.compiler).WithStore(g.ready.store).WithTransaction(txn).
		WithInput(input).WithStrictBuiltinErrors(true).WithCancel(cancel).Run(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, false, ctx.Err()
	case topdown.IsCancel(err) || err != nil && cancel.Cancelled():
		return nil, true, err
	case err != nil:
		return nil, false, runError(err)
	case len(results) == 0:
		return nil, false, nil // it is undefined
	default:
		return results[0]["findings"], false, nil
	}
}

// alone asks each rule by itself, where all together took too long: they may be many and the input large. An error names
// the one that takes too long alone.
func (g *group) alone(ctx context.Context, input *ast.Term) (*ast.Term, error) {
	all := ast.NewSet()
	for _, r := range g.rules {
		var found *ast.Term
		late := true // the only one has been asked
		if len(g.rules) > 1 {
			query, err := ast.ParseBody(fmt.Sprintf("data.keypolicy.rules[%q][%q].findings = findings", r.category, r.name))
			if err != nil {
				return nil, errorf("%w", err)
			}
			if found, late, err = g.ask(ctx, query, input); err != nil && !late {
				return nil, err
			}
		}
		if late {
			return nil, fmt.Errorf("%s: the rule %s takes too long on a %s, and is stopped", r.file, r.name, g.subject)
		}
		if found == nil {
			continue
		}
		set, ok := found.Value.(ast.Set)
		if !ok {
			return nil, errorf("the rule %s gave a %s", r.name, ast.ValueName(found.Value))
		}
		set.Foreach(func(f *ast.Term) { all.Add(ast.ArrayTerm(ast.StringTerm(r.name), f)) })
	}
	return ast.NewTerm(all), nil
}

// named puts the rule's file before an error about one of its findings.
func (g *group) named(err error) error {
	var wrong *findingError
	if !errors.As(err, &wrong) {
		return err
	}
	for _, r := range g.rules {
		if r.name == wrong.rule {
			return fmt.Errorf("%s: rule %s: %w", r.file, r.name, wrong.err)
		}
	}
	return err
}
