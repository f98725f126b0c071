// Package diag is the language of what is reported: severities, places, diagnostics and their order.
// It imports nothing of ours.
package diag

// Severity is how bad a diagnostic is. The zero value means none.
type Severity int

// The severities, from the mildest.
const (
	Info    Severity = iota + 1 // style
	Warning                     // legal and likely wrong
	Error                       // AWS rejects it, or it grants or locks out what no one can have meant
)

var severityNames = map[Severity]string{Info: "info", Warning: "warning", Error: "error"}

// String gives the name as users write it; "" for the zero value.
func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads a severity's name.
func ParseSeverity(name string) (Severity, bool) {
	for s, n := range severityNames {
		if n == name {
			return s, true
		}
	}
	return 0, false
}

// Related is a second place that explains a diagnostic, such as the template's line.
type Related struct {
	Place
	Message string
}

// Witness is a request that shows what a diagnostic claims.
type Witness struct {
	Principal string
	Action    string
	Context   map[string][]string
}

// Edit writes a text in place of a stretch of a file, or between two characters where the stretch is empty.
type Edit struct {
	Place Place
	Text  string
}

// Identity is what makes a finding the same one after edits elsewhere, beside its rule, its reason and its file or resource. It
// depends on no line, no position in a list, no message and no Sid. The zero value is of a finding that was not identified.
type Identity struct {
	Element   string // a JSON pointer into the document, with each position in a list as *
	Literal   string // that is at fault, or several, sorted; "" where it is a list or a mapping
	Statement string // the digest of the statement without its Sid; "" outside of statements
	Among     bool   // it is of several places, so that neither the statement nor the file of one of them makes it another
	Scope     *Scope // what the statement says of access, where that is what is found fault with; nil elsewhere
}

// BetweenLiterals is between the literals of an identity that is of several places.
const BetweenLiterals = ", "

// Diagnostic is anything reported at a place.
type Diagnostic struct {
	Rule      string // kebab-case; a stage's own ("syntax", "schema", "compile") or a Rego rule's
	Reason    string // the cause, where a rule has several
	Category  string // the rule's section; "lockout" cannot be suppressed
	Severity  Severity
	Message   string // what is wrong, in the user's words
	Help      string // what to write instead
	Place     Place
	Resource  string // the address of the key in what carries it, such as a Terraform plan; "" elsewhere
	Statement string // the compiled statement's Sid or its index; "" where it is about none
	Witness   *Witness
	Related   []Related
	Among     []Place // all places that are at fault together, where the order in which they are written says which is reported
	Alike     bool    // what is at fault in Among says the same, perhaps in several spellings
	Edits     []Edit  // what to write, where the help proposes a text and it can be written there
	Identity  Identity
	StandsFor List // of what is undecided: the findings that are made where it comes out so; suppressing them all suppresses it

	Suppressed *Suppression // what suppresses it; nil where nothing does
}

// Suppression is a comment or an entry of the configuration that suppresses findings.
type Suppression struct {
	Place      Place
	Configured bool // an entry of the configuration, and not a comment
	Reason     string
	Until      string // the last day, as 2026-01-31; "" is none
}
