package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/uses"
	"github.com/keypolicy/keypolicy/rules"
)

// rootAlone is the default policy, written as a document with room for more.
const rootAlone = `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}
  ]
}
`

func usesRules(t *testing.T) *rules.Set {
	t.Helper()
	set, err := rules.Load(t.Context(), rules.Options{Today: keypolicy.ExampleDay})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// checkDocument judges a plain document whose key is for some uses.
func checkDocument(t *testing.T, set *rules.Set, text string, usedBy ...string) diag.List {
	t.Helper()
	o := compiler.Options{Flags: compiler.Defaults{Account: "111122223333", Partition: "aws", Region: "us-east-1"}}
	for _, written := range usedBy {
		use, err := compiler.ParseUse(written)
		if err != nil {
			t.Fatal(err)
		}
		o.UsedBy = append(o.UsedBy, use)
	}
	unit, found := compiler.Compile(compiler.Input{Name: "key.json", Text: []byte(text)}, o)
	if found.HasErrors() || len(unit.Documents) != 1 {
		t.Fatalf("%v\n%s", found, text)
	}
	evaluated, err := set.Evaluate(t.Context(), rules.Target{Policies: unit.Documents[0].Policies})
	if err != nil {
		t.Fatal(err)
	}
	return evaluated
}

// refusedUse is the error about a use, or nil.
func refusedUse(found diag.List) *diag.Diagnostic {
	i := slices.IndexFunc(found, func(d diag.Diagnostic) bool { return d.Rule == "service-cannot-use-key" && d.Severity == diag.Error })
	if i < 0 {
		return nil
	}
	return &found[i]
}

// flagFor is a use as --used-by has it, each parameter with the value that of gives for it.
func flagFor(use facts.Use, of func(facts.UseParameter) string) string {
	fill := strings.NewReplacer("$(partition)", "aws", "$(account)", "111122223333", "$(region)", "us-east-1")
	flag := use.ID
	for name, p := range use.Parameters {
		if !p.Free {
			flag += fmt.Sprintf(",%s=%s", name, fill.Replace(of(p)))
		}
	}
	return flag
}

func usesOfServices(t *testing.T, do func(t *testing.T, use facts.Use)) {
	t.Helper()
	for _, use := range facts.Uses() {
		if use.Way == facts.WayKeyPolicy && use.Template != "" {
			t.Run(use.ID, func(t *testing.T) { do(t, use) })
		}
	}
}

// The finding about a plain document has an edit that adds the statement, after which the use is let in and nothing is an error.
func TestTheEditForAUseOfADocumentAddsTheStatement(t *testing.T) {
	set := usesRules(t)
	usesOfServices(t, func(t *testing.T, use facts.Use) {
		flag := flagFor(use, func(p facts.UseParameter) string { return p.Example })
		refused := refusedUse(checkDocument(t, set, rootAlone, flag))
		if refused == nil || len(refused.Edits) == 0 {
			t.Fatalf("%s: no error with an edit", flag)
		}
		edited := string(edit([]byte(rootAlone), refused.Edits))
		for _, d := range checkDocument(t, set, edited, flag) {
			if d.Severity == diag.Error {
				t.Errorf("%s\n%s", keypolicy.FindingLine(d), edited)
			}
		}
	})
}

// A use that the policy refuses is reported whatever its parameters are, also where no template can be filled in with them.
func TestARefusedUseIsReportedWhateverItsParameters(t *testing.T) {
	set := usesRules(t)
	usesOfServices(t, func(t *testing.T, use facts.Use) {
		wild := flagFor(use, func(p facts.UseParameter) string {
			if len(p.Values) > 0 || p.Optional { // of a principal with a wildcard it is not known whom it is
				return append(p.Values, p.Example)[0]
			}
			return "*"
		})
		for _, flag := range []string{use.ID, wild} {
			if refusedUse(checkDocument(t, set, rootAlone, flag)) == nil {
				t.Errorf("%s: no error", flag)
			}
		}
	})
}

// What is offered with something to be filled in is not taken for right as it is.
func TestWhatIsToBeFilledInIsNotRight(t *testing.T) {
	set := usesRules(t)
	n := 0
	for _, use := range facts.Uses() {
		include := uses.Asked{Use: use}.Include()
		if !strings.Contains(include, "<") {
			continue
		}
		n++
		t.Run(use.ID, func(t *testing.T) {
			text := "account: \"111122223333\"\nregion: us-east-1\nkey_admins_roles: [KeyAdmin]\ninclude:\n  - " + include + "\n"
			if !checkOne(t, set, text).HasErrors() {
				t.Errorf("no error:\n%s", text)
			}
		})
	}
	if n < 15 {
		t.Errorf("only %d includes have something to be filled in", n)
	}
}

// The edits of all findings of a spec can be applied together.
func TestEditsOfSeveralUsesFitTogether(t *testing.T) {
	set := usesRules(t)
	const lists = "account: \"111122223333\"\nregion: us-east-1\nkey_admins_roles: [KeyAdmin]\nkey_users_roles: [payments-api]\nused_by: [systems-manager-sns, cloudtrail-lake, eventbridge-to-sns]\n"
	for name, text := range map[string]string{
		"no include": lists,
		"an include": lists + "include:\n  - {template: service-metadata, parameters: {service: cloudtrail.amazonaws.com}}\n",
		"a flow":     lists + "include: [{template: service-metadata, parameters: {service: cloudtrail.amazonaws.com}}]\n",
		"no entries": lists + "include: []\n",
	} {
		t.Run(name, func(t *testing.T) {
			edited := text
			for range 3 { // where `include` has yet to be begun, the first of them does that
				var edits []diag.Edit
				for _, d := range checkOne(t, set, edited) {
					if d.Rule == "service-cannot-use-key" && d.Severity == diag.Error {
						edits = append(edits, d.Edits...)
					}
				}
				if len(edits) == 0 {
					break
				}
				edited = string(edit([]byte(edited), edits))
			}
			for _, d := range checkOne(t, set, edited) {
				if d.Severity == diag.Error {
					t.Errorf("%s\n%s", keypolicy.FindingLine(d), edited)
				}
			}
		})
	}
}

// Every use of AWS services that public reports name has its entry in the list.
func TestExplainListsWhatBreaksMost(t *testing.T) {
	var out bytes.Buffer
	if err := listUses(&out, "", "text"); err != nil {
		t.Fatal(err)
	}
	for what, ids := range map[string][]string{
		"CloudWatch Logs groups": {"cloudwatch-logs"}, "SNS topics fed by S3": {"s3-notifications"}, "by EventBridge": {"eventbridge-to-sns"},
		"by CloudWatch alarms": {"cloudwatch-alarms"}, "SNS to SQS": {"sns"}, "CloudTrail": {"cloudtrail", "cloudtrail-readers"}, "Config": {"config"},
		"GuardDuty export": {"guardduty-export"}, "EBS": {"ebs"}, "Auto Scaling, own account and another's": {"auto-scaling", "auto-scaling-other-account"},
		"Lambda environment": {"lambda-environment"}, "Secrets Manager from another account": {"secrets-manager-other-account"},
		"S3 with a Bucket Key": {"s3-bucket-key"}, "S3 replication": {"s3-replication"}, "RDS snapshots shared": {"rds-snapshot-sharing"},
		"Backup copies": {"backup-copy"}, "ECR replication": {"ecr-replication"}, "Firehose": {"firehose"}, "MSK": {"msk"}, "Redshift": {"redshift"},
		"DynamoDB": {"dynamodb"}, "Step Functions": {"step-functions", "step-functions-logs"}, "Kinesis": {"kinesis"},
	} {
		for _, id := range ids {
			if !slices.Contains(strings.Fields(out.String()), id) {
				t.Errorf("%s: %s is not listed", what, id)
			}
		}
	}
}

// A parameter takes its example and a wildcard, and not a placeholder where its form is known.
func TestParametersOfUsesHaveTheirForm(t *testing.T) {
	n := 0
	for _, use := range facts.Uses() {
		for name, p := range use.Parameters {
			if p.Free || p.Pattern == "" {
				continue
			}
			n++
			for value, fits := range map[string]bool{"*": true, uses.Placeholder(name): false, "": true} {
				if value == "" {
					value = strings.NewReplacer("$(partition)", "aws", "$(account)", "111122223333", "$(region)", "us-east-1").Replace(p.Example)
				}
				if _, err := compiler.ParseUse(use.ID + "," + name + "=" + value); (err == nil) != fits {
					t.Errorf("%s: %s of %q: %v", use.ID, name, value, err)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d parameters have a form", n)
	}
}

// The kind of key and its Regions are said of a use that limits them, and of no other.
func TestExplainSaysWhichKeyAUseNeeds(t *testing.T) {
	for _, use := range facts.Uses() {
		var out bytes.Buffer
		if err := explainUse(&out, keypolicy.NewUseInfo(use), "text"); err != nil {
			t.Fatal(err)
		}
		if says := strings.Contains(out.String(), "needs a key of "+use.KeySpec+" for "+use.KeyUsage+"\n"); says != (use.KeySpec != "") {
			t.Errorf("%s, whose key is of %q:\n%s", use.ID, use.KeySpec, out.String())
		}
		if says := strings.Contains(out.String(), "needs a key in "+strings.Join(use.Regions, " or ")+"\n"); says != (len(use.Regions) > 0) {
			t.Errorf("%s, whose key is in %q:\n%s", use.ID, use.Regions, out.String())
		}
	}
}
