package access

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Request is one request to the key, as `simulate` takes it. It is also what witnesses are.
type Request = diag.Witness

// DecidingStatement is a statement that a decision rests on.
type DecidingStatement struct {
	Index  int
	Sid    string
	Effect string
	Path   diag.Path
}

// Simulation is the decision on one request.
type Simulation struct {
	Decision   Decision
	Statements []DecidingStatement
	Reasons    []string
	Undecided  ReasonKind // what would settle a decision that is Undecided
}

// Conditions are the contexts in which something holds: those in which all keys of one of AnyOf meet their constraint.
// Without any, both fields are empty: it holds in every context.
// AnyOf is a disjunction of conjunctions, as IAM has them: the keys of one entry must all fit, and several entries
// are alternatives, as several statements are.
type Conditions struct {
	Text  string
	AnyOf []map[string]Constraint

	texts []string // what each of AnyOf is in words
	said  string   // the id, where it is known
}

// None says that there are no conditions.
func (c Conditions) None() bool { return c.Text == "" && len(c.AnyOf) == 0 }

// id is the same for conditions that say the same, in words and beyond.
func (c Conditions) id() string {
	if c.said != "" {
		return c.said
	}
	return c.Text + "\x00" + fmt.Sprint(c.AnyOf)
}

func (c Conditions) same(o Conditions) bool { return c.Text == o.Text && c.id() == o.id() }

// Lockout says who can change the policy, in the key's own account.
// Editors has four values, and the booleans two: callers that need to know what is sure read the answers, and
// those that print a report of what is good can read the booleans, which are false where it is not known.
type Lockout struct {
	Editors  Editors
	Durable  bool
	RootUser bool
	// ByIdentityPolicy is what a user or a role can whom the policy does not name, where an identity policy allows it.
	ByIdentityPolicy Editors
	Caller           CallerCheck
	Principals       []string
	Conditions       Conditions
	Witness          *Request

	// What the booleans say where they are sure; Unknown where they are not.
	DurableAnswer  Answer
	RootUserAnswer Answer
}

// External is an outside principal that gets in.
type External struct {
	Principal  string // "any account", "account ID" or an ARN
	Actions    []string
	Decision   Decision
	Conditions Conditions
	Witness    Request
	Statements []int
	Except     []Exception // of those that Principal takes in
}

// Deputy is a service that an untrusted account can drive.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
type Deputy struct {
	Service    string
	Statements []int
	AnyAccount bool // also an account and an organization that no condition names can drive it
	Witness    Request
}

// StatementReport says what one statement does.
// By and Blame answer different questions. By are other statements that take its effect away or have it already;
// Blame is what inside of the statement contradicts itself or what no request has.
type StatementReport struct {
	Index  int
	Sid    string
	Status Status
	By     []int
	Why    string

	// Unsent are the condition keys without which it matches nothing, where AWS's pages contradict each other on whether
	// its principals send them. The status is unknown then.
	Unsent []string

	Path  diag.Path
	Blame []diag.Path // the elements and conditions that together let nothing match; the smallest such set
}

// Row is what one principal may do.
type Row struct {
	Principal  string
	Kind       string // account, root_user, role, user, session, federated_user, service, anyone
	Actions    []string
	Decision   Decision
	Conditions Conditions
	Statements []int

	Except    []Exception // of those that Principal takes in
	Otherwise bool        // it needs an identity policy in all contexts in which it does not do without
}

// Report is all that an analysis says of one policy.
type Report struct {
	Lockout        Lockout
	External       []External
	Public         Answer
	ConfusedDeputy []Deputy
	Statements     []StatementReport
	Matrix         []Row
	Unknown        []Reason
}

// Change is access that one of two policies gives and the other does not.
type Change struct {
	Principal  string
	Kind       string
	Actions    []string
	Decision   Decision
	Was        Decision
	Conditions Conditions
	Witness    Request
}

// Difference is what a new policy allows or denies that an old one did not.
// Changes are by decision, before and after, since "allowed" turning into "needs an identity policy" is a
// loss to a caller without one, and to nobody else. Equivalent is true only where both directions were settled.
type Difference struct {
	Equivalent bool
	Added      []Change
	Removed    []Change
	Future     []Change // for actions that AWS may add
	Unknown    []Reason
	Remarks    []string // what changes beside the decisions
	May        May      // what Unknown leaves open
}

// May says which kinds of changes there may be beside those that are known.
type May struct{ Add, Remove, Future bool }

// anything is what may be where nothing is known of a part.
func anything() May { return May{Add: true, Remove: true, Future: true} }

func (m May) or(o May) May {
	return May{Add: m.Add || o.Add, Remove: m.Remove || o.Remove, Future: m.Future || o.Future}
}
