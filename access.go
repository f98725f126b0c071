package keypolicy

import (
	"slices"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// Access is who may do what by one policy, as `keypolicy access --format json` writes it. What is not known is said as unknown.
type Access struct {
	Account        Account           `json:"account"`
	Defaults       []string          `json:"defaults,omitempty"` // the variables whose defaults the policy rests on
	Lockout        Lockout           `json:"lockout"`
	External       []External        `json:"external"` // who gets in from outside the trusted accounts
	Public         string            `json:"public"`   // yes, no or unknown
	ConfusedDeputy []Deputy          `json:"confused_deputy"`
	Statements     []StatementStatus `json:"statements"`
	Matrix         []Row             `json:"matrix"`
	Uses           []AccessUse       `json:"uses"` // that the policy allows by itself, or of which that is not known
	Unknown        []Reason          `json:"unknown"`
}

// Lockout says who can change the policy, in the key's own account.
type Lockout struct {
	Editors  string `json:"editors"` // always, conditional, none or unknown
	Durable  *bool  `json:"durable"` // one of them cannot be deleted; nil where that is not known
	RootUser *bool  `json:"root_user"`
	// ByIdentityPolicy is what a user or a role can whom the policy does not name, where an identity policy allows it.
	ByIdentityPolicy string     `json:"by_identity_policy"`
	Caller           string     `json:"caller"` // pass, pass_if_iam, conditional, fail or unknown
	Principals       []string   `json:"principals"`
	Conditions       Conditions `json:"conditions"`
	Witness          *Request   `json:"witness,omitempty"`
}

// External is an outside principal that gets in.
type External struct {
	Principal  string     `json:"principal"` // "any account", "account ID" or an ARN
	Actions    []string   `json:"actions"`
	Decision   Decision   `json:"decision"`
	Conditions Conditions `json:"conditions"`
	Witness    Request    `json:"witness"`
	Statements []int      `json:"statements"`

	Except []Exception `json:"except,omitempty"` // of those that the principal takes in
}

// Deputy is a service that an untrusted account can drive.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
type Deputy struct {
	Service    string  `json:"service"`
	Statements []int   `json:"statements"`
	Witness    Request `json:"witness"`
}

// StatementStatus says what one statement does.
type StatementStatus struct {
	Index  int    `json:"index"`
	Sid    string `json:"sid"`
	Status string `json:"status"` // live, never_matches, shadowed, redundant, grants_only or unknown
	By     []int  `json:"by"`     // the statements that make it so
	Why    string `json:"why"`
	Line   int    `json:"line"`
}

// Row is what one principal may do.
type Row struct {
	Principal  string     `json:"principal"`
	Kind       string     `json:"kind"` // account, root_user, role, user, session, federated_user, service, anyone
	Actions    []string   `json:"actions"`
	Decision   Decision   `json:"decision"`
	Conditions Conditions `json:"conditions"`
	Statements []int      `json:"statements"`

	Except []Exception `json:"except,omitempty"` // of those that the principal takes in
}

// Exception is a principal whom a row about many takes in by its words, and who may less.
type Exception struct {
	Principal string   `json:"principal"`
	Kind      string   `json:"kind"`
	Actions   []string `json:"actions"` // those of the row that it may not, or in fewer contexts
	Never     bool     `json:"never"`   // it may none of the actions in any context of the row
}

// AccessOptions are what is known beside the policy and the configuration.
type AccessOptions struct {
	TrustAccounts      []string // that are not outsiders, beside the key's own and the configuration's
	TrustOrganizations []string
	Caller             string // the ARN of who would put the policy
}

// Access says who may do what by the one policy of a file.
func (l *Linter) Access(in Input, o AccessOptions) (*Access, error) {
	p, err := l.Policy(in, Pick{Document: AnyDocument})
	if err != nil {
		return nil, err
	}
	env := l.AccessEnv(in.Name, p, o)
	r, fulfilled := AnalyzeWithUses(p, env)
	return NewAccess(p, r, fulfilled), nil
}

// AnalyzeWithUses analyses a policy and finds the uses that it lets be, side by side: each only reads the policy.
func AnalyzeWithUses(p *spec.Compiled, env access.Env) (r *access.Report, fulfilled []uses.PolicyUse) {
	var analyzed sync.WaitGroup
	analyzed.Go(func() { r = Analyze(p, env) })
	fulfilled = PolicyUses(p, env)
	analyzed.Wait()
	return r, fulfilled
}

// AccessEnv is [Linter.Env] with what is known beside.
func (l *Linter) AccessEnv(file string, p *spec.Compiled, o AccessOptions) access.Env {
	env := l.Env(file, p)
	env.TrustAccounts = slices.Concat(o.TrustAccounts, env.TrustAccounts)
	env.TrustOrgs = slices.Concat(o.TrustOrganizations, env.TrustOrgs)
	env.Caller = o.Caller
	return env
}

// NewAccess writes the analysis of a policy, with the uses that it lets be.
func NewAccess(p *spec.Compiled, r *access.Report, fulfilled []uses.PolicyUse) *Access {
	return &Access{
		Account: accountOf(p), Defaults: p.Defaults,
		Lockout: Lockout{
			Editors: string(r.Lockout.Editors), Durable: truth(r.Lockout.DurableAnswer), RootUser: truth(r.Lockout.RootUserAnswer),
			ByIdentityPolicy: string(r.Lockout.ByIdentityPolicy), Caller: string(r.Lockout.Caller), Principals: nonNil(r.Lockout.Principals),
			Conditions: newConditions(r.Lockout.Conditions), Witness: witness(r.Lockout.Witness),
		},
		External: converted(r.External, func(e access.External) External {
			return External{e.Principal, e.Actions, Decision(e.Decision), newConditions(e.Conditions), newRequest(e.Witness), e.Statements, newExceptions(e.Except)}
		}),
		Public: string(r.Public),
		ConfusedDeputy: converted(r.ConfusedDeputy, func(d access.Deputy) Deputy {
			return Deputy{d.Service, d.Statements, newRequest(d.Witness)}
		}),
		Statements: converted(r.Statements, func(st access.StatementReport) StatementStatus {
			return StatementStatus{st.Index, st.Sid, string(st.Status), nonNil(st.By), st.Why, statementLine(p, st.Index)}
		}),
		Matrix: converted(r.Matrix, func(row access.Row) Row {
			return Row{row.Principal, row.Kind, row.Actions, Decision(row.Decision), newConditions(row.Conditions), row.Statements, newExceptions(row.Except)}
		}),
		Uses:    converted(fulfilled, newAccessUse),
		Unknown: newReasons(r.Unknown),
	}
}

func newExceptions(list []access.Exception) []Exception {
	if len(list) == 0 {
		return nil
	}
	return converted(list, func(e access.Exception) Exception { return Exception{e.Principal, e.Kind, e.Actions, e.Never} })
}

// truth is nil where an answer is not known.
func truth(a access.Answer) *bool {
	if a != access.Yes && a != access.No {
		return nil
	}
	yes := a == access.Yes
	return &yes
}

// accountOf is a policy's account, with where it is from.
func accountOf(p *spec.Compiled) Account {
	return Account{ID: p.Key.Account, From: string(p.Key.AccountFrom)}
}

// statementLine is the line at which a statement is written.
func statementLine(p *spec.Compiled, index int) int {
	if index < 0 || index >= len(p.Document.Statements) {
		return 0
	}
	return p.Document.Map.Find(p.Document.Statements[index].Path).Value.Range.Start.Line
}
