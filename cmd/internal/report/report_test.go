package report

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

func TestTextIsSafeOnATerminal(t *testing.T) {
	hostile := "\x1b]0;x\x07\u202e"
	d := diag.Diagnostic{
		Rule: hostile, Severity: diag.Error, Message: hostile, Help: hostile, Place: diag.Place{File: hostile, Range: at(1, 1, 2)},
		Related: []diag.Related{{Place: diag.Place{File: hostile}, Message: hostile}}, Witness: &diag.Witness{Principal: hostile, Action: hostile},
	}
	var out strings.Builder
	if err := Write(&out, "text", Findings{List: diag.List{d}, Lines: keypolicy.Lines{keypolicy.LineOf(d): hostile}, Summary: keypolicy.Summary{}}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\x07\u202e") {
		t.Errorf("%q", out.String())
	}
}

func TestJSON(t *testing.T) {
	d := diag.Diagnostic{
		Rule: "public-access", Reason: "r", Severity: diag.Error, Message: "a < b & c", Statement: "Sid", Help: "h",
		Place:   diag.Place{File: "k.yaml", Document: 1, Range: at(4, 14, 17), Path: "/policy"},
		Witness: &diag.Witness{Principal: "p", Action: "kms:Decrypt"},
		Related: []diag.Related{{Place: diag.Place{File: "t.yaml", Range: at(3, 5, 6)}, Message: "m"}},
	}
	const want = `{
  "version": 1,
  "findings": [
    {
      "rule": "public-access",
      "reason": "r",
      "severity": "error",
      "message": "a < b & c",
      "file": "k.yaml",
      "document": 1,
      "line": 4,
      "column": 14,
      "end_line": 4,
      "end_column": 17,
      "path": "/policy",
      "statement": "Sid",
      "help": "h",
      "url": "https://github.com/keypolicy/keypolicy/blob/main/docs/rules/public-access.md",
      "witness": {
        "principal": "p",
        "action": "kms:Decrypt",
        "context": {}
      },
      "related": [
        {
          "file": "t.yaml",
          "line": 3,
          "column": 5,
          "message": "m"
        }
      ]
    }
  ],
  "summary": {
    "files": 1,
    "policies": 0,
    "error": 1,
    "warning": 0,
    "info": 0,
    "suppressed": 0
  }
}
`
	var out strings.Builder
	if err := Write(&out, "json", Findings{List: diag.List{d}, Lines: nil, Summary: keypolicy.Summary{Files: 1, Error: 1}}); err != nil {
		t.Fatal(err)
	}
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
	out.Reset()
	if err := Write(&out, "json", Findings{}); err != nil || !strings.Contains(out.String(), `"findings": []`) {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestTextNamesARulesPageOnce(t *testing.T) {
	const page = "see: https://github.com/keypolicy/keypolicy/blob/main/docs/rules/public-access.md\n"
	finding := func(rule string, line int) diag.Diagnostic {
		return diag.Diagnostic{Rule: rule, Severity: diag.Error, Message: "m", Place: diag.Place{File: "k.yaml", Range: diag.Range{Start: diag.Pos{Line: line, Column: 1}}}}
	}
	list := diag.List{finding("public-access", 1), finding("public-access", 2), finding("own-rule", 3), finding("schema", 4)}
	for _, test := range []struct {
		noPages bool
		want    int
	}{{false, 1}, {true, 0}} {
		var out strings.Builder
		if err := Write(&out, Text, Findings{List: list, NoPages: test.noPages}); err != nil {
			t.Fatal(err)
		}
		if got, all := strings.Count(out.String(), page), strings.Count(out.String(), "see: "); got != test.want || all != test.want {
			t.Errorf("without pages %t: the page is named %d times, and %d pages are named\n%s", test.noPages, got, all, out.String())
		}
	}
}
