package judge_test

import (
	"strings"
)

// theme makes a theme of one key whose operators and values are drawn.
func theme(key string, operators, values []string) func(*generator) (string, string, []string) {
	return func(g *generator) (string, string, []string) {
		op := pick(g, operators...)
		if !strings.Contains(op, ":") && !strings.HasSuffix(op, "IfExists") && g.maybe(15) {
			op += "IfExists"
		}
		return op, key, some(g, values...)
	}
}

var (
	stringOps = []string{"StringEquals", "StringLike", "StringEquals", "StringLike", "StringNotEquals", "StringNotLike", "StringEqualsIgnoreCase"}
	likeOps   = []string{"StringLike", "StringLike", "StringNotLike", "StringEquals", "StringNotEquals"}
	arnOps    = []string{"ArnLike", "ArnEquals", "StringLike", "StringEquals", "ArnNotLike", "ArnNotEquals", "StringNotLike"}
	setOps    = []string{"ForAnyValue:StringEquals", "ForAnyValue:StringLike", "ForAllValues:StringEquals", "ForAllValues:StringLike", "ForAnyValue:StringNotEquals", "ForAllValues:StringNotEquals"}
	ipOps     = []string{"IpAddress", "IpAddress", "NotIpAddress"}
	dateOps   = []string{"DateLessThan", "DateGreaterThan", "DateLessThanEquals", "DateGreaterThanEquals", "DateEquals", "DateNotEquals"}
	numberOps = []string{"NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericEquals", "NumericNotEquals", "NumericGreaterThanEquals"}
	boolOps   = []string{"Bool", "Bool", "BoolIfExists"}
)

// templates are themes of keys that are compared with a text around a variable, and of the variable.
var templates = [][]func(*generator) (string, string, []string){
	{
		theme("aws:ResourceTag/team", likeOps, []string{"${aws:PrincipalTag/project}-*", "${aws:PrincipalTag/project}-prod", "Alpha-*", "Alpha-prod", "A*", "*-prod", "${aws:PrincipalTag/project}*"}),
		theme("aws:ResourceTag/team", likeOps, []string{"${aws:PrincipalTag/project, 'core'}", "${aws:PrincipalTag/project, 'core'}-*", "core", "core-*", "Al*"}),
		theme("kms:EncryptionContext:team", likeOps, []string{"x-${aws:PrincipalTag/project}-*", "x-${aws:PrincipalTag/project,'A'}", "x-A*", "x-Alpha", "*"}),
		theme("aws:PrincipalTag/project", stringOps, []string{"Alpha", "Beta", "A*", "*", ""}),
	},
	{
		theme("kms:EncryptionContext:Project", likeOps, []string{"${aws:username}-*", "zed-*", "alice-x", "${aws:username, 'anon'}", "a*"}),
		theme("aws:username", []string{"StringLike", "StringNotLike"}, []string{"a*", "*"}),
	},
	{
		theme("kms:EncryptionContext:Project", likeOps, []string{"${aws:PrincipalAccount}/*", "444455556666/*", "4444*", "${aws:PrincipalAccount}", "${aws:PrincipalAccount}/x"}),
		theme("aws:PrincipalAccount", stringOps, []string{owner, partner, "1111*"}),
	},
	{
		theme("aws:PrincipalTag/project", boolOps, []string{"true", "false"}),
		theme("aws:ResourceTag/team", []string{"StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringEquals"}, []string{"${aws:PrincipalTag/project}", "${aws:PrincipalTag/project}-x"}),
		theme("aws:PrincipalTag/project", stringOps, []string{"true", "x", "True", "t*"}),
	},
	{
		theme("aws:PrincipalArn", arnOps, []string{
			"arn:aws:iam::${aws:PrincipalAccount}:role/app", "arn:aws:iam::${aws:PrincipalAccount}:role/team/*", "arn:aws:iam::${aws:PrincipalAccount}:user/*",
			"arn:aws:iam::111122223333:role/*", "arn:aws:iam::${aws:PrincipalAccount}:root",
		}),
		theme("aws:PrincipalAccount", stringOps, []string{owner, partner, "1111*"}),
	},
}

// subjects are themes of keys that have to do with each other.
var subjects = [][]func(*generator) (string, string, []string){
	{ // organizations and accounts
		theme("aws:PrincipalOrgID", stringOps, []string{org, other, "o-*", "o-a*", "*"}),
		theme("aws:PrincipalAccount", stringOps, []string{owner, partner, third, "*", "1111*"}),
		theme("aws:ResourceOrgID", stringOps, []string{org, other, "o-*"}),
		theme("aws:PrincipalOrgID", stringOps, []string{"${aws:ResourceOrgID}", org, other}),
		theme("aws:PrincipalOrgPaths", setOps, []string{org + "/*", orgUnit + "*", orgUnit, other + "/r-cd34/*", other + "/r-cd34/", "*"}),
	},
	{ // sources of service calls
		theme("aws:SourceAccount", stringOps, []string{owner, partner, third, "*", "4444*", "1111222?3333"}),
		theme("aws:SourceArn", arnOps, []string{
			"arn:aws:sns:us-east-1:111122223333:topic", "arn:aws:sns:us-east-1:444455556666:*", "arn:aws:cloudtrail:*:111122223333:trail/*",
			"arn:aws:cloudtrail:*:*:trail/*", "arn:aws:logs:us-east-1:777788889999:*", "arn:aws:s3:::bucket", "arn:aws:s3:::*", "arn:aws:*:*:444455556666:*",
			"arn:aws:sns:us-east-1:444455556666:topic", "arn:aws:cloudtrail:us-east-1:777788889999:trail/x", "arn:aws:logs:us-east-1:111122223333:log",
		}),
		theme("aws:SourceOrgID", stringOps, []string{org, other, "o-*"}),
	},
	{ // services
		theme("aws:ViaAWSService", boolOps, []string{"true", "false"}),
		theme("aws:CalledVia", setOps, []string{"s3.amazonaws.com", "ec2.amazonaws.com", "*"}),
		theme("aws:PrincipalAccount", stringOps, []string{owner, partner, "*"}),
		theme("kms:ViaService", stringOps, []string{
			"s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "rds.us-east-1.amazonaws.com", "*.us-east-1.amazonaws.com",
			"s3.*.amazonaws.com", "s3.eu-west-1.amazonaws.com", "*", "e*",
		}),
	},
	{ // encryption context
		theme("kms:EncryptionContext:Department", stringOps, []string{"IT", "HR", "it", "I*", "*", "H?"}),
		theme("kms:EncryptionContext:Project", stringOps, []string{"Alpha", "Beta", "A*", "${aws:PrincipalTag/project}", "${aws:PrincipalTag/project, 'Alpha'}"}),
		theme("kms:EncryptionContextKeys", setOps, []string{"Department", "Project", "department", "P*", "*"}),
		theme("kms:EncryptionContextKeys", setOps, []string{"Department", "Project", "Department", "D*", "aws:s3:arn"}),
		theme("kms:EncryptionContext:aws:s3:arn", arnOps, []string{"arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*", "arn:aws:s3:::*"}),
	},
	{ // the caller
		theme("aws:PrincipalArn", arnOps, []string{
			"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/team/*", "arn:aws:iam::*:role/app", "arn:aws:iam::111122223333:role/*",
			"arn:aws:iam::111122223333:user/*", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/AWSReservedSSO_*",
			"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_*", "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_*",
			"arn:aws:iam::111122223333:role/aws-service-role/*", "arn:aws:iam::444455556666:*", "arn:aws:sts::111122223333:assumed-role/app/s1",
			"arn:aws:iam::${aws:PrincipalAccount}:role/app", "arn:aws:iam::${aws:PrincipalAccount}:role/team/*", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:*/app",
		}),
		theme("aws:PrincipalArn", arnOps, []string{"arn:aws:iam::111122223333:role/a*", "arn:aws:iam::111122223333:role/*p", "arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:user/${aws:username}"}),
		theme("aws:PrincipalAccount", stringOps, []string{owner, partner, third, "*", "1111*"}),
		theme("kms:CallerAccount", stringOps, []string{owner, partner, "*"}),
		theme("kms:CallerAccount", numberOps, []string{"400000000000", partner, "500000000000"}),
		theme("aws:PrincipalType", stringOps, []string{"Account", "User", "AssumedRole", "FederatedUser", "A*"}),
		theme("aws:username", stringOps, []string{"alice", "carol", "a*", "*"}),
		theme("aws:userid", stringOps, []string{"AROA1234567890ABCDEFG:*", "AROA1234567890ABCDEFG:s1", "AIDA1234567890ABCDEFG", "*:s1", "111122223333"}),
	},
	{ // tags
		theme("aws:PrincipalTag/project", stringOps, []string{"Alpha", "Beta", "A*", "*", ""}),
		theme("aws:PrincipalTag/team", stringOps, []string{"${aws:PrincipalTag/project}", "${aws:PrincipalTag/project}-*", "x", "${aws:username}", "${*}", "A${?}"}),
		theme("aws:PrincipalTag/project", boolOps, []string{"true", "false"}),
		theme("aws:PrincipalTag/team", stringOps, []string{"true", "x", "True", "t*"}),
		theme("aws:ResourceTag/project", stringOps, []string{"${aws:PrincipalTag/project}", "Alpha", "Alpha", "A*"}),
	},
	{ // networks
		theme("aws:SourceIp", ipOps, []string{"203.0.113.0/24", "203.0.113.128/25", "198.51.100.7", "0.0.0.0/0", "0.0.0.0/1", "2001:db8::/32", "192.0.2.0/24"}),
		theme("aws:VpcSourceIp", ipOps, []string{"10.0.0.0/8", "10.1.0.0/16", "10.1.2.3"}),
		theme("aws:SourceVpce", stringOps, []string{"vpce-1a2b3c4d", "vpce-2a2b3c4d", "vpce-*", "*"}),
		theme("aws:SourceVpc", stringOps, []string{"vpc-111bbb22", "vpc-222bbb22", "vpc-*"}),
		theme("aws:VpceAccount", stringOps, []string{owner, partner, "*"}),
		theme("aws:VpceOrgID", stringOps, []string{org, other, "o-*"}),
	},
	{ // time and credentials
		theme("aws:CurrentTime", dateOps, []string{"2026-01-01T00:00:00Z", "2030-06-30T12:00:00Z", "2020-01-01", "1900000000"}),
		theme("aws:EpochTime", dateOps, []string{"1900000000", "2030-06-30T12:00:00Z", "1577836800"}),
		theme("aws:TokenIssueTime", dateOps, []string{"2026-01-01T00:00:00Z", "2030-06-30T12:00:00Z"}),
		theme("aws:MultiFactorAuthPresent", boolOps, []string{"true", "false"}),
		theme("aws:MultiFactorAuthAge", numberOps, []string{"3600", "60", "3600.5"}),
	},
	{ // grants
		theme("kms:GrantIsForAWSResource", boolOps, []string{"true", "false"}),
		theme("kms:GrantOperations", setOps, []string{"Decrypt", "Encrypt", "CreateGrant", "Sign"}),
		theme("kms:GranteePrincipal", arnOps, []string{"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/*", "arn:aws:iam::444455556666:*", "arn:aws:iam::*:role/team/deploy"}),
		theme("kms:GrantConstraintType", stringOps, []string{"EncryptionContextEquals", "EncryptionContextSubset"}),
	},
	{ // the key
		theme("kms:KeySpec", stringOps, []string{"SYMMETRIC_DEFAULT", "RSA_2048", "RSA_*", "HMAC_256"}),
		theme("kms:KeyOrigin", stringOps, []string{"AWS_KMS", "EXTERNAL", "AWS_*"}),
		theme("kms:RequestAlias", stringOps, []string{"alias/app", "alias/*", "alias/app-*"}),
		theme("kms:ResourceAliases", setOps, []string{"alias/app", "alias/*", "alias/app-*"}),
		theme("kms:EncryptionAlgorithm", stringOps, []string{"SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES*"}),
	},
	{ // what is always there
		theme("aws:SecureTransport", boolOps, []string{"true", "false", "false"}),
		theme("aws:RequestedRegion", stringOps, []string{"us-east-1", "eu-west-1", "us-*"}),
		theme("aws:ResourceAccount", stringOps, []string{owner, partner, "${aws:PrincipalAccount}"}),
		theme("aws:ViaAWSService", boolOps, []string{"true", "false"}),
		theme("aws:CalledVia", setOps, []string{"s3.amazonaws.com", "athena.amazonaws.com", "*"}),
		theme("aws:PrincipalIsAWSService", boolOps, []string{"true", "false"}),
		theme("aws:PrincipalServiceName", stringOps, []string{"sns.amazonaws.com", "cloudtrail.amazonaws.com", "*"}),
	},
	{ // others
		theme("aws:SourceIdentity", stringOps, []string{"alice", "a*"}),
		theme("kms:ScheduleKeyDeletionPendingWindowInDays", numberOps, []string{"7", "14", "30"}),
		theme("kms:BypassPolicyLockoutSafetyCheck", boolOps, []string{"true", "false"}),
		theme("kms:RecipientAttestation:ImageSha384", stringOps, []string{"aaaa", "bbbb", "a*"}),
		func(g *generator) (string, string, []string) {
			return "Null", pick(g, "aws:PrincipalOrgID", "kms:ViaService", "kms:EncryptionContext:Department", "aws:SourceArn", "aws:PrincipalTag/project",
					"aws:SourceVpce", "aws:TokenIssueTime", "kms:EncryptionContextKeys", "aws:SourceIp", "aws:username", "kms:GranteePrincipal", "aws:MultiFactorAuthAge"),
				[]string{pick(g, "true", "false")}
		},
	},
}
