package schemas

import (
	"bytes"
	"encoding/json"
)

// object is a JSON object whose fields keep their order.
type object []field

type field struct {
	name  string
	value any
}

// decode reads a schema. Those embedded are JSON, which the tests read.
func decode(text []byte) object {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	o, _ := next(d).(object)
	return o
}

// next is the value that comes next.
func next(d *json.Decoder) any {
	token, _ := d.Token()
	switch token {
	case json.Delim('{'):
		var o object
		for d.More() {
			name, _ := d.Token()
			text, _ := name.(string)
			o = append(o, field{text, next(d)})
		}
		_, _ = d.Token()
		return o
	case json.Delim('['):
		list := []any{}
		for d.More() {
			list = append(list, next(d))
		}
		_, _ = d.Token()
		return list
	default:
		return token
	}
}

// MarshalJSON writes the fields in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(f.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(f.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
