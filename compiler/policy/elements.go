package policy

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

func (r *reader) text(n *source.Node, path diag.Path) Text {
	if !n.IsString() && !isVersionDate(n) {
		r.problem(WrongType, path, "a string")
		return Text{}
	}
	return r.read(n, path, true)
}

// read takes a scalar's text, with the parts of it that are not known. doubtful marks are taken for placeholders too.
func (r *reader) read(n *source.Node, path diag.Path, doubtful bool) Text {
	t := Text{Value: n.Text, Path: path, Parts: parts(n, doubtful)}
	r.doc.symbolic = r.doc.symbolic || t.Parts != nil
	return t
}

// more takes down that a mapping may have more fields.
func (r *reader) more(element string, n *source.Node, path diag.Path) {
	if n.Open != nil {
		r.st.More = append(r.st.More, More{Element: element, Hole: n.Open, Path: path})
		r.doc.symbolic = true
	}
}

// whole takes down that a mapping is not known as a whole: a hole is there, or a text that is still to be filled in, which may
// become one.
func (r *reader) whole(element string, n *source.Node, path diag.Path) bool {
	h := n.Hole()
	if h == nil && n.IsString() {
		h = parts(n, true).First()
	}
	if h == nil {
		return false
	}
	r.st.More = append(r.st.More, More{Element: element, Hole: h, Path: path})
	r.doc.symbolic = true
	return true
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
		if t := r.text(item, path.Append(i)); t.Present() {
			list = append(list, t)
		}
	}
	return r.open(list, n, path)
}

// open adds a hole for what a list may have beside its items.
func (r *reader) open(list []Text, n *source.Node, path diag.Path) []Text {
	if n.Open == nil {
		return list
	}
	r.doc.symbolic = true
	return append(list, Text{Value: n.Open.String(), Path: path, Parts: symbol.Of(n.Open)})
}

// somebody is a principal, or several, of which nothing is known: not even whether it is one of AWS or a service.
func (r *reader) somebody(h *symbol.Hole, path diag.Path) Principal {
	r.doc.symbolic = true
	return Principal{Kind: Unknown, Text: h.String(), Path: path, Parts: symbol.Of(h)}
}

func (r *reader) principals(n *source.Node, path diag.Path) []Principal {
	if n.IsString() && n.Text == "*" {
		return []Principal{ReadPrincipal("AWS", "*", path)}
	}
	if h := n.Hole(); h != nil {
		return []Principal{r.somebody(h, path)}
	}
	if n.Kind != source.Mapping {
		r.misread(n, PrincipalForm, path, `"*" or a mapping with AWS or Service`)
		return nil
	}
	var list []Principal
	if n.Open != nil {
		list = append(list, r.somebody(n.Open, path))
	}
	for _, m := range n.Members {
		p := path.Append(m.Key.Text)
		for _, t := range r.principalTexts(m.Value, p) {
			principal := ReadPrincipal(m.Key.Text, t.Value, t.Path)
			principal.Parts = t.Parts
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

// principalTexts takes an account ID that is written as a number too: its text is what was written, and
// a rule asks the user to quote it.
func (r *reader) principalTexts(n *source.Node, path diag.Path) []Text {
	if isNumber(n) {
		return []Text{{Value: n.Text, Path: path}}
	}
	if n.Kind != source.Sequence {
		if t := r.text(n, path); t.Present() {
			return []Text{t}
		}
		return nil
	}
	var list []Text
	for i, item := range n.Items {
		p := path.Append(i)
		if isNumber(item) {
			list = append(list, Text{Value: item.Text, Path: p})
		} else if t := r.text(item, p); t.Present() {
			list = append(list, t)
		}
	}
	return r.open(list, n, path)
}

func isNumber(n *source.Node) bool {
	return n.Kind == source.Scalar && (n.Type == source.Int || n.Type == source.Float)
}

func (r *reader) conditions(n *source.Node, path diag.Path) []Condition {
	if r.whole("Condition", n, path) {
		return nil
	}
	if n.Kind != source.Mapping {
		r.misread(n, WrongType, path, "a mapping of condition operators")
		return nil
	}
	r.more("Condition", n, path)
	var list []Condition
	for _, operator := range n.Members {
		operatorPath := path.Append(operator.Key.Text)
		if r.whole("Condition", operator.Value, operatorPath) {
			continue
		}
		if operator.Value.Kind != source.Mapping {
			r.misread(operator.Value, WrongType, operatorPath, "a mapping of condition keys")
			continue
		}
		r.more("Condition", operator.Value, operatorPath)
		for _, key := range operator.Value.Members {
			keyPath := operatorPath.Append(key.Key.Text)
			c := Condition{
				Operator: r.read(operator.Key, operatorPath, false),
				Key:      r.read(key.Key, keyPath, true),
				Values:   r.values(key.Value, keyPath),
			}
			c.Values = r.open(c.Values, key.Value, keyPath)
			list = append(list, c)
		}
	}
	return list
}

// values reads condition values; AWS takes numbers and booleans there without quotes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
func (r *reader) values(n *source.Node, path diag.Path) []Text {
	switch {
	case n.Kind == source.Scalar && n.Type != source.Null:
		return []Text{r.read(n, path, false)}
	case n.Kind == source.Sequence:
		var list []Text
		for i, item := range n.Items {
			p := path.Append(i)
			if item.Kind != source.Scalar || item.Type == source.Null {
				r.problem(WrongType, p, "a string, a number or a boolean")
				continue
			}
			list = append(list, r.read(item, p, false))
		}
		return list
	default:
		r.problem(WrongType, path, "a value or a list of values")
		return nil
	}
}
