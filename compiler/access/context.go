package access

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// readContext takes a request's context in, key by key, and refuses what KMS would never send.
// A key without values is one that the request does not have.
// A simulation of a request that cannot be is worse than none: somebody who gives aws:PrincipalArn of another role
// would read an answer about a caller who does not exist. So each key is held against the caller, the action and
// the KMS key, and what contradicts them is refused with a sentence.
func (m *model) readContext(req Request, a action, c *caller) (map[string][]string, error) {
	ctx := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(req.Context)) {
		k := keyNamed(name)
		values := req.Context[name]
		if _, twice := ctx[k.lower]; twice {
			return nil, refuse("The context gives %s twice: condition keys differ only in case.", k.name)
		}
		if len(values) == 0 {
			if _, derived := c.derived(k.lower); !derived {
				ctx[k.lower] = []string{}
			}
			continue
		}
		if err := m.checkKey(k, values, a, c); err != nil {
			return nil, err
		}
		if choices, derived := c.derived(k.lower); derived && len(choices) == 1 {
			continue // it says what follows from the caller anyway
		}
		ctx[k.lower] = values
	}
	if problem := conflict(ctx, c); problem != "" {
		return nil, refuse("%s", problem)
	}
	fillContextKeys(ctx, req)
	return ctx, nil
}

// fillContextKeys: the pairs of an encryption context say which keys it has.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context-keys
func fillContextKeys(ctx map[string][]string, req Request) {
	if _, given := ctx[keyEncryptionKeys]; given {
		return
	}
	var names []string
	for name, values := range req.Context {
		if n := len(encryptionPrefix); len(values) > 0 && len(name) >= n && strings.EqualFold(name[:n], encryptionPrefix) {
			names = append(names, name[n:])
		}
	}
	if names != nil {
		slices.Sort(names)
		ctx[keyEncryptionKeys] = names
	}
}

func (m *model) checkKey(k conditionKey, values []string, a action, c *caller) error {
	switch {
	case !k.known:
		return unknownKey(k.name)
	case !k.on(a):
		return refuse("KMS never sends %s with %s.", k.name, a.name)
	case len(values) > 1 && !k.multi:
		return refuse("%s has one value in a request, and the context gives %d.", k.name, len(values))
	}
	if choices, derived := c.derived(k.lower); derived {
		return checkDerived(k, values, choices, c)
	}
	if k.sent(c.kind) == facts.SentNever {
		return refuse("A request of %s never has %s.", c.arn(), k.name)
	}
	if k.lower == keyUserID && !userIDFits(c, values[0]) {
		return refuse("The ids of %s have another form: %s cannot be %q.", c.arn(), k.name, values[0])
	}
	if pinned := m.pinned(k.lower); pinned != "" && !strings.EqualFold(pinned, values[0]) {
		return refuse("%s is %s for this key, and the context gives %s.", k.name, pinned, values[0])
	}
	if facts.KeySays(k.lower) == facts.ViaServiceName {
		return m.checkVia(values[0])
	}
	for _, v := range values {
		if !wellFormed(k, v) {
			return refuse("%s cannot be %q: its values are of type %s.", k.name, v, k.typ)
		}
	}
	return nil
}

// checkVia holds a value of kms:ViaService against its form and the key's Region.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
// A service calls KMS in its own Region, with the keys there: a replica of a multi-Region key has a policy of its
// own in its Region.
func (m *model) checkVia(value string) error {
	switch _, region, ok := facts.SplitViaService(value); {
	case !ok || strings.ContainsAny(value, "*?"):
		return refuse("kms:ViaService cannot be %q: it is a service in a Region, as s3.%s.amazonaws.com.", value, cmp.Or(m.env.Region, exampleRegion))
	case m.env.Region != "" && region != m.env.Region:
		return refuse("kms:ViaService cannot be %s for a key in %s: a service uses the keys of its own Region.", value, m.env.Region)
	}
	return nil
}

func unknownKey(name string) error {
	var names []string
	for _, k := range facts.ConditionKeys() {
		if !k.Pattern {
			names = append(names, k.Name)
		}
	}
	if near, ok := facts.Nearest(name, names); ok {
		return refuse("KMS sends no condition key %s; did you mean %s?", name, near)
	}
	return refuse("KMS sends no condition key %s.", name)
}

// aws:PrincipalArn of somebody else in a request of role/app would be an answer about two people at once. One
// value that follows from the caller may be repeated, any other is refused.
func checkDerived(k conditionKey, values []string, choices [][]string, c *caller) error {
	if len(choices) > 1 {
		return nil // AWS does not document it, and the user says
	}
	want := choices[0]
	switch {
	case want == nil:
		return refuse("A request of %s never has %s.", c.arn(), k.name)
	case !slices.Equal(want, values) && !(k.typ == "Bool" && strings.EqualFold(want[0], values[0])):
		return refuse("%s follows from the principal: it is %s for %s, and the context gives %s.", k.name, want[0], c.arn(), strings.Join(values, ", "))
	}
	return nil
}

// The types are AWS's for condition keys; a value of another type would be compared in ways that no real request
// is.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func wellFormed(k conditionKey, v string) bool {
	ok := true
	switch k.typ {
	case "Bool":
		ok = strings.EqualFold(v, "true") || strings.EqualFold(v, "false")
	case "Numeric":
		_, ok = parseNumber(v)
	case "Date":
		_, ok = parseMoment(v)
	case "IP":
		_, err := netip.ParseAddr(v)
		ok = err == nil
	}
	return ok
}

// pinned is the one value that a key has for this KMS key, "" where that is not known.
// For one KMS key these have one value in every request. A condition on another value is never met, and its
// dimension has one class beside absence, which is why a known Region or key spec makes answers sharper.
func (m *model) pinned(lower string) string {
	switch facts.KeySays(lower) {
	case facts.ResourceKeySpec:
		return m.env.KeySpec
	case facts.ResourceKeyUsage:
		return m.env.KeyUsage
	case facts.ResourceKeyOrigin:
		return m.env.Origin
	case facts.ResourceMultiRegion:
		if m.env.MultiRegion != nil {
			return map[bool]string{true: "true", false: "false"}[*m.env.MultiRegion]
		}
	case facts.RequestRegion:
		return m.env.Region
	case facts.ResourceAccount:
		return m.owner
	}
	return ""
}
