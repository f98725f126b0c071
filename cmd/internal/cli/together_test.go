package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTogetherIsSeparate: files that are linted in one run give what each gives in a run of its own, in any order and
// with any number of jobs. The specs are near copies of one another: a run that carries anything from one to the next
// shows here. KEYPOLICY_ROUNDS asks for more of them.
func TestTogetherIsSeparate(t *testing.T) {
	rounds := 1
	if n, err := strconv.Atoi(os.Getenv("KEYPOLICY_ROUNDS")); err == nil {
		rounds = n
	}
	for round := range rounds {
		random := rand.New(rand.NewPCG(11, uint64(round))) // the same on every run
		specs := nearCopies(random, 4, 8)
		if round == 0 {
			specs = append(specs, patternsOfOneKindOfKey(random)...)
		}
		t.Run(strconv.Itoa(round), func(t *testing.T) { checkTogether(t, random, specs) })
	}
}

func checkTogether(t *testing.T, random *rand.Rand, specs []string) {
	t.Helper()
	t.Chdir(t.TempDir())
	names := make([]string, len(specs))
	for i, text := range specs {
		names[i] = fmt.Sprintf("k%d.keypolicy.yaml", i)
		if err := os.WriteFile(names[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	separate := map[string][]any{}
	found := 0
	for _, name := range names {
		_, by := lintJSON(t, 1, name)
		if own := takeAcross(by)[name]; hasSeverity(own, "error") {
			t.Errorf("in a run of its own %s gives\n%v", acrossRule, own)
		}
		separate[name] = by[name]
		found += len(by[name])
	}
	if found == 0 {
		t.Fatal("nothing was found in any of the files")
	}
	var beside map[string][]any
	for _, jobs := range []int{1, 2, 8} {
		order := slices.Clone(names)
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		first, by := lintJSON(t, jobs, order...)
		across := takeAcross(by)
		if beside == nil {
			beside = across
			checkNames(t, names, specs, across)
		}
		if !reflect.DeepEqual(across, beside) {
			t.Errorf("--jobs %d: %s gives\n%v\nand in another order\n%v", jobs, acrossRule, across, beside)
		}
		for i, name := range names {
			if !reflect.DeepEqual(by[name], separate[name]) {
				t.Errorf("--jobs %d: this spec gives\n%v\nand in a run of its own\n%v\n%s", jobs, by[name], separate[name], specs[i])
			}
		}
		if again, _ := lintJSON(t, jobs, order...); !bytes.Equal(first, again) {
			t.Errorf("--jobs %d: a second run gives other bytes", jobs)
		}
	}
}

// acrossRule is the one rule of these that is about the files of a run together: a name that is a user's in one and a role's in
// another. So it may find more in more files, and that in any order alike.
const acrossRule = "user-or-role"

// takeAcross takes the findings of that rule out, and gives them by file.
func takeAcross(by map[string][]any) map[string][]any {
	across := map[string][]any{}
	for name, list := range by {
		is := func(f any) bool { return f.(map[string]any)["rule"] == acrossRule }
		for _, f := range list {
			if is(f) {
				across[name] = append(across[name], f)
			}
		}
		if by[name] = slices.DeleteFunc(slices.Clone(list), is); len(by[name]) == 0 {
			delete(by, name)
		}
	}
	return across
}

func hasSeverity(list []any, severity string) bool {
	return slices.ContainsFunc(list, func(f any) bool { return f.(map[string]any)["severity"] == severity })
}

var (
	nameList  = regexp.MustCompile(`(?m)^key_(users|users_roles|admins_roles): \[(.*)\]$`)
	roleNamed = regexp.MustCompile(`Principal: \{AWS: "[^"]*:role/([^"]*)"`)
)

// checkNames holds which files that rule finds an error in: those with a user's name that is a role's in another, and not in the
// file itself, which then means both.
func checkNames(t *testing.T, names, specs []string, across map[string][]any) {
	t.Helper()
	users, roles := make([][]string, len(specs)), make([][]string, len(specs))
	for i, spec := range specs {
		for _, found := range nameList.FindAllStringSubmatch(spec, -1) {
			list := strings.Split(found[2], ", ")
			switch {
			case found[2] == "":
			case found[1] == "users":
				users[i] = append(users[i], list...)
			default:
				roles[i] = append(roles[i], list...)
			}
		}
		for _, found := range roleNamed.FindAllStringSubmatch(spec, -1) {
			roles[i] = append(roles[i], found[1])
		}
	}
	for i, name := range names {
		want := slices.ContainsFunc(users[i], func(user string) bool {
			has := func(list []string) bool { return slices.Contains(list, user) }
			return !has(roles[i]) && slices.ContainsFunc(roles, has)
		})
		if got := hasSeverity(across[name], "error"); got != want {
			t.Errorf("the spec takes a role of another for a user: %v, and %s gives\n%v\n%s", want, acrossRule, across[name], specs[i])
		}
	}
}

// lintJSON is the output of lint, and its findings by file.
func lintJSON(t *testing.T, jobs int, names ...string) ([]byte, map[string][]any) {
	t.Helper()
	var out, stderr bytes.Buffer
	args := append([]string{"lint", "--format", "json", "--jobs", strconv.Itoa(jobs)}, names...)
	if code := Main(t.Context(), args, Stdio{In: strings.NewReader(""), Out: &out, Err: &stderr}); code != exitOK && code != exitObject {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	var result struct{ Findings []map[string]any }
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	by := map[string][]any{}
	for _, f := range result.Findings {
		name := filepath.Base(f["file"].(string))
		by[name] = append(by[name], f)
	}
	return out.Bytes(), by
}
