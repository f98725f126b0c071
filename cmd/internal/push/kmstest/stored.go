package kmstest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	principalList = regexp.MustCompile(`("(?:AWS|Service)"\s*:\s*\[)([^\[\]]*)\]`)
	jsonString    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	sessionARN    = regexp.MustCompile(`"arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role/([^/"]+)/[^/"]+"`)
)

// reordered gives a policy with each list of principals in another order than n-1 gives, and all else as it is: KMS is
// reported to return one unchanged policy so (https://github.com/aws/aws-cli/issues/9456,
// https://github.com/hashicorp/terraform-provider-aws/issues/39788).
func reordered(policy string, n int) string {
	return principalList.ReplaceAllStringFunc(policy, func(list string) string {
		parts := principalList.FindStringSubmatch(list)
		values := jsonString.FindAllString(parts[2], -1)
		if len(values) < 2 {
			return list
		}
		at := n % len(values)
		return parts[1] + strings.Join(slices.Concat(values[at:], values[:at]), ",") + "]"
	})
}

// storedAsRoles gives a policy with the role in place of each session that it names, as KMS is reported to store it. The
// role's path is one that a session's ARN does not show.
func storedAsRoles(policy, path string) string {
	return sessionARN.ReplaceAllStringFunc(policy, func(arn string) string {
		found := sessionARN.FindStringSubmatch(arn)
		return fmt.Sprintf(`"arn:%s:iam::%s:role/%s%s"`, found[1], found[2], path, found[3])
	})
}
