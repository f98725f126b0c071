package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// meeting is a request that has the keys which the policy looks at, as far as it can.
func (w *wide) meeting(m *model) Request {
	req := Request{Action: pick(w.generator, w.actions...), Context: map[string][]string{}}
	for range 12 {
		a, _ := facts.LookupAction(req.Action)
		if slices.ContainsFunc(m.statements, func(st statement) bool { return st.allow && st.actionMatch(actionOf(a)) == yes }) {
			break
		}
		req.Action = pick(w.generator, w.actions...)
	}
	w.caller(m, &req)
	for i := range m.statements {
		for _, c := range m.statements[i].conditions {
			for _, name := range append(c.variableNames(), c.key.lower) {
				w.addKey(m, &req, name)
			}
		}
	}
	return req
}

// caller picks one that a statement names, or any.
func (w *wide) caller(m *model, req *Request) {
	account, kind := pick(w.generator, testAccount, testAccount, testAccount, otherAccount), w.IntN(8)
	user, role, session, fed, service := pick(w.generator, "alice", "alice", "team/bob", "carol"), pick(w.generator, "app", "app", "svc/worker", "other"),
		pick(w.generator, "s1", "s2"), pick(w.generator, "alice", "fed"), pick(w.generator, "sns.amazonaws.com", "logs.us-east-1.amazonaws.com", "s3.amazonaws.com")
	if src := m.statements[w.IntN(len(m.statements))].src; len(src.Principals) > 0 && w.IntN(2) == 0 {
		switch p := src.Principals[w.IntN(len(src.Principals))]; p.Kind {
		case policy.Account:
			account = p.Account
		case policy.User:
			account, kind, user = p.Account, 1, p.NamePath+p.Name
		case policy.Role:
			account, kind, role = p.Account, 3, p.NamePath+p.Name
		case policy.Session:
			account, kind, session = p.Account, 3, p.Session
			if role = p.Name; role == "worker" {
				role = "svc/worker" // a role has one path
			}
		case policy.FederatedUser:
			account, kind, fed = p.Account, 6, p.Name
		case policy.Service:
			kind, service = 7, p.Text
		case policy.Anyone, policy.Federated, policy.CanonicalUser, policy.UniqueID, policy.Group, policy.OtherARN, policy.Unknown:
		}
	}
	switch kind {
	case 0:
		req.Principal = "arn:aws:iam::" + account + ":root"
	case 1, 2:
		req.Principal = "arn:aws:iam::" + account + ":user/" + user
	case 3, 4, 5:
		req.Principal = "arn:aws:sts::" + account + ":assumed-role/" + role[strings.LastIndex(role, "/")+1:] + "/" + session
		req.Context["aws:PrincipalArn"] = []string{"arn:aws:iam::" + account + ":role/" + role}
	case 6:
		req.Principal = "arn:aws:sts::" + account + ":federated-user/" + fed
	case 7:
		req.Principal = service
	}
}

// asked picks a value that a policy asks for.
func (w *wide) asked(m *model, lower string) []string {
	var list []string
	for i := range m.statements {
		for _, c := range m.statements[i].conditions {
			for _, v := range c.values {
				if c.key.lower == lower && c.op.family != familyNull && v.pieces == nil && !strings.ContainsAny(v.text, "*?$") {
					list = append(list, v.text)
				}
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return []string{pick(w.generator, list...)}
}

func (w *wide) addKey(m *model, req *Request, lower string) {
	fact, suffix, ok := facts.LookupConditionKey(lower)
	name := fact.Spell(suffix)
	if !ok || isCallerKey(lower) || req.Context[name] != nil || w.IntN(4) == 0 {
		return
	}
	req.Context[name] = w.values(fact, false, "")
	if v := w.asked(m, lower); v != nil && w.IntN(2) == 0 {
		req.Context[name] = v
	}
	if lower == keyEncryptionKeys {
		req.Context[name] = []string{"App", "Env", "a"}[:1+w.IntN(3)]
	}
	if _, err := Simulate(m.doc, m.env, *req); err != nil {
		delete(req.Context, name)
	}
}

// wholeContext is the request's context with all that follows from the caller and that every request has; nil where the
// request cannot be.
func wholeContext(m *model, req Request) map[string][]string {
	fact, _ := facts.LookupAction(req.Action)
	callers, err := m.parseCaller(req.Principal)
	if err != nil {
		return nil
	}
	callers = m.pathFromContext(req, callers)
	if len(callers) != 1 {
		return nil
	}
	ctx, err := m.readContext(req, actionOf(fact), &callers[0])
	if err != nil {
		return nil
	}
	r := &request{caller: callers[0], action: actionOf(fact), ctx: ctx}
	m.fillIn(r)
	out := map[string][]string{}
	for _, lower := range slices.Sorted(maps.Keys(ctx)) {
		if len(ctx[lower]) == 0 {
			continue
		}
		out[keyNamed(lower).name] = ctx[lower]
	}
	for _, lower := range []string{"aws:principalarn", "aws:principalaccount", "kms:calleraccount", "aws:principaltype", "aws:username", "aws:principalisawsservice", "aws:principalservicename"} {
		if choices, _ := callers[0].derived(lower); len(choices) == 1 && choices[0] != nil {
			out[keyNamed(lower).name] = choices[0]
		}
	}
	return out
}
