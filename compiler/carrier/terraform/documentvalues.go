package terraform

import (
	"github.com/keypolicy/keypolicy/compiler/carrier/policydocument"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// documentValues are the values that the policies of data.aws_iam_policy_document are made of.
type documentValues struct{}

type documentObject = policydocument.Object[*value, *hole]

func (documentValues) Text(s string, at diag.Place) *value { return newText(s, at) }

func (documentValues) List(l documentList) *value {
	return &value{kind: list, place: l.Place, items: l.Items, hole: l.More}
}

func (documentValues) Object(o documentObject) *value {
	out := &value{kind: object, place: o.Place, hole: o.More}
	for _, f := range o.Fields {
		if f.Name.kind == unknown {
			f.Name = &value{kind: text, place: f.Name.place, pieces: []piece{{hole: f.Name.hole}}}
		}
		out.fields = append(out.fields, field{f.Name, f.Value})
	}
	return out
}

func (documentValues) AsList(v *value) (documentList, bool) {
	return documentList{Place: v.place, Items: v.items, More: v.hole}, v.kind == list
}

func (documentValues) AsObject(v *value) (o documentObject, is bool) {
	if v.kind != object {
		return o, false
	}
	o.Place, o.More = v.place, v.hole
	for _, f := range v.fields {
		o.Fields = append(o.Fields, policydocument.Field[*value]{Name: f.name, Value: f.value})
	}
	return o, true
}

func (documentValues) Hole(v *value) (*hole, bool) { return v.hole, v.kind == unknown }

func (documentValues) Known(v *value) (policydocument.Scalar, bool) {
	s, known := v.known()
	return policydocument.Scalar{Text: s, IsNumber: v.kind == number}, known
}

func (documentValues) ID(v *value) string { return v.key() }

func (documentValues) And(a, b *hole) *hole { return a.and(b) }

func (documentValues) WithVariables(v *value) *value {
	if v.kind != text || v.encoded != nil {
		return v
	}
	out := *v
	out.pieces = append([]piece{}, v.pieces...)
	for i, p := range out.pieces {
		out.pieces[i].literal = policydocument.WithVariables(p.literal)
	}
	return &out
}
