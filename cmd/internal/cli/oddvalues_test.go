package cli

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// TestRulesAnswerForOddValues gives every rule statements of keys, operators and values that hardly go together, each value under
// each key: each is answered for, and no two clauses of a rule say different things of it.
func TestRulesAnswerForOddValues(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 1))
	pairs := oddPairs()
	random.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	files := map[string][]byte{}
	for policies := 0; len(pairs) > 0; policies++ {
		files[fmt.Sprintf("odd-%d.json", policies)], pairs = oddPolicy(random, pairs)
		if len(files) == 50 || len(pairs) == 0 {
			lintFiles(t, files)
			clear(files)
		}
	}
}

// oddPairs are all keys with all values.
func oddPairs() [][2]string {
	keys := slices.Clone(oddKeys)
	for _, k := range facts.ConditionKeys() {
		keys = append(keys, k.Name)
	}
	var pairs [][2]string
	for _, key := range keys {
		for _, value := range oddValues {
			pairs = append(pairs, [2]string{key, value})
		}
	}
	return pairs
}

// oddPolicy uses up some pairs of a key and a value.
func oddPolicy(random *rand.Rand, pairs [][2]string) (policy []byte, rest [][2]string) {
	statements := make([]map[string]any, 12)
	for i := range statements {
		var conditions map[string]map[string][]string
		conditions, pairs = oddConditions(random, pairs)
		statements[i] = map[string]any{
			"Sid": fmt.Sprintf("S%d", i), "Effect": draw(random, "Allow", "Allow", "Allow", "Deny"),
			draw(random, "Principal", "Principal", "Principal", "NotPrincipal"): map[string]any{
				draw(random, "AWS", "AWS", "AWS", "Service", "Service", "Federated", "aws"): drawSome(random, oddPrincipals),
			},
			draw(random, "Action", "Action", "Action", "NotAction"):         drawSome(random, oddActions),
			draw(random, "Resource", "Resource", "Resource", "NotResource"): drawSome(random, oddResources),
			"Condition": conditions,
		}
	}
	policy, err := json.Marshal(map[string]any{"Version": draw(random, "2012-10-17", "2012-10-17", "2008-10-17"), "Statement": statements})
	if err != nil {
		panic(err)
	}
	return policy, pairs
}

func oddConditions(random *rand.Rand, pairs [][2]string) (conditions map[string]map[string][]string, rest [][2]string) {
	conditions = map[string]map[string][]string{}
	for range random.IntN(10) {
		if len(pairs) == 0 {
			break
		}
		operator := draw(random, "", "", "", "ForAllValues:", "ForAnyValue:") + draw(random, oddOperators...) + draw(random, "", "", "", "IfExists")
		if conditions[operator] == nil {
			conditions[operator] = map[string][]string{}
		}
		key, value := pairs[0][0], pairs[0][1]
		conditions[operator][key] = append(conditions[operator][key], value)
		pairs = pairs[1:]
	}
	return conditions, pairs
}

func draw(random *rand.Rand, from ...string) string { return from[random.IntN(len(from))] }

func drawSome(random *rand.Rand, from []string) []string {
	some := make([]string, 1+random.IntN(2))
	for i := range some {
		some[i] = draw(random, from...)
	}
	return some
}

var oddOperators = []string{
	"StringEquals", "StringEquals", "StringEquals", "StringLike", "StringLike", "StringLike", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotLike", "ArnEquals", "ArnLike", "ArnNotLike",
	"Bool", "Null", "IpAddress", "NotIpAddress", "NumericEquals", "NumericLessThan", "DateGreaterThan", "BinaryEquals", "stringequals", "StringEqual", "Nul",
}

var oddKeys = []string{
	"kms:ViaService", "kms:CallerAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceArn", "aws:SourceAccount",
	"aws:SourceOrgID", "kms:EncryptionContext:aws:logs:arn", "kms:EncryptionContext:aws:s3:arn", "kms:EncryptionContext:PARAMETER_ARN",
	"kms:EncryptionContext:aws:cloudtrail:arn", "kms:EncryptionContext:aws:ecs:clusterAccount", "kms:EncryptionContext:SecretARN",
	"kms:EncryptionContext:", "kms:EncryptionContext", "aws:PrincipalTag/", "aws:PrincipalTag/x", "KMS:viaservice", "kms:RecipientAttestation:PCR0", "kms:Unknown",
}

var oddPrincipals = []string{
	"*", "111122223333", "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/a*",
	"arn:aws:iam::111122223333:user/a/b", "arn:aws:iam::111122223333:group/a", "arn:aws:sts::111122223333:assumed-role/a/b", "arn:aws:sts::111122223333:federated-user/a",
	"arn:aws:iam::111122223333:role/AWSReservedSSO_a_0123456789abcdef", "arn:aws:iam::111122223333:role/aws-service-role/a.amazonaws.com/AWSServiceRoleForA",
	"arn:aws:iam::1111:role/a", "arn:aws-cn:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/", "AROA1234567890ABCDEFG", "AIDA1234567890ABCDEFG", "a", "${a}", "", " ",
	"logs.amazonaws.com", "logs.eu-central-1.amazonaws.com", "events.amazonaws.com", "cloudtrail.amazonaws.com", "dnssec-route53.amazonaws.com", "fargate.amazonaws.com",
	"rds.amazonaws.com", "autoscaling.amazonaws.com", "s3.amazonaws.com", "S3.amazonaws.com", "x.amazonaws.com", "s3.amazonaws.com.cn", "arn:aws:s3:::b",
}

var oddActions = []string{
	"kms:*", "*", "kms:Decrypt", "kms:Describe*", "kms:CreateGrant", "kms:PutKeyPolicy", "kms:ReEncrypt", "kms:Sign", "kms:ListKeys", "kms:CreateKey", "kms:Decrypy", "KMS:decrypt",
	"s3:GetObject", "kms:", "kms", "", "kms:Generate*", "kms:x*", "kms:?ecrypt", "kms:ReplicateKey", "kms:*Grant*", "kms:ScheduleKeyDeletion",
}

var oddResources = []string{
	"*", "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:eu-central-1:111122223333:alias/a",
	"key/x", "arn:aws:s3:::b", "", "arn:aws:kms:eu-central-1:444455556666:key/mrk-1234abcd12ab34cd56ef1234567890ab", "1234abcd-12ab-34cd-56ef-1234567890ab", "arn:aws:kms:*:*:*",
}

var oddValues = []string{
	"", " ", "*", "?", "true", "false", "True", "5", "1.5", "-1", "2030-01-01T00:00:00Z", "2030-01-01", "10.0.0.0/8", "0.0.0.0/0", "1.2.3.4", "::/0", "YWJj",
	"111122223333", "1111", "111122223333*", "o-a1b2c3d4e5", "o-x", "o-x/r-ab12", "o-x/zz", "o-*", "o-a1b2c3d4e5/r-ab12", "o-a1b2c3d4e5/r-ab12/ou-x/", "o-a1b2c3d4e5/*", "r-ab12/",
	"s3.amazonaws.com", "s3.eu-central-1.amazonaws.com", "S3.EU-central-1.amazonaws.com", "s3.*.amazonaws.com", "s3", "S3.amazonaws.com.cn", "*.amazonaws.com", "x.y.z",
	"arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/a*", "arn:aws:sts::111122223333:assumed-role/a/b", "arn:aws:iam::*:role/a", "arn:aws:iam::111122223333:group/a",
	"arn:aws:logs:eu-central-1:111122223333:*", "arn:aws:logs:eu-central-1:111122223333:log-group:a:*", "arn:aws:logs:*:*:*", "arn:aws:s3:::b", "arn:aws:s3:::b/*", "arn:aws:s3:::*",
	"arn:aws:cloudtrail:*:111122223333:trail/*", "arn:aws:cloudtrail:eu-central-1:444455556666:trail/t", "arn:aws:cloudfront::/E2", "arn:aws:ssm:eu-central-1:111122223333:parameter//a",
	"arn:aws:secretsmanager:eu-central-1:111122223333:secret:a", "arn:", "arn:aws:", ":::::", "arn:::::", "arn:aws:sns:::", "alias/a", "alias/aws/s3", "alias/", "key-id",
	"${aws:PrincipalAccount}", "${aws:username", "$(x)", "<x>", "{{x}}", "Decrypt", "decrypt", "AWS_KMS", "SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "vpc-1", "vpce-0a1b2c3d", "VPC-1",
	"0000000000000000000000000000000000000000000000000000000000000000", "EXAMPLEbundle", "ä", "a,b", "a|b", "[", "(", "\\",
}
