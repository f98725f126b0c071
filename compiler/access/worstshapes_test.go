package access

import (
	"fmt"
	"strings"
)

// worstShapes are statements of up to 32 KB that take as much work as those of worstPolicies, each in another part of an analysis.
func worstShapes() map[string]string {
	shapes := map[string]func(i int, effect string) string{
		"an ARN, tags and services": func(i int, effect string) string {
			return publicUnder(effect, fmt.Sprintf(`"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/r%d*", "arn:aws:iam::*:role/*x%d"]}, "StringLike": {"kms:ViaService": ["s%d.*"]}, "StringEquals": {"aws:PrincipalTag/t%d": "v", "aws:PrincipalTag/team": "u%d"}`, i, i, i, i, i))
		},
		"tags that are compared often": func(i int, effect string) string {
			var list []string
			for j := range 4 {
				list = append(list, fmt.Sprintf(`"aws:PrincipalTag/k%d": "v%d"`, (i+j*j)%12, i%(3+j)))
			}
			return publicUnder(effect, `"StringEquals": {`+strings.Join(list, ",")+`}`)
		},
		"pairs of their own": func(i int, effect string) string {
			return publicUnder(effect, fmt.Sprintf(`"StringEquals": {"kms:EncryptionContext:a%d": "v", "kms:EncryptionContext:b%d": "v", "kms:EncryptionContext:c%d": "v"}`, i, i, i))
		},
		"ranges": func(i int, effect string) string {
			var list []string
			for j := range 12 {
				list = append(list, fmt.Sprintf(`"%d.%d.0.0/%d"`, 10+i, j, 16+j%8))
			}
			return publicUnder(effect, `"IpAddress": {"aws:SourceIp": [`+strings.Join(list, ",")+`]}`)
		},
		"dates and tags": func(i int, effect string) string {
			return publicUnder(effect, fmt.Sprintf(`"DateGreaterThan": {"aws:CurrentTime": "20%d-01-01T00:00:00Z"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "%d"}, "StringEquals": {"aws:PrincipalTag/d%d": "x%d"}`, 20+i%40, i*100, i%20, i))
		},
		"lists of names": func(i int, effect string) string {
			return publicUnder(effect, fmt.Sprintf(`"ForAllValues:StringEquals": {"aws:TagKeys": ["k%d", "l%d"]}, "ForAnyValue:StringEquals": {"aws:CalledVia": ["s%d.amazonaws.com"]}`, i, i, i))
		},
		"SSO roles": func(i int, _ string) string {
			return publicUnder("Allow", fmt.Sprintf(`"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_T%d_*"}, "StringEquals": {"aws:PrincipalTag/t%d": "v%d"}`, i, i%9, i))
		},
		"NotAction": func(i int, effect string) string {
			return strings.Replace(publicUnder(effect, fmt.Sprintf(`"StringEquals": {"aws:PrincipalTag/t%d": "%c"}`, i%20, 'a'+i%6)), `"Action": "kms:Decrypt"`,
				fmt.Sprintf(`"NotAction": ["kms:*%c*", "kms:*%c*"]`, 'a'+i*7%26, 'a'+(i*7+5)%26), 1)
		},
		"sources and their accounts": func(i int, effect string) string {
			condition := fmt.Sprintf(`"StringEquals": {"aws:SourceAccount": "%d"}`, 100000000000+i)
			if i%3 == 0 {
				condition = fmt.Sprintf(`"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:%d:t%d*"}`, 100000000000+i, i)
			}
			return strings.Replace(publicUnder(effect, condition), `"*"`, fmt.Sprintf(`{"Service": "s%d.amazonaws.com"}`, i%10), 1)
		},
		"sources of many accounts": func(i int, _ string) string {
			var arns, accounts []string
			for j := range 8 {
				account := 100000000000 + 7919*(8*i+j)
				arns, accounts = append(arns, fmt.Sprintf(`"arn:aws:sns:*:%d:t%d*"`, account, i)), append(accounts, fmt.Sprintf(`"%d"`, account))
			}
			return publicUnder("Allow", fmt.Sprintf(`"StringLike": {"aws:SourceArn": [%s]}, "StringEquals": {"aws:SourceAccount": [%s]}`, strings.Join(arns, ","), strings.Join(accounts, ",")))
		},
		"accounts": func(i int, effect string) string {
			var list []string
			for j := range 6 {
				list = append(list, fmt.Sprintf(`"arn:aws:iam::%d:root"`, 100000000000+i*7+j))
			}
			return fmt.Sprintf(`{"Effect": %q, "Principal": {"AWS": [%s]}, "Action": "kms:Decrypt", "Resource": "*"}`, effect, strings.Join(list, ","))
		},
		"principals with wildcards": func(i int, effect string) string {
			return fmt.Sprintf(`{"Effect": %q, "Principal": {"AWS": ["arn:aws:iam::111122223333:role/*a%d*", "arn:aws:iam::111122223333:role/*b%d*"]}, "Action": "kms:Decrypt", "Resource": "*"}`, effect, i, i)
		},
	}
	out := map[string]string{}
	for name, shape := range shapes {
		var list []string
		for size := 200; size < 32_000; size += len(list[len(list)-1]) + 1 {
			i := len(list)
			list = append(list, shape(i, []string{"Allow", "Deny"}[i%2]))
		}
		out[name] = strings.Join(list[:len(list)-1], ",")
	}
	return out
}
