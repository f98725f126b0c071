package access

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// wide makes random policies over every operator, every condition key and every kind of principal, and requests that
// meet them.
type wide struct {
	generator
	keys    []facts.ConditionKey
	actions []string
}

// newerThanOracle are keys that iam-simulate drops from a request, as it does not know them.
var newerThanOracle = []string{"aws:IsMcpServiceAction", "aws:SignInSessionArn", "codebuild:BuildArn", "codebuild:ProjectArn"}

func newWide(seed uint64) *wide {
	w := &wide{generator: generator{rand.New(rand.NewPCG(seed, 3))}}
	for _, k := range facts.ConditionKeys() {
		if k.UsableIn != "iam_only" && !slices.Contains(newerThanOracle, k.Name) {
			w.keys = append(w.keys, k)
		}
	}
	for _, a := range facts.Actions() {
		if a.EffectiveInKeyPolicy {
			w.actions = append(w.actions, a.Name)
		}
	}
	return w
}

const otherAccount = "444455556666"

func (w *wide) principal() any {
	arn := func(tail string) string {
		return "arn:aws:" + pick(w.generator, "iam", "iam", "sts") + "::" + pick(w.generator, testAccount, testAccount, otherAccount) + ":" + tail
	}
	one := func() string {
		switch w.IntN(9) {
		case 0:
			return pick(w.generator, testAccount, otherAccount)
		case 1:
			return "arn:aws:iam::" + pick(w.generator, testAccount, testAccount, otherAccount) + ":root"
		case 2, 3:
			return strings.Replace(arn("user/"+pick(w.generator, "alice", "team/bob", "Alice")), ":sts:", ":iam:", 1)
		case 4, 5:
			return strings.Replace(arn("role/"+pick(w.generator, "app", "svc/worker", "APP")), ":sts:", ":iam:", 1)
		case 6:
			return strings.Replace(arn("assumed-role/"+pick(w.generator, "app/s1", "worker/s1")), ":iam:", ":sts:", 1)
		case 7:
			return strings.Replace(arn("federated-user/"+pick(w.generator, "alice", "fed")), ":iam:", ":sts:", 1)
		}
		return "*"
	}
	switch w.IntN(8) {
	case 0:
		return "*"
	case 1:
		return map[string]any{"Service": pick[any](w.generator, "sns.amazonaws.com", "logs.us-east-1.amazonaws.com", []string{"sns.amazonaws.com", "s3.amazonaws.com"})}
	case 2:
		return map[string]any{"Service": "sns.amazonaws.com", "AWS": one()}
	case 3, 4:
		return map[string]any{"AWS": one()}
	}
	return map[string]any{"AWS": []string{one(), one()}}
}

func (w *wide) action() any {
	one := func() string {
		name := pick(w.generator, w.actions...)
		switch w.IntN(8) {
		case 0:
			return "kms:*"
		case 1:
			return "*"
		case 2:
			return name[:5+w.IntN(len(name)-5)] + "*"
		case 3:
			at := 4 + w.IntN(len(name)-4)
			return name[:at] + "?" + name[at+1:]
		case 4:
			return "kms:" + strings.ToLower(name[4:])
		case 5:
			return "kms:*" + name[len(name)-3:]
		}
		return name
	}
	switch w.IntN(4) {
	case 0:
		return one()
	case 1:
		return "kms:*"
	}
	return []string{one(), one(), one()}
}

func (w *wide) statement() map[string]any {
	st := map[string]any{"Effect": pick(w.generator, "Allow", "Allow", "Allow", "Deny", "Deny"), "Principal": w.principal()}
	if st["Effect"] == "Deny" && w.IntN(6) == 0 {
		delete(st, "Principal")
		st["NotPrincipal"] = pick[any](w.generator, w.principal(),
			map[string]any{"AWS": []string{"arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/app"}},
			map[string]any{"Service": "sns.amazonaws.com"}, map[string]any{"AWS": []string{testAccount}})
	}
	switch w.IntN(12) {
	case 0:
		st["NotResource"] = pick(w.generator, "arn:aws:kms:us-east-1:111122223333:key/*", "arn:aws:kms:eu-west-1:*:key/*", testKey)
	case 1:
		st["Resource"] = pick[any](w.generator, testKey, "arn:aws:kms:*:111122223333:key/*", []string{"arn:aws:kms:us-east-1:111122223333:alias/x", testKey}, "arn:aws:kms:eu-west-1:111122223333:key/*")
	case 2:
		if w.IntN(3) > 0 {
			st["Resource"] = "*"
		}
	default:
		st["Resource"] = "*"
	}
	st[pick(w.generator, "Action", "Action", "Action", "Action", "Action", "Action", "Action", "NotAction")] = w.action()
	conditions := map[string]map[string]any{}
	for range pick(w.generator, 0, 1, 1, 1, 1, 2) {
		name, k := w.key()
		op, family := w.operator(k)
		values := w.values(k, true, family)
		if w.IntN(8) == 0 {
			op, values = "Null", []string{pick(w.generator, "true", "false", "True")}
		}
		if conditions[op] == nil {
			conditions[op] = map[string]any{}
		}
		if w.IntN(2) == 0 && len(values) == 1 {
			conditions[op][name] = values[0]
			continue
		}
		conditions[op][name] = values
	}
	if len(conditions) > 0 {
		st["Condition"] = conditions
	}
	return st
}

func (w *wide) policy() string {
	var list []map[string]any
	for range 1 + w.IntN(4) {
		list = append(list, w.statement())
	}
	return string(mustJSON(map[string]any{"Version": pick(w.generator, "2012-10-17", "2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17"), "Statement": list}))
}
