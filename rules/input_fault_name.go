package rules

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// The names of users and roles, and of sessions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
const (
	nameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-"
	nameLimit      = 64
	ssoPrefix      = "AWSReservedSSO_"
	ssoPath        = "aws-reserved/sso.amazonaws.com/"
	linkedPrefix   = "AWSServiceRoleFor"
	linkedPath     = "aws-service-role/"
)

func nameFault(pr policy.Principal) string {
	switch {
	case pr.Name == "":
		return faultARN
	case strings.HasPrefix(pr.NamePath, "/") || strings.Contains(pr.NamePath, "//"):
		return faultSlash
	case strings.Trim(pr.Name, nameCharacters) != "" || strings.Trim(pr.Session, nameCharacters) != "":
		return faultName
	case len(pr.Name) > nameLimit || len(pr.Session) > nameLimit:
		return faultName
	case strings.ContainsFunc(pr.NamePath, func(r rune) bool { return r < '!' || r > '~' }):
		return faultName
	case pr.Kind == policy.Role && strings.HasPrefix(pr.Name, ssoPrefix) && !strings.HasPrefix(pr.NamePath, ssoPath):
		return faultSSOPath
	case pr.Kind == policy.Role && strings.HasPrefix(pr.Name, linkedPrefix) && !isLinkedPath(pr.NamePath):
		return faultLinkedPath
	}
	return ""
}

// isLinkedPath reports whether a path is aws-service-role/SERVICE.amazonaws.com/.
func isLinkedPath(path string) bool {
	service, ok := strings.CutPrefix(path, linkedPath)
	service, slash := strings.CutSuffix(service, "/")
	return ok && slash && servicePrincipal.MatchString(service)
}
