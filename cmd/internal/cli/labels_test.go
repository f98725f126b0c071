package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// labelled is a real policy with what is known to be wrong with it.
type labelled struct {
	File     string `json:"file"`
	Expected verdict
}

// verdict is what is known of a policy, or of a Terraform plan and of each of its keys.
type verdict struct {
	Accepts any      `json:"aws_accepts"`
	Issues  []string `json:"issues"`
	Keys    map[string]verdict
}

// rulesOf names, for a label of the corpus, the rules of which one has to report it.
var rulesOf = map[string][]string{
	"wildcard-in-principal-arn": {"wildcard-in-principal-arn", "template-placeholder-left"},
	"template-placeholder":      {"template-placeholder-left", "invalid-principal-form", "invalid-account-id", "syntax"},
	"notprincipal-deny":         {"not-principal-deny", "syntax"},
	"list-principal":            {"invalid-principal-form"},
	"invalid-service-principal": {"unknown-service-principal", "template-placeholder-left"},
	"invalid-principal-arn":     {"arn-malformed", "invalid-account-id", "invalid-principal-form", "principal-arn-service", "template-placeholder-left", "syntax"},
	"bare-string-principal":     {"invalid-principal-form"},
	"action-star":               {"all-actions", "invalid-account-id"},
	"duplicate-key":             {"syntax"},
	"duplicate-sid":             {"duplicate-sid"},
	"empty-principal":           {"missing-principal"},
	"invalid-json":              {"syntax"},
	"missing-principal":         {"missing-principal", "identity-policy-shape"},
	"missing-resource":          {"missing-resource"},
	"no-version":                {"missing-version", "variable-misplaced"},
	"not-a-policy-document":     {"syntax", "schema"},
	"old-version":               {"old-version", "variable-misplaced"},
	"resource-alias-arn":        {"resource-not-star", "resource-other-key"},
	"resource-not-kms":          {"resource-not-star"},
	"resource-not-star":         {"resource-not-star", "resource-other-key", "resource-key-id-form", "identity-policy-shape"},

	"creategrant-unconditioned":         {"create-grant-unbounded", "external-create-grant"},
	"deny-all-lockout":                  {"no-policy-editor"},
	"ineffective-action":                {"action-not-in-key-policy"},
	"kms-star-nonroot":                  {"all-actions", "service-gets-admin", "service-principal-unrestricted", "external-admin"},
	"lockout-no-putkeypolicy":           {"no-policy-editor"},
	"no-root-statement":                 {"root-statement-missing", "single-editor", "root-statement-weakened", "no-policy-editor", "wildcard-principal", "template-placeholder-left", "invalid-account-id"},
	"public-principal":                  {"wildcard-principal", "public-access"},
	"service-encryption-context-only":   {"service-principal-unrestricted"},
	"service-metadata-unconditioned":    {"service-principal-unrestricted"},
	"service-no-confused-deputy":        {"service-principal-unrestricted", "via-service-preferred", "source-arn-too-wide", "missing-paired-key", "statement-never-matches"},
	"unknown-action":                    {"unknown-action", "action-format"},
	"wildcard-principal-weak-condition": {"public-access"},
}

// unseen are labels that no rule can see, with the reason.
var unseen = map[string]string{
	"policies/023-aws-cloudformation-tem-log-setup-management-pkg-centraleventlogkey.json service-no-confused-deputy": "Resource is of a Region, and nothing reports whether it is the key's",
	"terraform-plan/005-cloudrail-knowledge-encrypted-cached-plan.json invalid-service-principal":                     "references are in the plan in place of values: one of the account is reported, and one in a service's name is not distinguished from a name",
	"terraform-plan/005-cloudrail-knowledge-encrypted-cached-plan.json service-no-confused-deputy":                    "the same name is of no service that is known",
	"malformed/014-cloudtrail-kms-policy-kms-policy.json unknown-action":                                              "a key is twice in a mapping: which of the two is meant is not known, and nothing is judged",
	"malformed/018-lifebook-site-kms-policy-min.json kms-star-nonroot":                                                "its principal is the beginning of an ARN, and names nobody",
}

// held are the categories whose rules say nothing of severity error about a policy that AWS takes.
var held = []string{"grammar", "principals", "spec", "hygiene", "actions", "conditions", "exposure", "services", "lockout", "privilege", "redundancy"}

// takenNotwithstanding names rules, with the labels of what AWS takes though it is wrong.
var takenNotwithstanding = map[string][]string{
	"action-format":                  {"unknown-action"},
	"create-grant-unbounded":         {"creategrant-unconditioned"},
	"external-create-grant":          {"creategrant-unconditioned"},
	"missing-resource":               {"missing-resource"},
	"public-access":                  {"wildcard-principal-weak-condition"},
	"service-gets-admin":             {"kms-star-nonroot"},
	"service-principal-unrestricted": {"service-no-confused-deputy", "kms-star-nonroot"},
	"unknown-action":                 {"unknown-action"},
	"wildcard-principal":             {"public-principal"},
}

// unlabelled are faults that the labels do not know: for each rule, the beginnings of the files that have them.
var unlabelled = map[string][]string{
	// Services that act for a caller send kms:ViaService, those that call as themselves aws:SourceArn and aws:SourceAccount.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceaccount
	"statement-never-matches": {"003-", "004-", "005-", "006-", "007-", "008-", "009-", "168-"},
	// A role of IAM Identity Center without its path, and a role with braces in its name: there are no such roles.
	// https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
	"sso-role-path":             {"003-"},
	"template-placeholder-left": {"131-", "132-"},
	// The account's own statement is behind a network, in a guide of AWS's on networks.
	// https://docs.aws.amazon.com/kms/latest/developerguide/vpce-policy-condition.html
	"root-statement-weakened": {"067-"},
	// The ARN has five parts.
	"source-arn-format": {"005-", "006-", "007-", "009-", "010-", "127-"},
	// The page's policy has a name in place of the key's ARN and of the organization's id, and says to replace it.
	// https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html
	"resource-key-id-form": {"061-"},
	"org-condition-format": {"073-"},
	// states.*.amazonaws.com under StringEquals.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Investigations-Security.html
	"wildcard-without-like": {"128-"},
	// The Region is missing, or it is ALL_SERVICES.
	// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
	"via-service-format": {"004-", "005-", "007-", "009-", "010-", "012-", "179-", "189-"},
}

// The rules about real policies: each fault that is known is reported, and nothing of severity error on what AWS takes.
func TestLabels(t *testing.T) {
	corpus := os.Getenv("KEYPOLICY_CORPUS")
	if corpus == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder")
	}
	text, err := os.ReadFile(filepath.Join(corpus, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []labelled
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, p := range all {
		if !isPolicy(p.File) && !isPlan(p.File) {
			continue
		}
		if files[p.File], err = os.ReadFile(filepath.Join(corpus, p.File)); err != nil {
			t.Fatal(err)
		}
	}
	reported := map[string]diag.List{}
	for _, d := range lintFiles(t, files) {
		reported[d.Place.File] = append(reported[d.Place.File], d)
	}
	for _, p := range all {
		switch {
		case isPolicy(p.File):
			checkLabels(t, p, reported[p.File])
		case isPlan(p.File):
			checkPlanLabels(t, p, files[p.File], reported[p.File])
		}
	}
}

func isPlan(file string) bool { return strings.HasPrefix(file, "terraform-plan/") }

// checkPlanLabels holds each key of a plan under its address.
func checkPlanLabels(t *testing.T, p labelled, text []byte, found diag.List) {
	t.Helper()
	unit, wrong := compiler.Compile(compiler.Input{Name: p.File, Text: text}, compiler.Options{})
	if len(wrong) > 0 {
		t.Errorf("%s: %+v", p.File, wrong)
	}
	read := map[string]bool{}
	for _, d := range unit.Documents {
		read[d.Resource] = len(d.Policies) == 1
	}
	for address, expected := range p.Expected.Keys {
		if strings.HasPrefix(address, "data.") { // it is a key of others
			continue
		}
		if !read[address] {
			t.Errorf("%s: %s is not read", p.File, address)
		}
		own := slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return d.Resource != address })
		checkLabels(t, labelled{File: p.File, Expected: expected}, own)
	}
}

func isPolicy(file string) bool {
	return strings.HasPrefix(file, "policies/") || strings.HasPrefix(file, "malformed/")
}

func checkLabels(t *testing.T, p labelled, found diag.List) {
	t.Helper()
	for _, label := range p.Expected.Issues {
		if _, ok := unseen[p.File+" "+label]; ok {
			continue
		}
		if names := rulesOf[label]; names != nil && !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return slices.Contains(names, d.Rule) }) {
			t.Errorf("%s: none of %v reports %s", p.File, names, label)
		}
	}
	ofMeaning := slices.Contains(p.Expected.Issues, "lockout-no-putkeypolicy") // which no rule about form can see
	if strings.HasPrefix(p.File, "malformed/") && !ofMeaning && !found.HasErrors() {
		t.Errorf("%s: no error reports it", p.File)
	}
	fragment := ofMeaning && strings.HasPrefix(p.File, "policies/") // of which only the account statement is missing
	if p.Expected.Accepts != true && !fragment {
		return
	}
	for _, d := range found {
		if !slices.Contains(held, d.Category) || isKnown(p, d.Rule) || fragment && d.Rule == "no-policy-editor" {
			continue
		}
		if d.Severity == diag.Error || d.Severity == diag.Warning && len(p.Expected.Issues) == 0 {
			t.Errorf("%s:%d: AWS takes it, and %s/%s says: %s", p.File, d.Place.Range.Start.Line, d.Rule, d.Reason, d.Message)
		}
	}
}

// isKnown reports whether the labels, or this file where they do not, say that a policy has what a rule reports.
func isKnown(p labelled, rule string) bool {
	return slices.ContainsFunc(takenNotwithstanding[rule], func(label string) bool { return slices.Contains(p.Expected.Issues, label) }) ||
		slices.ContainsFunc(unlabelled[rule], func(start string) bool { return strings.HasPrefix(filepath.Base(p.File), start) })
}
