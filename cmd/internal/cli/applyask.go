package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
)

// waits says that a run waits for something.
func (a *app) waits(text string) {
	if !a.flags.quiet {
		a.say("%s", text)
	}
}

// ask shows what is to be put and waits for a yes.
func (a *app) ask(ctx context.Context, items []*push.Item) error {
	keys := reported(items)
	if err := report.WriteKeys(a.stdio.Err, keys, report.KeysOptions{Format: "text", Colors: a.flags.colored(a.stdio.Err), All: a.flags.verbose}); err != nil {
		return err
	}
	if !a.asks && !asksOn(a.stdio.In) {
		return errors.New("there is no terminal to ask on, so nothing was changed: give --yes")
	}
	_, _ = fmt.Fprintf(a.stdio.Err, "\n%s Only `yes` goes on: ", report.Inert(report.Escape(question(items))))
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(a.stdio.In).ReadString('\n')
		answer <- line
	}()
	select {
	case <-ctx.Done():
		_, _ = fmt.Fprintln(a.stdio.Err)
		return errors.New("interrupted: nothing was changed")
	case line := <-answer:
		switch {
		case line == "":
			_, _ = fmt.Fprintln(a.stdio.Err)
			return errors.New("there was no answer, so nothing was changed: answer `yes`, or give --yes")
		case strings.TrimSpace(line) != "yes":
			return errors.New("apply cancelled; nothing was changed")
		}
		return nil
	}
}

// asksOn reports whether somebody can answer there: nobody waits for the answer of a pipe.
func asksOn(in io.Reader) bool {
	file, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// applyOutcome is the error for what became of the keys.
func applyOutcome(items []*push.Item, faulty bool) error {
	count := countStates(items)
	return outcome(faulty || count[push.Failed]+count[push.Unverified]+count[push.Change] > 0, count[push.Blocked]+count[push.Refused] > 0)
}
