package cli_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestAPolicyFarOverTheLimitIsNotJudgedFurther(t *testing.T) {
	project(t, nil)
	var statements []string
	for i := range 700 { // some of them are errors of their own
		statements = append(statements, fmt.Sprintf(`{"Sid": "s%d", "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/%s*"}}}`, i, strings.Repeat("x", 100)))
	}
	write(t, "long.json", policyOf(statements...))
	write(t, "bad.json", policyOf(statements[0]))
	r := keypolicy(t, "", "lint", "long.json", "bad.json")
	if r.code != 1 || strings.Count(r.out, "--> long.json") != 1 || !strings.Contains(r.out, "and KMS accepts 32768: it is not checked further") || !strings.Contains(r.out, "--> bad.json") {
		t.Errorf("exit code %d: %.3000s%s", r.code, r.out, r.errors)
	}
	if r := keypolicy(t, "", "compile", "-o", "out", "long.json"); r.code != 1 {
		t.Errorf("exit code %d: %s", r.code, r.errors)
	}
}
