package access

import (
	"slices"
	"strings"
)

// ReasonKind says what would settle an answer that is not known.
// The three are distinguished because they ask for different things of the reader: fill something in, decide for
// yourself as AWS does not say, or write the policy more simply.
type ReasonKind string

const (
	// ReasonNotYetKnown is something that is still to be filled in, such as the key's account or a placeholder.
	ReasonNotYetKnown ReasonKind = "not_yet_known"
	// ReasonOpen is what AWS's pages leave open.
	ReasonOpen ReasonKind = "open"
	// ReasonBudget is what takes more than the budget, or is of a form that is not worked out.
	ReasonBudget ReasonKind = "budget"
)

// rank orders kinds by how much they weigh where an answer has several reasons: what was not worked out may hide anything.
func (k ReasonKind) rank() int {
	return slices.Index([]ReasonKind{ReasonNotYetKnown, ReasonOpen, ReasonBudget}, k)
}

// ReasonSource says who fills in what is not known yet.
type ReasonSource string

const (
	// SourceWriter is a mark in a plain document, such as ${account_id}.
	SourceWriter ReasonSource = "writer"
	// SourceRun is a value that Terraform knows once it runs.
	SourceRun ReasonSource = "run"
)

// Reason says why something is not known.
type Reason struct {
	Kind ReasonKind
	Text string
	// About begins Text, before a colon: the statement or the question that the reason is about. "" where Text is the reason itself.
	About  string
	Source ReasonSource // "" where it is neither
	// Restates is set where Text only says again what was asked.
	Restates bool
}

// Detail is the text without what it is about.
func (r Reason) Detail() string {
	return strings.TrimPrefix(r.Text, r.About+": ")
}

// reasons are a set of them, by their text.
type reasons map[string]Reason

func (r reasons) add(kind ReasonKind, text string) { r.addReason(Reason{Kind: kind, Text: text}) }

func (r reasons) addReason(reason Reason) {
	if old, ok := r[reason.Text]; !ok || old.Kind.rank() < reason.Kind.rank() {
		r[reason.Text] = reason
	}
}

func (r reasons) addAll(other reasons) {
	for _, reason := range other {
		r.addReason(reason)
	}
}

// list sorts the reasons by their text.
func (r reasons) list() []Reason {
	list := []Reason{}
	for _, text := range sortedKeys(r) {
		list = append(list, r[text])
	}
	return list
}

// heaviest is the kind that weighs most, "" where there is none.
func (r reasons) heaviest() ReasonKind {
	var out ReasonKind
	for _, reason := range r {
		if out.rank() < reason.Kind.rank() {
			out = reason.Kind
		}
	}
	return out
}

const (
	reasonOwner  = "It depends on the key's account, which is not known."
	reasonOwners = "The key's account is not known, and the policy names more accounts that it can be than keypolicy tries: say which account it is."
	reasonBuild  = "The policy's conditions and principals can be combined in more ways than keypolicy can analyse: replace patterns by names and values where possible, and use fewer condition keys."
	reasonSearch = "The policy's statements overlap in more ways than keypolicy can analyse: use fewer condition keys and fewer Deny statements that limit the same requests."
)

// openReason is what AWS's pages, or what could not be read, leave open.
func openReason(text string) Reason { return Reason{Kind: ReasonOpen, Text: text} }

// fillInReason is that something about a statement, or about the policy, is still to be filled in.
func fillInReason(about, text string, source ReasonSource) Reason {
	return Reason{Kind: ReasonNotYetKnown, Text: about + ": " + text, About: about, Source: source}
}

// accountReason is that a question depends on the key's account.
func accountReason(question string) Reason {
	return fillInReason(question, "it depends on the key's account, which is not known.", "")
}

// note takes down a reason that a statement gives.
func (s *space) note(r Reason) { s.unknown.addReason(r) }

func (s *space) noteKind(kind ReasonKind, text string) { s.unknown.add(kind, text) }

// noteLimit takes down that something was not worked out.
func (s *space) noteLimit(text string) { s.unknown.add(ReasonBudget, text) }

// noteUnsettled takes down what a question could not settle, for the same kind of reason as it has so far.
func (s *space) noteUnsettled(text string) {
	kind := s.unknown.heaviest()
	switch {
	case kind != "":
	case s.isUnread():
		kind = ReasonOpen
	default:
		kind = ReasonBudget
	}
	s.unknown.addReason(Reason{Kind: kind, Text: text, Restates: true})
}
