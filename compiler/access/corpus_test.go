package access

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

type corpusEntry struct {
	File     string `json:"file"`
	Kind     string `json:"kind"`
	Expected struct {
		Issues []string `json:"issues"`
	} `json:"expected"`
}

// TestCorpus holds real policies against their labels. The folder is not a part of the project: KEYPOLICY_CORPUS names it.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("KEYPOLICY_CORPUS")
	if folder == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder")
	}
	data, err := os.ReadFile(filepath.Join(folder, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var entries []corpusEntry
	if err := json.Unmarshal(data, &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind != "policy" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, e.File))
		if err != nil {
			t.Fatal(err)
		}
		f, _ := source.Load(e.File, text, source.Limits{})
		if len(f.Documents) == 0 || f.Documents[0].Root == nil {
			continue
		}
		checkLabels(t, e, policy.Read(f.Documents[0].Root))
	}
}

// viaServiceOfService limits a service principal by kms:ViaService, which is set where a service acts with its caller's
// credentials and never where it calls by itself: nothing matches, so there is no deputy, whatever its label says.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
const viaServiceOfService = "policies/168-aws-elasticdrs-orchest-drs-cross-account-kms-setup.json"

// editorAccount is the one account whose account principal may put a policy, "" where there is none or more.
func editorAccount(doc *policy.Document) string {
	found := ""
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if st.Effect.Value != "Allow" {
			continue
		}
		puts := false
		for _, a := range st.Actions {
			puts = puts || glob.FoldGlob(a.Value).Match(putKeyPolicy)
		}
		for _, p := range st.Principals {
			if puts && p.Kind == policy.Account && found != "" && found != p.Account {
				return ""
			}
			if puts && p.Kind == policy.Account {
				found = p.Account
			}
		}
	}
	return found
}

func checkLabels(t *testing.T, e corpusEntry, doc *policy.Document) {
	t.Helper()
	env := Env{Account: editorAccount(doc)}
	r := Analyze(doc, env)
	has := func(label string) bool { return slices.Contains(e.Expected.Issues, label) }
	public := has("public-principal") || has("wildcard-principal-weak-condition")
	if (r.Public == Yes) != public && !(r.Public == Unknown && env.Account == "") {
		t.Errorf("%s: public %s, labels %v; unknown %v", e.File, r.Public, e.Expected.Issues, r.Unknown)
	}
	none := r.Lockout.Editors == EditorsNone
	if none != has("lockout-no-putkeypolicy") && !has("aws-managed-key-policy") && // whose policy indeed no principal can change
		!(r.Lockout.Editors == EditorsUnknown && env.Account == "") {
		t.Errorf("%s: editors %s (account %q), labels %v; unknown %v", e.File, r.Lockout.Editors, env.Account, e.Expected.Issues, r.Unknown)
	}
	if e.File == viaServiceOfService {
		return
	}
	if has("service-no-confused-deputy") && len(r.ConfusedDeputy) == 0 && env.Account != "" {
		t.Errorf("%s: no confused deputy, labels %v; unknown %v", e.File, e.Expected.Issues, r.Unknown)
	}
	for _, st := range r.Statements {
		if st.Status == "" {
			t.Errorf("%s: statement %d has no status", e.File, st.Index)
		}
	}
}
