package cli_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestWithoutATerminalNobodyIsAsked(t *testing.T) {
	server, key := pushing(t)
	before := server.Policy(key)
	read, write, err := os.Pipe() // as a runner leaves it: open, and nobody writes
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close(); _ = write.Close() }()
	for name, in := range map[string]cli.Stdio{"a pipe": {In: read}, "no file": {In: strings.NewReader("yes\n")}} {
		var out, errs bytes.Buffer
		in.Out, in.Err = &out, &errs
		code := cli.Main(context.Background(), []string{"apply", "keys"}, in)
		if code != 2 || !strings.Contains(errs.String(), "there is no terminal to ask on, so nothing was changed: give --yes") || server.Policy(key) != before {
			t.Errorf("%s: exit code %d: %s", name, code, errs.String())
		}
	}
}

func TestARunEndsInOrderAfterItsTime(t *testing.T) {
	server, _ := pushing(t)
	proxy := kmstest.NewProxy(t, server.URL)
	t.Setenv("AWS_ENDPOINT_URL", proxy.URL)
	// run is over when KMS is first asked.
	run := func(args ...string) result {
		clock := cli.EndClock{Over: make(chan struct{})}
		var once sync.Once
		proxy.Fault = func(r kmstest.Request) kmstest.Fault {
			if r.Service != "kms" {
				return kmstest.None
			}
			once.Do(func() { close(clock.Over) })
			return kmstest.SlowBefore
		}
		var out, errs bytes.Buffer
		code := cli.MainWithClock(context.Background(), args, cli.Stdio{Out: &out, Err: &errs}, clock)
		return result{code, out.String(), errs.String()}
	}
	for _, args := range [][]string{{"plan", "--format", "json"}, {"apply", "--yes", "--format", "json"}} {
		r := run(append(args, "--timeout", "1h", "keys")...)
		expect(t, r, 2, map[string]int{"failed": 1})
		says(t, r, 2, "the time of --timeout has passed")
		if !strings.Contains(r.out, "interrupted") {
			t.Error(r.out)
		}
	}
	says(t, run("import", "--timeout", "1h", "alias/payments"), 2, "the time of --timeout has passed")
	proxy.Fault = nil
	says(t, keypolicy(t, "", "plan", "--timeout", "-1s", "keys"), 2, "--timeout is -1s: write a time such as 10m")
	clock := cli.EndClock{Over: make(chan struct{})}
	var out, errs bytes.Buffer
	if code := cli.MainWithClock(context.Background(), []string{"plan", "--timeout", "1h", "keys"}, cli.Stdio{Out: &out, Err: &errs}, clock); code != 0 || strings.Contains(errs.String(), "timeout") {
		t.Errorf("%d %s", code, errs.String())
	}
}
