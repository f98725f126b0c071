package cli

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// globals are the flags that work everywhere.
type globals struct {
	config, color, today string
	enforce              string
	todayGiven           bool
	quiet, verbose       bool
	jobs                 int
	key                  compiler.Defaults
	varFiles             []string // of the commands that read Terraform modules
	planModule           string
}

// addVarFile adds the flag of commands that read Terraform modules.
func (g *globals) addVarFile(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&g.varFiles, "var-file", nil, "a file of values for the variables of Terraform modules, as terraform takes it; the last counts")
}

var accountPattern = regexp.MustCompile(`^[0-9]{12}$`)

func (g *globals) add(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&g.config, "config", "", "the configuration; by default the first .keypolicy.yaml from here up to the repository's root")
	f.StringVar(&g.enforce, "enforce", "", "a configuration `FILE` whose rules and enforce apply too; the project's configuration can make them stricter but not milder")
	f.StringVar(&g.key.Account, "account", "", "the key's account, 12 digits")
	f.StringVar(&g.key.Partition, "partition", "", "the key's partition: aws, aws-cn, aws-us-gov …")
	f.StringVar(&g.key.Region, "region", "", "the key's Region")
	f.StringVar(&g.key.Key, "key", "", "the key's id, ARN or alias")
	f.StringVar(&g.color, "color", "auto", "colours: auto, always or never")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "no summary")
	f.BoolVarP(&g.verbose, "verbose", "v", false, "report what is read and written")
	f.IntVarP(&g.jobs, "jobs", "j", runtime.GOMAXPROCS(0), "files read at a time")
	f.StringVar(&g.today, "today", "", "the date that until= and date conditions are compared with, such as 2026-01-31; by default today")
}

func (g *globals) check() error {
	if err := oneOf("--color", g.color, "auto", "always", "never"); err != nil {
		return err
	}
	if g.key.Account != "" && !accountPattern.MatchString(g.key.Account) {
		return fmt.Errorf("--account %s is not an account ID: write its 12 digits", g.key.Account)
	}
	if _, known := facts.LookupPartition(g.key.Partition); !known && g.key.Partition != "" {
		return fmt.Errorf("--partition %s: there is no such partition", g.key.Partition)
	}
	if _, known := facts.PartitionOfRegion(g.key.Region); !known && g.key.Region != "" {
		return fmt.Errorf("--region %s is not the name of a Region: write one as eu-central-1", g.key.Region)
	}
	if g.jobs < 1 {
		return fmt.Errorf("--jobs is %d: write 1 or more", g.jobs)
	}
	g.todayGiven = g.today != ""
	if !g.todayGiven {
		g.today = time.Now().UTC().Format(time.DateOnly)
	} else if _, err := time.Parse(time.DateOnly, g.today); err != nil {
		return fmt.Errorf("--today %s is not a date: write it as 2026-01-31", g.today)
	}
	return nil
}

// colored reports whether a stream gets colours.
func (g *globals) colored(stream any) bool {
	switch g.color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && terminal(stream)
}

// terminal reports whether a stream is a terminal.
func terminal(stream any) bool {
	file, ok := stream.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// reportFlags is the flags of commands that report findings.
type reportFlags struct {
	usedBy                  []string
	format, minimum, failOn string
	noIgnore                bool
	output                  []string

	outputs []findingsFile
	step    string           // the file of the step's summary in GitHub Actions; "" is none
	rules   []rules.Metadata // where a format describes them

	from, fail diag.Severity // what is reported, and what is objected to
}

func (r *reportFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	formats := report.Formats()
	f.StringVar(&r.format, "format", formats[0], "how findings are written: "+strings.Join(formats, ", "))
	f.StringVar(&r.minimum, "min-severity", "warning", "the lowest severity of findings that are reported: error, warning or info")
	f.StringVar(&r.failOn, "fail-on", "error", "the lowest severity of findings that lead to exit code 1: error, warning or info")
	f.BoolVar(&r.noIgnore, "no-ignore", false, "also report suppressed findings")
}

func (r *reportFlags) check() error {
	if err := oneOf("--format", r.format, report.Formats()...); err != nil {
		return err
	}
	if err := oneOf("--min-severity", r.minimum, "error", "warning", "info"); err != nil {
		return err
	}
	if err := oneOf("--fail-on", r.failOn, "error", "warning", "info"); err != nil {
		return err
	}
	outputs, err := parseOutputs(r.output)
	if err != nil {
		return err
	}
	r.outputs = outputs
	if r.format == "github" {
		r.step = os.Getenv("GITHUB_STEP_SUMMARY")
	}
	r.from, _ = diag.ParseSeverity(r.minimum)
	r.fail, _ = diag.ParseSeverity(r.failOn)
	r.from = min(r.from, r.fail)
	return nil
}

func oneOf(flag, value string, values ...string) error {
	if slices.Contains(values, value) {
		return nil
	}
	if near, ok := facts.Nearest(value, values); ok {
		return fmt.Errorf("%s is `%s`: did you mean `%s`? Write %s", flag, report.Escape(value), near, strings.Join(values, ", "))
	}
	return fmt.Errorf("%s is `%s`: write %s", flag, report.Escape(value), strings.Join(values, ", "))
}
