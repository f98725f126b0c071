package main_test

import (
	"encoding/json"
	"encoding/xml"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// recipe is the block of docs/pipeline.md that begins so.
func recipe(t *testing.T, begin string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "pipeline.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range blockPattern.FindAllStringSubmatch(string(text), -1) {
		if strings.HasPrefix(block[2], begin) {
			return block[2]
		}
	}
	t.Fatalf("docs/pipeline.md has no block that begins with %s", begin)
	return ""
}

// withGo gives the workflow a `go` that knows what the recipes ask of it, and installs the keypolicy of this tree.
func (w *workflow) withGo(bin string) {
	w.t.Helper()
	tools := filepath.Join(w.files, "tools")
	if err := os.MkdirAll(tools, 0o755); err != nil {
		w.t.Fatal(err)
	}
	gopath := filepath.Join(w.files, "go")
	script := `#!/bin/sh
case "$*" in
"env GOPATH") echo '` + gopath + `' ;;
"install github.com/keypolicy/keypolicy/cmd/keypolicy@latest") to=${GOBIN:-'` + gopath + `/bin'}; mkdir -p "$to" && cp '` + filepath.Join(bin, "keypolicy") + `' "$to/keypolicy" ;;
*) echo "go $*: what is that?" >&2; exit 64 ;;
esac
`
	if err := os.WriteFile(filepath.Join(tools, "go"), []byte(script), 0o755); err != nil {
		w.t.Fatal(err)
	}
	list := string(os.PathListSeparator)
	w.env = append(w.env, "PATH="+tools+list+filepath.Join(gopath, "bin")+list+os.Getenv("PATH"))
}

// variables are the steps with the variables of a pipeline that its own engine fills in.
func variables(steps []step, values map[string]string) []step {
	for i := range steps {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			steps[i].script = strings.ReplaceAll(steps[i].script, name, values[name])
		}
	}
	return steps
}

// lines are steps of a script each.
func lines(scripts ...string) []step {
	steps := make([]step, 0, len(scripts))
	for _, script := range scripts {
		steps = append(steps, step{name: script, script: script + "\n"})
	}
	return steps
}

// install is what recipes that are only shell need first.
var install = step{name: "install", script: "go install github.com/keypolicy/keypolicy/cmd/keypolicy@latest\n"}

// Each recipe passes on a sound change, and fails at lint on a fault and at diff on an outsider.
func TestRecipesOfPipelines(t *testing.T) {
	bin := build(t)
	gitlab := yaml(t, "gitlab", recipe(t, "# templates/keypolicy.yml"))
	var script []string
	for _, line := range gitlab[1].Get("keypolicy").Get("script").Items {
		script = append(script, line.Text)
	}
	if after := gitlab[1].Get("keypolicy").Get("after_script").Items; len(after) != 1 || after[0].Text != "cat keypolicy-diff.md" {
		t.Errorf("GitLab's after_script is %v", after)
	}
	var jenkins []string
	for _, line := range regexp.MustCompile(`(?m)^ *sh '(.*)'$`).FindAllStringSubmatch(recipe(t, "pipeline {"), -1) {
		jenkins = append(jenkins, line[1])
	}
	var azure []string
	for _, s := range yaml(t, "azure", recipe(t, "# azure-pipelines.yml"))[0].Get("steps").Items {
		if line := textAt(s, "script"); line != "" {
			azure = append(azure, line)
		}
	}
	byHand := stepsOf(t, yaml(t, "github", recipe(t, "# .github/workflows/keypolicy-by-hand.yaml"))[0].Get("jobs").Get("keypolicy").Get("steps"), nil)

	for name, test := range map[string]struct {
		steps   []step
		values  map[string]string
		env     []string
		shell   []string
		noDiff  bool
		written map[string]func([]byte) bool
	}{
		"GitLab": {
			// A job's lines run in one shell, which ends with the first that fails.
			steps: []step{{name: "script", script: strings.Join(script, "\n") + "\n"}}, shell: []string{"bash", "-eo", "pipefail"},
			values: map[string]string{"$[[ inputs.deny ]]": "outsider"}, env: []string{"CI_MERGE_REQUEST_DIFF_BASE_SHA=origin/main"},
			written: map[string]func([]byte) bool{"gl-code-quality-report.json": json.Valid, "keypolicy.xml": isXML},
		},
		"Jenkins": {
			steps: lines(jenkins...), shell: []string{"sh", "-xe"}, env: []string{"CHANGE_TARGET=main", "GOBIN=WORK/bin", "GOCACHE=WORK/cache"},
			written: map[string]func([]byte) bool{"keypolicy-checkstyle.xml": isXML, "keypolicy-junit.xml": isXML},
		},
		"Azure": {
			steps: lines(azure...), shell: []string{"bash", "--noprofile", "--norc"},
			values: map[string]string{"$(System.PullRequest.targetBranchName)": "main"},
		},
		"shell": {
			steps: []step{install, {name: "keypolicy.sh", script: recipe(t, "# keypolicy.sh")}}, shell: []string{"sh"},
			written: map[string]func([]byte) bool{"keypolicy.sarif": json.Valid},
		},
		"GitHub, by hand": {
			steps: byHand, shell: []string{"bash", "-e"}, noDiff: true,
			written: map[string]func([]byte) bool{"keypolicy.sarif": json.Valid},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if len(test.steps) == 0 {
				t.Fatal("the recipe has no step")
			}
			w := newWorkflow(t)
			for _, env := range test.env {
				w.env = append(w.env, strings.ReplaceAll(env, "WORK", w.files))
			}
			w.withGo(bin)
			steps := variables(test.steps, test.values)
			compiled := func() {
				command := shell(bin, w.folder, "keypolicy compile -q -o compiled")
				if output, err := command.CombinedOutput(); err != nil && !strings.Contains(string(output), "error[") {
					t.Fatalf("compile: %v\n%s", err, output)
				}
			}
			w.spec("key_users_roles: [other]\n")
			compiled()
			if w.run(steps, test.shell...); strings.Count(w.outcome, " 0") < len(strings.Split(w.outcome, "\n")) {
				t.Errorf("a sound change fails:\n%s\n%s", w.outcome, w.printed)
			}
			for file, valid := range test.written {
				if !valid([]byte(w.file(file))) {
					t.Errorf("%s is not what it should be:\n%s", file, w.file(file))
				}
			}
			w.spec("key_users: [\"*\"]\n")
			if w.run(steps, test.shell...); !strings.HasSuffix(w.outcome, " 1") || !strings.Contains(w.printed, "wildcard-principal") {
				t.Errorf("a fault:\n%s\n%s", w.outcome, w.printed)
			}
			for file, valid := range test.written {
				if text := w.file(file); !valid([]byte(text)) || !strings.Contains(text, "wildcard-principal") {
					t.Errorf("%s does not have the fault:\n%s", file, text)
				}
			}
			w.spec("key_users_roles: [app, \"arn:aws:iam::444455556666:role/partner\"]\n")
			compiled()
			if w.run(steps, test.shell...); !test.noDiff && (!strings.HasSuffix(w.outcome, " 1") || !strings.Contains(w.printed, "--deny objects: outsider")) {
				t.Errorf("an outsider:\n%s\n%s", w.outcome, w.printed)
			}
		})
	}
}

// Of a branch that is behind its target, a gate sees what the branch changed, and not what others did since.
func TestRecipesOfBranchesThatAreBehind(t *testing.T) {
	bin := build(t)
	jenkins := regexp.MustCompile(`(?m)^ *sh '(.* diff .*)'$`).FindStringSubmatch(recipe(t, "pipeline {"))
	if jenkins == nil {
		t.Fatal("Jenkins has no diff")
	}
	for name, gate := range map[string]struct {
		script, env string
	}{
		"shell":   {script: recipe(t, "# keypolicy.sh")},
		"Jenkins": {script: jenkins[1] + "\n", env: "CHANGE_TARGET=main"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkflow(t)
			w.fallBehind()
			w.withGo(bin)
			w.env = append(w.env, "GOBIN="+filepath.Join(w.files, "go", "bin"), gate.env)
			command := shell(bin, w.folder, "keypolicy compile -q -o compiled")
			if output, err := command.CombinedOutput(); err != nil {
				t.Fatalf("compile: %v\n%s", err, output)
			}
			if w.run([]step{install, {name: "gate", script: gate.script}}, "sh"); !strings.HasSuffix(w.outcome, "gate 0") {
				t.Errorf("a branch that changes nothing:\n%s\n%s", w.outcome, w.printed)
			}
		})
	}
}

func isXML(text []byte) bool {
	var document struct{ XMLName xml.Name }
	return xml.Unmarshal(text, &document) == nil
}

// The jobs of the workflow that applies, against a server that answers as KMS does: what is planned is applied, and then drift finds
// nothing, until somebody changes the live policy.
func TestWorkflowThatApplies(t *testing.T) {
	bin := build(t)
	kms := kmstest.NewServer(t)
	arn := kms.Add(kmstest.Key{Region: "eu-central-1", Policy: kmstest.DefaultPolicy(kmstest.Account), Aliases: []string{"alias/a"}})
	w := newWorkflow(t)
	w.put(filepath.Join(w.folder, ".keypolicy.yaml"), "account: \""+kmstest.Account+"\"\nregion: eu-central-1\n")
	w.withGo(bin)
	for name, value := range kmstest.Variables(w.files, kms.URL, kmstest.AccessKey, kmstest.Secret) {
		w.env = append(w.env, name+"="+value)
	}
	w.env = append(w.env, "GITHUB_STEP_SUMMARY="+filepath.Join(w.files, "summary"))
	jobs := yaml(t, "github", recipe(t, "# .github/workflows/keypolicy-apply.yaml"))[0].Get("jobs")
	job := func(name string, code string) {
		t.Helper()
		w.run(stepsOf(t, jobs.Get(name).Get("steps"), nil), "bash", "-e")
		if outcomes := strings.Split(w.outcome, "\n"); outcomes[len(outcomes)-1] != "keypolicy "+name+" "+code {
			t.Fatalf("%s:\n%s\n%s", name, w.outcome, w.printed)
		}
	}
	before := kms.Policy(arn)
	job("plan", "0")
	if kms.Policy(arn) != before || !strings.Contains(w.file("summary"), "role/app") || !json.Valid([]byte(w.file("plan.json"))) {
		t.Errorf("plan has written the policy, or no plan:\n%s\n%s", w.file("summary"), w.file("plan.json"))
	}
	job("apply", "0")
	if !strings.Contains(kms.Policy(arn), "role/app") {
		t.Errorf("the live policy is\n%s", kms.Policy(arn))
	}
	journals, err := filepath.Glob(filepath.Join(w.folder, "state", "*", "journal.jsonl"))
	if err != nil || len(journals) != 1 {
		t.Errorf("the journals are %v", journals)
	}
	job("drift", "0")
	kms.SetPolicy(arn, before)
	job("drift", "3")
}
