package uses

import (
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// Asked is a use that a key is said to be for, with the values that are given for its parameters.
type Asked struct {
	Use   facts.Use
	Given map[string][]string
}

// Verdict says what a policy makes of a use, or of one of its requests.
type Verdict string

// The verdicts, the better ones first.
const (
	Fulfilled     Verdict = "fulfilled"             // the key policy allows it by itself
	NeedsIdentity Verdict = "needs_identity_policy" // it depends on the caller's identity policies
	NotDocumented Verdict = "not_documented"        // it depends on a condition key of which AWS's pages do not say whether it is sent
	Unknown       Verdict = "unknown"               // the engine cannot decide it
	Refused       Verdict = "refused"
)

// badness orders verdicts.
func (v Verdict) badness() int {
	for i, known := range []Verdict{Fulfilled, NeedsIdentity, NotDocumented, Unknown, Refused} {
		if v == known {
			return i
		}
	}
	return 0
}

func worse(a, b Verdict) Verdict {
	if b.badness() > a.badness() {
		return b
	}
	return a
}

// Answer is what a policy makes of a use.
type Answer struct {
	Verdict Verdict
	// Values are what the answer supposes for what is not given: those with which the policy comes nearest to the use.
	Values map[string]string
	// Requests are all requests of the use, in its order.
	Requests []Decided
	// WrongKey is true for a key of another kind than the use works with: it is refused then, whatever the requests are.
	WrongKey bool
	// WrongRegion is true for a key in another Region than those that the use works with: it is refused then, whatever the requests are.
	WrongRegion bool
	// OpenRegion is true for a key whose Region is not known, where the use works in some Regions only: the verdict is not a better one than
	// Unknown then.
	OpenRegion bool
}

// Decided is one request with its decision.
type Decided struct {
	Principal  string
	Caller     Caller
	Action     string // of one with a wildcard, the action that is allowed, or the first
	Written    string // as the facts have it
	Context    map[string][]string
	Decision   access.Decision
	Verdict    Verdict
	Statements []int             // those that decide it, by their index
	Obstacles  []Obstacle        // what is in the way, where it is not fulfilled
	Reasons    []string          // why the engine cannot decide
	Undecided  access.ReasonKind // what would settle it, "" where it is decided

	contradictory bool // there is no such request: two of its values contradict each other
}

// Caller says where the principal of a request comes from.
type Caller string

// The callers.
const (
	GivenCaller   Caller = "given"   // the use itself has it, or it is given for a parameter
	NearestCaller Caller = "nearest" // any user or role will do: of those that the policy names, the one that comes nearest to the use
	ExampleCaller Caller = "example" // any user or role will do, and the policy does not name this one
)

// ObstacleKind says what is in the way of a request.
type ObstacleKind string

// The kinds.
const (
	DenyStatement  ObstacleKind = "deny"      // a Deny statement that matches
	OtherCondition ObstacleKind = "condition" // a condition of an Allow statement that is for the principal
	OtherActions   ObstacleKind = "action"    // the Action of such a statement
	OtherResource  ObstacleKind = "resource"  // its Resource
	OtherPrincipal ObstacleKind = "principal" // a statement for the same service by another name, as of another Region
)

// Obstacle is what is in the way of a request.
type Obstacle struct {
	Kind      ObstacleKind
	Statement int       // its index
	Path      diag.Path // of what is at fault, in the document
	Key       string    // the condition key
	// NotSent is true for a key that AWS documents that the service does not send here.
	NotSent bool
	// Open is true for a key of which AWS's pages do not say whether the service sends it here.
	Open bool
}
