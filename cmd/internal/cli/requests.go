package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/access"
)

// longestRequest bounds a line of --requests.
const longestRequest = 1 << 20

// simulateAll answers requests one a line, in order. A bad one has its own answer, and the others go on.
func (a *app) simulateAll(s *simulator, file string) error {
	in := a.stdio.In
	if file != keypolicy.Stdin {
		opened, err := os.Open(file)
		if err != nil {
			return keypolicy.ReadError(file, err)
		}
		defer func() { _ = opened.Close() }()
		if info, err := opened.Stat(); err == nil && info.IsDir() {
			return fmt.Errorf("%s is a folder where a file is needed", file)
		}
		in = opened
	}
	out := bufio.NewWriter(a.stdio.Out)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestRequest)
	for lines.Scan() {
		if err := s.answer(out, lines.Bytes()); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("%s: a line is longer than a request can be, and what follows is not answered", file)
	case err != nil:
		return keypolicy.ReadError(file, err)
	}
	return nil
}

func (s *simulator) answer(out io.Writer, line []byte) error {
	req, err := readRequest(line)
	if err != nil {
		return report.WriteRefusalLine(out, err.Error())
	}
	result, err := s.decide(req)
	if err != nil {
		return report.WriteRefusalLine(out, err.Error())
	}
	return report.WriteDecisionLine(out, result)
}

// requestLine is a request as --requests has it.
type requestLine struct {
	Principal string            `json:"principal"`
	Action    string            `json:"action"`
	Context   map[string]values `json:"context"`
}

// values are those of a condition key: a list, or only one.
type values []string

// UnmarshalJSON takes both.
func (v *values) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte(`"`)) {
		*v = values{""}
		return json.Unmarshal(text, &(*v)[0])
	}
	return json.Unmarshal(text, (*[]string)(v))
}

func readRequest(line []byte) (access.Request, error) {
	var r requestLine
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	err := d.Decode(&r)
	if err == nil && d.More() {
		err = errors.New("there is more than one object in the line")
	}
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return access.Request{}, errors.New("the line is empty")
	case err != nil:
		return access.Request{}, fmt.Errorf(`it is not a request, which is {"principal": "…", "action": "kms:…", "context": {"KEY": ["VALUE"]}}: %w`, err)
	case r.Principal == "":
		return access.Request{}, errors.New("it has no principal")
	case r.Action == "":
		return access.Request{}, errors.New("it has no action")
	}
	req := access.Request{Principal: r.Principal, Action: r.Action, Context: map[string][]string{}}
	for key, list := range r.Context {
		req.Context[key] = list
	}
	return req, nil
}
