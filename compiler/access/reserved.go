package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Roles that only AWS makes are under paths of their own, so none of their names is a role's under another path. That a
// path has a part with such a name is not thought of.
// https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html

// misplaced reports whether no role can have the caller's path and name.
func misplaced(c *caller) bool {
	_, bad := facts.MisplacedRole(c.path, c.name)
	return bad
}

// misplacedARN reports whether a text is the ARN of a role that cannot be.
func misplacedARN(text string) bool {
	arn, ok := policy.ParseARN(text)
	tail, isRole := strings.CutPrefix(arn.Resource, "role/")
	if !ok || arn.Service != "iam" || !isRole {
		return false
	}
	path, name := cutName(tail)
	_, bad := facts.MisplacedRole(path, name)
	return bad
}

// reservedPatterns distinguish the ARNs of reserved roles, and those of them that can be, from others. prefix is all before the
// path.
func reservedPatterns(prefix glob.Pattern) []glob.Pattern {
	rest := []glob.Token{{Set: glob.AnyChar(), Star: true}}
	var list []glob.Pattern
	for _, r := range facts.ReservedRoles() {
		name, deeper := glob.Exact(r.NamePrefix), glob.Concat(glob.OneOrMore(nameChars), glob.Exact("/"))
		list = append(list,
			glob.Concat(prefix, name, rest),
			glob.Concat(prefix, rest, glob.Exact("/"), name, rest),
			glob.Concat(prefix, glob.Exact(r.PathPrefix), deeper, name, glob.ZeroOrMore(nameChars)))
		if r.DeeperOptional {
			list = append(list, glob.Concat(prefix, glob.Exact(r.PathPrefix), name, glob.ZeroOrMore(nameChars)))
		}
	}
	return list
}

// withoutMisplaced finds representatives without those that cannot be. Where there are such, the classes are looked for
// again, so that each which has a member that can be is found.
// To delete a representative deletes its class, with all members that can be. The reserved forms are added as
// patterns, so that the possible and the impossible members fall into different classes.
func withoutMisplaced(prefix glob.Pattern, patterns []glob.Pattern, isMisplaced func(text string) bool, find func(patterns []glob.Pattern) ([]string, bool)) ([]string, bool) {
	list, exact := find(patterns)
	if !slices.ContainsFunc(list, isMisplaced) {
		return list, exact
	}
	list, exact = find(append(slices.Clone(patterns), reservedPatterns(prefix)...))
	return slices.DeleteFunc(list, isMisplaced), exact
}

// rolePrefix is what is before the path in a role's ARN.
func rolePrefix() glob.Pattern {
	return glob.Concat(glob.Exact("arn:"), glob.OneOrMore(lowerDigits+"-"), glob.Exact(":iam::"), glob.Repeat(12, digits), glob.Exact(":role/"))
}

// misplaced reports whether a value of the key cannot be, as it is the ARN of a role that cannot.
func (b *dimensionBuilder) misplaced(text string) bool {
	limit, ok := facts.LookupValueLimit(b.key.lower)
	return ok && limit.Form == "principal_arn" && misplacedARN(text)
}

// reservedPaths are the paths that a reserved role can have by its name; nil for other roles.
func reservedPaths(name, region string) []string {
	for _, r := range facts.ReservedRoles() {
		rest, ok := strings.CutPrefix(name, r.NamePrefix)
		switch {
		case !ok:
		case r.DeeperOptional:
			return []string{r.PathPrefix, r.PathPrefix + cmp.Or(region, "eu-west-1") + "/"}
		default:
			return []string{r.PathPrefix + strings.ToLower(rest) + ".amazonaws.com/"}
		}
	}
	return nil
}
