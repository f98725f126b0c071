// Command keypolicy lints and compiles AWS KMS key policies that are written as YAML.
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := cli.Main(ctx, os.Args[1:], cli.Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}
