package policy

import (
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// PrincipalKind is what a principal's text names.
type PrincipalKind string

// The kinds of principals.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
const (
	Anyone        PrincipalKind = "anyone"         // *
	Account       PrincipalKind = "account"        // an account's root ARN, or its bare id
	User          PrincipalKind = "user"           // an IAM user
	Role          PrincipalKind = "role"           // an IAM role, so every session of it
	Session       PrincipalKind = "session"        // one assumed-role session
	FederatedUser PrincipalKind = "federated_user" // sts:GetFederationToken
	Service       PrincipalKind = "service"        // an AWS service
	Federated     PrincipalKind = "federated"      // a SAML or OIDC provider
	CanonicalUser PrincipalKind = "canonical_user" // S3's own kind of id
	UniqueID      PrincipalKind = "unique_id"      // AIDA…, AROA…: what is left of a deleted user or role
	Group         PrincipalKind = "group"          // an IAM group, which is not a principal
	OtherARN      PrincipalKind = "other_arn"      // an ARN of something that is not a principal
	Unknown       PrincipalKind = "unknown"        // none of these
)

// Principal is one entry of Principal or NotPrincipal.
type Principal struct {
	Kind    PrincipalKind
	Element string // the map's key as written: AWS, Service …; AWS for only "*"
	Text    string
	Path    diag.Path
	Parts   symbol.Text // nil where the text is known

	Partition string // ARNs only
	Account   string // where the text names one, 12 digits or not
	NamePath  string // users and roles: what is between the kind and the name, "" or "a/b/"
	Name      string // users, roles, sessions (the role's), federated users
	Session   string // sessions only
}

// HasWildcard reports whether the text holds a wildcard and is more than "*", which no principal may.
func (p Principal) HasWildcard() bool { return p.Text != "*" && strings.ContainsAny(p.Text, "*?") }

var digitsOnly = regexp.MustCompile(`^[0-9]+$`)

// ReadPrincipal says what the text under an element of Principal names.
func ReadPrincipal(element, text string, path diag.Path) Principal {
	p := Principal{Kind: Unknown, Element: element, Text: text, Path: path}
	switch element {
	case "AWS":
		readAWSPrincipal(&p)
	case "Service":
		p.Kind = Service
	case "Federated":
		p.Kind = Federated
	case "CanonicalUser":
		p.Kind = CanonicalUser
	}
	return p
}

func readAWSPrincipal(p *Principal) {
	switch {
	case p.Text == "*":
		p.Kind = Anyone
	case digitsOnly.MatchString(p.Text):
		p.Kind, p.Account = Account, p.Text
	case facts.UniqueIDOf(p.Text) != "":
		p.Kind = UniqueID
	default:
		if arn, ok := ParseARN(p.Text); ok {
			readARNPrincipal(p, arn)
		}
	}
}

func readARNPrincipal(p *Principal, arn ARN) {
	p.Kind, p.Partition, p.Account = OtherARN, arn.Partition, arn.Account
	kind, rest, named := strings.Cut(arn.Resource, "/")
	switch {
	case arn.Service == "iam" && arn.Resource == "root":
		p.Kind = Account
	case arn.Service == "iam" && named && (kind == "user" || kind == "role"):
		p.Kind = PrincipalKind(kind)
		cut := strings.LastIndexByte(rest, '/') + 1
		p.NamePath, p.Name = rest[:cut], rest[cut:]
	case arn.Service == "iam" && kind == "group":
		p.Kind = Group
	case arn.Service == "sts" && named && kind == "assumed-role":
		p.Kind = Session
		p.Name, p.Session, _ = strings.Cut(rest, "/")
	case arn.Service == "sts" && named && kind == "federated-user":
		p.Kind, p.Name = FederatedUser, rest
	}
}
