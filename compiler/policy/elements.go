package policy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

func (r *reader) text(n *source.Node, path diag.Path) Text {
	if !n.IsString() && !isVersionDate(n) {
		r.problem(WrongType, path, "a string")
		return Text{}
	}
	return Text{Value: n.Text, Path: path}
}

// isVersionDate: unquoted, 2012-10-17 is a timestamp to YAML; its text is what was meant.
func isVersionDate(n *source.Node) bool {
	return n.Kind == source.Scalar && n.Type == source.Timestamp
}

func (r *reader) texts(n *source.Node, path diag.Path) []Text {
	if n.Kind != source.Sequence {
		if t := r.text(n, path); t.Present() {
			return []Text{t}
		}
		return nil
	}
	var list []Text
	for i, item := range n.Items {
		if t := r.text(item, join(path, i)); t.Present() {
			list = append(list, t)
		}
	}
	return list
}

func (r *reader) principals(n *source.Node, path diag.Path) []Principal {
	if n.IsString() && n.Text == "*" {
		return []Principal{ReadPrincipal("AWS", "*", path)}
	}
	if n.Kind != source.Mapping {
		r.problem(PrincipalForm, path, `"*" or a mapping with AWS or Service`)
		return nil
	}
	var list []Principal
	for _, m := range n.Members {
		p := join(path, m.Key.Text)
		for _, t := range r.principalTexts(m.Value, p) {
			principal := ReadPrincipal(m.Key.Text, t.Value, t.Path)
			list = append(list, principal)
		}
		switch m.Key.Text {
		case "AWS", "Service", "Federated", "CanonicalUser":
		default:
			r.problem(PrincipalKey, p, "AWS, Service, Federated or CanonicalUser")
		}
	}
	return list
}

// principalTexts takes an account id that is written as a number too: its text is what was written, and
// a rule tells the user to quote it.
func (r *reader) principalTexts(n *source.Node, path diag.Path) []Text {
	if isNumber(n) {
		return []Text{{Value: n.Text, Path: path}}
	}
	if n.Kind != source.Sequence {
		return r.texts(n, path)
	}
	var list []Text
	for i, item := range n.Items {
		p := join(path, i)
		if isNumber(item) {
			list = append(list, Text{Value: item.Text, Path: p})
		} else if t := r.text(item, p); t.Present() {
			list = append(list, t)
		}
	}
	return list
}

func isNumber(n *source.Node) bool {
	return n.Kind == source.Scalar && (n.Type == source.Int || n.Type == source.Float)
}

func (r *reader) conditions(n *source.Node, path diag.Path) []Condition {
	if n.Kind != source.Mapping {
		r.problem(WrongType, path, "a mapping of condition operators")
		return nil
	}
	var list []Condition
	for _, operator := range n.Members {
		operatorPath := join(path, operator.Key.Text)
		if operator.Value.Kind != source.Mapping {
			r.problem(WrongType, operatorPath, "a mapping of condition keys")
			continue
		}
		for _, key := range operator.Value.Members {
			keyPath := join(operatorPath, key.Key.Text)
			list = append(list, Condition{
				Operator: Text{Value: operator.Key.Text, Path: operatorPath},
				Key:      Text{Value: key.Key.Text, Path: keyPath},
				Values:   r.values(key.Value, keyPath),
			})
		}
	}
	return list
}

// values reads condition values; AWS takes numbers and booleans there without quotes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
func (r *reader) values(n *source.Node, path diag.Path) []Text {
	switch {
	case n.Kind == source.Scalar && n.Type != source.Null:
		return []Text{{Value: n.Text, Path: path}}
	case n.Kind == source.Sequence:
		var list []Text
		for i, item := range n.Items {
			p := join(path, i)
			if item.Kind != source.Scalar || item.Type == source.Null {
				r.problem(WrongType, p, "a string, a number or a boolean")
				continue
			}
			list = append(list, Text{Value: item.Text, Path: p})
		}
		return list
	default:
		r.problem(WrongType, path, "a value or a list of values")
		return nil
	}
}
