package push

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/access"
)

// What is known of a policy by its form is what an analysis finds: some could change it, and the caller keeps all calls that a run
// makes. Each of the callers is one that the form is asked for, or is not.
func TestAPolicyThatLeavesAllIsOneThatTheCallerKeeps(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 1))
	one := func(texts ...string) string { return texts[random.IntN(len(texts))] }
	leaving := map[string]int{}
	for range 1500 {
		text := randomPolicy(one)
		doc, err := read([]byte(text))
		check(t, err)
		caller := Caller{Account: kmstest.Account, ARN: one(role("deployer"), "arn:aws:sts::"+kmstest.Account+":assumed-role/deployer/ci",
			"arn:aws:iam::"+kmstest.Account+":user/ann", "arn:aws:iam::"+kmstest.Account+":root", "arn:aws:sts::"+kmstest.Account+":federated-user/f",
			"arn:aws:iam::210987654321:role/deployer", "arn:aws-cn:iam::"+kmstest.Account+":role/deployer")}
		env := access.Env{Account: kmstest.Account, Partition: "aws", Region: region, Caller: caller.ARN}
		a := access.NewAnalysis(doc, env)
		if !leavesAll(a, env, caller) {
			continue
		}
		leaving[caller.ARN]++
		if l := a.Lockout(); l.Editors == access.EditorsNone || l.Caller != access.CallerPass && l.Caller != access.CallerPassIfIAM {
			t.Errorf("%s could change the policy again: %s, anybody: %s\n%s", caller.ARN, l.Caller, l.Editors, text)
		}
		for _, action := range []string{"kms:GetKeyPolicy", "kms:DescribeKey", "kms:PutKeyPolicy"} {
			if got, err := access.Simulate(doc, env, access.Request{Principal: caller.ARN, Action: action}); err != nil || denies(got.Decision) {
				t.Errorf("%s %s: %s (%v)\n%s", caller.ARN, action, got.Decision, err, text)
			}
		}
	}
	if len(leaving) != 3 {
		t.Errorf("the form says something of %v: a role, a session and a user are asked for", leaving)
	}
}

// randomPolicy is a policy that is mostly of the usual form.
func randomPolicy(one func(...string) string) string {
	const rare = 6
	often := func(usual string, others ...string) string {
		list := append([]string{}, others...)
		for range rare * len(others) {
			list = append(list, usual)
		}
		return one(list...)
	}
	root := "arn:aws:iam::" + kmstest.Account + ":root"
	statements := []string{fmt.Sprintf(`{"Sid":"own","Effect":"Allow","Principal":{"AWS":%q},"Action":%q,"Resource":%q%s}`,
		often(root, "arn:aws:iam::210987654321:root", role("deployer"), "*"), often("kms:*", "kms:Decrypt", "kms:Put*"),
		often("*", "arn:aws:kms:*:*:alias/*"), often("", `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`))}
	for n := range len(one("", "a", "ab")) {
		statements = append(statements, fmt.Sprintf(`{"Sid":"s%d","Effect":%q,%q:{"AWS":[%q,%q]},"Action":[%q,"kms:Decrypt"],"Resource":"*"%s}`,
			n, often("Allow", "Deny"), often("Principal", "NotPrincipal"), role(one("app", "deployer", "batch")), often(role("other"), "*", root),
			often("kms:DescribeKey", "kms:PutKeyPolicy", "kms:GetKeyPolicy", "kms:*"),
			often("", `,"Condition":{"StringNotEquals":{"aws:PrincipalArn":"`+role("deployer")+`"}}`)))
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}
