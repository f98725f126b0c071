package access

import (
	"strings"
	"testing"
)

// TestADifferenceMayHoldInFewerContexts: where it is not worked out what a condition lets in, neither is in which contexts what
// it limits is lost, and the reason is reported beside the change.
func TestADifferenceMayHoldInFewerContexts(t *testing.T) {
	limited := func(value string) string {
		return strings.Replace(rootStatement, `"Resource"`, `"Condition": {"StringEquals": {"aws:PrincipalTag/a": "`+value+`"}}, "Resource"`, 1)
	}
	for value, known := range map[string]bool{"x": true, "${aws:PrincipalTag/b}": true, "${aws:PrincipalTag/b}-${aws:PrincipalTag/c}": false} {
		for _, pair := range [][2]string{{rootStatement, limited(value)}, {limited(value), rootStatement}} {
			d := Diff(statements(t, pair[0]), statements(t, pair[1]), testEnv(), testEnv())
			if len(d.Added)+len(d.Removed) == 0 || d.Equivalent || (len(d.Unknown) == 0) != known {
				t.Errorf("%s: %d added, %d removed, not known: %v", value, len(d.Added), len(d.Removed), d.Unknown)
			}
		}
	}
}
