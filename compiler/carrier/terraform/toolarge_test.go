package terraform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// TestLargeValuesAreNotKnown: a few lines that make more than any memory has are reported, once, and what they make is not known.
func TestLargeValuesAreNotKnown(t *testing.T) {
	for name, c := range map[string]struct{ first, next string }{
		"a text":     {`"xx"`, `"${local.a%[1]d}${local.a%[1]d}"`},
		"join":       {`"xx"`, `join("", [local.a%[1]d, local.a%[1]d])`},
		"replace":    {`"xx"`, `replace(local.a%[1]d, "x", "xx")`},
		"a list":     {`["x", "x"]`, `[local.a%[1]d, local.a%[1]d]`},
		"an object":  {`{ x = 1 }`, `{ x = local.a%[1]d, y = local.a%[1]d }`},
		"a document": {`data.aws_iam_policy_document.d0.json`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			fmt.Fprintf(&b, "locals {\n  a0 = %s\n", c.first)
			const last = 60
			for i := range last {
				if c.next != "" {
					fmt.Fprintf(&b, "  a%d = %s\n", i+1, fmt.Sprintf(c.next, i))
				}
			}
			b.WriteString("}\ndata \"aws_iam_policy_document\" \"d0\" {\n  statement {\n    actions = [\"kms:*\"]\n  }\n}\n")
			for i := range last {
				fmt.Fprintf(&b, "data \"aws_iam_policy_document\" \"d%[2]d\" {\n  source_policy_documents = [data.aws_iam_policy_document.d%[1]d.json, data.aws_iam_policy_document.d%[1]d.json]\n}\n", i, i+1)
			}
			of := "a60"
			if c.next == "" {
				of = "a0"
			}
			fmt.Fprintf(&b, "resource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({ Statement = local.%s })\n}\n", of)
			out, found, err := NewModules(oneFile(b.String())).Read(".")
			if err != nil {
				t.Fatal(err)
			}
			want := 1
			if name == "a document" {
				want = 0
			}
			if reported := countOf(found, tooLarge); reported != want || len(out.Keys) != 1 {
				t.Errorf("%d keys, reported %d times: %v", len(out.Keys), reported, found)
			}
		})
	}
}

func countOf(found diag.List, reason string) (n int) {
	for _, d := range found {
		if d.Reason == reason {
			n++
		}
	}
	return n
}
