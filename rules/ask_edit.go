package rules

import (
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

func readEdit(v ast.Value) (e edit, err error) {
	object, ok := v.(ast.Object)
	if !ok {
		return e, errorf("an entry has path, and one of text, value, add and remove")
	}
	hasPath, hasText := false, false
	err = object.Iter(func(k, v *ast.Term) (err error) {
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
			e.value, err = ast.JSON(v.Value)
		case "add":
			e.add, err = ast.JSON(v.Value)
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

// edits are a finding's edits in the user's files; none where one of them cannot be made, as what it changes is not written
// there as it is: a template or a list of the spec brought it in.
func (ev *evaluation) edits(s subject, r *rule, f finding) ([]diag.Edit, error) {
	var all []diag.Edit
	for _, e := range f.edits {
		if s.locate == nil {
			return nil, fmt.Errorf("%s: a finding about %s has no edits", r.File, s.kind)
		}
		if !s.resolve(e.path).Exact {
			return nil, fmt.Errorf("%s: the path %s of an edit of %s leads to nothing in the %s", r.File, strconv.Quote(e.path.Pointer()), r.Name, s.kind)
		}
		at, path := s.locate(e.path)
		var made [1]diag.Edit
		list, ok := made[:], false
		switch {
		case e.add != nil:
			list, ok = at.Add(path, e.add)
		case e.remove:
			made[0], ok = at.Remove(path)
		case e.value != nil:
			made[0], ok = at.ReplaceWith(path, e.value)
		default:
			made[0], ok = at.Replace(path, e.atKey, e.text)
		}
		if !ok {
			return nil, nil
		}
		all = append(all, list...)
	}
	return all, nil
}
