package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// conditionKey is what is known of one condition key that a policy or a request names.
// Condition keys are compared without regard to case and reported as AWS spells them, hence two names. A key that
// the facts lack is not an error here: AWS adds keys, and one that nobody knows makes the condition unknown.
type conditionKey struct {
	name   string // as AWS spells it
	lower  string
	known  bool
	multi  bool
	typ    string
	values []string // the only values, nil where any
	always bool     // in every request of its operations

	operations []string // short action names; nil for all
}

// The keys that the engine works out for itself, or that others follow from. What any other key says is a fact.
const (
	keyCurrentTime    = "aws:currenttime"
	keyEpochTime      = "aws:epochtime"
	keyUserID         = "aws:userid"
	keyUserAgent      = "aws:useragent"
	keyTransport      = "aws:securetransport"
	keyViaAWS         = "aws:viaawsservice"
	keyEncryptionKeys = "kms:encryptioncontextkeys"
	keyPrincipalARN   = "aws:principalarn"
	keyUserName       = "aws:username"
	keySourceAccount  = "aws:sourceaccount"
	keySourceARN      = "aws:sourcearn"
	encryptionPrefix  = "kms:encryptioncontext:"
	attestationPrefix = "kms:recipientattestation:"
)

// keyNamed looks a key up; one that the facts do not know may be in a request or not.
// A key whose presence the facts have as unverified counts as one that can be absent: to take it for always
// present would turn an "IfExists" that matters into one that does not.
func keyNamed(name string) conditionKey {
	k := plainKey(name)
	fact, suffix, ok := facts.LookupConditionKey(name)
	if !ok {
		return k
	}
	k.known, k.name, k.multi, k.typ = true, fact.Spell(suffix), fact.Multivalued, fact.Type
	k.values, k.operations = fact.Values, fact.Operations
	k.always = fact.Presence == facts.PresenceAlways || fact.Presence == facts.PresenceOnListedOperations
	if k.typ == "Bool" {
		k.values = []string{"true", "false"}
	}
	if k.lower == keyViaAWS {
		k.values = []string{"false", "true"} // a witness is a call of one's own where it can be
	}
	if limit, ok := facts.LookupValueLimit(k.lower); ok && limit.Only != nil {
		k.values = limit.Only
	}
	if fact.Says == facts.RequestTagNames || fact.Says == facts.RequestTag {
		k.operations = taggingOperations()
	}
	return k
}

func plainKey(name string) conditionKey {
	return conditionKey{name: name, lower: strings.ToLower(name), typ: "String"}
}

// taggingOperations are the actions whose requests pass tags.
func taggingOperations() []string {
	var names []string
	for _, a := range facts.Actions() {
		if slices.ContainsFunc(a.ConditionKeys, func(name string) bool { return facts.KeySays(strings.ToLower(name)) == facts.RequestTagNames }) {
			names = append(names, a.ShortName)
		}
	}
	return names
}

// on reports whether a request for an action can have the key: for an action that AWS may add, nobody knows.
func (k conditionKey) on(a action) bool {
	return k.operations == nil || a.future || slices.Contains(k.operations, a.short)
}

// isCallerKey: these follow only from the caller, so they have no dimension of their own.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func isCallerKey(lower string) bool { return facts.KeySays(lower).FollowsFromCaller() }

// isIdentityKey: they say which IAM principal calls. AWS does not document what they are in a service's own request, and
// for everyone's they mean users and roles.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
func isIdentityKey(lower string) bool { return facts.KeySays(lower).NamesPrincipal() }

// sent reports whether a kind of caller can have the key in its requests.
func (k conditionKey) sent(kind callerKind) facts.Sent {
	return facts.KeySent(k.lower, caller{kind: kind}.kindName())
}

// alwaysFor reports whether every request of such a caller for its operations has the key. Of a service's own call some of
// the context is redacted, and aws:userid is not documented.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
func (k conditionKey) alwaysFor(kind callerKind) bool {
	if k.lower == keyUserAgent || k.lower == keyUserID {
		return k.always && kind != callerService
	}
	return k.always
}
