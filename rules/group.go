package rules

import (
	"context"
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
	user      bool // a user's own rules, which stand apart

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
				g := &group{subject: subject, needs: needs, libraries: libraries, user: r.user}
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

// run asks the group's rules about one input.
func (g *group) run(ctx context.Context, cancel topdown.Cancel, input *ast.Term) ([]finding, error) {
	if err := g.prepare(); err != nil {
		return nil, err
	}
	txn, err := g.ready.store.NewTransaction(ctx)
	if err != nil {
		return nil, errorf("%w", err)
	}
	defer g.ready.store.Abort(ctx, txn)
	results, err := topdown.NewQuery(g.ready.query).
		WithCompiler(g.ready.compiler).WithStore(g.ready.store).WithTransaction(txn).
		WithInput(input).WithStrictBuiltinErrors(true).WithCancel(cancel).Run(ctx)
	if err != nil {
		return nil, errorf("%w", err)
	}
	if len(results) != 1 {
		return nil, errorf("the query of the rules about a %s gave %d results", g.subject, len(results))
	}
	return readFindings(results[0]["findings"])
}
