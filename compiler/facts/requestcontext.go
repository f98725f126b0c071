package facts

import (
	"slices"
	"strings"
	"sync"
)

// Sent reports whether a kind of caller can have a condition key in its requests.
type Sent string

// The values of Sent.
const (
	// SentPossibly is for a key that a caller can have, as far as AWS's pages say.
	SentPossibly Sent = "possibly"
	// SentNotKnown is for a key of which AWS's pages contradict each other. Nothing more than a warning may rest on its
	// absence.
	SentNotKnown Sent = "not_known"
	// SentNever is for a key that a page of AWS says such a caller does not have.
	SentNever Sent = "never"
)

// KeyAbsence is a group of condition keys that some kinds of callers do not have, or are not known to have.
type KeyAbsence struct {
	// Keys are condition keys, or families of them that end in *.
	Keys []string `json:"keys"`
	// Callers are kinds of callers: root_user, user, role, federated_user and service.
	Callers []string `json:"callers"`
	Sent    Sent     `json:"sent"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
	// ContradictedBy is a page of AWS that says otherwise; without one a key is sent never.
	ContradictedBy string `json:"contradicted_by"`
	Note           string `json:"note"`
}

// KeyExclusion is a condition key that no request has together with one of some others.
type KeyExclusion struct {
	Key string `json:"key"`
	// Value limits the exclusion to one value of Key; empty for any.
	Value   string   `json:"value"`
	Without []string `json:"without"`
	// Callers are the kinds of callers that it holds for.
	Callers []string `json:"callers"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
	Note   string `json:"note"`
}

// DerivedKey is a condition key whose value follows from the caller.
type DerivedKey struct {
	Keys []string `json:"keys"`
	// Callers are the kinds of callers of which Source says the value.
	Callers []string `json:"callers"`
	// Form names what the value is: principal_arn, account_id, principal_type, name, user_id, true or false.
	Form string `json:"form"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
	Note   string `json:"note"`
}

// KeyRelation is what follows for the values of some condition keys in one request: two keys that agree, or keys that follow
// from the KMS key.
type KeyRelation struct {
	// Keys are the keys, or families that end in *.
	Keys []string `json:"keys"`
	// Form names how two keys agree, or the property of the KMS key that one follows from.
	Form string `json:"form"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
	Note   string `json:"note"`
}

// ValueLimit is what limits the values of some condition keys.
type ValueLimit struct {
	Keys []string `json:"keys"`
	// Form names a form of text, or integer.
	Form string `json:"form"`
	// Min and Max are the bounds of an integer.
	Min float64 `json:"min"`
	Max float64 `json:"max"`
	// Only are the only values; nil for any of the form.
	Only []string `json:"only"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
	Note   string `json:"note"`
}

// CallerLimit is what a caller must be to make a request at all, or one for some actions.
type CallerLimit struct {
	// Of is what is limited: partition, account, name, action_of_another_account or action_of_iam_policies.
	Of string `json:"of"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
	Note   string `json:"note"`
}

// ReservedRole is a kind of role that only AWS makes, and the path that all such roles are under.
type ReservedRole struct {
	// NamePrefix is what the names of such roles start with.
	NamePrefix string `json:"name_prefix"`
	// PathPrefix is what their paths start with, with a slash at its end and none at its start.
	PathPrefix string `json:"path_prefix"`
	// Deeper is a placeholder for the rest of the path, as in REGION/.
	Deeper string `json:"deeper"`
	// DeeperOptional is true where some such roles have no more than PathPrefix.
	DeeperOptional bool `json:"deeper_optional"`
	// Maker names who makes them, for people.
	Maker string `json:"maker"`
	// Source is the page of AWS that says so.
	Source string `json:"source"`
}

type requestContextData struct {
	Callers    []KeyAbsence   `json:"callers"`
	Derived    []DerivedKey   `json:"derived"`
	Exclusions []KeyExclusion `json:"exclusions"`
	Agreements []KeyRelation  `json:"agreements"`
	Values     []ValueLimit   `json:"values"`
	Pinned     []KeyRelation  `json:"pinned"`
	Limits     []CallerLimit  `json:"callers_that_can_be"`
	Reserved   []ReservedRole `json:"reserved_roles"`
}

var requestContextFile = lazy[requestContextData]("request-context.json")

// DerivedKeys returns which condition keys follow from the caller.
func DerivedKeys() []DerivedKey { return slices.Clone(requestContextFile().Derived) }

// KeyAgreements returns which condition keys agree with each other.
func KeyAgreements() []KeyRelation { return slices.Clone(requestContextFile().Agreements) }

// PinnedKeys returns which condition keys follow from the KMS key.
func PinnedKeys() []KeyRelation { return slices.Clone(requestContextFile().Pinned) }

// CallerLimits returns what a caller must be to make a request.
func CallerLimits() []CallerLimit { return slices.Clone(requestContextFile().Limits) }

// KeyExclusions returns which condition keys no request has together.
func KeyExclusions() []KeyExclusion { return slices.Clone(requestContextFile().Exclusions) }

// KeySent reports whether a kind of caller, as in KeyAbsence, can have a condition key.
func KeySent(key, caller string) Sent {
	for _, a := range requestContextFile().Callers {
		if !slices.Contains(a.Callers, caller) {
			continue
		}
		for _, k := range a.Keys {
			if family, many := strings.CutSuffix(k, "*"); many && len(key) > len(family) && strings.EqualFold(key[:len(family)], family) || strings.EqualFold(k, key) {
				return a.Sent
			}
		}
	}
	return SentPossibly
}

var valueLimits = sync.OnceValue(func() map[string]ValueLimit {
	index := map[string]ValueLimit{}
	for _, l := range requestContextFile().Values {
		for _, k := range l.Keys {
			index[strings.ToLower(k)] = l
		}
	}
	return index
})

// LookupValueLimit finds what limits the values of a condition key; ok is false where nothing does.
func LookupValueLimit(key string) (limit ValueLimit, ok bool) {
	limit, ok = valueLimits()[strings.ToLower(key)]
	return limit, ok
}

// ReservedRoles returns the kinds of roles that only AWS makes.
func ReservedRoles() []ReservedRole { return slices.Clone(requestContextFile().Reserved) }

// MisplacedRole reports whether no role can have a path and name, because a role of that name would be a reserved one and
// those are under another path. The path is empty or ends in a slash. Both may have wildcards: then it is false where
// what they match can be under the right path.
func MisplacedRole(path, name string) (kind ReservedRole, misplaced bool) {
	for _, r := range requestContextFile().Reserved {
		for at, segment := range strings.SplitAfter(path+name, "/") {
			if !strings.HasPrefix(segment, r.NamePrefix) {
				continue
			}
			before := strings.Join(strings.SplitAfter(path+name, "/")[:at], "")
			if !r.holds(before) {
				return r, true
			}
		}
	}
	return ReservedRole{}, false
}

// holds reports whether such a role can be under a path.
func (r ReservedRole) holds(path string) bool {
	rest, ok := strings.CutPrefix(path, r.PathPrefix)
	if !ok {
		at := strings.IndexAny(path, "*?") // what is before a wildcard must fit
		return at >= 0 && strings.HasPrefix(r.PathPrefix, path[:min(at, len(r.PathPrefix))])
	}
	return rest != "" || r.DeeperOptional
}

// RightPath is the path to write for such a role, with a placeholder for what is not known.
func (r ReservedRole) RightPath() string { return r.PathPrefix + r.Deeper }
