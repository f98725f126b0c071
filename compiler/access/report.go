package access

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Request is one request to the key, as `simulate` takes it. It is also what witnesses are.
type Request = diag.Witness

// DecidingStatement is a statement that a decision rests on.
type DecidingStatement struct {
	Index  int       `json:"index"`
	Sid    string    `json:"sid,omitempty"`
	Effect string    `json:"effect"`
	Path   diag.Path `json:"-"`
}

// Simulation is the decision on one request.
type Simulation struct {
	Decision   Decision            `json:"decision"`
	Statements []DecidingStatement `json:"statements"`
	Reasons    []string            `json:"reasons"`
}

// Conditions are the contexts in which something holds: those in which all keys of one of AnyOf meet their constraint.
// Without any, both fields are empty: it holds in every context.
type Conditions struct {
	Text  string                  `json:"text,omitempty"`
	AnyOf []map[string]Constraint `json:"any_of,omitempty"`
}

// None says that there are no conditions.
func (c Conditions) None() bool { return c.Text == "" && len(c.AnyOf) == 0 }

// id is the same for conditions that say the same, in words and beyond.
func (c Conditions) id() string { return c.Text + "\x00" + fmt.Sprint(c.AnyOf) }

func (c Conditions) same(o Conditions) bool { return c.Text == o.Text && c.id() == o.id() }

// Lockout says who can change the policy, in the key's own account.
type Lockout struct {
	Editors  Editors `json:"editors"`
	Durable  bool    `json:"durable"`
	RootUser bool    `json:"root_user"`
	// ByIdentityPolicy is what a user or a role can whom the policy does not name, where an identity policy allows it.
	ByIdentityPolicy Editors     `json:"by_identity_policy"`
	Caller           CallerCheck `json:"caller"`
	Principals       []string    `json:"principals"`
	Conditions       Conditions  `json:"conditions"`
	Witness          *Request    `json:"witness,omitempty"`

	// What the booleans say where they are sure; Unknown where they are not.
	DurableAnswer  Answer `json:"-"`
	RootUserAnswer Answer `json:"-"`
}

// External is an outside principal that gets in.
type External struct {
	Principal  string     `json:"principal"` // "any account", "account ID" or an ARN
	Actions    []string   `json:"actions"`
	Decision   Decision   `json:"decision"`
	Conditions Conditions `json:"conditions"`
	Witness    Request    `json:"witness"`
	Statements []int      `json:"statements"`
}

// Deputy is a service that an untrusted account can drive.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
type Deputy struct {
	Service    string  `json:"service"`
	Statements []int   `json:"statements"`
	AnyAccount bool    `json:"-"` // also an account and an organization that no condition names can drive it
	Witness    Request `json:"witness"`
}

// StatementReport says what one statement does.
type StatementReport struct {
	Index  int    `json:"index"`
	Sid    string `json:"sid,omitempty"`
	Status Status `json:"status"`
	By     []int  `json:"by"`
	Why    string `json:"why,omitempty"`

	// Unsent are the condition keys without which it matches nothing, where AWS's pages contradict each other on whether
	// its principals send them. The status is unknown then.
	Unsent []string `json:"not_known_to_be_sent,omitempty"`

	Path  diag.Path   `json:"-"`
	Blame []diag.Path `json:"-"` // the elements and conditions that together let nothing match; the smallest such set
}

// Row is what one principal may do.
type Row struct {
	Principal  string     `json:"principal"`
	Kind       string     `json:"kind"` // account, root_user, role, user, session, federated_user, service, anyone
	Actions    []string   `json:"actions"`
	Decision   Decision   `json:"decision"`
	Conditions Conditions `json:"conditions"`
	Statements []int      `json:"statements"`

	Otherwise bool `json:"-"` // it needs an identity policy in all contexts in which it does not do without
}

// Report is all that an analysis says of one policy.
type Report struct {
	Lockout        Lockout           `json:"lockout"`
	External       []External        `json:"external"`
	Public         Answer            `json:"public"`
	ConfusedDeputy []Deputy          `json:"confused_deputy"`
	Statements     []StatementReport `json:"statements"`
	Matrix         []Row             `json:"matrix"`
	Unknown        []Reason          `json:"unknown"`
}

// Change is access that one of two policies gives and the other does not.
type Change struct {
	Principal  string     `json:"principal"`
	Kind       string     `json:"kind"`
	Actions    []string   `json:"actions"`
	Decision   Decision   `json:"decision"`
	Was        Decision   `json:"was"`
	Conditions Conditions `json:"conditions"`
	Witness    Request    `json:"witness"`
}

// Difference is what a new policy allows or denies that an old one did not.
type Difference struct {
	Equivalent bool     `json:"equivalent"`
	Added      []Change `json:"added"`
	Removed    []Change `json:"removed"`
	Future     []Change `json:"future"` // for actions that AWS may add
	Unknown    []Reason `json:"unknown"`
}
