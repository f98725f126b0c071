package rules

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// textField is the field of the input's objects that holds what is written in the policy.
const textField = "text"

// comparedWithText finds comparisons of an object of the input with a text, by != or in: they are never equal, and OPA's
// type checker lets them pass.
func comparedWithText(c *ast.Compiler, rules []*rule) error {
	var all []error
	for _, r := range rules {
		for _, one := range c.Modules[r.File].Rules {
			bound := bindings(one)
			ast.WalkExprs(one, func(expr *ast.Expr) bool {
				if object := comparedObject(c, bound, expr); object != nil {
					all = append(all, located(expr.Location, writeText(object.String())))
				}
				return false
			})
		}
	}
	return errors.Join(all...)
}

func writeText(object string) string {
	object = written(object)
	return fmt.Sprintf("`%s` is an object and is compared with a text: write `%s.%s`", object, object, textField)
}

// comparedObject is the operand of a comparison with texts that is an object with the field text; nil where there is none.
func comparedObject(c *ast.Compiler, bound map[ast.Var]*ast.Term, expr *ast.Expr) *ast.Term {
	operands := expr.Operands()
	if !expr.IsCall() || len(operands) < 2 {
		return nil
	}
	a, b := resolved(bound, operands[0]), resolved(bound, operands[1])
	switch expr.Operator().String() {
	case "neq", "eq", "equal":
		if hasText(c, a) && types.Compare(typeOf(c, b), types.S) == 0 {
			return a
		}
		if hasText(c, b) && types.Compare(typeOf(c, a), types.S) == 0 {
			return b
		}
	case "internal.member_2":
		if hasText(c, a) && holdsTexts(b) {
			return a
		}
	}
	return nil
}

// bindings are the terms that the variables of a rule are given; the compiler has given each a name of its own.
func bindings(r *ast.Rule) map[ast.Var]*ast.Term {
	bound := map[ast.Var]*ast.Term{}
	ast.WalkExprs(r, func(expr *ast.Expr) bool {
		if every, ok := expr.Terms.(*ast.Every); ok {
			bound[every.Value.Value.(ast.Var)] = ast.RefTerm(every.Domain, ast.VarTerm("_"))
			return false
		}
		operands := expr.Operands()
		if !expr.IsEquality() && !expr.IsAssignment() || len(operands) != 2 {
			return false
		}
		for i, operand := range operands {
			if v, ok := operand.Value.(ast.Var); ok {
				bound[v] = operands[1-i]
			}
		}
		return false
	})
	return bound
}

// resolved follows variables, and the first step of a ref, to what they represent.
func resolved(bound map[ast.Var]*ast.Term, t *ast.Term) *ast.Term {
	const most = 16
	for range most {
		switch value := t.Value.(type) {
		case ast.Var:
			next := bound[value]
			if next == nil {
				return t
			}
			t = next
		case ast.Ref:
			head, ok := value[0].Value.(ast.Var)
			if !ok || bound[head] == nil {
				return t
			}
			if beginning, ok := bound[head].Value.(ast.Ref); ok {
				t = ast.NewTerm(beginning.Concat(value[1:]))
				continue
			}
			return t
		default:
			return t
		}
	}
	return t
}

func typeOf(c *ast.Compiler, t *ast.Term) types.Type {
	switch value := t.Value.(type) {
	case ast.String:
		return types.S
	case ast.Ref:
		return c.TypeEnv.GetByRef(value)
	default:
		return nil
	}
}

func hasText(c *ast.Compiler, t *ast.Term) bool {
	if _, ok := t.Value.(ast.Ref); !ok {
		return false
	}
	return isTextObject(typeOf(c, t))
}

func isTextObject(t types.Type) bool {
	object, ok := t.(*types.Object)
	return ok && object.Select(textField) != nil && types.Compare(object.Select(textField), types.S) == 0
}

// holdsTexts reports whether a set or an array that is written out has only texts.
func holdsTexts(t *ast.Term) bool {
	count, texts := 0, 0
	each := func(item *ast.Term) {
		count++
		if _, ok := item.Value.(ast.String); ok {
			texts++
		}
	}
	switch value := t.Value.(type) {
	case ast.Set:
		value.Foreach(each)
	case *ast.Array:
		value.Foreach(each)
	}
	return count > 0 && texts == count
}

// equals takes an equality, or a membership, apart, as a rule's text has it.
var equals = regexp.MustCompile(`^\s*(?:not\s+)?(.+?)\s*(?:==|:=|=|\bin\b)\s*(.+?)\s*$`)

// matchMessage says of two sides that cannot be equal which of them is an object that has a text; false for other sides.
func matchMessage(e *ast.Error, detail *ast.UnificationErrDetail) (string, bool) {
	if e.Location == nil {
		return "", false
	}
	sides := equals.FindStringSubmatch(string(e.Location.Text))
	switch {
	case sides == nil:
		return "", false
	case isTextObject(detail.Left) && types.Compare(detail.Right, types.S) == 0:
		return writeText(sides[1]), true
	case isTextObject(detail.Right) && types.Compare(detail.Left, types.S) == 0:
		return writeText(sides[2]), true
	default:
		return "", false
	}
}

// isTextArgument reports whether a builtin takes a text where it is given an object that has one.
func isTextArgument(detail *ast.ArgErrDetail) bool {
	for i, have := range detail.Have {
		want := detail.Want.Arg(i)
		if named, ok := want.(*types.NamedType); ok {
			want = named.Type
		}
		if isTextObject(have) && want != nil && types.Compare(want, types.S) == 0 {
			return true
		}
	}
	return false
}
