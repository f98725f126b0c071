package uses

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// sameUses holds that asking only of the uses that the principals can let in loses none; it gives how many are listed.
func sameUses(t *testing.T, what string, doc *policy.Document, env access.Env) int {
	t.Helper()
	got := NewJudge(doc, env).PolicyUses()
	want := NewJudge(doc, env).standingOf(func(facts.Use) bool { return true })
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, and %+v without asking which principals can get in", what, got, want)
	}
	sameBest(t, what, NewJudge(doc, env))
	refused(t, what, NewJudge(doc, env))
	return len(want)
}

// refused holds that what cannot be is refused with all that can be supposed, and whatever is not documented.
func refused(t *testing.T, what string, j *Judge) {
	t.Helper()
	for asked := range everyUse() {
		j.meter.left = math.MaxInt
		if !j.cannotBe(asked) {
			continue
		}
		answer := j.nearest(asked)
		if answer.Verdict == NotDocumented && !slices.ContainsFunc(answer.Requests, func(r Decided) bool { return r.Decision != access.ExplicitDeny }) {
			continue // what a Deny refuses may be let in by the Deny, and by nothing else
		}
		if answer.Verdict != Refused {
			t.Errorf("%s: %s %v cannot be, and is %+v", what, asked.Use.ID, asked.Given, answer)
		}
	}
}

// everyUse gives each use with each of the values that its parameters have.
func everyUse() iter.Seq[Asked] {
	return func(yield func(Asked) bool) {
		for _, use := range facts.Uses() {
			for _, given := range enumerated(use) {
				if !yield(Asked{Use: use, Given: lists(given)}) {
					return
				}
			}
		}
	}
}

// sameBest holds that the best answers are the same where none is worked out further than it takes to see that it is not the best.
func sameBest(t *testing.T, what string, j *Judge) {
	t.Helper()
	for asked := range everyUse() {
		j.meter.left = math.MaxInt
		all := j.decided(asked, math.MaxInt)
		for _, most := range []int{1, mostNearest} {
			if got, want := j.decided(asked, most), all[:min(most, len(all))]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s %v: %+v, and %+v where all are worked out", what, asked.Use.ID, asked.Given, got, want)
			}
		}
	}
}

func compiled(t testing.TB, text []byte) *policy.Document {
	t.Helper()
	unit, _ := compiler.Compile(compiler.Input{Name: "p.json", Text: text}, compiler.Options{})
	if unit == nil || len(unit.Documents) != 1 || len(unit.Documents[0].Policies) != 1 {
		return nil
	}
	return unit.Documents[0].Policies[0].Document
}

// Statements for all kinds of principals, some of which no policy may have, in random policies.
func TestOnlyUsesThatCanGetInAreAsked(t *testing.T) {
	principals := []string{
		`"*"`, `{"AWS": "*"}`, `{"AWS": "arn:aws:iam::111122223333:root"}`, `{"AWS": "444455556666"}`, `{"AWS": "arn:aws:iam::111122223333:role/example"}`,
		`{"AWS": "arn:aws:iam::111122223333:user/ann"}`, `{"AWS": "arn:aws:sts::111122223333:assumed-role/example/s"}`, `{"AWS": "arn:aws:iam::111122223333:role/*"}`,
		`{"AWS": "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}`, `{"AWS": "AROAEXAMPLEEXAMPLEEX1"}`,
		`{"Service": "*"}`, `{"Service": "s*.amazonaws.com"}`, `{"Service": "LOGS.us-east-1.amazonaws.com"}`, `{"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}`,
		`{"Federated": "cognito-identity.amazonaws.com"}`, `{"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`, `{"AWS": "logs.us-east-1.amazonaws.com"}`,
	}
	services := map[string]bool{}
	for _, use := range facts.Uses() {
		for _, r := range use.Requests {
			if !strings.HasPrefix(r.Principal, "arn:") {
				services[strings.NewReplacer("$(region)", "us-east-1", "$(service)", "sqs.amazonaws.com").Replace(r.Principal)] = true
			}
		}
	}
	for service := range services {
		if !strings.HasPrefix(service, "$") {
			principals = append(principals, fmt.Sprintf(`{"Service": %q}`, service))
		}
	}
	statement := func(element, principal, more string) string {
		return fmt.Sprintf(`{"Effect": "Allow", %q: %s, "Action": "kms:*", "Resource": "*"%s}`, element, principal, more)
	}
	var all []string
	for _, p := range principals {
		all = append(all, statement("Principal", p, ""), statement("Principal", p, `, "Condition": {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}`))
	}
	all = append(all, statement("NotPrincipal", `{"AWS": "444455556666"}`, ""))
	random := rand.New(rand.NewPCG(16, 8))
	env := access.Env{Account: "111122223333", Region: "us-east-1", Partition: "aws"}
	listed := 0
	check := func(statements ...string) {
		doc := compiled(t, []byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ",")+`]}`))
		if doc == nil {
			t.Fatal(statements)
		}
		listed += sameUses(t, strings.Join(statements, ","), doc, env)
	}
	for _, one := range all {
		check(one)
	}
	for range 40 {
		check(all[random.IntN(len(all))], all[random.IntN(len(all))], strings.Replace(all[random.IntN(len(all))], "Allow", "Deny", 1))
	}
	// Of several callers a later one may be the best.
	roles := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/%d"}, "Action": ["kms:Decrypt", "kms:%s*"], "Resource": "*"}`
	for _, actions := range [][]any{{0, "Verify", 1, "Describe", 2, "*"}, {0, "Encrypt", 1, "G", 2, "Encrypt"}, {0, "CreateGrant", 1, "*", 2, "Encrypt"}} {
		check(fmt.Sprintf(roles+","+roles+","+roles, actions...))
	}
	if listed == 0 {
		t.Error("no use is listed")
	}
}

func TestOnlyUsesThatCanGetInAreAskedOfRealPolicies(t *testing.T) {
	folder := os.Getenv("KEYPOLICY_CORPUS")
	if folder == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder of real policies")
	}
	files, err := filepath.Glob(filepath.Join(folder, "policies", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no policies: %v", err)
	}
	for i := 0; i < len(files); i += 3 { // the others would say nothing new
		file := files[i]
		text, err := os.ReadFile(file)
		if err != nil || !json.Valid(text) {
			t.Fatalf("%s: %v", file, err)
		}
		if doc := compiled(t, text); doc != nil {
			sameUses(t, file, doc, access.Env{})
		}
	}
}
