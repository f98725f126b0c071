package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Key is what a plan or its application says of one key.
type Key struct {
	File     string
	Document int
	Key      string
	Region   string
	Account  string
	State    string
	Reason   string
	Findings diag.List
	Diff     *access.Difference
	Policies []*policy.Document // that the difference is between
	Live     bool               // the difference is of the live policy against the spec
}

// Keys are the keys of a run, in its order.
type Keys []Key

// keyStates are the states of keys in the order in which a summary shows them.
func keyStates() []string {
	return []string{"updated", "change", "unchanged", "blocked", "refused", "failed", "unverified"}
}

// count counts the keys of each state that there is.
func (k Keys) count() map[string]int {
	counts := map[string]int{}
	for i := range k {
		counts[k[i].State]++
	}
	return counts
}

// String is the summary as a sentence.
func (k Keys) String() string {
	counts := k.count()
	var parts []string
	for _, state := range keyStates() {
		if n := counts[state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, stateTitle(state)))
		}
	}
	return number(len(k), "key", "keys") + ": " + strings.Join(parts, ", ")
}

// KeysOptions are how keys are written.
type KeysOptions struct {
	Format string // text, json or markdown
	Colors bool
	Brief  bool               // the differences and the findings have been shown already
	All    bool               // text names every key
	Run    *keypolicy.PlanRun // JSON has it; nil is not known
}

// WriteKeys writes what became of keys.
func WriteKeys(w io.Writer, keys Keys, o KeysOptions) error {
	switch o.Format {
	case "json":
		return writeKeysJSON(w, keys, o.Run)
	case "markdown":
		return writeKeysMarkdown(w, keys, o)
	default:
		return writeKeysText(w, keys, o)
	}
}

func writeKeysJSON(w io.Writer, keys Keys, run *keypolicy.PlanRun) error {
	out := keypolicy.Plan{Version: 1, Run: run, Keys: make([]keypolicy.PlannedKey, 0, len(keys)), Summary: keys.count()}
	for _, k := range keys {
		j := keypolicy.PlannedKey{
			File: k.File, Document: k.Document, Key: k.Key, Region: k.Region, Account: k.Account, State: k.State, Reason: k.Reason,
			Findings: keypolicy.NewFindings(k.Findings),
		}
		if k.Diff != nil {
			j.Diff = keypolicy.NewDifference(k.Diff)
		}
		out.Keys = append(out.Keys, j)
	}
	return WriteValue(w, out)
}

func ruleName(f diag.Diagnostic) string {
	if f.Reason != "" && f.Reason != f.Rule {
		return f.Rule + "/" + f.Reason
	}
	return f.Rule
}

// title names a key by its spec and by what the spec calls it.
func (k *Key) title() string {
	name := k.File
	if k.Document > 0 {
		name += fmt.Sprintf(" (document %d)", k.Document)
	}
	if k.Key != "" {
		name += ": " + k.Key
	}
	if k.Region != "" && !strings.Contains(k.Key, ":"+k.Region+":") {
		name += " in " + k.Region
	}
	return name
}

// difference is what changes, where something does, beside the decisions too.
func (k *Key) difference() (Difference, bool) {
	if k.Diff == nil || k.Diff.Equivalent && len(k.Diff.Future)+len(k.Diff.Remarks) == 0 {
		return Difference{}, false
	}
	p := Policy{File: k.File, Region: k.Region, Account: keypolicy.Account{ID: k.Account}}
	both := p // one of them has the words of the two
	for _, doc := range k.Policies {
		for i := range doc.Statements {
			both.Statements = append(both.Statements, Statement{wording: wordingOf(&doc.Statements[i])})
		}
	}
	return Difference{Old: p, New: both, Result: k.Diff, Live: k.Live, outsidersFirst: true}, true
}

func (p painter) state(state, text string) string {
	switch state {
	case "unchanged":
		return p.dim(text)
	case "updated", "change":
		return p.paint("1;32", text)
	default:
		return p.paint("1;31", text)
	}
}
