package rules

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// edit is one change of the text that a finding proposes: another text for a value or a field's name, or what to add to a
// mapping or a list.
type edit struct {
	path   diag.Path
	atKey  bool
	text   string
	value  any  // in place of what is there; nil for a text
	add    any  // beside what is there; nil for a replacement
	remove bool // an item of a list
}

func readEdits(v ast.Value) ([]edit, error) {
	list, ok := v.(*ast.Array)
	if !ok {
		return nil, errorf("it is a %s, and no list", ast.ValueName(v))
	}
	var all []edit
	for i := range list.Len() {
		e, err := readEdit(list.Elem(i))
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func readEdit(item *ast.Term) (edit, error) {
	var e edit
	object, ok := item.Value.(ast.Object)
	if !ok {
		return e, errorf("an entry has path, and one of text, value, add and remove")
	}
	hasPath, hasText := false, false
	err := object.Iter(func(k, v *ast.Term) error {
		var err error
		switch key, _ := k.Value.(ast.String); key {
		case "path":
			hasPath = true
			e.path, err = readPath(v.Value)
		case "at":
			e.atKey, err = readAt(v.Value)
		case "text":
			hasText = true
			e.text, err = readText(v.Value)
		case "value":
			e.value, err = readAny(v.Value)
		case "add":
			e.add, err = readAny(v.Value)
		case "remove":
			e.remove = v.Equal(ast.BooleanTerm(true))
		default:
			err = errorf("an entry has path, at, text, value, add and remove")
		}
		return err
	})
	if err == nil && (!hasPath || object.Len() < 2 || !hasText && !e.remove && e.value == nil && e.add == nil) {
		err = errorf("an entry has path, and one of text, value, add and remove")
	}
	return e, err
}

// readAny gives a value in the types of encoding/json.
func readAny(v ast.Value) (any, error) {
	plain, err := ast.JSON(v)
	if err != nil {
		return nil, errorf("%w", err)
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return nil, errorf("%w", err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, errorf("%w", err)
	}
	return value, nil
}

// edits are a finding's edits in the user's files; none where one of them cannot be made, as what it changes does not stand
// there as it is: a template or a list of the spec brought it in.
func (j *judgement) edits(s subject, r *rule, f finding) ([]diag.Edit, error) {
	var all []diag.Edit
	for _, e := range f.edits {
		if s.locate == nil {
			return nil, fmt.Errorf("%s: a finding about %s has no edits", r.file, s.kind)
		}
		if !s.resolve(e.path).Exact {
			return nil, fmt.Errorf("%s: the path %s of an edit of %s leads to nothing in the %s", r.file, strconv.Quote(e.path.Pointer()), r.name, s.kind)
		}
		at, path := s.locate(e.path)
		if e.add != nil {
			added, ok := at.Add(path, e.add)
			if !ok {
				return nil, nil
			}
			all = append(all, added...)
			continue
		}
		var replaced diag.Edit
		var ok bool
		switch {
		case e.remove:
			replaced, ok = at.Remove(path)
		case e.value != nil:
			replaced, ok = at.ReplaceWith(path, e.value)
		default:
			replaced, ok = at.Replace(path, e.atKey, e.text)
		}
		if !ok {
			return nil, nil
		}
		all = append(all, replaced)
	}
	return all, nil
}
