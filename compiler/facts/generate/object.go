package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// field is one member of a JSON object.
type field struct {
	name  string
	value any
}

// object is a JSON object whose members keep their order, so that a renewed file differs from the last one only where
// a fact does.
type object []field

// get returns the member of that name; nil if there is none.
func (o object) get(name string) any {
	for _, f := range o {
		if f.name == name {
			return f.value
		}
	}
	return nil
}

// set replaces the member of that name where it is, or adds it at the end.
func (o *object) set(name string, value any) {
	for i := range *o {
		if (*o)[i].name == name {
			(*o)[i].value = value
			return
		}
	}
	*o = append(*o, field{name, value})
}

// ordered returns the members in the order of names; others follow as they are.
func (o object) ordered(names []string) object {
	var first, rest object
	for _, name := range names {
		if value := o.get(name); value != nil {
			first = append(first, field{name, value})
		}
	}
	for _, f := range o {
		if first.get(f.name) == nil {
			rest = append(rest, f)
		}
	}
	return append(first, rest...)
}

// UnmarshalJSON reads an object; the objects in it keep their order too.
func (o *object) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	value, err := decode(dec)
	if err != nil {
		return err
	}
	read, ok := value.(object)
	if !ok {
		return fmt.Errorf("want a JSON object, got %.20s", data)
	}
	*o = read
	return nil
}

// decode reads one JSON value: an object, []any, string, json.Number, bool or nil.
func decode(dec *json.Decoder) (any, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return token, nil
	}
	read, list := object{}, []any{}
	for dec.More() {
		var name string
		if delim == '{' {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			name, _ = key.(string)
		}
		value, err := decode(dec)
		if err != nil {
			return nil, err
		}
		read, list = append(read, field{name, value}), append(list, value)
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if delim == '{' {
		return read, nil
	}
	return list, nil
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := encode(f.name)
		if err != nil {
			return nil, err
		}
		value, err := encode(f.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encode writes a value as JSON, with <, > and & as they are.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// page writes a whole file: indented by one space, with a newline at the end.
func (o object) page() ([]byte, error) {
	compact, err := encode(o)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact, "", " "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}
