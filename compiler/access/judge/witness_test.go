package judge_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// shown is the request of a witness, with what every request has; false where it is by a caller or for an action that the judge does not know.
func shown(w access.Request) (*request, bool) {
	r := &request{caller: caller{kind: service, service: w.Principal}, action: w.Action, context: map[string][]string{}}
	if strings.HasPrefix(w.Principal, "arn:") {
		c, ok := parseCaller(w.Principal)
		if !ok {
			return nil, false
		}
		r.caller = c
	}
	absent := map[string]bool{}
	for name, values := range w.Context {
		key := strings.ToLower(name)
		if absent[key] = len(values) == 0; !absent[key] {
			r.context[key] = values
		}
	}
	if arn := r.context["aws:principalarn"]; arn != nil && r.caller.kind == session {
		of, ok := parseCaller(arn[0])
		if !ok {
			return nil, false
		}
		r.caller.path = of.path
	}
	fill := func(key string, values ...string) {
		if r.context[key] == nil && !absent[key] {
			r.context[key] = values
		}
	}
	chain := slices.ContainsFunc([]string{"kms:viaservice", "aws:calledvia", "aws:calledviafirst", "aws:calledvialast"}, func(key string) bool { return r.context[key] != nil })
	fill("aws:securetransport", "true")
	fill("aws:requestedregion", region)
	fill("aws:resourceaccount", owner)
	fill("aws:viaawsservice", strconv.FormatBool(chain))
	if at := r.context["aws:currenttime"]; at != nil {
		n, ok := seconds(at[0])
		if !ok { // a time that the judge does not read
			return nil, false
		}
		fill("aws:epochtime", strconv.FormatInt(int64(n), 10))
	}
	for key := range r.context {
		if name, ok := strings.CutPrefix(key, "kms:encryptioncontext:"); ok && w.Context["kms:EncryptionContextKeys"] == nil {
			r.context["kms:encryptioncontextkeys"] = append(r.context["kms:encryptioncontextkeys"], name)
		}
	}
	return r, true
}

// judgeWitnesses holds the requests that an analysis shows for what it says.
func judgeWitnesses(text string, a *access.Analysis) (found []refutation) {
	p := mustParse(text)
	getIn := func(law string, w access.Request) {
		if r, ok := shown(w); ok {
			if d := p.decide(owner, r); d&getsIn == 0 {
				found = append(found, refutation{law, fmt.Sprintf("the request that shows it is %s", d), r})
			}
		}
	}
	if _, w := a.Public(); w != nil {
		getIn("public for sure", *w)
	}
	for _, e := range a.External() {
		getIn("external for sure", e.Witness)
	}
	for _, e := range a.ConfusedDeputy() {
		getIn("confused_deputy for sure", e.Witness)
	}
	return found
}

// judgeChanges holds the requests that a difference shows for what it says.
func judgeChanges(oldText, newText string, diff *access.Difference) (found []refutation) {
	before, after := mustParse(oldText), mustParse(newText)
	for _, e := range slices.Concat(diff.Added, diff.Removed) {
		r, ok := shown(e.Witness)
		if !ok {
			continue
		}
		was, now := before.decide(owner, r), after.decide(owner, r)
		if decisionOf(e.Was)&was == 0 || decisionOf(e.Decision)&now == 0 {
			found = append(found, refutation{"difference for sure", fmt.Sprintf("%s to %s is %s to %s of the request that shows it", e.Was, e.Decision, was, now), r})
		}
	}
	return found
}
