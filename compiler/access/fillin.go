package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// fillIn adds to a request what it has whether it is given or not: what follows from the key, from the caller and from
// what is given. What every request has and is not given stays open. A key that is given without values is absent.
// Somebody who simulates a request gives what he thinks of. What KMS adds to each request is added here, so that a
// Deny on aws:SecureTransport does not decide a request just because nobody mentioned TLS.
func (m *model) fillIn(r *request) {
	m.fillTime(r)
	fillCaller(r)
	m.fillKey(r)
	m.fillVia(r)
	fillTransport(r)
}

func (r *request) gives(lower string) bool {
	_, given := r.ctx[lower]
	return given
}

func (r *request) leaveOpen(lower string, choices [][]string) {
	if r.open == nil {
		r.open = map[string][][]string{}
	}
	r.open[lower] = choices
}

func (m *model) fillTime(r *request) {
	ctx := r.ctx
	switch {
	case len(ctx[keyCurrentTime]) > 0 && len(ctx[keyEpochTime]) == 0:
		if seconds, ok := parseMoment(ctx[keyCurrentTime][0]); ok {
			ctx[keyEpochTime] = []string{formatNumber(seconds)}
		}
	case len(ctx[keyEpochTime]) > 0 && len(ctx[keyCurrentTime]) == 0:
		if seconds, ok := parseMoment(ctx[keyEpochTime][0]); ok {
			ctx[keyCurrentTime] = []string{formatDate(seconds)}
		}
	case len(ctx[keyCurrentTime]) == 0 && !m.env.Today.IsZero():
		ctx[keyCurrentTime] = []string{formatDate(float64(m.env.Today.Unix()))}
		ctx[keyEpochTime] = []string{formatNumber(float64(m.env.Today.Unix()))}
	}
}

// fillCaller: a root user's and a federated user's id follow from who they are.
func fillCaller(r *request) {
	if r.gives(keyUserID) {
		return
	}
	switch c := &r.caller; c.kind {
	case callerRoot:
		r.ctx[keyUserID] = []string{c.account}
	case callerFederated:
		r.ctx[keyUserID] = []string{c.account + ":" + c.name}
	case callerUser, callerSession, callerService:
	}
}

// fillVia: a request that a service makes for an IAM principal has the service's name, and one without is the caller's
// own. Of a service's own request through another service AWS does not say it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-viaawsservice
func (m *model) fillVia(r *request) {
	via := slices.ContainsFunc(slices.Concat(facts.KeysSaying(facts.ViaServiceName), facts.KeysSaying(facts.ViaChain)), func(lower string) bool {
		return len(r.ctx[lower]) > 0
	})
	switch {
	case r.gives(keyViaAWS) || r.action.future:
	case !via:
		r.ctx[keyViaAWS] = []string{"false"}
	case r.caller.kind == callerService:
		r.leaveOpen(keyViaAWS, [][]string{{"false"}, {"true"}})
	default:
		r.ctx[keyViaAWS] = []string{"true"}
	}
}

// fillTransport: KMS takes only TLS, and a call that a service makes may leave that out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
func fillTransport(r *request) {
	switch via := r.ctx[keyViaAWS]; {
	case r.gives(keyTransport):
	case r.caller.kind == callerService || len(via) > 0 && strings.EqualFold(via[0], "true"):
		r.leaveOpen(keyTransport, [][]string{{"true"}, nil})
	default:
		r.ctx[keyTransport] = []string{"true"}
	}
}

// lookedAt lists the keys that the policy's conditions look at, in lower case.
func (m *model) lookedAt() []string {
	if m.keys != nil {
		return m.keys
	}
	list := []string{}
	for i := range m.statements {
		for j := range m.statements[i].conditions {
			c := &m.statements[i].conditions[j]
			list = append(append(list, c.key.lower), c.variableNames()...)
		}
	}
	slices.Sort(list)
	m.keys = slices.Compact(list)
	return m.keys
}
