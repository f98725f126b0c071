package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// What is wrong with the form of a principal. A principal has one fault at most: the first that hides the others.
const (
	faultNumber      = "number"      // a number without quotes
	faultPlaceholder = "placeholder" // a text that is still to be filled in
	faultCharacter   = "character"   // a character that KMS takes nowhere in a policy
	faultVariable    = "variable"    // a policy variable, which no principal may have
	faultWildcard    = "wildcard"    // * or ? inside
	faultSpace       = "space"       // spaces around it, or around a part of its ARN
	faultForm        = "form"        // neither an ARN nor an account ID nor *
	faultARN         = "arn"         // an ARN with parts too many or too few
	faultRegion      = "region"      // an ARN of IAM with a Region
	faultPartition   = "partition"   // an ARN of no partition that there is
	faultService     = "service"     // an ARN of something that is not a principal
	faultGroup       = "group"       // an IAM group
	faultUniqueID    = "unique_id"   // what is left of a deleted user or role
	faultAccount     = "account"     // an account ID that is none
	faultSession     = "session"     // a role session without the session's name
	faultName        = "name"        // a name with a character that IAM does not allow, or too long
	faultSlash       = "slash"       // a path with slashes too many
	faultResource    = "resource"    // the end of an ARN, as role/name, in place of a name
	faultSSOPath     = "sso_path"    // a role of IAM Identity Center without its path
	faultLinkedPath  = "linked_path" // a service-linked role without its path
)

// principalFault is what is wrong with the form of one entry of Principal or NotPrincipal, and what was probably meant.
func principalFault(pr policy.Principal) (fault, nearest string) {
	switch pr.Element {
	case "AWS":
		fault = awsFault(pr)
	case "Service":
		return serviceFault(pr.Text)
	default:
		if policy.Placeholder(pr.Text) != "" {
			return faultPlaceholder, ""
		}
		return "", ""
	}
	switch fault {
	case faultSpace, faultARN, faultRegion:
		nearest = suggestARN(pr.Text)
	case faultPartition:
		nearest = inPartition(pr.Text)
	}
	return fault, nearest
}

// textFault is what is wrong with a text, whatever it was meant to be.
func textFault(text string) string {
	switch {
	case policy.Placeholder(text) != "":
		return faultPlaceholder
	case hasRefusedCharacter(text):
		return faultCharacter
	case strings.Contains(text, "${"):
		return faultVariable
	default:
		return ""
	}
}

func awsFault(pr policy.Principal) string {
	text := pr.Text
	if fault := textFault(text); fault != "" || text == "*" {
		return fault
	}
	switch {
	case strings.ContainsAny(text, "*?"):
		return faultWildcard
	case pr.Kind == policy.UniqueID:
		return faultUniqueID
	case policy.IsAccountID(text):
		return ""
	case strings.Trim(text, "0123456789 -") == "" && text != "":
		return faultAccount
	}
	if trimmed := trimmedParts(text); trimmed != text {
		if fault := awsFault(policy.ReadPrincipal("AWS", trimmed, nil)); fault != "" {
			return fault
		}
		return faultSpace
	}
	if !strings.HasPrefix(text, "arn:") {
		if isNearARN(text) {
			return faultARN
		}
		return faultForm
	}
	return arnFault(pr)
}

// isNearARN reports whether a text was meant as an ARN.
func isNearARN(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(lower, ":") &&
		(strings.HasPrefix(lower, "arn") || strings.Contains(lower, "iam:") || strings.Contains(lower, "sts:") ||
			resourceType(lower[strings.LastIndexByte(lower, ':')+1:]) != "")
}

func trimmedParts(text string) string {
	parts := strings.Split(text, ":")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return strings.Join(parts, ":")
}

func arnFault(pr policy.Principal) string {
	arn, ok := policy.ParseARN(pr.Text)
	if !ok || arn.Partition == "" || arn.Service == "" {
		return faultARN
	}
	identity := arn.Service == "iam" || arn.Service == "sts"
	if _, known := facts.LookupPartition(arn.Partition); !known {
		return faultPartition
	}
	switch {
	case strings.EqualFold(arn.Service, "iam") && arn.Service != "iam":
		return faultARN
	case !identity:
		return faultService
	case strings.Contains(arn.Resource, ":"):
		return faultARN
	case arn.Region != "":
		return faultRegion
	case pr.Kind == policy.Group:
		return faultGroup
	case pr.Kind == policy.OtherARN:
		return otherFault(arn)
	case arn.Account == "":
		return faultService
	case !policy.IsAccountID(arn.Account):
		return faultAccount
	case pr.Kind == policy.Session && pr.Session == "":
		return faultSession
	case pr.Kind == policy.Account:
		return ""
	}
	return nameFault(pr)
}

// otherFault distinguishes an ARN of a principal that is written wrongly from one of something else.
func otherFault(arn policy.ARN) string {
	kind, _, _ := strings.Cut(arn.Resource, "/")
	switch kind {
	case "root", "user", "role", "assumed-role", "federated-user":
		return faultARN // root/, user without a name, or the other of iam and sts
	}
	return faultService
}

// entryFault is what is wrong with the form of an entry of a spec's list.
func entryFault(pr policy.Principal, wants policy.PrincipalKind, bare bool) (fault, nearest string) {
	text := pr.Text
	switch {
	case pr.Kind == parameterKind:
		return faultPlaceholder, ""
	case !bare:
		pr.Element = "AWS"
		return principalFault(pr)
	case textFault(text) != "":
		return textFault(text), ""
	case strings.ContainsAny(text, "*?"):
		return faultWildcard, ""
	case isNearARN(text):
		return faultARN, suggestARN(text)
	case wants == policy.Account && !policy.IsAccountID(text):
		return faultAccount, ""
	case wants == policy.Account:
		return "", ""
	case strings.TrimSpace(text) != text:
		return faultSpace, strings.TrimSpace(text)
	case pr.Name == "":
		return faultName, ""
	case resourceType(text) != "":
		return faultResource, strings.TrimPrefix(text, resourceType(text)+"/")
	}
	return nameFault(pr), ""
}

// resourceType is the kind of IAM or STS resource that a text begins with, as an ARN ends; empty where it begins with none.
func resourceType(text string) string {
	if kind, _, ok := facts.CutIAMResource(text); ok {
		return kind
	}
	return ""
}

// suggestARN is the ARN that a text was probably meant to be: its account and its last part are taken for sure.
func suggestARN(text string) string {
	parts := strings.Split(trimmedParts(text), ":")
	last := strings.TrimRight(parts[len(parts)-1], "/")
	account := slices.IndexFunc(parts, policy.IsAccountID)
	if account < 0 {
		return ""
	}
	arn := policy.ARN{Partition: "aws", Service: "iam", Account: parts[account], Resource: last}
	for _, p := range parts {
		if _, ok := facts.LookupPartition(p); ok {
			arn.Partition = p
			break
		}
	}
	if strings.HasPrefix(last, "federated-user/") {
		arn.Service = "sts"
	}
	if role, isSession := strings.CutPrefix(last, "assumed-role/"); isSession { // under iam it was meant for a role
		name, _, _ := strings.Cut(role, "/")
		arn.Resource = "role/" + name
	}
	return validARN(arn.String())
}

// inPartition is the ARN in the partition that was probably meant.
func inPartition(text string) string {
	arn, _ := policy.ParseARN(text)
	var names []string
	for _, p := range facts.Partitions() {
		names = append(names, p.Name)
	}
	arn.Partition, _ = facts.Nearest(arn.Partition, names)
	return validARN(arn.String())
}

func validARN(arn string) string {
	if awsFault(policy.ReadPrincipal("AWS", arn, nil)) != "" {
		return ""
	}
	return arn
}

// servicePrincipal is the form of a service principal; the suffixes are those of the partitions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
var servicePrincipal = regexp.MustCompile(
	`^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.(amazonaws\.com(\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|aws\.internal)$`)
