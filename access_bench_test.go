package keypolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
)

// BenchmarkAccess answers all that `access` prints, the uses of the key included: of a policy near the limit of 32 KB, and of a
// console's.
func BenchmarkAccess(b *testing.B) {
	for name, text := range map[string]string{"Large": manyConditions(69), "Console": manyConditions(0)} {
		b.Run(name, func(b *testing.B) {
			l, err := keypolicy.New(keypolicy.Options{Key: keypolicy.KeyDefaults{Account: "111122223333", Region: "us-east-1"}})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Access(keypolicy.Input{Name: "a.json", Text: []byte(text)}, keypolicy.AccessOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// manyConditions is a policy with so many statements beside the account's, with conditions of five kinds.
func manyConditions(statements int) string {
	conditions := []string{
		``,
		`, "Condition": {"StringEquals": {"kms:ViaService": "svc%d.us-east-1.amazonaws.com"}}`,
		`, "Condition": {"StringLike": {"kms:EncryptionContext:app": "app%d-*"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}`,
		`, "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-%d"}}`,
		`, "Condition": {"IpAddress": {"aws:SourceIp": "10.%d.0.0/16"}}`,
	}
	list := []string{`{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`}
	for i := range statements {
		condition, effect := conditions[i%len(conditions)], "Allow"
		if condition != "" {
			condition = fmt.Sprintf(condition, i)
		}
		if i%len(conditions) == 3 {
			effect = "Deny"
		}
		list = append(list, fmt.Sprintf(`{"Sid": "s%d", "Effect": "%s", "Principal": {"AWS": ["arn:aws:iam::111122223333:role/team/service-%d-a", "arn:aws:iam::111122223333:role/team/service-%d-b", "arn:aws:iam::111122223333:user/person-%d", "arn:aws:iam::44445555%04d:role/partner"]}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"%s}`,
			i, effect, i, i, i, i%20, condition))
	}
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(list, ",") + `]}`
}
