package access

import "slices"

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

// Reason says why something is not known.
type Reason struct {
	Kind ReasonKind
	Text string
}

// reasons are a set of them, by their text.
type reasons map[string]ReasonKind

func (r reasons) add(kind ReasonKind, text string) {
	if old, ok := r[text]; !ok || old.rank() < kind.rank() {
		r[text] = kind
	}
}

func (r reasons) addAll(other reasons) {
	for text, kind := range other {
		r.add(kind, text)
	}
}

// list sorts the reasons by their text.
func (r reasons) list() []Reason {
	list := []Reason{}
	for _, text := range sortedKeys(r) {
		list = append(list, Reason{Kind: r[text], Text: text})
	}
	return list
}

// heaviest is the kind that weighs most, "" where there is none.
func (r reasons) heaviest() ReasonKind {
	var out ReasonKind
	for _, kind := range r {
		if out.rank() < kind.rank() {
			out = kind
		}
	}
	return out
}

const (
	reasonOwner  = "It depends on the key's account, which is not known."
	reasonBuild  = "The policy's conditions and principals can be combined in more ways than keypolicy can analyse: replace patterns by names and values where possible, and use fewer condition keys."
	reasonSearch = "The policy's statements overlap in more ways than keypolicy can analyse: use fewer condition keys and fewer Deny statements that limit the same requests."
)

// openReason is what AWS's pages, or what could not be read, leave open.
func openReason(text string) Reason { return Reason{ReasonOpen, text} }

// fillInReason is that something is still to be filled in.
func fillInReason(text string) Reason { return Reason{ReasonNotYetKnown, text} }

// note takes down a reason that a statement gives.
func (s *space) note(r Reason) { s.unknown.add(r.Kind, r.Text) }

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
	s.unknown.add(kind, text)
}
