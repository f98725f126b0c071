package symbol

import "github.com/keypolicy/keypolicy/compiler/diag"

// Choice is something that is not known before a run and decides which of several known parts a policy has.
type Choice struct {
	ID      string     // equal for choices that are settled alike in every run
	Ref     string     // as the user writes it: "var.open"
	Options []string   // what it can be, in words that follow the reference: "is true"
	Only    int        // the one option that counts, from 1; 0 where all do
	Place   diag.Place // where it is written
}

// Assumption is one option of a choice.
type Assumption struct {
	Choice Choice
	Option int // an index of Options
}

// String says what is assumed.
func (a Assumption) String() string { return "`" + a.Choice.Ref + "` " + a.Choice.Options[a.Option] }
