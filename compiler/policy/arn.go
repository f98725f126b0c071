package policy

import "strings"

// ARN is an Amazon Resource Name, split at its first five colons.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// ParseARN splits an ARN. It says nothing on whether such a thing can be.
func ParseARN(text string) (ARN, bool) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return ARN{}, false
	}
	return ARN{Partition: parts[1], Service: parts[2], Region: parts[3], Account: parts[4], Resource: parts[5]}, true
}

// String writes the ARN.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}

// IsAccountID reports whether the text is an AWS account ID: 12 digits.
func IsAccountID(text string) bool {
	if len(text) != 12 {
		return false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// RoleARN is the ARN of a role, NAME or PATH/NAME, of an account.
func RoleARN(partition, account, name string) string {
	return ARN{Partition: partition, Service: "iam", Account: account, Resource: "role/" + name}.String()
}

// AccountARN is the account principal of an account.
func AccountARN(partition, account string) string {
	return ARN{Partition: partition, Service: "iam", Account: account, Resource: "root"}.String()
}
