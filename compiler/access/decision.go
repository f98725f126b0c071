package access

// Decision is what the key policy says to a request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
type Decision string

// The decisions.
const (
	Allowed             Decision = "allowed"
	NeedsIdentityPolicy Decision = "needs_identity_policy" // an identity policy must allow it too
	ExplicitDeny        Decision = "explicit_deny"
	ImplicitDeny        Decision = "implicit_deny" // a grant can still allow it
	Undecided           Decision = "unknown"
)

// Answer is the answer to a question over all requests.
type Answer string

// The answers. An unknown is never to be taken for either of the others.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Editors reports whether anyone of the key's account can change the policy.
type Editors string

// The values of Editors.
const (
	EditorsAlways      Editors = "always"      // someone can, whatever the context
	EditorsConditional Editors = "conditional" // someone can, in some contexts
	EditorsNone        Editors = "none"
	EditorsUnknown     Editors = "unknown"
)

// CallerCheck is KMS's lockout safety check, for one caller.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
type CallerCheck string

// The results of the check.
const (
	CallerPass        CallerCheck = "pass"
	CallerPassIfIAM   CallerCheck = "pass_if_iam" // where an identity policy allows it
	CallerConditional CallerCheck = "conditional" // in some contexts; which one KMS takes is not documented
	CallerFail        CallerCheck = "fail"
	CallerUnknown     CallerCheck = "unknown"
)

// Status says what a statement does.
type Status string

// The statuses of statements.
const (
	Live          Status = "live"
	NeverMatches  Status = "never_matches" // no request matches it
	Shadowed      Status = "shadowed"      // an Allow of nothing that Deny statements leave
	Redundant     Status = "redundant"     // without it the decisions are the same
	GrantsOnly    Status = "grants_only"   // a Deny of what nobody is allowed: it still blocks grants
	StatusUnknown Status = "unknown"
)
