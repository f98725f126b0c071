package access

// tri is a truth value with a third state for what AWS does not document.
// It is the strong logic of three values by Kleene: false wins in a conjunction and true in a disjunction,
// whatever else is not known. It does not see that two doubts depend on each other; where that matters the common
// cause is supposed once (allHold, assumptions).
type tri uint8

const (
	no tri = iota
	maybe
	yes
)

func (t tri) and(u tri) tri { return min(t, u) }

func (t tri) or(u tri) tri { return max(t, u) }

func (t tri) not() tri { return yes - t }

func truth(b bool) tri {
	if b {
		return yes
	}
	return no
}
