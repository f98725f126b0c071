package keypolicy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// lintFiles lints files with a baseline.
func lintFiles(t *testing.T, files map[string]string, known *keypolicy.Baseline) *keypolicy.Run {
	t.Helper()
	fsys := fstest.MapFS{}
	var inputs []keypolicy.Input
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		inputs = append(inputs, keypolicy.Input{Name: name})
	}
	slices.SortFunc(inputs, func(a, b keypolicy.Input) int { return strings.Compare(a.Name, b.Name) })
	l, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: fsys}, Key: compiler.Defaults{Account: "111122223333", Region: "eu-central-1"}, MinSeverity: keypolicy.Warning, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	run, err := l.Run(context.Background(), inputs, keypolicy.RunOptions{SpecsOnly: true, Baseline: known})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// realPolicies are the corpus's, by name; without it the examples'.
func realPolicies(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	add := func(text []byte) { out[fmt.Sprintf("keys/%03d.json", len(out))] = string(text) }
	read := func(pattern string, each func(name string)) {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			each(name)
		}
	}
	if corpus := os.Getenv("KEYPOLICY_CORPUS"); corpus != "" {
		read(filepath.Join(corpus, "policies", "*.json"), func(name string) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			add(text)
		})
		return out
	}
	read("rules/*/*.txtar", func(name string) {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, "bad.json") {
				add(f.Data)
			}
		}
	})
	return out
}

// edited is a policy with other lines, its statements in reverse and other Sids where it has some; more is added to its statements.
func edited(text string, more ...any) (string, []any) {
	var doc map[string]any
	if json.Unmarshal([]byte(text), &doc) != nil {
		return "", nil
	}
	list, ok := doc["Statement"].([]any)
	if !ok {
		return "", nil
	}
	slices.Reverse(list)
	for i, st := range list {
		fields, ok := st.(map[string]any)
		if !ok {
			return "", nil
		}
		if sid, has := fields["Sid"].(string); has {
			fields["Sid"] = fmt.Sprintf("%s%d", sid, i)
		}
	}
	doc["Statement"] = append(list, more...)
	out, err := json.MarshalIndent(doc, "", "    ")
	if err != nil {
		return "", nil
	}
	return string(out), list
}

// reversed is a policy with its statements in reverse; what has none stays as it is.
func reversed(text string) string {
	var doc map[string]any
	if json.Unmarshal([]byte(text), &doc) != nil {
		return text
	}
	list, ok := doc["Statement"].([]any)
	if !ok {
		return text
	}
	slices.Reverse(list)
	out, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return text
	}
	return string(out)
}

// A finding is known again after edits that do not touch its fault, and one more equal fault is new.
func TestBaselineKnowsFindingsAgain(t *testing.T) {
	before := realPolicies(t)
	first := lintFiles(t, before, nil)
	known, _ := keypolicy.NewBaseline(first.Findings)
	if len(known.Findings) < 50 {
		t.Fatalf("%d findings are too few to say anything", len(known.Findings))
	}
	var text strings.Builder
	if err := known.Write(&text); err != nil {
		t.Fatal(err)
	}
	read, err := keypolicy.ReadBaseline("known.json", []byte(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	fresh := func(files map[string]string) (list []string) {
		run := lintFiles(t, files, read)
		for _, d := range run.Findings {
			if d.Category != "lockout" {
				list = append(list, fmt.Sprintf("%s:%d %s %s", d.Place.File, d.Place.Range.Start.Line, d.Rule, d.Message))
			}
		}
		return list
	}
	if list := fresh(before); len(list) > 0 {
		t.Errorf("of the same files these are new: %s", strings.Join(list, "\n"))
	}
	after, more := map[string]string{}, map[string]string{}
	second := map[string]any{"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
	for name, policy := range before {
		text, _ := edited(policy)
		if text == "" {
			after[name] = policy
			continue
		}
		after[strings.Replace(name, "keys/", "renamed/", 1)] = text
		more[name], _ = edited(policy, second)
	}
	if list := fresh(after); len(list) > 0 {
		t.Errorf("%d are new: %s", len(list), strings.Join(list, "\n"))
	}
	reordered := map[string]string{}
	for name, policy := range before {
		reordered[name] = reversed(policy)
	}
	if list := fresh(reordered); len(list) > 0 {
		t.Errorf("after a reordering %d are new: %s", len(list), strings.Join(list, "\n"))
	}
	// What is reported of a file is as many as it has more of.
	public := func(run *keypolicy.Run) map[string]int {
		counts := map[string]int{}
		for _, d := range run.Findings {
			if d.Rule == "wildcard-principal" {
				counts[d.Place.File]++
			}
		}
		return counts
	}
	was, all, reported := public(first), public(lintFiles(t, more, nil)), public(lintFiles(t, more, read))
	added := 0
	for name := range more {
		if reported[name] != all[name]-was[name] {
			t.Errorf("%s: of %d statements for everyone, %d of them old, %d are reported", name, all[name], was[name], reported[name])
		}
		added += reported[name]
	}
	if added < len(more)/2 {
		t.Errorf("%d of %d are new", added, len(more))
	}
}

// Of several services of a list that one finding is about, one fewer is not new, and one more is; of Sids that statements share,
// one more is one more finding.
func TestBaselineKnowsWhatIsAtFaultTogether(t *testing.T) {
	root := `{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
	services := func(list string) string {
		return `{"Sid": "Services", "Effect": "Allow", "Principal": {"Service": [` + list + `]}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*"}`
	}
	use := func(sid, role string) string {
		return `{"Sid": "` + sid + `", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/` + role + `"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-` + role + `"}}}`
	}
	policy := func(statements ...string) map[string]string {
		return map[string]string{"a.json": `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ",\n") + `]}`}
	}
	for name, c := range map[string]struct {
		rule          string
		before, after map[string]string
		fresh         int
	}{
		"in another order":     {"service-principal-unrestricted", policy(root, services(`"sns.amazonaws.com", "sqs.amazonaws.com"`)), policy(services(`"sqs.amazonaws.com", "sns.amazonaws.com"`), root), 0},
		"one service fewer":    {"service-principal-unrestricted", policy(root, services(`"sns.amazonaws.com", "sqs.amazonaws.com", "events.amazonaws.com"`)), policy(root, services(`"sqs.amazonaws.com", "events.amazonaws.com"`)), 0},
		"one service more":     {"service-principal-unrestricted", policy(root, services(`"sns.amazonaws.com", "sqs.amazonaws.com"`)), policy(root, services(`"sns.amazonaws.com", "sqs.amazonaws.com", "events.amazonaws.com"`)), 1},
		"one Sid, reordered":   {"duplicate-sid", policy(root, use("A", "12345678"), use("A", "87654321")), policy(use("A", "87654321"), root, use("A", "12345678")), 0},
		"one Sid, renamed":     {"duplicate-sid", policy(root, use("A", "12345678"), use("A", "87654321")), policy(root, use("B", "12345678"), use("B", "87654321")), 0},
		"one Sid, once more":   {"duplicate-sid", policy(root, use("A", "12345678"), use("A", "87654321")), policy(use("A", "11112222"), root, use("A", "12345678"), use("A", "87654321")), 1},
		"two Sids, each twice": {"duplicate-sid", policy(root, use("A", "12345678"), use("A", "87654321")), policy(root, use("A", "12345678"), use("A", "87654321"), use("B", "11112222"), use("B", "22221111")), 1},
	} {
		t.Run(name, func(t *testing.T) {
			first := lintFiles(t, c.before, nil)
			known, _ := keypolicy.NewBaseline(first.Findings)
			if !slices.ContainsFunc(first.Findings, func(d diag.Diagnostic) bool { return d.Rule == c.rule }) {
				t.Fatalf("%s is not reported: %v", c.rule, first.Findings)
			}
			fresh := 0
			for _, d := range lintFiles(t, c.after, known).Findings {
				if d.Rule == c.rule {
					fresh++
				}
			}
			if fresh != c.fresh {
				t.Errorf("%d are new, and not %d", fresh, c.fresh)
			}
		})
	}
}

// In a statement that gives more than the accepted one a finding is new; in one that gives as much or less it is not. What follows a
// list's other entries, or their order, does not make it another.
func TestBaselineReportsWhatGivesMore(t *testing.T) {
	root := `{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
	statement := func(principal, action, condition string) string {
		return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [%s, {"Sid": "S", "Effect": "Allow", "Principal": %s, "Action": %s, "Resource": "*", "Condition": %s}]}`, root, principal, action, condition)
	}
	public := func(action, condition string) string { return statement(`"*"`, action, condition) }
	grants := func(roles, actions string) string { return statement(`{"AWS": `+roles+`}`, actions, `{}`) }
	tag := `{"StringEquals": {"aws:PrincipalTag/team": ["x", "y"]}}`
	legacy, attacker := `"arn:aws:iam::111122223333:role/legacy"`, `"arn:aws:iam::111122223333:role/attacker"`
	users := func(names string) string { return "key_admins_roles: [KeyAdmin]\nkey_users: " + names + "\n" }
	embedded := func(text string) string {
		quoted, _ := json.Marshal(text)
		return "policy: " + string(quoted)
	}
	tf := func(actions string) string {
		return `resource "aws_kms_key" "k" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" },
    { Effect = "Allow", Principal = "*", Action = ` + actions + `, Resource = "*" },
  ] })
}
`
	}
	for name, c := range map[string]struct {
		file, rule, before, after string
		fresh                     int
	}{
		"more actions":           {"a.json", "public-access", public(`"kms:Decrypt"`, tag), public(`"kms:*"`, tag), 1},
		"other actions":          {"a.json", "public-access", public(`"kms:Decrypt"`, tag), public(`["kms:Encrypt"]`, tag), 1},
		"fewer actions":          {"a.json", "public-access", public(`["kms:Decrypt", "kms:Encrypt"]`, tag), public(`"kms:Encrypt"`, tag), 0},
		"actions of a pattern":   {"a.json", "public-access", public(`"kms:GenerateDataKey*"`, tag), public(`["kms:GenerateDataKey", "kms:GenerateDataKeyPair*"]`, tag), 0},
		"one value as a list":    {"a.json", "public-access", public(`"kms:Decrypt"`, tag), public(`["KMS:Decrypt"]`, tag), 0},
		"fewer values":           {"a.json", "public-access", public(`"kms:Decrypt"`, tag), public(`"kms:Decrypt"`, `{"StringEquals": {"aws:PrincipalTag/team": "x"}}`), 0},
		"other values":           {"a.json", "public-access", public(`"kms:Decrypt"`, tag), public(`"kms:Decrypt"`, `{"StringEquals": {"aws:PrincipalTag/team": "z"}}`), 1},
		"another condition":      {"a.json", "public-access", public(`"kms:Decrypt"`, tag), public(`"kms:Decrypt"`, `{"StringEquals": {"aws:PrincipalTag/other": "x"}}`), 1},
		"another who may grant":  {"a.json", "create-grant-unbounded", grants(legacy, `"kms:CreateGrant"`), grants(attacker, `"kms:CreateGrant"`), 1},
		"one more who may grant": {"a.json", "create-grant-unbounded", grants(legacy, `"kms:CreateGrant"`), grants(`[`+attacker+`, `+legacy+`]`, `"kms:CreateGrant"`), 1},
		"one fewer":              {"a.json", "create-grant-unbounded", grants(`[`+attacker+`, `+legacy+`]`, `"kms:CreateGrant"`), grants(legacy, `"kms:CreateGrant"`), 0},
		"an action next to it":   {"a.json", "create-grant-unbounded", grants(legacy, `"kms:CreateGrant"`), grants(legacy, `["kms:Decrypt", "kms:CreateGrant"]`), 0},
		"policy as a text":       {"a.keypolicy.yaml", "public-access", embedded(public(`"kms:Decrypt"`, tag)), embedded(public(`"kms:*"`, tag)), 1},
		"the text laid out":      {"a.keypolicy.yaml", "public-access", embedded(public(`"kms:Decrypt"`, tag)), embedded(reversed(public(`"kms:Decrypt"`, tag))), 0},
		"another user":           {"a.keypolicy.yaml", "user-or-role", users("[svc1]"), users("[bob]"), 1},
		"one more user":          {"a.keypolicy.yaml", "user-or-role", users("[svc1]"), users("[bob, svc1]"), 1},
		"one user fewer":         {"a.keypolicy.yaml", "user-or-role", users("[svc1, bob]"), users("[bob]"), 0},
		"Terraform, more":        {"main.tf", "wildcard-principal", tf(`"kms:Decrypt"`), tf(`"kms:*"`), 1},
		"Terraform, the same":    {"main.tf", "wildcard-principal", tf(`"kms:Decrypt"`), "\n" + tf(`["kms:Decrypt"]`), 0},
	} {
		t.Run(name, func(t *testing.T) {
			first := lintFiles(t, map[string]string{c.file: c.before}, nil)
			known, _ := keypolicy.NewBaseline(first.Findings)
			count := func(list diag.List) (n int) {
				for _, d := range list {
					if d.Rule == c.rule {
						n++
					}
				}
				return n
			}
			if count(first.Findings) == 0 {
				t.Fatalf("%s is not reported: %v", c.rule, first.Findings)
			}
			if fresh := count(lintFiles(t, map[string]string{c.file: c.after}, known).Findings); fresh != c.fresh {
				t.Errorf("%d are new, and not %d", fresh, c.fresh)
			}
		})
	}
}
