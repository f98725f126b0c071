package rules

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// plan is how rules are asked together: made once for all subjects for which the same ones are due.
type plan struct {
	due    []*rule
	parts  map[Part]bool // of access that they read
	fields fields        // of the input that they read
	query  ast.Body
	count  counting // of what may be taken away
}

// plans keeps those of a run.
type plans struct {
	mu    sync.Mutex
	known map[string]*plan // by the names of the rules
	made  int              // how many, those that are not kept any more included
}

// plansLimit bounds how many are kept.
const plansLimit = 1024

func (s *Set) plan(due []*rule) *plan {
	var key strings.Builder
	for _, r := range due {
		key.WriteString(r.Name)
		key.WriteByte('\n')
	}
	s.plans.mu.Lock()
	defer s.plans.mu.Unlock()
	if known, ok := s.plans.known[key.String()]; ok {
		return known
	}
	if len(s.plans.known) >= plansLimit {
		clear(s.plans.known)
	}
	s.plans.made++
	p := s.newPlan(due)
	s.plans.known[key.String()] = p
	return p
}

func (s *Set) newPlan(due []*rule) *plan {
	p := &plan{due: due, parts: map[Part]bool{}, query: question(due)}
	var read []string
	for _, r := range due {
		for _, part := range r.reads() {
			p.parts[part] = true
		}
		read = append(read, r.fields)
	}
	if !s.opts.AskAll && !slices.Contains(read, "") { // it is known of all of them
		p.fields = newFields(read, strconv.Itoa(s.plans.made))
	}
	if s.opts.AskAll {
		for _, part := range allParts {
			p.parts[part] = true
		}
	}
	return p
}

// question is a query that gives the findings of each rule, as sets.
func question(due []*rule) ast.Body {
	body := make(ast.Body, len(due))
	for i, r := range due {
		body[i] = ast.Equality.Expr(answerVar(i), ast.SetComprehensionTerm(ast.VarTerm("finding"), ast.NewBody(r.findings())))
		body[i].Index = i
	}
	return body
}

func answerVar(i int) *ast.Term { return ast.VarTerm("answer" + strconv.Itoa(i)) }

// findings is the expression that gives a rule's findings one by one.
func (r *rule) findings() *ast.Expr {
	return ast.NewExpr(ast.NewTerm(ast.Ref{
		ast.DefaultRootDocument, ast.StringTerm("keypolicy"), ast.StringTerm("rules"), ast.StringTerm(r.Category), ast.StringTerm(r.Name),
		ast.StringTerm("findings"), ast.VarTerm("finding"),
	}))
}
