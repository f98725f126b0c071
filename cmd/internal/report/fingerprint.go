package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// smallNumber is an index of a statement, and not an account id.
var smallNumber = regexp.MustCompile(`\b[0-9]{1,3}\b`)

// fingerprints identify findings across commits, in the order of the list. They do not depend on lines, on the order of
// statements or on Sids. Equal faults of one file are counted.
func fingerprints(list diag.List) []string {
	seen := map[string]int{}
	out := make([]string, len(list))
	for i, d := range list {
		parts := []string{d.Rule, d.Reason, cmp.Or(d.Resource, d.Place.File)}
		switch id := d.Identity; {
		case id.Literal != "":
			parts = append(parts, id.Element, id.Literal)
		case id.Statement != "":
			parts = append(parts, id.Element, "statement", id.Statement)
		default: // it is of no file that was read
			parts = append(parts, diag.Element(d.Place.Path), messageShape(d))
		}
		key := fmt.Sprintf("%q", parts)
		seen[key]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", key, seen[key]))
		out[i] = hex.EncodeToString(sum[:16])
	}
	return out
}

// messageShape is a message without the name or index of the statement that it is about.
func messageShape(d diag.Diagnostic) string {
	text := d.Message
	if d.Statement != "" && !smallNumber.MatchString(d.Statement) {
		text = regexp.MustCompile(`(^|[^A-Za-z0-9])`+regexp.QuoteMeta(d.Statement)+`($|[^A-Za-z0-9])`).ReplaceAllString(text, "$1*$2")
	}
	return strings.TrimSpace(smallNumber.ReplaceAllString(text, "*"))
}
