package report

import (
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// maxResults is how many results of a run GitHub takes.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
const maxResults = 25000

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

type object = map[string]any

// writeSARIF writes findings as SARIF 2.1.0, as code scanning takes them; a run without findings too.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func writeSARIF(w io.Writer, all Findings) error {
	prints, kept := fingerprints(all.List), mostSevere(all.List)
	descriptors, index := sarifRules(all)
	results, suppressed := make([]object, 0, len(kept)), len(all.Suppressed) > 0
	for _, i := range kept {
		results = append(results, sarifResult(all.List[i], index[all.List[i].Rule], prints[i], suppressed))
	}
	invocation := object{"executionSuccessful": true}
	if left := len(all.List) - len(kept); left > 0 {
		invocation["toolExecutionNotifications"] = []object{{"level": "warning", "message": object{
			"text": number(left, "finding is", "findings are") + " left out: a run has at most 25000 results",
		}}}
	}
	return WriteValue(w, object{
		"$schema": sarifSchema, "version": "2.1.0",
		"runs": []object{{
			"tool":               object{"driver": object{"name": toolName, "informationUri": toolURL, "rules": descriptors}},
			"columnKind":         "unicodeCodePoints",
			"originalUriBaseIds": object{"%SRCROOT%": object{"description": object{"text": "the folder that keypolicy ran in"}}},
			"invocations":        []object{invocation},
			"results":            results,
		}},
	})
}

// mostSevere are the positions of the findings that fit a run, in their order: where there are too many, the mildest are left out.
func mostSevere(list diag.List) []int {
	kept := make([]int, len(list))
	for i := range kept {
		kept[i] = i
	}
	if len(kept) <= maxResults {
		return kept
	}
	slices.SortStableFunc(kept, func(a, b int) int { return weight(list[b]) - weight(list[a]) })
	kept = kept[:maxResults]
	slices.Sort(kept)
	return kept
}

// weight is what a finding is kept by: what is suppressed is left out first.
func weight(d diag.Diagnostic) int {
	if d.Suppressed != nil {
		return 0
	}
	return int(d.Severity)
}

// sarifResult is a finding. Where one of a run says what suppresses it, all of them say so.
func sarifResult(d diag.Diagnostic, rule int, fingerprint string, suppressions bool) object {
	text := d.Message
	if d.Help != "" {
		text += "\nHelp: " + strings.TrimRight(d.Help, "\n")
	}
	r := object{
		"ruleId": d.Rule, "ruleIndex": rule, "level": sarifLevels[d.Severity], "message": sarifText(text),
		"locations":           []object{sarifAt(d)},
		"partialFingerprints": object{"keypolicy/v1": fingerprint},
	}
	if d.Reason != "" {
		r["properties"] = object{"reason": d.Reason}
	}
	if suppressions {
		r["suppressions"] = sarifSuppressions(d.Suppressed)
	}
	var related []object
	for _, o := range d.Related {
		at := sarifLocation(o.Place)
		at["message"] = sarifText(o.Message)
		related = append(related, at)
	}
	if len(related) > 0 {
		r["relatedLocations"] = related
	}
	return r
}

var sarifLevels = map[diag.Severity]string{diag.Error: "error", diag.Warning: "warning", diag.Info: "note"}

// sarifText is a message in which nothing is a link: a policy's text could have one.
func sarifText(text string) object {
	return object{"text": strings.ReplaceAll(indentLines(text), "](", "] (")}
}

// sarifAt is a finding's location: its place, and the key of a carrier that it is about.
func sarifAt(d diag.Diagnostic) object {
	at := sarifLocation(d.Place)
	if d.Resource != "" {
		at["logicalLocations"] = []object{{"fullyQualifiedName": d.Resource, "kind": "resource"}}
	}
	return at
}

// sarifSuppressions says what suppresses a finding; nothing is an empty list.
func sarifSuppressions(by *diag.Suppression) []object {
	if by == nil {
		return []object{}
	}
	kind := "inSource"
	if by.Configured {
		kind = "external"
	}
	return []object{{"kind": kind, "status": "accepted", "justification": by.Reason, "location": sarifLocation(by.Place)}}
}

func sarifLocation(p diag.Place) object {
	artifact := object{"uri": fileURI(p.File)}
	if !path.IsAbs(p.File) {
		artifact["uriBaseId"] = "%SRCROOT%"
	}
	physical := object{"artifactLocation": artifact}
	if start, end := p.Range.Start, p.Range.End; start.Line > 0 {
		region := object{"startLine": start.Line, "startColumn": max(start.Column, 1)}
		if end.Line > start.Line || end.Line == start.Line && end.Column >= start.Column {
			region["endLine"], region["endColumn"] = end.Line, max(end.Column, 1)
		}
		physical["region"] = region
	}
	return object{"physicalLocation": physical}
}

func fileURI(file string) string {
	u := url.URL{Path: file}
	if path.IsAbs(file) {
		u.Scheme = "file"
	}
	return u.String()
}
