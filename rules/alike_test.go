package rules

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

func readTarget(t *testing.T, name, text string) (Target, bool) {
	t.Helper()
	unit, _ := compiler.Compile(compiler.Input{Name: name, Text: []byte(text), Spec: strings.HasSuffix(name, ".yaml")}, compiler.Options{})
	if len(unit.Documents) != 1 {
		return Target{}, false
	}
	d := unit.Documents[0]
	return Target{Spec: d.Spec, Policies: d.Policies}, d.Spec != nil || len(d.Policies) > 0
}

// Whatever the rules find in a file they find in the same file with other names, in these names: judged by itself, or
// by what was found in the file before. The files are the rules' own examples and, where there are any, real policies.
func TestTargetsThatDifferInNamesAloneAreJudgedAlike(t *testing.T) {
	files := map[string]string{
		"names.keypolicy.yaml": "account: \"111122223333\"\nkey: alias/pay-17\nkey_admins_roles: [ops-17, ops-3]\nkey_users: [pay-17, team/zed-1, zed-1]\nkey_users_roles: [zed-1, zed-12, zed-12]\n",
	}
	archives, err := filepath.Glob("*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, archive := range archives {
		text, err := os.ReadFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(text).Files {
			files[archive+"/"+f.Name] = string(f.Data)
		}
	}
	if corpus := os.Getenv("KEYPOLICY_CORPUS"); corpus != "" {
		names, err := filepath.Glob(filepath.Join(corpus, "policies", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(names); i += 25 {
			text, err := os.ReadFile(names[i])
			if err != nil {
				t.Fatal(err)
			}
			files[names[i]] = string(text)
		}
	}
	options := Options{Today: "2026-01-31", Trust: &Trust{Accounts: []string{"444455556666"}}}
	together, alone := loaded(t, options), loaded(t, options)
	together.alike.seen = fewTargets
	replayed, found := 0, 0
	for name, text := range files {
		n, f := judgeRenamed(t, together, alone, name, text)
		replayed, found = replayed+n, found+f
	}
	for sum, e := range together.alike.kept {
		if e.differs {
			t.Errorf("the names %v of %x make a difference to a rule", e.names, sum[:4])
		}
	}
	t.Logf("%d targets of %d files were not judged again, with %d findings", replayed, len(files), found)
	if replayed == 0 || found == 0 {
		t.Error("no target was judged by another one: this tests nothing")
	}
}

func judgeRenamed(t *testing.T, together, alone *Set, name, text string) (replayed, found int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, uint64(len(text)))) //nolint:gosec // the same on every run
	target, ok := readTarget(t, name, text)
	if !ok {
		return 0, 0
	}
	for range 4 {
		sh, shaped := together.alike.shape(target)
		known := shaped && len(sh.names) > 0 && together.alike.replay(sh) != nil
		got := judgedBy(t, together, target)
		alone.alike.seen, alone.cache = -1<<40, newCache() // every target by itself
		if want := judgedBy(t, alone, target); !reflect.DeepEqual(got, want) {
			t.Errorf("%s with the names %v: found\n%v\nand by itself\n%v", name, sh.names, got, want)
		}
		if known {
			replayed++
			found += len(got)
		}
		if !shaped || len(sh.names) == 0 {
			return replayed, found
		}
		for _, n := range sh.names {
			text = strings.ReplaceAll(text, n, another(random, n))
		}
		if target, ok = readTarget(t, name, text); !ok {
			return replayed, found
		}
	}
	return replayed, found
}

// another is a name of the same form.
func another(random *rand.Rand, name string) string {
	if keyID.MatchString(name) {
		return name
	}
	b := []byte(name)
	for i, c := range b {
		switch {
		case c >= '0' && c <= '9':
			b[i] = '0' + byte(random.IntN(10))
		case c >= 'a' && c <= 'z':
			b[i] = 'a' + byte(random.IntN(26))
		case c >= 'A' && c <= 'Z':
			b[i] = 'A' + byte(random.IntN(26))
		}
	}
	return string(b)
}

func loaded(t *testing.T, opts Options) *Set {
	t.Helper()
	set, err := Load(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func judgedBy(t *testing.T, set *Set, target Target) diag.List {
	t.Helper()
	found, err := set.Judge(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What a rule may know of a name keeps it in the shape.
func TestNamesThatRulesMayKnowMakeAShapeOfTheirOwn(t *testing.T) {
	s := newShaper([][]byte{[]byte("a if startswith(input.x, \"sso-\")\nb if input.y == \"batch-17\" # `the auditors`\n")}, Trust{})
	const plain = "account: \"111122223333\"\nkey_users_roles: [app-18]\n"
	sum := func(text string) [32]byte {
		target, ok := readTarget(t, "a.keypolicy.yaml", text)
		if !ok {
			t.Fatal(text)
		}
		sh, ok := s.of(target)
		if !ok {
			return [32]byte{}
		}
		return sh.sum
	}
	base := sum(plain)
	for name, c := range map[string]struct {
		text string
		same bool
	}{
		"another name":             {"account: \"111122223333\"\nkey_users_roles: [pay-77]\n", true},
		"another length":           {"account: \"111122223333\"\nkey_users_roles: [app-7]\n", false},
		"other kinds of letters":   {"account: \"111122223333\"\nkey_users_roles: [App-18]\n", false},
		"another account":          {"account: \"444455556666\"\nkey_users_roles: [app-18]\n", false},
		"another field":            {"account: \"111122223333\"\nkey_users: [app-18]\n", false},
		"another path":             {"account: \"111122223333\"\nkey_users_roles: [a/app-1]\n", false},
		"what a rule looks for":    {"account: \"111122223333\"\nkey_users_roles: [sso-18]\n", false},
		"words of a rule":          {"account: \"111122223333\"\nkey_users_roles: [the-17]\n", false},
		"stands elsewhere":         {"account: \"111122223333\"\nkey_users_roles: [app-18]\nkey_spec: app-18\n", false},
		"a wildcard":               {"account: \"111122223333\"\nkey_users_roles: [app-1*]\n", false},
		"twice":                    {"account: \"111122223333\"\nkey_users_roles: [app-18, app-18]\n", false},
		"a condition on who calls": {"account: \"111122223333\"\nkey_users_roles: [app-18]\nstatements: [{Effect: Deny, Principal: \"*\", Action: \"kms:*\", Resource: \"*\", Condition: {ArnLike: {\"aws:PrincipalArn\": \"*8\"}}}]\n", false},
	} {
		if got := sum(c.text) == base; got != c.same {
			t.Errorf("%s: of the same shape is %v", name, got)
		}
	}
	if sum("account: \"111122223333\"\nkey_users_roles: [YOUR-AB]\n") == sum("account: \"111122223333\"\nkey_users_roles: [HERS-AB]\n") {
		t.Error("a placeholder is of the shape of a name")
	}
	order := sum("account: \"111122223333\"\nkey_users_roles: [app-18, app-19]\n")
	if order == sum("account: \"111122223333\"\nkey_users_roles: [app-19, app-18]\n") {
		t.Error("names in another order are of the same shape")
	}
}

func TestRename(t *testing.T) {
	to := map[string]string{"app-1": "pay-2", "app-1-batch": "pay-2-night", "x.y": "u.v"}
	from := []string{"app-1-batch", "app-1", "x.y"}
	for text, want := range map[string]string{
		"`app-1` and `app-1-batch`":      "`pay-2` and `pay-2-night`",
		"arn:aws:iam::1:role/a/app-1":    "arn:aws:iam::1:role/a/pay-2",
		"app-12, xapp-1, app-1_b, app-1": "app-12, xapp-1, app-1_b, pay-2",
		"x.y.":                           "u.v.",
		"":                               "",
	} {
		if got := rename(text, from, to); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}
