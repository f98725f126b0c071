package gitfs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// objects reads objects by one `git cat-file --batch`, which is begun when the first is asked for.
type objects struct {
	ctx context.Context //nolint:containedctx // it ends the process, which outlives a call

	mu     sync.Mutex
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr bytes.Buffer
}

// read gives the text of an object.
func (o *objects) read(object string) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.cmd == nil {
		if err := o.begin(); err != nil {
			return nil, err
		}
	}
	if _, err := io.WriteString(o.in, object+"\n"); err != nil {
		return nil, o.failed(err)
	}
	header, err := o.out.ReadString('\n')
	if err != nil {
		return nil, o.failed(err)
	}
	fields := strings.Fields(header) // object, type and size
	if len(fields) != 3 {
		return nil, errors.New("git has no such object")
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %q", header)
	}
	text := make([]byte, size+1) // a newline ends it
	if _, err := io.ReadFull(o.out, text); err != nil {
		return nil, o.failed(err)
	}
	return text[:size], nil
}

func (o *objects) begin() error {
	cmd := command(o.ctx, "cat-file", "--batch")
	cmd.Stderr = &o.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	o.cmd, o.in, o.out = cmd, in, bufio.NewReader(out)
	return nil
}

// failed is the error of a process that has ended: what it said, if it did. The next object is asked of a new one.
func (o *objects) failed(err error) error {
	_ = o.end()
	if said := strings.TrimSpace(o.stderr.String()); said != "" {
		err = fmt.Errorf("git cat-file: %s", said)
	}
	o.stderr.Reset()
	return err
}

func (o *objects) end() error {
	if o.cmd == nil {
		return nil
	}
	err := errors.Join(o.in.Close(), o.cmd.Wait())
	o.cmd = nil
	return err
}

func (o *objects) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.end()
}
