package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// finding is what a rule answers.
type finding struct {
	rule     string
	path     diag.Path
	message  string
	reason   string
	severity diag.Severity // 0: the rule's own
	atKey    bool          // point at the field's name, not at its value
	help     string
	witness  *diag.Witness
	related  []related
	among    []diag.Path // the places that are at fault together, where only their order says which is reported
	alike    bool        // they say the same, each in a spelling of its own
	edits    []edit
	stopped  bool // of a rule that took too long
}

type related struct {
	path    diag.Path
	message string
}

// readFindings reads the set of a rule's findings.
func readFindings(r *rule, t *ast.Term) ([]finding, error) {
	set, ok := t.Value.(ast.Set)
	if !ok {
		return nil, fmt.Errorf("findings are a set, not a %s", ast.ValueName(t.Value))
	}
	all := make([]finding, 0, set.Len())
	for _, item := range set.Slice() {
		f, err := readFinding(r.Name, item)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	slices.SortStableFunc(all, func(a, b finding) int { return cmp.Compare(a.path.Pointer(), b.path.Pointer()) })
	return all, nil
}

func readFinding(rule string, item *ast.Term) (finding, error) {
	f := finding{rule: rule}
	object, ok := item.Value.(ast.Object)
	if !ok {
		return f, fmt.Errorf("a finding is an object with path and message, not a %s", ast.ValueName(item.Value))
	}
	hasPath := false
	err := object.Iter(func(k, v *ast.Term) error {
		key, _ := k.Value.(ast.String)
		hasPath = hasPath || key == "path"
		return f.field(string(key), v.Value)
	})
	switch {
	case err != nil:
		return f, err
	case !hasPath:
		return f, errors.New("a finding has no path")
	case f.message == "":
		return f, errors.New("a finding has no message")
	}
	return f, nil
}

func (f *finding) field(key string, v ast.Value) (err error) {
	switch key {
	case "path":
		f.path, err = readPath(v)
	case "message":
		f.message, err = readText(v)
	case "reason":
		f.reason, err = readText(v)
	case "help":
		f.help, err = readText(v)
	case "severity":
		f.severity, err = readSeverity(v)
	case "at":
		f.atKey, err = readAt(v)
	case "witness":
		f.witness, err = readWitness(v)
	case "related":
		f.related, err = readList(v, "", readRelated)
	case "among":
		f.among, err = readList(v, "", readPath)
	case "alike":
		f.alike, err = readBool(v)
	case "edits":
		f.edits, err = readList(v, "", readEdit)
	default:
		err = errorf("a finding has path, message, reason, severity, at, help, edits, related, among, alike and witness")
	}
	if err != nil {
		return fmt.Errorf("%s of a finding: %s", key, strings.TrimPrefix(err.Error(), "rules: "))
	}
	return nil
}

// readList reads each item of a list; of says of what it is.
func readList[T any](v ast.Value, of string, read func(ast.Value) (T, error)) ([]T, error) {
	list, ok := v.(*ast.Array)
	if !ok {
		return nil, errorf("it is a %s, and not a list%s", ast.ValueName(v), of)
	}
	all := make([]T, list.Len())
	for i := range all {
		var err error
		if all[i], err = read(list.Elem(i).Value); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func readBool(v ast.Value) (bool, error) {
	b, ok := v.(ast.Boolean)
	if !ok {
		return false, errorf("it is a %s, and not a boolean", ast.ValueName(v))
	}
	return bool(b), nil
}

func readText(v ast.Value) (string, error) {
	s, ok := v.(ast.String)
	if !ok {
		return "", errorf("it is a %s, and not a string", ast.ValueName(v))
	}
	return string(s), nil
}

// readAt reads where a path points: true for the field's name.
func readAt(v ast.Value) (bool, error) {
	text, err := readText(v)
	if err == nil && text != "key" && text != "value" {
		err = errorf(`it is neither "key" nor "value": %q`, text)
	}
	return text == "key", err
}

func readSeverity(v ast.Value) (diag.Severity, error) {
	text, err := readText(v)
	severity, ok := diag.ParseSeverity(text)
	if err == nil && !ok {
		err = errorf("it is none of error, warning, info: %q", text)
	}
	return severity, err
}

func readWitness(v ast.Value) (*diag.Witness, error) {
	w := &diag.Witness{}
	if err := ast.As(v, w); err != nil {
		return nil, errorf("it is not a request with principal, action and context: %w", err)
	}
	return w, nil
}

func readRelated(v ast.Value) (r related, err error) {
	object, ok := v.(ast.Object)
	if !ok || object.Get(ast.InternedTerm("path")) == nil || object.Get(ast.InternedTerm("message")) == nil {
		return r, errorf("an entry has path and message")
	}
	if r.path, err = readPath(object.Get(ast.InternedTerm("path")).Value); err == nil {
		r.message, err = readText(object.Get(ast.InternedTerm("message")).Value)
	}
	return r, err
}
