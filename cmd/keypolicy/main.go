// Command keypolicy lints, compiles and pushes AWS KMS key policies that are written as YAML.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	code := cli.Main(ctx, os.Args[1:], cli.Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
