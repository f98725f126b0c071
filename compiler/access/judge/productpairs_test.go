package judge_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// ofCallers are the keys that follow from the caller, or say for whom or through what it calls.
var ofCallers = []string{
	"aws:PrincipalArn", "aws:PrincipalAccount", "kms:CallerAccount", "aws:userid", "aws:username", "aws:PrincipalType", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName",
	"aws:PrincipalServiceNamesList", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "kms:ViaService", "aws:CalledVia",
	"aws:CalledViaFirst", "aws:CalledViaLast", "kms:GranteePrincipal", "kms:EncryptionContext:project", "kms:EncryptionContextKeys", "aws:PrincipalTag/project", "aws:ResourceOrgID",
}

// pairForms are operators that take each other's place in pairs.
var pairForms = []string{
	"StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists", "ArnLike", "ArnNotEquals", "StringEqualsIfExists", "ForAnyValue:StringLike", "ForAllValues:StringEquals",
	"ForAllValues:StringNotLike", "Null", "NumericLessThan", "Bool", "StringEqualsIgnoreCase",
}

// joined puts a second condition into a policy: into the same statement, a second Allow, or a Deny.
func joined(x product, y product, how int) rawPolicy {
	with, _, _ := x.policies()
	last := &with.Statement[len(with.Statement)-1]
	if how == 0 {
		if last.Condition[y.operator] == nil {
			last.Condition[y.operator] = map[string]any{}
		}
		last.Condition[y.operator][y.key] = y.values
		return with
	}
	more := last.clone()
	more.Effect = []string{"", "Allow", "Deny"}[how]
	if more.Effect == "Deny" {
		more.Principal = "*"
	}
	more.Condition = map[string]map[string]any{y.operator: {y.key: y.values}}
	with.Statement = append(with.Statement, more)
	return with
}

// TestPairsOfConditionsAgainstTheJudge goes through pairs of the keys of callers: in one statement, in two, and in a Deny beside an Allow.
func TestPairsOfConditionsAgainstTheJudge(t *testing.T) {
	rounds, _ := strconv.Atoi(os.Getenv("KEYPOLICY_ROUNDS"))
	seed, _ := strconv.Atoi(os.Getenv("KEYPOLICY_SEED"))
	tried := 0
	draw := func(key string, n int) product {
		form := pairForms[n%len(pairForms)]
		parsed, _ := facts.ParseOperator(form)
		values := crossedValues(parsed.Base, key)
		return product{shapes[n/3%len(shapes)], form, key, values[n%len(values)]}
	}
	for i, one := range ofCallers {
		for j, other := range ofCallers {
			for round := range max(1, rounds) {
				n := i*31 + j*17 + (seed+round)*101
				x, y := draw(one, n), draw(other, n/2+5)
				how := (i + j + seed + round) % 3
				if how == 0 && x.key == y.key && x.operator == y.operator {
					continue
				}
				now := joined(x, y, how)
				old, _, _ := x.policies()
				list := everyRequest(mustParse(now.text()), []string{"kms:Decrypt", "kms:PutKeyPolicy"})
				if len(list) > 3000 {
					list = thinned(list, 3000)
				}
				tried++
				found := judgeAll(now.text(), list)
				found = append(found, judgePair(old.text(), now.text(), list)...)
				seen := map[string]bool{}
				for _, f := range found {
					if !seen[f.law] {
						seen[f.law] = true
						t.Errorf("%s: %s\n  %s", fmt.Sprint(x, y), f, now.text())
					}
				}
			}
		}
	}
	t.Logf("%d pairs", tried)
}

// thinned are some of a list, evenly.
func thinned(list []*request, n int) []*request {
	step := 1 + len(list)/n
	return slices.Collect(func(yield func(*request) bool) {
		for i := 0; i < len(list); i += step {
			if !yield(list[i]) {
				return
			}
		}
	})
}
