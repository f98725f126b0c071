package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/page"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
)

const starterConfiguration = `# The account of your keys. A spec may name another one.
account: "%s"
region: %s
output: compiled        # where compile writes several policies, and compile --check looks
`

const starterSpec = `# yaml-language-server: $schema=../%s
# Who may do what with this key. "keypolicy lint" checks it, "keypolicy compile" writes the key policy.
description: The key of an example application.
key: %s                 # its id, ARN or alias: plan and apply put the policy there
key_admins_roles: [KeyAdmin]
key_users_roles: [example-app]
`

const starterRule = `# METADATA
# title: Key users are roles
# description: Users have long-lived credentials; services run as roles.
# custom:
#   severity: warning
#   subject: statement
#   remedy: Name the role that the service runs as.
package keypolicy.rules.privilege["%s"]

findings contains {"path": p.path, "message": sprintf("%%s is an IAM user", [p.text])} if {
	some p in input.statement.principals
	p.kind == "user"
}
`

const starterExamples = `A file to judge has any name but "findings", which holds what the rule gives: "keypolicy test --update" writes it.
-- good.yaml --
account: "111122223333"
key_users_roles: [payments-api]
-- bad.yaml --
account: "111122223333"
key_users: [alice]
-- findings --
bad.yaml:2:13-2:18 warning %[1]s arn:aws:iam::111122223333:user/alice is an IAM user
`

var ruleNamePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func (a *app) init() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration and a spec to start from",
		Long: "Write a configuration, a spec and the spec's JSON Schema to start from, with the --account, --region and --key that are given. An\n" +
			"editor with a YAML language server completes and explains the spec's fields by the schema.",
		Args: onlyCommands,
		RunE: func(*cobra.Command, []string) error {
			schema, err := readSchema("spec")
			if err != nil {
				return err
			}
			if schema, err = page.EditorSchema(schema); err != nil {
				return err
			}
			key := a.flags.key
			return a.start([]starter{
				{".keypolicy.yaml", fmt.Sprintf(starterConfiguration, cmp.Or(key.Account, "111122223333"), cmp.Or(key.Region, "eu-central-1"))},
				{"keys/example.keypolicy.yaml", fmt.Sprintf(starterSpec, startSchema, cmp.Or(key.Key, "alias/example"))},
				{startSchema, string(schema)},
			})
		},
	}
	cmd.AddCommand(a.initRule())
	return cmd
}

// startSchema is the schema that an editor checks specs by.
const startSchema = "keypolicy.schema.json"

// startFolder is where a first rule of one's own is.
const startFolder = "policy-rules"

func (a *app) initRule() *cobra.Command {
	return &cobra.Command{
		Use:   "rule NAME",
		Short: "Write a rule of your own and its examples to start from",
		Long: "Write a rule of your own and its examples to start from, into the first of the configuration's folders of rules.\n" +
			"NAME is what findings, severity and ignore call the rule, such as payments-no-iam-user.",
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return errors.New("the rule needs a name: `keypolicy init rule payments-no-iam-user`")
			case 1:
				return nil
			default:
				return fmt.Errorf("a rule has one name, and %d are given", len(args))
			}
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.startRule(cmd.Context(), args[0]) },
	}
}

func (a *app) startRule(ctx context.Context, name string) error {
	if !ruleNamePattern.MatchString(name) {
		return fmt.Errorf("`%s` is not a name for a rule: write small letters and digits with dashes between, as payments-no-iam-user", report.Escape(name))
	}
	if keypolicy.IsStage(name) {
		return fmt.Errorf("`%s` is built in: give your rule another name", name)
	}
	c, err := a.configured()
	if err != nil {
		return err
	}
	builtin, err := rules.Load(ctx, rules.Options{})
	if err != nil {
		return err
	}
	if builtin.Has(name) {
		return fmt.Errorf("the rule `%s` is built in (`keypolicy rules %s`): give yours another name", name, name)
	}
	folder := startFolder
	if len(c.Rules) > 0 {
		folder = c.Path(c.Rules[0])
	}
	all, err := a.files()
	if err != nil {
		return err
	}
	for _, other := range c.Rules {
		read, err := all.ReadRules(c.Path(other))
		if err != nil && len(c.Rules) > 1 {
			return err
		}
		for _, file := range slices.Sorted(maps.Keys(read.Files)) {
			if filepath.Base(file) == name+".rego" {
				return fmt.Errorf("%s already exists: nothing was written", filepath.ToSlash(filepath.Join(read.Name, file)))
			}
		}
	}
	base := filepath.Join(folder, name)
	if err := a.start([]starter{{base + ".rego", fmt.Sprintf(starterRule, name)}, {base + ".txtar", fmt.Sprintf(starterExamples, name)}}); err != nil {
		return err
	}
	if len(c.Rules) == 0 {
		a.say("write `rules: [%s]` into %s, so that the rule is loaded", startFolder, c.Shown())
	}
	return nil
}

type starter struct{ name, text string }

// start writes files that are not there: nothing is written over, and nothing is written where one is there.
func (a *app) start(files []starter) error {
	for _, f := range files {
		if _, err := os.Lstat(f.name); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s already exists: nothing was written", filepath.ToSlash(f.name))
		}
	}
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.name), 0o755); err != nil {
			return fmt.Errorf("%s: it cannot be written: %w", filepath.ToSlash(f.name), disk.Reason(err))
		}
		if err := createFile(f); err != nil {
			return fmt.Errorf("%s: it cannot be written: %w", filepath.ToSlash(f.name), disk.Reason(err))
		}
		_, _ = fmt.Fprintf(a.stdio.Out, "wrote %s\n", report.Escape(filepath.ToSlash(f.name)))
	}
	return nil
}

func createFile(f starter) error {
	file, err := os.OpenFile(f.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, f.text)
	return errors.Join(err, file.Close())
}
