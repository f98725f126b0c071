package access

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestWitnessesOfPatternsAreReal: a witness of a condition with a pattern has a value that a request can have: a Region
// that there is, a service with one, an id of AWS's form, a whole ARN.
func TestWitnessesOfPatternsAreReal(t *testing.T) {
	form := func(text string) func(string) bool { return regexp.MustCompile(`^(` + text + `)$`).MatchString }
	viaService := func(value string) bool {
		service, region, ok := facts.SplitViaService(value)
		return ok && facts.KnownRegion(region) && service != ""
	}
	arn := form(`arn:aws:[a-z0-9-]+:([a-z]{2}-[a-z]+-\d)?:(\d{12})?:[A-Za-z0-9/_:.+=@-]*[A-Za-z0-9]`)
	organization := form(`o-[a-z0-9]{10,32}`)
	path := form(`o-[a-z0-9]{10,32}/r-[0-9a-z]{4,32}/(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}/)*`)
	for _, c := range []struct {
		key      string
		real     func(value string) bool
		patterns []string
	}{
		{"aws:RequestedRegion", facts.KnownRegion, []string{"eu-*", "us-*", "*-1", "ap-*east-?", "*"}},
		{"kms:ViaService", viaService, []string{"s3.*", "s3.eu-*.amazonaws.com", "*.eu-west-?.amazonaws.com", "ec2.ap-*.amazonaws.com", "*", "s3.*.amazonaws.com"}},
		{"aws:PrincipalOrgID", organization, []string{"o-*", "o-a1*", "*", "o-a?c*"}},
		{"aws:PrincipalOrgPaths", path, []string{"o-a1b2c3d4e5/*", "o-a1b2c3d4e5/r-ab12/*", "*"}},
		{"aws:SourceVpc", form(`vpc-[0-9a-f]{8,17}`), []string{"vpc-*", "vpc-0a*", "*"}},
		{"aws:SourceVpce", form(`vpce-[0-9a-f]{8,17}`), []string{"vpce-*", "vpce-1a*", "*"}},
		{"aws:VpceAccount", form(`\d{12}`), []string{"*", "1111*"}},
		{"aws:VpceOrgID", organization, []string{"o-*", "o-b*"}},
		{"aws:SourceVpcArn", arn, []string{"arn:aws:ec2:*:111122223333:vpc/*", "*"}},
		{"aws:SourceArn", arn, []string{"arn:aws:s3:::*", "arn:aws:sns:eu-*:111122223333:*", "arn:aws:*:*:111122223333:*", "arn:aws:cloudtrail:*:*:trail/*", "*"}},
		{"aws:SourceAccount", form(`\d{12}`), []string{"*", "4444*"}},
	} {
		for _, pattern := range c.patterns {
			for _, operator := range []string{"StringLike", "StringNotLike"} {
				principal := `{"AWS": "arn:aws:iam::111122223333:role/app"}`
				if c.key == "aws:SourceArn" || c.key == "aws:SourceAccount" {
					principal = `{"Service": "sns.amazonaws.com"}`
				}
				if c.key == "aws:PrincipalOrgPaths" {
					operator = "ForAnyValue:" + operator
				}
				condition := fmt.Sprintf(`, {"Effect": "Allow", "Principal": %s, "Action": "kms:Decrypt", "Resource": "*", "Condition": {%q: {%q: %q}}}`, principal, operator, c.key, pattern)
				d := Diff(statements(t, rootStatement), statements(t, rootStatement+condition), Env{Account: testAccount, Partition: "aws"}, Env{Account: testAccount, Partition: "aws"})
				seen := false
				for _, change := range d.Added {
					for _, value := range change.Witness.Context[c.key] {
						seen = true
						if !c.real(value) {
							t.Errorf("%s %s %q: %s=%s", operator, c.key, pattern, c.key, value)
						}
					}
				}
				if !seen && operator == "StringLike" {
					t.Errorf("%s %s %q: no witness in %+v", operator, c.key, pattern, d)
				}
			}
		}
	}
}
