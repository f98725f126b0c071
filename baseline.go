package keypolicy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// Baseline is findings that are known: a run reports what is not among them.
type Baseline struct {
	Version  int             `json:"version"`
	Findings []BaselineEntry `json:"findings"`
}

// BaselineEntry is one finding. A second equal fault of the same element needs a second entry.
type BaselineEntry struct {
	Rule      string `json:"rule"`
	Reason    string `json:"reason,omitempty"`
	File      string `json:"file"`
	Resource  string `json:"resource,omitempty"`  // the key's address in what carries it
	Element   string `json:"element,omitempty"`   // a JSON pointer, with each position in a list as *
	Literal   string `json:"literal,omitempty"`   // that is at fault
	Statement string `json:"statement,omitempty"` // the digest of the statement without its Sid

	// Scope is what the statement gave when the finding was accepted: in a statement that gives more the finding is new.
	Scope *BaselineScope `json:"scope,omitempty"`
}

// BaselineScope is what a statement says of who may or may not do what, in texts that no order and no Sid changes. A part that the
// finding is not about is left out.
type BaselineScope struct {
	Effect     string   `json:"effect,omitempty"`
	Principals []string `json:"principals,omitempty"` // sorted; "not " before those of NotPrincipal
	Actions    []string `json:"actions,omitempty"`    // sorted, in lower case; "not " before those of NotAction
	Conditions []string `json:"conditions,omitempty"` // sorted: the operator, the key and the values as JSON; Resource and NotResource other than "*" too
}

const baselineVersion = 1

// NewBaseline makes a baseline of findings. Errors of lockout are left out and given back: they can be neither suppressed nor
// accepted.
func NewBaseline(findings diag.List) (b *Baseline, refused diag.List) {
	b = &Baseline{Version: baselineVersion, Findings: []BaselineEntry{}}
	for _, d := range findings {
		if isLockout(d) {
			refused = append(refused, d)
			continue
		}
		b.Findings = append(b.Findings, entryOf(d))
	}
	slices.SortStableFunc(b.Findings, func(a, b BaselineEntry) int { return strings.Compare(a.sortKey(), b.sortKey()) })
	return b, refused
}

func isLockout(d diag.Diagnostic) bool { return d.Category == "lockout" && d.Severity == diag.Error }

func entryOf(d diag.Diagnostic) BaselineEntry {
	id := d.Identity
	return BaselineEntry{d.Rule, d.Reason, d.Place.File, d.Resource, id.Element, id.Literal, id.Statement, (*BaselineScope)(id.Scope)}
}

func (e BaselineEntry) sortKey() string {
	return strings.Join([]string{e.File, e.Resource, e.Rule, e.Reason, e.Element, e.Literal, e.Statement, scopeText(e.Scope)}, "\x00")
}

// key is equal for two findings of one fault, wherever the file is. Without a literal, it is made of the statement, where that is not
// held against the entry's scope.
func (e BaselineEntry) key() string {
	literal := e.Literal
	if literal == "" && e.Scope == nil {
		literal = "statement " + e.Statement
	}
	return strings.Join([]string{e.Rule, e.Reason, e.Resource, e.element(), literal}, "\x00")
}

// element is the element whether it is written as one value or as a list.
func (e BaselineEntry) element() string { return strings.ReplaceAll(e.Element, "/*", "") }

// knows reports whether the entry, which has the key of a finding's own, accepted as much as the finding's statement gives.
func (e BaselineEntry) knows(own BaselineEntry) bool {
	switch {
	case own.Scope == nil || e.Statement == own.Statement && e.Statement != "":
		return true
	case e.Scope == nil:
		return false
	}
	return isWithin(own.Scope, e.Scope)
}

// place is where a finding stays: a carrier's key by its address, and else the file.
func (e BaselineEntry) place() string {
	if e.Resource != "" {
		return ""
	}
	return e.File
}

// ReadBaseline reads what [Baseline.Write] writes.
func ReadBaseline(name string, text []byte) (*Baseline, error) {
	var b Baseline
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		return nil, fmt.Errorf("%s is not a baseline: %w. Write one with `keypolicy baseline -o %s`", name, err, name)
	}
	if decoder.More() {
		return nil, fmt.Errorf("%s is not a baseline: there is text after it", name)
	}
	if b.Version != baselineVersion {
		return nil, fmt.Errorf("%s is a baseline of version %d, and this keypolicy reads version %d: write it again", name, b.Version, baselineVersion)
	}
	for i, e := range b.Findings {
		if e.Rule == "" || e.File == "" {
			return nil, fmt.Errorf("%s: finding %d has no rule or no file", name, i)
		}
	}
	return &b, nil
}

// Write writes a baseline, a finding a line: a change of one is a change of one line.
func (b *Baseline) Write(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintf(&out, "{\n  \"version\": %d,\n  \"findings\": [", b.Version)
	for i, e := range b.Findings {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(e); err != nil {
			return err
		}
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n    " + strings.TrimSpace(line.String()))
	}
	if len(b.Findings) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// BaselineMatch is a run's findings held against a baseline.
type BaselineMatch struct {
	New    diag.List       // not in the baseline, and all errors of lockout
	Known  diag.List       // in the baseline
	Unused []BaselineEntry // that no finding is any more, of the files that were read
}

// Match holds findings, which are sorted, against the baseline. read reports whether a file was read, and exists whether it is there.
// Entries of files that are gone are held against findings in files that the baseline does not know, so that a renamed file has
// nothing new, and a finding is held against entries under its rule's former names too, which formerly lists.
func (b *Baseline) Match(findings diag.List, read, exists func(file string) bool, formerly func(rule string) []string) BaselineMatch {
	m := matcher{entries: b.Findings, used: make([]bool, len(b.Findings)), findings: findings, known: make([]bool, len(findings)), formerly: formerly}
	files := map[string]bool{}
	for _, e := range b.Findings {
		files[e.File] = true
	}
	gone := map[string]bool{}
	for file := range files {
		gone[file] = !exists(file)
	}
	samePlace := func(e BaselineEntry) (string, bool) { return e.key() + "\x00" + e.place(), true }
	// Of equal faults the one in a statement that the baseline does not know is the new one.
	sameStatement := func(key func(BaselineEntry) (string, bool)) func(BaselineEntry) (string, bool) {
		return func(e BaselineEntry) (string, bool) { k, ok := key(e); return k + "\x00" + e.Statement, ok }
	}
	m.pair(sameStatement(samePlace), sameStatement(samePlace))
	m.pair(samePlace, samePlace)
	ofGone := func(e BaselineEntry) (string, bool) { return e.key(), e.Resource == "" && gone[e.File] }
	ofNew := func(e BaselineEntry) (string, bool) { return e.key(), e.Resource == "" && !files[e.File] }
	m.pair(sameStatement(ofGone), sameStatement(ofNew))
	m.pair(ofGone, ofNew)
	m.pairAmong(func(e, own BaselineEntry) bool {
		_, wasGone := ofGone(e)
		_, isNew := ofNew(own)
		return wasGone && isNew
	})
	var out BaselineMatch
	for i, d := range findings {
		if m.known[i] {
			out.Known = append(out.Known, d)
		} else {
			out.New = append(out.New, d)
		}
	}
	for i, e := range b.Findings {
		if !m.used[i] && (read(e.File) || gone[e.File]) {
			out.Unused = append(out.Unused, e)
		}
	}
	return out
}

// Rename is the baseline with the present names of rules, by their former ones.
func (b *Baseline) Rename(names map[string]string) *Baseline {
	out := &Baseline{Version: b.Version, Findings: slices.Clone(b.Findings)}
	for i, e := range out.Findings {
		if name, is := names[e.Rule]; is {
			out.Findings[i].Rule = name
		}
	}
	return out
}

// renamed holds the names of entries that rules had before, with those that they have now.
func (b *Baseline) renamed(set *rules.Set) map[string]string {
	names := map[string]string{}
	for _, e := range b.Findings {
		if now := set.Formerly(e.Rule); !set.Has(e.Rule) && len(now) > 0 {
			names[e.Rule] = now[0]
		}
	}
	return names
}

// Without is the baseline without some of its entries.
func (b *Baseline) Without(unused []BaselineEntry) *Baseline {
	drop := map[string]int{}
	for _, e := range unused {
		drop[e.sortKey()]++
	}
	out := &Baseline{Version: b.Version, Findings: []BaselineEntry{}}
	for _, e := range b.Findings {
		if key := e.sortKey(); drop[key] > 0 {
			drop[key]--
			continue
		}
		out.Findings = append(out.Findings, e)
	}
	return out
}
