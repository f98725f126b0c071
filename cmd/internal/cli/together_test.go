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

// patternsOfOneKindOfKey are seven specs whose Resource leaves out one of their keys, and so locks that one out.
func patternsOfOneKindOfKey(random *rand.Rand) []string {
	var specs []string
	for i := range 7 {
		id := multiRegionID(random)
		if i == 6 {
			id = plainID(random)
		}
		specs = append(specs, "key: arn:aws:kms:eu-west-1:111122223333:key/"+id+`
policy:
  Version: "2012-10-17"
  Statement:
    - Sid: Admin
      Effect: Allow
      Principal: {AWS: "arn:aws:iam::111122223333:root"}
      Action: kms:*
      Resource: arn:aws:kms:*:111122223333:key/mrk-*
`)
	}
	return specs
}

func plainID(random *rand.Rand) string {
	a, b := random.Uint64(), random.Uint64()
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}

func multiRegionID(random *rand.Rand) string {
	return fmt.Sprintf("mrk-%016x%016x", random.Uint64(), random.Uint64())
}

// nearCopies are specs in families: those of one differ in the id of the key, in names, and now and then in a pattern
// or a value.
func nearCopies(random *rand.Rand, families, each int) []string {
	var specs []string
	for range families {
		f := newFamily(random)
		for range each {
			specs = append(specs, f.spec(random))
		}
	}
	return specs
}

// family is what near copies have in common. A field of several texts is drawn for each of them.
type family struct {
	users, roles, admins int
	lists                bool
	resources, keys      []string
	operator             string
	values               []string
}

func newFamily(random *rand.Rand) *family {
	f := &family{users: random.IntN(3), roles: 1 + random.IntN(3), admins: 1 + random.IntN(2), lists: random.IntN(2) == 0}
	f.resources = some(random, "*", "arn:aws:kms:*:111122223333:key/mrk-*", "arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:*:111122223333:key/*-*-*-*-*",
		"arn:aws:kms:*:*:key/????????-*", "arn:aws:kms:eu-west-1:111122223333:key/KEY", "arn:aws:kms:us-east-1:111122223333:key/KEY")
	f.keys = some(random, "aws:PrincipalArn", "aws:userid", "kms:ViaService", "aws:SourceIp", "kms:EncryptionContext:app", "kms:RequestAlias", "aws:SourceArn")
	f.operator = some(random, "StringEquals", "StringLike", "ArnLike", "StringNotLike", "ForAnyValue:StringEquals")[0]
	f.values = some(random, "arn:aws:iam::111122223333:role/NAME", "arn:aws:iam::111122223333:role/a*", "*", "NAME", "alias/NAME", "alias/a*",
		"s3.eu-west-1.amazonaws.com", "AROAEXAMPLE:NAME", "10.0.0.0/8", "${aws:username}", "arn:aws:kms:*:*:key/mrk-*")
	return f
}

// some are one to three of the texts.
func some(random *rand.Rand, texts ...string) []string {
	random.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	return texts[:1+random.IntN(3)]
}

func (f *family) spec(random *rand.Rand) string {
	one := func(texts []string) string { return texts[random.IntN(len(texts))] }
	id := plainID(random)
	if random.IntN(2) == 0 {
		id = multiRegionID(random)
	}
	name := func() string {
		return fmt.Sprintf("%s-%d", []string{"app", "pay", "batch", "admin", "sso"}[random.IntN(5)], random.IntN(90)+10)
	}
	names := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = name()
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	principal := func() string { return "arn:aws:iam::111122223333:role/" + name() }
	resource := strings.ReplaceAll(one(f.resources), "KEY", id)
	statement := fmt.Sprintf("{Sid: More, Effect: Allow, Principal: {AWS: %q}, Action: [\"kms:Decrypt\", \"kms:CreateGrant\"], Resource: %q, Condition: {%s: {%q: %q}}}",
		principal(), resource, f.operator, one(f.keys), strings.ReplaceAll(one(f.values), "NAME", name()))
	key := "key: arn:aws:kms:eu-west-1:111122223333:key/" + id + "\n"
	if f.lists {
		return key + fmt.Sprintf("key_users: %s\nkey_users_roles: %s\nkey_admins_roles: %s\nstatements:\n  - %s\n",
			names(f.users), names(f.roles), names(f.admins), statement)
	}
	return key + fmt.Sprintf("policy:\n  Version: \"2012-10-17\"\n  Statement:\n    - {Sid: Admin, Effect: Allow, Principal: {AWS: %q}, Action: \"kms:*\", Resource: %q}\n    - %s\n",
		one([]string{"arn:aws:iam::111122223333:root", principal()}), resource, statement)
}
