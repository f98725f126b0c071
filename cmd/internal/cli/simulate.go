package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/compiler/access"
)

// simulateFlags is the flags of simulate.
type simulateFlags struct {
	documentFlags
	format, principal, action, requests string
	context                             []string
}

func (a *app) simulate() *cobra.Command {
	var f simulateFlags
	cmd := &cobra.Command{
		Use:   "simulate PATH",
		Short: "Show whether a key policy allows a request, and the statement that decides",
		Long: "Show whether the key policy of a spec or a policy document allows a request, or each request of --requests, without calling AWS.\n" +
			"The exit code is 0 for a request that is allowed, and 1 for any other decision.",
		Args: exactly(1, "simulate takes one PATH: a spec or a policy document"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd, args); err != nil {
				return err
			}
			l, err := a.linter()
			if err != nil {
				return err
			}
			p, err := a.one(l, args[0], f.documentFlags, false)
			if err != nil {
				return err
			}
			s := &simulator{by: keypolicy.NewSimulator(p, l.Env(filepath.ToSlash(args[0]), p)), shown: report.NewPolicy(args[0], p)}
			if f.requests != "" {
				return a.simulateAll(s, f.requests)
			}
			return a.simulateOne(s, &f)
		},
	}
	f.add(cmd)
	a.flags.addVarFile(cmd)
	cmd.Flags().StringVar(&f.format, "format", "text", "text or json")
	cmd.Flags().StringVar(&f.principal, "principal", "", "the caller: an ARN, user/NAME, role/NAME, root, or a service's name")
	cmd.Flags().StringVar(&f.action, "action", "", "the action, such as kms:Decrypt")
	cmd.Flags().StringArrayVar(&f.context, "context", nil, "a condition key of the request, as KEY=VALUE; repeat it for more keys or values")
	cmd.Flags().StringVar(&f.requests, "requests", "", "a file of requests, one JSON object a line, or - for stdin; the answers are JSON lines")
	return cmd
}

// exactly is a sentence for another number of arguments.
func exactly(n int, sentence string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != n {
			return errors.New(sentence)
		}
		return nil
	}
}

func (f *simulateFlags) check(cmd *cobra.Command, args []string) error {
	if err := oneOf("--format", f.format, "text", "json"); err != nil {
		return err
	}
	if err := f.documentFlags.check(cmd); err != nil {
		return err
	}
	single := f.principal != "" || f.action != "" || len(f.context) > 0
	switch {
	case f.requests != "" && single:
		return errors.New("--requests has the principal, action and context of each request: leave out --principal, --action and --context")
	case f.requests == keypolicy.Stdin && args[0] == keypolicy.Stdin:
		return errors.New("both PATH and --requests are stdin, which can be read once")
	case cmd.Flags().Changed("requests") && f.requests == "":
		return errors.New("--requests names no file")
	case f.requests != "":
		return nil
	case f.principal == "":
		return errors.New("the caller is missing: give --principal user/NAME, role/NAME, root, an ARN or a service's name, or --requests FILE")
	case f.action == "":
		return errors.New("the action is missing: give --action kms:Decrypt")
	}
	return nil
}

// simulator decides requests by one policy.
type simulator struct {
	by    *keypolicy.Simulator
	shown report.Policy
}

func (s *simulator) decide(req access.Request) (report.Simulation, error) {
	result, err := s.by.Simulate(req)
	if err != nil {
		return report.Simulation{}, err
	}
	out := report.Simulation{Policy: s.shown, Request: req, Result: result}
	if result.Decision != access.ExplicitDeny {
		out.Misses = s.by.Explain(req)
	}
	return out, nil
}

func (a *app) simulateOne(s *simulator, f *simulateFlags) error {
	context, err := readContext(f.context)
	if err != nil {
		return err
	}
	result, err := s.decide(access.Request{Principal: f.principal, Action: f.action, Context: context})
	if err != nil {
		return err
	}
	if err := report.WriteSimulation(a.stdio.Out, f.format, result, a.flags.colored(a.stdio.Out)); err != nil {
		return err
	}
	return outcome(false, result.Result.Decision != access.Allowed)
}

// readContext reads --context: a key that is given again, however its letters are, has several values.
func readContext(pairs []string) (map[string][]string, error) {
	context := map[string][]string{}
	names := map[string]string{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			return nil, fmt.Errorf("--context %s is not of the form KEY=VALUE: write it as kms:ViaService=s3.eu-central-1.amazonaws.com", pair)
		}
		name, known := names[strings.ToLower(key)]
		if !known {
			name = key
			names[strings.ToLower(key)] = key
		}
		context[name] = append(context[name], value)
	}
	return context, nil
}
