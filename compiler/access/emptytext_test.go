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
