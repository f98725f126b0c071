package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/keypolicy/keypolicy/rules"
)

// without is the rules built in but for one.
func without(t *testing.T, file string) fs.FS {
	t.Helper()
	rest := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".rego") || path == file {
			return err
		}
		text, err := fs.ReadFile(os.DirFS("."), path)
		rest[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rest
}

func TestRemovingARulesFileRemovesItsFinding(t *testing.T) {
	for file, text := range map[string]string{
		"exposure/wildcard-principal.rego": `key_users: ["*"]`,
		"spec/exclusive-forms.rego":        `{key_users: [alice], policytemplate: base}`,
	} {
		rule := strings.TrimSuffix(file[strings.Index(file, "/")+1:], ".rego")
		if got := only(judge(t, load(t, rules.Options{}), "a.keypolicy.yaml", text), rule); len(got) != 1 {
			t.Errorf("%s finds %+v", rule, got)
		}
		set := loadFiles(t, without(t, file))
		if got := only(judge(t, set, "a.keypolicy.yaml", text), rule); len(got) != 0 {
			t.Errorf("without its file, %s finds %+v", rule, got)
		}
		if set.Has(rule) {
			t.Errorf("without its file, there is a rule %s", rule)
		}
	}
}

func TestRulesAreRunOnlyWhereTheyHaveSomethingToEvaluate(t *testing.T) {
	for need, want := range map[string]int{"conditions": 1, "denies": 1, "services": 1} {
		text := strings.Replace(ruleOf("findings contains lib.at([], \"x\") if input.statement.index >= 0\n"), "#   remedy", "#   needs: ["+need+"]\n#   remedy", 1)
		set := load(t, rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": text})}})
		found := judge(t, set, "a.json", `{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Effect": "Allow", "Principal": {"Service": "logs.amazonaws.com"}, "Action": "kms:*", "Resource": "*"},
  {"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:*", "Resource": "*"},
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}, "Action": "kms:*", "Resource": "*", "Condition": {"Bool": {"a": "b"}}}
]}`)
		if got := only(found, "mine"); len(got) != want {
			t.Errorf("with needs: [%s] found %d, not %d", need, len(got), want)
		}
	}
}

// needing gives a rule's METADATA its needs.
func needing(needs, rule string) string {
	return strings.Replace(rule, "#   remedy", "#   needs: ["+needs+"]\n#   remedy", 1)
}

func TestAccessReachesTheRulesThatNeedIt(t *testing.T) {
	for needs, want := range map[string]string{
		"access.statements":                   "0 live, 1 live, ",
		"access.stranger":                     "0 outsider no, 1 outsider yes, ",
		"access":                              "0 live, 0 outsider no, 1 live, 1 outsider yes, ",
		"access.statements, access.lockout":   "0 live, 1 live, ",
		"access.stranger, access.matrix":      "0 outsider no, 1 outsider yes, ",
		"conditions":                          "",
		"access.statements, services, denies": "",
	} {
		set := load(t, rules.Options{Only: "mine", User: []rules.Folder{folder(map[string]string{"mine.rego": needing(needs, ruleOf(`
findings contains lib.at([], sprintf("%d %s", [st.index, st.access.status])) if st := input.statement

findings contains lib.at([], sprintf("%d outsider %s", [st.index, st.access.stranger.answer])) if st := input.statement
`))})}})
		var got strings.Builder
		for _, d := range only(judge(t, set, "a.json", policyText), "mine") {
			got.WriteString(d.Message + ", ")
		}
		if got.String() != want {
			t.Errorf("needs: [%s] found %q, not %q", needs, got.String(), want)
		}
	}
}

func TestTheMeaningOfAPolicyThatIsFarTooLongIsNotWorkedOut(t *testing.T) {
	rule := needing("access.statements", ruleOf("\nfindings contains lib.at([], input.statement.access.status) if input.statement.index == 0\n"))
	set := load(t, rules.Options{User: []rules.Folder{folder(map[string]string{"mine.rego": rule})}})
	for roles, want := range map[int]int{700: 1, 2000: 0} {
		var text strings.Builder
		text.WriteString(`{"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["111122223333"`)
		for i := range roles {
			fmt.Fprintf(&text, `, "arn:aws:iam::111122223333:role/r%d"`, i)
		}
		text.WriteString(`]}, "Action": "kms:*", "Resource": "*"}]}`)
		if got := only(judge(t, set, "a.json", text.String()), "mine"); len(got) != want {
			t.Errorf("with %d roles: %+v", roles, got)
		}
	}
}
