package access

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestSessionDecidesAsItsRole: what a role may do, its sessions may do, and no more, where no policy names a session: a
// caller that is given as the ARN of a role, and one that is given as that of a session of it, get the same decisions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session
func TestSessionDecidesAsItsRole(t *testing.T) {
	const role, session = "arn:aws:iam::111122223333:role/app", "arn:aws:sts::111122223333:assumed-role/app/s7"
	asked, decisions := 0, map[Decision]int{}
	for seed := range rounds(t, 400) {
		g := generator{rand.New(rand.NewPCG(71, uint64(seed)))}
		text := g.policy(5)
		if strings.Contains(text, "assumed-role/") || strings.Contains(text, "role/p/") {
			continue
		}
		doc := read(t, text)
		m := NewAnalysis(doc, testEnv()).assumptions()[0].r.m
		for range 6 {
			r := g.request(m)
			if r.caller.kind == callerService {
				continue
			}
			context := map[string][]string{}
			for _, lower := range slices.Sorted(maps.Keys(r.ctx)) {
				context[keyNamed(lower).name] = r.ctx[lower]
			}
			one, errRole := Simulate(doc, testEnv(), Request{Principal: role, Action: r.action.name, Context: context})
			other, errSession := Simulate(doc, testEnv(), Request{Principal: session, Action: r.action.name, Context: context})
			if (errRole == nil) != (errSession == nil) || errRole == nil && one.Decision != other.Decision {
				t.Fatalf("seed %d: %s with %v: %s for the role (%v), %s for its session (%v)\n%s", seed, r.action.name, context, one.Decision, errRole, other.Decision, errSession, text)
			}
			if errRole == nil {
				asked++
				decisions[one.Decision]++
			}
		}
	}
	for _, d := range []Decision{Allowed, NeedsIdentityPolicy, ImplicitDeny, ExplicitDeny} {
		if decisions[d] == 0 {
			t.Errorf("no request of %d is decided %s: %v", asked, d, decisions)
		}
	}
}
