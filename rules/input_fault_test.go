package rules

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

func TestFaultsOfPrincipals(t *testing.T) {
	for _, c := range []struct{ element, text, fault, nearest string }{
		{"AWS", "*", "", ""},
		{"AWS", "111122223333", "", ""},
		{"AWS", "arn:aws:iam::111122223333:root", "", ""},
		{"AWS", "arn:aws-cn:iam::111122223333:role/a/b/c", "", ""},
		{"AWS", "arn:aws:iam::111122223333:role/TODO-list", "", ""},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/a/b@c.d", "", ""},
		{"AWS", "arn:aws:sts::111122223333:federated-user/a", "", ""},
		{"AWS", "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef", "", ""},
		{"AWS", "arn:aws:iam:111122223333:root", faultARN, "arn:aws:iam::111122223333:root"},
		{"AWS", "arn:aws-cn:iam:iam::111122223333:role/a/", faultARN, "arn:aws-cn:iam::111122223333:role/a"},
		{"AWS", "arn:iam::111122223333:role/a", faultARN, "arn:aws:iam::111122223333:role/a"},
		{"AWS", "arn:aws:iam::111122223333:assumed-role/a/b", faultARN, "arn:aws:iam::111122223333:role/a"},
		{"AWS", "arn:aws:iam::", faultARN, ""},
		{"AWS", "arn:aws:iam:us-east-1:111122223333:user/a", faultRegion, "arn:aws:iam::111122223333:user/a"},
		{"AWS", " arn:aws:iam::111122223333:user/a", faultSpace, "arn:aws:iam::111122223333:user/a"},
		{"AWS", "arn:aws-gov:iam::111122223333:user/a", faultPartition, "arn:aws-us-gov:iam::111122223333:user/a"},
		{"AWS", "arn:aws:iam::1111-2222-3333:root", faultAccount, ""},
		{"AWS", "arn:aws:iam:: 12345:root", faultAccount, ""},
		{"AWS", "1111 2222 3333", faultAccount, ""},
		{"AWS", "arn:aws:iam::111122223333:group/a", faultGroup, ""},
		{"AWS", "arn:aws:kms:eu-central-1:111122223333:key/a", faultService, ""},
		{"AWS", "arn:aws:iam:::role/a", faultService, ""},
		{"AWS", "arn:aws:iam::111122223333:role/a*", faultWildcard, ""},
		{"AWS", "arn:aws:sts::111122223333:assumed-role/a", faultSession, ""},
		{"AWS", "arn:aws:iam::111122223333:role/a b", faultName, ""},
		{"AWS", "arn:aws:iam::111122223333:role/a\u2013b", faultCharacter, ""},
		{"AWS", "arn:aws:iam::111122223333:role/AWSServiceRoleForRDS", faultLinkedPath, ""},
		{"AWS", "arn:aws:iam::111122223333:user/${aws:username}", faultVariable, ""},
		{"AWS", "arn:aws:iam::${AWS::AccountId}:root", faultPlaceholder, ""},
		{"AWS", "AIDACKCEVSQ6C2EXAMPLE", faultUniqueID, ""},
		{"AWS", "alice", faultForm, ""},
		{"Service", "s3.amazonaws.com", "", ""},
		{"Service", "logs.eu-central-1.amazonaws.com", "", ""},
		{"Service", "sns.af-south-1.amazonaws.com", "", ""},
		{"Service", "ec2.amazonaws.com.cn", "", ""},
		{"Service", "inspector2.amazonaws.com", "", ""}, // one letter more than inspector
		{"Service", "rds.amazonaws.com", "", ""},        // than ds
		{"Service", "eks.amazonaws.com", "", ""},
		{"Service", "S3.amazonaws.com", faultForm, "s3.amazonaws.com"},
		{"Service", "aws:sns", faultForm, "sns.amazonaws.com"},
		{"Service", "*", faultForm, ""},
		{"Service", "cloudtrial.amazonaws.com", "", "cloudtrail.amazonaws.com"},
		{"Service", "cloudwatch-logs.amazonaws.com", "", "logs.REGION.amazonaws.com"},
		{"Federated", "cognito-identity.amazonaws.com", "", ""},
	} {
		fault, nearest := principalFault(policy.ReadPrincipal(c.element, c.text, nil))
		if fault != c.fault || nearest != c.nearest {
			t.Errorf("%s %s: %q, probably %q; want %q, %q", c.element, c.text, fault, nearest, c.fault, c.nearest)
		}
	}
}
