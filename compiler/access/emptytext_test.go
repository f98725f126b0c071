package access

import (
	"fmt"
	"testing"
)

// TestEmptyTextIsAValue: whatever the operator, a condition that asks for the empty text is met by it.
func TestEmptyTextIsAValue(t *testing.T) {
	for _, operator := range []string{"StringEquals", "StringLike", "StringEqualsIgnoreCase"} {
		for _, values := range []string{`""`, `["","red"]`, `["red",""]`} {
			doc := read(t, fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*","Condition":{%q:{"aws:PrincipalTag/team":%s}}}]}`, operator, values))
			a := NewAnalysis(doc, testEnv())
			if answer, _ := a.Public(); answer != Yes || a.Statements()[0].Status != Live {
				t.Errorf("%s %s: public %s, %s", operator, values, answer, a.Statements()[0].Status)
			}
		}
	}
}

// TestPatternsLeaveTheEmptyTextOut: "?*" takes every text but the empty one, which a tag or an encryption context can have.
func TestPatternsLeaveTheEmptyTextOut(t *testing.T) {
	for _, key := range []string{"aws:PrincipalTag/team", "aws:ResourceTag/team", "kms:EncryptionContext:app"} {
		for condition, want := range map[string]Answer{
			`"StringNotLike":{%[1]q:"?*"},"Null":{%[1]q:"false"}`:                                       Yes,
			`"StringNotLike":{%[1]q:["a","?*"]},"Null":{%[1]q:"false"}`:                                 Yes,
			`"StringNotLike":{%[1]q:"?*"},"StringLike":{%[1]q:"*"}`:                                     Yes,
			`"StringNotLike":{%[1]q:["?","??*"]},"Null":{%[1]q:"false"}`:                                Yes,
			`"StringNotLike":{%[1]q:"*"},"Null":{%[1]q:"false"}`:                                        No,
			`"StringNotLike":{%[1]q:"?*"},"StringLike":{%[1]q:"?*"}`:                                    No,
			`"StringNotLike":{%[1]q:"?*"},"StringNotEquals":{%[1]q:""},"Null":{%[1]q:"false"}`:          No,
			`"StringNotLike":{%[1]q:"?*"},"StringNotEqualsIfExists":{%[1]q:"x"},"Null":{%[1]q:"false"}`: Yes,
		} {
			condition = fmt.Sprintf(condition, key)
			a := NewAnalysis(statements(t, rootStatement+","+publicUnder("Allow", condition)), testEnv())
			if answer, _ := a.Public(); answer != want {
				t.Errorf("%s: public %s, want %s", condition, answer, want)
			}
		}
	}
}
