package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// help is what a command's help has beside its flags.
type help struct {
	examples []string
	exits    string // what the exit codes mean, where there are others than 0 and 2
}

const (
	exitsByFindings = "0 no finding at or over --fail-on; 1 there are some; 2 it could not be done"
	exitsReport     = "0 done; 2 it could not be done"
)

// helps are those of all commands, by their words.
var helps = map[string]help{
	"lint": {[]string{
		"keypolicy lint", "keypolicy lint keys/payments.keypolicy.yaml", "keypolicy lint --format github --output sarif=keypolicy.sarif",
		"keypolicy lint --new-from origin/main", "aws kms get-key-policy --key-id alias/payments | keypolicy lint -",
	}, exitsByFindings},
	"baseline":     {[]string{"keypolicy baseline -o .keypolicy-baseline.json", "keypolicy baseline --prune -o .keypolicy-baseline.json"}, "0 written; 1 there is a lockout error, which is not accepted; 2 it could not be done"},
	"compile":      {[]string{"keypolicy compile keys/payments.keypolicy.yaml", "keypolicy compile -o compiled", "keypolicy compile --check", "keypolicy compile --prune"}, "0 done; 1 a policy has an error, or with --check is missing, stale or left over; 2 it could not be done"},
	"simulate":     {[]string{"keypolicy simulate keys/payments.keypolicy.yaml --principal role/payments-api --action kms:Decrypt"}, "0 allowed; 1 any other decision; 2 it could not be done. With --requests, 0 once all are answered"},
	"access":       {[]string{"keypolicy access keys/payments.keypolicy.yaml", "keypolicy access --format markdown policy.json"}, exitsReport},
	"diff":         {[]string{"keypolicy diff old.json new.json", "keypolicy diff --git origin/main --deny outsider,public", "terraform show -json plan.out | keypolicy diff --plan -"}, "0 no difference that --deny names; 1 there is one; 2 it could not be done"},
	"plan":         {[]string{"keypolicy plan", "keypolicy plan --format markdown -o plan.json"}, "0 planned; 1 a key is blocked; 2 a key could not be read; with --detailed-exitcode, 3 there are changes"},
	"plan show":    {[]string{"keypolicy plan show plan.json"}, exitsReport},
	"apply":        {[]string{"keypolicy apply", "keypolicy apply --yes plan.json", "keypolicy apply --resume"}, "0 every key is updated or unchanged; 1 one is blocked or refused; 2 one failed or is not verified"},
	"drift":        {[]string{"keypolicy drift", "keypolicy drift --coverage --format markdown"}, "0 compared; 1 a key is blocked, or --coverage found something; 2 a key could not be read; with --detailed-exitcode, 3 there is drift"},
	"import":       {[]string{"keypolicy import policy.json > payments.keypolicy.yaml", "keypolicy import alias/payments", "keypolicy import --all -o keys"}, exitsReport},
	"rules":        {[]string{"keypolicy rules", "keypolicy rules wildcard-principal"}, exitsReport},
	"templates":    {[]string{"keypolicy templates", "keypolicy templates cloudwatch-logs"}, exitsReport},
	"explain":      {[]string{"keypolicy explain", "keypolicy explain cloudwatch-logs"}, exitsReport},
	"schema":       {[]string{"keypolicy schema", "keypolicy schema spec --editor > keypolicy.schema.json", "keypolicy schema policy --editor > policy.schema.json"}, exitsReport},
	"suppressions": {[]string{"keypolicy suppressions", "keypolicy suppressions --format markdown"}, exitsReport},
	"init":         {[]string{"keypolicy init --account 111122223333 --region eu-central-1"}, exitsReport},
	"init rule":    {[]string{"keypolicy init rule payments-no-iam-user"}, exitsReport},
	"test":         {[]string{"keypolicy test", "keypolicy test --update"}, "0 all examples hold; 1 one does not; 2 it could not be done"},
	"completion":   {[]string{"keypolicy completion bash"}, exitsReport},
	"version":      {[]string{"keypolicy version --format json"}, exitsReport},
}

// describeCommands gives each command its examples and exit codes.
func describeCommands(cmd *cobra.Command) {
	for _, inner := range cmd.Commands() { // first, as a command takes the template of the one above
		describeCommands(inner)
	}
	words := strings.TrimPrefix(cmd.CommandPath(), "keypolicy ")
	h, ok := helps[words]
	if shell, is := strings.CutPrefix(words, "completion "); is {
		h, ok = help{[]string{"keypolicy completion " + shell}, exitsReport}, true
	}
	if ok {
		cmd.Example = "  " + strings.Join(h.examples, "\n  ")
		template := strings.TrimRight(cmd.UsageTemplate(), "\n")
		cmd.SetUsageTemplate(template + "\n\nExit codes: " + h.exits + "\n")
	}
}
