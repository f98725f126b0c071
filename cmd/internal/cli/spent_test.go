package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/cli"
)

// A run of lint fails where whether a policy is public takes more than the budget: what was not decided does not pass a gate.
func TestLintFailsWhereTheBudgetIsSpent(t *testing.T) {
	list := func(letter string) string {
		var roles []string
		for i := range 400 {
			roles = append(roles, fmt.Sprintf(`"arn:aws:iam::*:role/*%s%d*"`, letter, i))
		}
		return strings.Join(roles, ",")
	}
	statement := `,{"Effect": %q, "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": [%s]}}}`
	text := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}` +
		fmt.Sprintf(statement, "Allow", list("a")) + fmt.Sprintf(statement, "Deny", list("b")) + "]}"
	file := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := cli.Main(context.Background(), []string{"lint", "--account", "111122223333", file}, cli.Stdio{Out: &out, Err: &errs})
	if code != 1 || !strings.Contains(out.String(), "error[public-access/") || !strings.Contains(out.String(), "but this could not be decided") ||
		strings.Contains(out.String(), "no-policy-editor") {
		t.Errorf("exit code %d: %.600s%.600s", code, out.String(), errs.String())
	}
}
