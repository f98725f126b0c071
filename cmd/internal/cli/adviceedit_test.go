package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Words in capitals are blanks, which their reader fills in: the help says what they represent.
var (
	writes  = regexp.MustCompile("^(?:write|did you mean) `([^`]*)`")
	adds    = regexp.MustCompile("^add `([{][^`]*)`")
	blank   = regexp.MustCompile(`\b(ACCOUNT|REGION|PARTITION|NAME|SERVICE)\b`)
	account = regexp.MustCompile(`\b[0-9]{12}\b`)
	region  = regexp.MustCompile(`\b[a-z]{2}-[a-z]+-[0-9]\b`)
)

// proposes is what a help proposes as text: code, an element as JSON, an action, a condition key, an ARN, a field or an operator.
var proposes = regexp.MustCompile("`[^`]+`|\"[^\"]+\"|\\b(?:kms|aws):[A-Za-z]|\\barn:|\\b[a-z]+(?:_[a-z]+)+\\b|" +
	`\b(?:For(?:All|Any)Values?|(?:String|Arn|Numeric|Date)(?:Not)?(?:Equals|Like|Less|Greater)\w*|Bool(?:IfExists)?|IpAddress|Null)\b`)

// blanks are what a reader may put in for the words of a form.
var blanks = strings.NewReplacer("PARTITION", "aws", "NAME", "app", "SERVICE", "rds", "[…]", `["arn:aws:iam::111122223333:role/app"]`)

// proposals are the ways to follow a help: the edits that come with it, or what a reader makes of it, each by itself. There are none where it
// proposes nothing.
func proposals(e *keypolicy.Example, d diag.Diagnostic) [][]diag.Edit {
	switch {
	case len(d.Edits) > 0:
		return [][]diag.Edit{d.Edits}
	case !isEditable(e, d):
		return nil
	}
	file := fileOf(e, d)
	own := cmp.Or(string(account.Find(file)), "111122223333")
	if bytes.Contains(file, []byte("Deny")) { // which may name others first
		own = "111122223333"
	}
	if strings.HasPrefix(d.Place.Path, "/external_accounts/") { // which is for others
		own = "444455556666"
	}
	fill := func(text string) string {
		text = strings.ReplaceAll(text, "ACCOUNT", own)
		return blanks.Replace(strings.ReplaceAll(text, "REGION", cmp.Or(string(region.Find(file)), "eu-central-1")))
	}
	if statement := adds.FindStringSubmatch(d.Help); statement != nil {
		return [][]diag.Edit{addStatement(d, file, fill(statement[1]))}
	}
	if texts := follow(d, file, own, cmp.Or(string(region.Find(file)), "eu-central-1")); len(texts) > 0 {
		place := d.Place
		place.Range.Start.Offset, place.Range.End.Offset = 0, len(file)
		var out [][]diag.Edit
		for _, text := range texts {
			out = append(out, []diag.Edit{{Place: place, Text: text}})
		}
		return out
	}
	written := writes.FindStringSubmatch(d.Help)
	if written == nil {
		return nil
	}
	text := fill(written[1])
	switch {
	case strings.HasPrefix(text, "{"): // an element as JSON
	case d.Category == "hygiene": // a name in a comment
	default:
		text = strconv.Quote(text)
	}
	return [][]diag.Edit{{{Place: d.Place, Text: text}}}
}

// addStatement is the edit that adds a statement to a policy as JSON.
func addStatement(d diag.Diagnostic, file []byte, statement string) []diag.Edit {
	var document map[string]any
	var added any
	if json.Unmarshal(file, &document) != nil || json.Unmarshal([]byte(statement), &added) != nil {
		return nil
	}
	statements, isList := document["Statement"].([]any)
	if !isList {
		statements = []any{document["Statement"]}
	}
	document["Statement"] = append(statements, added)
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return nil
	}
	place := d.Place
	place.Range.Start.Offset, place.Range.End.Offset = 0, len(file)
	return []diag.Edit{{Place: place, Text: string(text)}}
}

// fileOf is the text of the file that a finding is in.
func fileOf(e *keypolicy.Example, d diag.Diagnostic) []byte {
	for _, f := range e.Files {
		if f.Name == d.Place.File {
			return f.Data
		}
	}
	return nil
}

// isEditable reports whether a finding is about text that is in its file as it is: not in a template's place, and not in a
// policy that is one string.
func isEditable(e *keypolicy.Example, d diag.Diagnostic) bool {
	return !slices.ContainsFunc(d.Related, func(r diag.Related) bool { return r.Place.File != d.Place.File }) && !strings.HasSuffix(d.Place.Path, "/policy") && slices.ContainsFunc(e.Files, func(f txtar.File) bool { return f.Name == d.Place.File })
}

// edit makes edits, the last one of the text first.
func edit(text []byte, edits []diag.Edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b diag.Edit) int {
		return cmp.Compare(b.Place.Range.Start.Offset, a.Place.Range.Start.Offset)
	})
	text = bytes.Clone(text)
	for _, e := range edits {
		r := e.Place.Range
		text = slices.Concat(text[:r.Start.Offset], []byte(e.Text), text[r.End.Offset:])
	}
	return text
}
