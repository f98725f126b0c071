package access

import (
	"fmt"
	"testing"
)

// TestLiteralsAreLookedUpAsTheyAreCompared: a condition of many plain texts has the same outcome as when they are compared one by one.
func TestLiteralsAreLookedUpAsTheyAreCompared(t *testing.T) {
	var many string
	for i := range 2 * manyLiterals {
		many += fmt.Sprintf(`%q,`, fmt.Sprintf("vpce-%d", i))
	}
	looked := 0
	for _, operator := range []string{"StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringLike", "StringEqualsIgnoreCase", "ArnEquals"} {
		for _, last := range []string{"vpce-x", "*", "${aws:username}", "arn:aws:ec2:us-east-1:111122223333:vpc-endpoint/vpce-1"} {
			doc := statements(t, publicUnder("Allow", fmt.Sprintf(`%q: {"aws:SourceVpce": [%s%q]}`, operator, many, last)))
			c := newModel(doc, testEnv(), testAccount).statements[0].conditions[0]
			if c.literals != nil {
				looked++
			}
			single := c
			single.literals = nil
			for _, got := range []string{"vpce-0", "vpce-15", "vpce-16", "VPCE-1", "vpce-x", "", "*", last} {
				r := &request{caller: caller{kind: callerUser, account: testAccount, name: "alice"}}
				if is, want := c.evalOne(got, r), single.evalOne(got, r); is != want {
					t.Errorf("%s %s of %q is %v, one by one %v", operator, last, got, is, want)
				}
			}
		}
	}
	if looked < 6 {
		t.Errorf("%d conditions are looked up: this tests little", looked)
	}
}
