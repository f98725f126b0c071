package facts

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Way is how a use gets at a key.
type Way string

// The ways.
const (
	// WayKeyPolicy is a principal that only the key policy itself can let in: a service, or a service-linked role.
	WayKeyPolicy Way = "key_policy"
	// WayIdentityPolicy is a caller whose credentials a service uses: an identity policy can let it in, where the key
	// policy delegates to the account.
	WayIdentityPolicy Way = "identity_policy"
	// WayGrant is the same for a service that goes on to work by a grant, which the caller makes or has it make.
	WayGrant Way = "grant"
)

// Use is what a key can be for: what AWS documents that a service asks of the key.
type Use struct {
	// ID names the use, in kebab-case. A template of that name, where there is one, lets it in.
	ID string `json:"id"`
	// Name names it for people, as the object of "used by".
	Name string `json:"name"`
	// Service is the AWS service, as its pages spell it.
	Service string `json:"service"`
	// Way is how it gets in.
	Way Way `json:"way"`
	// Stores is true where a service that calls KMS as itself stores what it encrypts and decrypts it later, also after another key
	// has taken this one's place.
	Stores bool `json:"stores"`
	// KeySpec and KeyUsage are those of the only kind of key that it works with, as KMS spells them; see NeedsKey.
	KeySpec  string `json:"key_spec"`
	KeyUsage string `json:"key_usage"`
	// Regions are the only Regions of a key that it works with; nil where any will do.
	Regions []string `json:"regions"`
	// Template is the built-in template that lets it in; "" where there is none.
	Template string `json:"template"`
	// Parameters are what the requests leave open, by the names in their references.
	Parameters map[string]UseParameter `json:"parameters"`
	// Requests are what the service asks of the key.
	Requests []UseRequest `json:"requests"`
	// Idle are actions of the documented statement that no request of the service is known to need.
	Idle []string `json:"idle"`
	// Needs says in a sentence what has to be done beside the key policy; "" where nothing has to be.
	Needs string `json:"needs"`
	// Open says, a sentence each, what AWS's pages leave open.
	Open []string `json:"open"`
	// Page is the AWS page that documents it.
	Page string `json:"page"`
	// Pages are further pages that it rests on.
	Pages []string `json:"pages"`
}

// UseParameter is something that requests of a use leave open.
type UseParameter struct {
	// Title is what it is, in a few words.
	Title string `json:"title"`
	// Example is a value of it.
	Example string `json:"example"`
	// Pattern is a regular expression that its values match; "" where any text will do.
	Pattern string `json:"pattern"`
	// Values are all of its values; nil where there is no such list.
	Values []string `json:"values"`
	// Principals is true for a list of ARNs of IAM principals.
	Principals bool `json:"principals"`
	// Optional is true for what the template has a default for.
	Optional bool `json:"optional"`
	// Free is true for what neither the template nor used_by asks for: any value of it will do.
	Free bool `json:"free"`
}

// Takes reports whether a text can be a value of the parameter, as far as its form says. A wildcard in it represents any text.
func (p UseParameter) Takes(text string) bool {
	if p.Pattern == "" || strings.ContainsAny(text, "*?") {
		return true
	}
	return regexp.MustCompile(p.Pattern).MatchString(text)
}

// UseRequest is one kind of request: the same principal with the same context for some actions. Strings of it hold
// references such as $(region), to what is known of the key and to the parameters of the use.
type UseRequest struct {
	// Principal is a service's name or an ARN.
	Principal string `json:"principal"`
	// Actions are all needed. Of one with a wildcard AWS does not say which of its actions are: at least one is.
	Actions []string `json:"actions"`
	// Context is what AWS documents that the request has.
	Context map[string]string `json:"context"`
	// NotSent are condition keys that AWS documents that the request does not have.
	NotSent []string `json:"not_sent"`
}

// NeedsKey gives the key spec and key usage that a key needs for the use, as KMS spells them. AWS services encrypt with symmetric
// encryption keys only.
// https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
func (u Use) NeedsKey() (keySpec, keyUsage string) {
	if u.KeySpec == "" {
		return "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"
	}
	return u.KeySpec, u.KeyUsage
}

type useData struct {
	Date   string `json:"date"`
	Source string `json:"source"`
	Uses   []Use  `json:"uses"`
}

var useFile = lazy[useData]("uses.json")

var uses = sync.OnceValue(func() []Use {
	sorted := slices.Clone(useFile().Uses)
	slices.SortFunc(sorted, func(a, b Use) int { return strings.Compare(a.ID, b.ID) })
	return sorted
})

// Uses returns every use of a key that these facts know, sorted by id.
func Uses() []Use { return slices.Clone(uses()) }

// LookupUse finds a use by its id.
func LookupUse(id string) (Use, bool) {
	i, found := slices.BinarySearchFunc(uses(), id, func(u Use, id string) int { return strings.Compare(u.ID, id) })
	if !found {
		return Use{}, false
	}
	return uses()[i], true
}

// UseNames are the ids of all uses, sorted.
func UseNames() []string {
	names := make([]string, len(uses()))
	for i, u := range uses() {
		names[i] = u.ID
	}
	return names
}
