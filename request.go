package keypolicy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Request is one request to the key: who asks, what for, and in which context. As a witness it shows what is claimed.
type Request struct {
	Principal string              `json:"principal"` // an ARN, user/NAME, role/NAME, root, or a service's name
	Action    string              `json:"action"`
	Context   map[string][]string `json:"context"` // values by condition key
}

// requestLine is a request as somebody writes it.
type requestLine struct {
	Principal string                   `json:"principal"`
	Action    string                   `json:"action"`
	Context   map[string]contextValues `json:"context"`
}

// contextValues are those of a condition key: a list, or only one.
type contextValues []string

// UnmarshalJSON takes both.
func (v *contextValues) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte(`"`)) {
		*v = contextValues{""}
		return json.Unmarshal(text, &(*v)[0])
	}
	return json.Unmarshal(text, (*[]string)(v))
}

// ReadRequest reads a request from a line of JSON. A condition key may have one value in place of a list. The error is a sentence
// without the line.
func ReadRequest(line []byte) (Request, error) {
	var r requestLine
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	err := d.Decode(&r)
	if err == nil && d.More() {
		err = errors.New("there is more than one object in the line")
	}
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return Request{}, errors.New("the line is empty")
	case err != nil:
		return Request{}, fmt.Errorf(`it is not a request, which is {"principal": "…", "action": "kms:…", "context": {"KEY": ["VALUE"]}}: %w`, err)
	case r.Principal == "":
		return Request{}, errors.New("it has no principal")
	case r.Action == "":
		return Request{}, errors.New("it has no action")
	}
	req := Request{Principal: r.Principal, Action: r.Action, Context: map[string][]string{}}
	for key, list := range r.Context {
		req.Context[key] = list
	}
	return req, nil
}
