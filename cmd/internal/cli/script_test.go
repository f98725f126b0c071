package cli_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"keypolicy": func() {
			os.Exit(scripted(cli.Main))
		},
		"keypolicy-fast": func() {
			os.Exit(scripted(cli.MainWithFastPush))
		},
		"fold-every-action": foldEveryAction,
	})
}

// scripted runs a command of a script, and holds what it writes for programs.
func scripted(run func(context.Context, []string, cli.Stdio) int) int {
	return withOutputHeld(os.Args[1:], cli.Stdio{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, func(stdio cli.Stdio) int {
		return run(context.Background(), os.Args[1:], stdio)
	})
}

// TestScripts runs the user stories of testdata/script. UPDATE_SCRIPTS=1 rewrites what they compare with.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../../testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("KEYPOLICY_TEST_SARIF_SCHEMA", sarifSchema)
			return os.Mkdir(e.WorkDir+"/.git", 0o755) // the repository's root: no configuration above it is found
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"repeat": repeat,
		},
	})
}

// exits runs keypolicy and holds its exit code: exits CODE ARGS….
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("keypolicy", args[1:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("keypolicy %s: exit code %s, not %s", strings.Join(args[1:], " "), code, args[0])
	}
}

// repeat writes a file of a text many times over: repeat FILE HEAD TEXT TIMES TAIL.
func repeat(ts *testscript.TestScript, _ bool, args []string) {
	times := 0
	for _, digit := range args[3] {
		times = times*10 + int(digit-'0')
	}
	text := args[1] + strings.Repeat(args[2], times) + args[4]
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
