package cli

import (
	"bufio"
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
	req, err := keypolicy.ReadRequest(line)
	if err != nil {
		return report.WriteRefusalLine(out, err.Error())
	}
	result, err := s.decide(access.Request(req))
	if err != nil {
		return report.WriteRefusalLine(out, err.Error())
	}
	return report.WriteDecisionLine(out, result)
}
