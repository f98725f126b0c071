package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// workflow is a repository at which the steps of a workflow run as at GitHub's runner.
type workflow struct {
	t       *testing.T
	folder  string
	files   string // the runner's own
	env     []string
	outcome string // of the last run, a step's name and exit code each
	printed string
}

// newWorkflow makes a clone of a repository with one sound spec, of which origin/main is the base.
func newWorkflow(t *testing.T, clone ...string) *workflow {
	t.Helper()
	top := t.TempDir()
	w := &workflow{t: t, folder: filepath.Join(top, "work"), files: filepath.Join(top, "runner")}
	origin := filepath.Join(top, "origin")
	for _, folder := range []string{filepath.Join(origin, "keys"), w.files} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	w.put(filepath.Join(origin, ".keypolicy.yaml"), "account: \"111122223333\"\nregion: eu-central-1\noutput: compiled\n")
	w.put(filepath.Join(origin, "keys", "a.keypolicy.yaml"), "key: alias/a\nkey_admins_roles: [KeyAdmin]\nkey_users_roles: [app]\n")
	w.git(origin, "init", "-q", "-b", "main")
	w.git(origin, "add", "-A")
	w.git(origin, "commit", "-q", "-m", "first")
	w.git(origin, "commit", "-q", "--allow-empty", "-m", "second")
	w.git(top, append(append([]string{"clone", "-q"}, clone...), "file://"+filepath.ToSlash(origin), w.folder)...)
	return w
}

func (w *workflow) put(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w *workflow) spec(text string) {
	w.t.Helper()
	w.put(filepath.Join(w.folder, "keys", "a.keypolicy.yaml"), "key: alias/a\nkey_admins_roles: [KeyAdmin]\n"+text)
}

func (w *workflow) git(folder string, args ...string) {
	w.t.Helper()
	command := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		w.t.Fatalf("git %v: %v\n%s", args, err, output)
	}
}

// fallBehind commits a change on a branch from a commit that lets an outsider in, which origin/main does not any more.
func (w *workflow) fallBehind() {
	w.t.Helper()
	w.spec("key_users_roles: [\"arn:aws:iam::444455556666:role/partner\"]\n")
	w.git(w.folder, "commit", "-q", "-a", "-m", "a partner")
	w.spec("key_users_roles: [other]\n")
	w.git(w.folder, "commit", "-q", "-a", "-m", "no partner")
	w.git(w.folder, "update-ref", "refs/remotes/origin/main", "HEAD")
	w.git(w.folder, "checkout", "-q", "--detach", "HEAD~1")
	w.git(w.folder, "commit", "-q", "--allow-empty", "-m", "behind")
}

// file is the text of one of the runner's files, or of the working folder.
func (w *workflow) file(name string) string {
	for _, folder := range []string{w.files, w.folder} {
		if text, err := os.ReadFile(filepath.Join(folder, name)); err == nil {
			return string(text)
		}
	}
	return ""
}

// run runs steps with a script in their order, each in a shell of its own; after one that fails only those with `!cancelled()`. shell
// begins the command line that a script's file is the end of.
func (w *workflow) run(steps []step, shell ...string) {
	w.t.Helper()
	w.outcome, w.printed = "", ""
	failed := false
	for _, s := range steps {
		if s.script == "" || failed && !strings.Contains(s.condition, "!cancelled()") {
			continue
		}
		script := filepath.Join(w.files, "script")
		w.put(script, s.script)
		command := exec.Command(shell[0], append(shell[1:], script)...)
		command.Dir = w.folder
		command.Env = append(append(os.Environ(), w.env...), s.env...)
		output, err := command.CombinedOutput()
		if command.ProcessState == nil {
			w.t.Fatal(err)
		}
		failed = failed || err != nil
		w.printed += string(output)
		w.outcome += s.name + " " + command.ProcessState.String() + "\n"
	}
	w.outcome = strings.ReplaceAll(strings.TrimSpace(w.outcome), "exit status ", "")
}

// step is one of a workflow that has a script.
type step struct {
	name, condition, script string
	env                     []string
}

var expressionPattern = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// filled is a text with the values of its expressions, as `inputs.diff`; one without a value is an error.
func filled(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	return expressionPattern.ReplaceAllStringFunc(text, func(expression string) string {
		name := expressionPattern.FindStringSubmatch(expression)[1]
		value, known := values[name]
		if !known {
			t.Errorf("%s has no value", expression)
		}
		return value
	})
}

// stepsOf are the steps of a list, with the values of expressions in their environment.
func stepsOf(t *testing.T, list *source.Node, values map[string]string) []step {
	t.Helper()
	var steps []step
	for _, node := range list.Items {
		s := step{name: textAt(node, "name"), condition: textAt(node, "if"), script: textAt(node, "run")}
		if s.name == "" {
			s.name = s.script
		}
		if s.script != "" {
			s.script = filled(t, s.script, values)
			if env := node.Get("env"); env != nil {
				for _, m := range env.Members {
					s.env = append(s.env, m.Key.Text+"="+filled(t, m.Value.Text, values))
				}
			}
		}
		steps = append(steps, s)
	}
	return steps
}

func textAt(n *source.Node, path ...string) string {
	for _, name := range path {
		if n = n.Get(name); n == nil {
			return ""
		}
	}
	return n.Text
}

// yaml reads the documents of a YAML text.
func yaml(t *testing.T, name, text string) []*source.Node {
	t.Helper()
	file, found := source.Load(name, []byte(text), source.DefaultLimits)
	if len(found) > 0 {
		t.Fatalf("%s: %v", name, found)
	}
	var roots []*source.Node
	for _, d := range file.Documents {
		roots = append(roots, d.Root)
	}
	return roots
}

// action are the steps of action.yml that run with these inputs, in a pull request.
func action(t *testing.T, inputs map[string]string) []step {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	node := yaml(t, "action.yml", string(text))[0]
	values := map[string]string{"github.event.number": "7"}
	for _, m := range node.Get("inputs").Members {
		values["inputs."+m.Key.Text] = textAt(m.Value, "default")
	}
	for name, value := range inputs {
		if _, known := values["inputs."+name]; !known {
			t.Fatalf("action.yml has no input %s", name)
		}
		values["inputs."+name] = value
	}
	for _, m := range node.Get("outputs").Members {
		filled(t, textAt(m.Value, "value"), values)
	}
	empty := regexp.MustCompile(`inputs\.(\w+) != ''`)
	var steps []step
	for _, s := range stepsOf(t, node.Get("runs").Get("steps"), values) {
		runs := true
		for _, input := range empty.FindAllStringSubmatch(s.condition, -1) {
			runs = runs && values["inputs."+input[1]] != ""
		}
		if runs {
			steps = append(steps, s)
		}
	}
	return steps
}

// The steps of the action, as scripts of the shell that GitHub's runner starts.
func TestActionsSteps(t *testing.T) {
	bin := build(t)
	bash := []string{"bash", "--noprofile", "--norc", "-eo", "pipefail"}
	outsider := "key_users_roles: [app, \"arn:aws:iam::444455556666:role/partner\"]\n"
	for name, test := range map[string]struct {
		inputs  map[string]string
		spec    string
		clone   []string
		behind  bool
		outcome string
		printed []string // patterns
		summary []string
	}{
		"no pull request": {outcome: "Lint 0", spec: "key_users_roles: [other]\n"},
		"a good change": {
			inputs: map[string]string{"diff": "origin/main"}, spec: "key_users_roles: [other]\n",
			outcome: "Lint 0\nDiff 0", summary: []string{"role/other gains Decrypt", "role/app now needs an identity policy"},
		},
		"a fault": {
			inputs: map[string]string{"diff": "origin/main"}, spec: "key_users: [\"*\"]\n",
			outcome: "Lint 1\nDiff 1", printed: []string{`(?m)^::error .*file=keys/a.keypolicy.yaml,line=3,.*wildcard-principal`, "--deny objects: outsider"},
			summary: []string{"wildcard-principal", "anyone in any account gains"},
		},
		"an outsider": {
			inputs: map[string]string{"diff": "origin/main"}, spec: outsider,
			outcome: "Lint 0\nDiff 1", printed: []string{"--deny objects: outsider"}, summary: []string{"account 444455556666|role/partner"},
		},
		"a branch that is behind": {
			inputs: map[string]string{"diff": "origin/main"}, behind: true, spec: "key_users_roles: [app, \"arn:aws:iam::444455556666:role/partner\"]\n",
			outcome: "Lint 0\nDiff 0", summary: []string{"role/app gains Decrypt"},
		},
		"what is denied": {inputs: map[string]string{"diff": "origin/main", "deny": "public,editor-removed"}, spec: outsider, outcome: "Lint 0\nDiff 0"},
		"arguments": {
			inputs: map[string]string{"args": "--fail-on warning keys"}, spec: "key_users_roles: [app, app]\n",
			outcome: "Lint 1", printed: []string{"duplicate-principal"},
		},
		"arguments are no commands":  {inputs: map[string]string{"args": "$(touch x) `touch x` ;touch x"}, outcome: "Lint 2", spec: "key_users_roles: [app]\n"},
		"a path that is not there":   {inputs: map[string]string{"args": "nosuch"}, outcome: "Lint 2", printed: []string{"nosuch: there is no such file or folder"}, spec: "key_users_roles: [app]\n"},
		"a revision that is not one": {inputs: map[string]string{"diff": "origin/nosuch", "token": "secret"}, outcome: "Lint 0\nDiff 2\nComment 0", printed: []string{"origin/nosuch"}, spec: "key_users_roles: [app]\n"},
		"a shallow clone": {
			inputs: map[string]string{"diff": "HEAD~1"}, clone: []string{"--depth", "1"}, spec: "key_users_roles: [app]\n",
			outcome: "Lint 0\nDiff 2", printed: []string{"fetch-depth: 0"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkflow(t, test.clone...)
			if test.behind {
				w.fallBehind()
			}
			w.spec(test.spec)
			w.env = []string{
				"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "RUNNER_TEMP=" + w.files, "GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=o/r",
				"GITHUB_STEP_SUMMARY=" + filepath.Join(w.files, "summary"), "GITHUB_SERVER_URL=https://github.invalid",
			}
			w.run(action(t, test.inputs)[2:], bash...) // behind the steps that install keypolicy
			if w.outcome != test.outcome {
				t.Errorf("%s\n%s", w.outcome, w.printed)
			}
			for _, pattern := range test.printed {
				if !regexp.MustCompile(pattern).MatchString(w.printed) {
					t.Errorf("it does not print %s:\n%s", pattern, w.printed)
				}
			}
			for _, pattern := range test.summary {
				if !regexp.MustCompile(pattern).MatchString(w.file("summary")) {
					t.Errorf("the summary does not have %s:\n%s", pattern, w.file("summary"))
				}
			}
			if w.file("x") != "" {
				t.Error("the arguments have run a command")
			}
			if sarif := w.file("keypolicy.sarif"); !json.Valid([]byte(sarif)) && !strings.HasPrefix(w.outcome, "Lint 2") {
				t.Errorf("the SARIF file is not JSON:\n%s", sarif)
			}
		})
	}
}

// The action installs the keypolicy of its own revision, and finds it in the steps behind.
func TestActionInstallsItself(t *testing.T) {
	build(t) // what this needs is then in the cache
	w := newWorkflow(t)
	w.env = []string{"RUNNER_TEMP=" + w.files, "GITHUB_ACTION_PATH=" + root(t), "GITHUB_PATH=" + filepath.Join(w.files, "path")}
	steps := action(t, nil)
	if steps[0].script != "" || steps[1].name != "Install keypolicy" {
		t.Fatalf("the action does not begin with setup-go and Install keypolicy: %+v", steps)
	}
	w.run(steps[1:2], "bash", "--noprofile", "--norc", "-eo", "pipefail")
	if w.outcome != "Install keypolicy 0" {
		t.Fatalf("%s\n%s", w.outcome, w.printed)
	}
	if output, err := exec.Command(filepath.Join(strings.TrimSpace(w.file("path")), "keypolicy"), "version").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
