package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
	"github.com/keypolicy/keypolicy/schemas"
)

// exitUnfit is the exit code of a command in a test whose output its schema does not describe.
const exitUnfit = 99

// withOutputHeld runs a command, and holds what it writes as JSON against the schema that users get of it.
func withOutputHeld(args []string, stdio cli.Stdio, run func(cli.Stdio) int) int {
	var out, errs bytes.Buffer
	held := stdio
	held.Out, held.Err = both{stdio.Out, &out}, both{stdio.Err, &errs}
	code := run(held)
	if code == 2 {
		return code // it could not be done
	}
	for _, o := range cli.OutputsOf(args) {
		text := out.Bytes()
		switch {
		case o.File != "":
			text, _ = os.ReadFile(o.File)
		case o.Stderr:
			text = errs.Bytes()
		}
		if err := holdOutput(o, text); err != nil {
			_, _ = fmt.Fprintf(stdio.Err, "keypolicy %s: the output as %s does not fit the schema %s: %v\n", strings.Join(args, " "), o.Format, o.Schema, err)
			return exitUnfit
		}
	}
	return code
}

// both writes to what a command was given, which decides on colours by what it is, and to a copy.
type both struct{ to, copy io.Writer }

func (b both) Write(text []byte) (int, error) {
	_, _ = b.copy.Write(text)
	return b.to.Write(text)
}

// holdOutput reads each value of an output and holds it against its schema. Nothing is written by a command that failed.
func holdOutput(o cli.Output, text []byte) error {
	if o.Stderr { // sentences and summaries are written beside the findings
		start := bytes.Index(text, []byte("{\n"))
		end := bytes.LastIndex(text, []byte("\n}\n"))
		if start < 0 || end < start {
			return nil
		}
		text = text[start : end+2]
	}
	if len(text) == 0 {
		return nil
	}
	schema, err := outputSchema(o)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	for {
		var value any
		switch err := decoder.Decode(&value); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := schema.Validate(value); err != nil {
			return err
		}
	}
}

func outputSchema(o cli.Output) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	address, part := schemas.Base+o.Schema+".schema.json", ""
	var text []byte
	var err error
	switch o.Format {
	case "sarif":
		address = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
		text, err = os.ReadFile(sarifSchema)
	case "jsonl":
		part = "#/$defs/finding"
		fallthrough
	default:
		text, err = schemas.Read(o.Schema)
	}
	if err != nil {
		return nil, err
	}
	if err := c.AddResource(address, bytes.NewReader(text)); err != nil {
		return nil, err
	}
	return c.Compile(address + part)
}

// sarifSchema is the official schema; testdata/sarif says where it is from. Scripts run elsewhere.
var sarifSchema = os.Getenv("KEYPOLICY_TEST_SARIF_SCHEMA")

func init() {
	if sarifSchema == "" {
		sarifSchema, _ = filepath.Abs("../../../testdata/sarif/sarif-schema-2.1.0.json")
		_ = os.Setenv("KEYPOLICY_TEST_SARIF_SCHEMA", sarifSchema)
	}
}

// TestOutputsAreHeld: an output with a field more, with one less, or with a value of another type fits no schema.
func TestOutputsAreHeld(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "k.keypolicy.yaml")
	write(t, file, "account: \"111122223333\"\nkey_users: [\"*\"]\n")
	for _, args := range [][]string{{"lint", "--format", "json"}, {"lint", "--format", "jsonl"}, {"lint", "--format", "sarif"}, {"access", "--format=json"}} {
		args = append(args, file)
		outputs := cli.OutputsOf(args)
		if len(outputs) != 1 {
			t.Fatalf("%v: %v", args, outputs)
		}
		var out bytes.Buffer
		cli.Main(t.Context(), args, cli.Stdio{Out: &out, Err: io.Discard})
		if err := holdOutput(outputs[0], out.Bytes()); err != nil {
			t.Errorf("%v: %v", args, err)
		}
		var whole map[string]any
		if err := json.Unmarshal(out.Bytes(), &whole); err != nil {
			t.Fatal(err)
		}
		for what, change := range map[string]func(map[string]any){
			"a field more":      func(v map[string]any) { v["surprise"] = true },
			"one of other type": func(v map[string]any) { v[firstKey(v)] = []any{[]any{}} },
		} {
			broken := maps.Clone(whole)
			change(broken)
			text, _ := json.Marshal(broken)
			if holdOutput(outputs[0], text) == nil {
				t.Errorf("%v: %s fits", args, what)
			}
		}
	}
}

func firstKey(v map[string]any) string {
	var keys []string
	for k := range v {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys[0]
}

// TestEveryCommandHasASchema: a command that writes JSON has a schema that `keypolicy schema` prints.
func TestEveryCommandHasASchema(t *testing.T) {
	have := schemas.Names()
	for _, command := range cli.CommandsWithJSON() {
		outputs := cli.OutputsOf(append(strings.Fields(command), "--format", "json"))
		if len(outputs) != 1 || !slices.Contains(have, outputs[0].Schema) {
			t.Errorf("%s --format json has the schema %v", command, outputs)
		}
	}
}

// TestEveryCommandHasHelp: a command's help has examples, which run as they are written, and its exit codes.
func TestEveryCommandHasHelp(t *testing.T) {
	for _, command := range cli.Commands() {
		var out bytes.Buffer
		if code := cli.Main(t.Context(), append(strings.Fields(command), "--help"), cli.Stdio{Out: &out, Err: &out}); code != 0 {
			t.Errorf("%s --help: exit code %d", command, code)
		}
		for _, part := range []string{"\nExamples:\n  ", "\nExit codes: 0 "} {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s --help does not have %q", command, part)
			}
		}
		_, examples, _ := strings.Cut(out.String(), "\nExamples:\n")
		examples, _, _ = strings.Cut(examples, "\n\n")
		for line := range strings.Lines(examples) {
			_, line, _ = strings.Cut(line, "keypolicy ")
			line, _, _ = strings.Cut(line, ">")
			if err := cli.Parses(strings.Fields(line)); err != nil {
				t.Errorf("%s: the example %q: %v", command, line, err)
			}
		}
	}
}
