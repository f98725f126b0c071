package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// feasible reports whether a request can be, with every key that the policy looks at taken into account. It is written
// apart from the constraints that the search works with, so that a slip in one is caught by the other. What it rules out
// of keys is in facts' request context, each with its page; an account is in one partition.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-syntax
// A witness is the proof of an accusation, so it is held against all that is known of real requests here, by code
// that shares no tables of boxes with the search. What fails is not reported, even if the boxes say that it
// exists.
func (m *model) feasible(r *request, looked []string) bool {
	if r.caller.kind != callerService && (!policy.IsAccountID(r.caller.account) || r.caller.partition != m.partition) {
		return false
	}
	if r.caller.kind != callerService && r.caller.kind != callerRoot && !callerName.MatchString(r.caller.name) {
		return false
	}
	if r.caller.kind == callerSession && !callerName.MatchString(r.caller.session) {
		return false
	}
	if r.caller.kind == callerSession && misplaced(&r.caller) {
		return false
	}
	for lower, values := range r.ctx {
		k := m.key(lower)
		if len(values) == 0 {
			continue
		}
		if m.checkKey(k, values, r.action, &r.caller) != nil {
			return false
		}
		if k.values != nil && slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(k.values, v) }) {
			return false
		}
		if limit, ok := facts.LookupValueLimit(lower); ok && limit.Form == "principal_arn" && slices.ContainsFunc(values, misplacedARN) {
			return false
		}
		if !inRange(lower, values[0]) || slices.Contains(values, "") && !k.takesEmpty() {
			return false
		}
	}
	for _, lower := range looked {
		k := m.key(lower)
		if _, derived := r.caller.derived(lower); derived || !k.known {
			continue
		}
		if k.alwaysFor(r.caller.kind) && k.on(r.action) && !r.action.future && len(r.ctx[lower]) == 0 {
			return false
		}
	}
	if via := r.ctx[keyViaAWS]; len(r.ctx[keyTransport]) == 0 && slices.Contains(looked, keyTransport) && r.caller.kind != callerService && len(via) > 0 && via[0] == "false" {
		return false
	}
	if values := r.ctx[keyUserID]; len(values) > 0 && !userIDFits(&r.caller, values[0]) {
		return false
	}
	return conflict(r.ctx, &r.caller) == "" && m.contextKeysFit(r.ctx, looked)
}

// key is a condition key by its name. Each request is held against all keys that the policy looks at, which can be hundreds.
func (m *model) key(lower string) conditionKey {
	k, ok := m.known[lower]
	if !ok {
		if m.known == nil {
			m.known = map[string]conditionKey{}
		}
		k = keyNamed(lower)
		m.known[lower] = k
	}
	return k
}

// inRange holds numbers against the ranges that KMS accepts.
func inRange(lower, v string) bool {
	low, high, ok := numberRange(lower)
	if !ok {
		return true
	}
	n, isNumber := parseNumber(v)
	return isNumber && n >= low && n <= high && n == float64(int64(n))
}

func numberRange(lower string) (low, high float64, ok bool) {
	limit, ok := facts.LookupValueLimit(lower)
	return limit.Min, limit.Max, ok && limit.Form == "integer"
}

// contextKeysFit: an encryption context's keys and its pairs go together.
func (m *model) contextKeysFit(ctx map[string][]string, looked []string) bool {
	names := ctx[keyEncryptionKeys]
	if !slices.Contains(looked, keyEncryptionKeys) {
		return true
	}
	for _, lower := range looked {
		name, ok := strings.CutPrefix(lower, encryptionPrefix)
		if !ok {
			continue
		}
		listed := slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		if listed != (len(ctx[lower]) > 0) {
			return false
		}
	}
	return true
}

// conflict says what two keys of a context contradict each other, "" where none do.
func conflict(ctx map[string][]string, c *caller) string {
	if len(ctx) == 0 {
		return ""
	}
	for _, x := range facts.KeyExclusions() {
		got := ctx[strings.ToLower(x.Key)]
		if len(got) == 0 || x.Value != "" && !strings.EqualFold(x.Value, got[0]) || !slices.Contains(x.Callers, c.kindName()) {
			continue
		}
		for _, other := range x.Without {
			switch {
			case len(ctx[strings.ToLower(other)]) == 0:
			case x.Value == "":
				return "A request with " + other + " has no " + x.Key + ": the context gives both."
			default:
				return "A request with " + other + " has " + x.Key + " that is not " + x.Value + ": the context gives " + got[0] + "."
			}
		}
	}
	for _, lower := range slices.Sorted(maps.Keys(ctx)) {
		name, pair := strings.CutPrefix(lower, encryptionPrefix)
		if names, ok := ctx[keyEncryptionKeys]; pair && ok && !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			return "The context gives kms:EncryptionContext:" + name + ", which its kms:EncryptionContextKeys does not list."
		}
	}
	return orgConflict(ctx)
}

func orgConflict(ctx map[string][]string) string {
	for _, pair := range facts.KeyPairs() {
		if !pair.Says.IsOrganizationPath() {
			continue
		}
		id, paths := ctx[pair.ID], ctx[pair.Long]
		for _, p := range paths { // an account is in one organization
			if first, _, _ := strings.Cut(paths[0], "/"); !strings.HasPrefix(p, first+"/") {
				return "The context's " + keyNamed(pair.Long).name + " has paths of two organizations, " + paths[0] + " and " + p + "."
			}
			if len(id) > 0 && !strings.HasPrefix(p, id[0]+"/") {
				return "The context's " + keyNamed(pair.Long).name + " " + p + " is not in its organization " + id[0] + "."
			}
		}
	}
	account, arn := ctx[keySourceAccount], ctx[keySourceARN]
	if len(account) > 0 && len(arn) > 0 {
		if a, ok := policy.ParseARN(arn[0]); ok && a.Account != "" && a.Account != account[0] {
			return "The context's aws:SourceArn is in account " + a.Account + " and its aws:SourceAccount is " + account[0] + "."
		}
	}
	return ""
}

// userIDFits holds aws:userid against the caller.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
// aws:userid is the one key by which a user can be named without an ARN, and its form depends on the kind of
// caller: AIDA… for a user, AROA…:SESSION for a role, ACCOUNT:NAME for a federated user. Without it a condition on
// "AROA*:*" would seem to let users in.
func userIDFits(c *caller, id string) bool { return parseUserID(id).fits(c) }

// userID is a text of aws:userid, read once for many callers.
type userID struct {
	text, before, after string
	colon, unique       bool // unique is the text before the colon
}

func parseUserID(text string) userID {
	before, after, colon := strings.Cut(text, ":")
	return userID{text, before, after, colon, isUniqueID(before)}
}

func (id userID) fits(c *caller) bool {
	switch c.kind {
	case callerRoot:
		return id.text == c.account
	case callerUser:
		return !id.colon && id.unique
	case callerSession:
		return id.colon && id.unique && (id.after == c.session || c.anySession && callerName.MatchString(id.after))
	case callerFederated:
		return id.before == c.account && id.after == c.name
	case callerService:
		return true // AWS does not say what it is for a service
	}
	return false
}

// isUniqueID: ids of users and roles start with letters, AIDA and AROA.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func isUniqueID(id string) bool {
	return id != "" && strings.Trim(id, letters+digits) == "" && strings.Contains(letters, id[:1])
}
