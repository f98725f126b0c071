package access

import (
	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// editorStatus reports whether one of some callers can do an action, and whether in every context.
func (s *space) editorStatus(r *compiledPolicy, actions, among boxes.Set) Editors {
	return s.editorsIn(r, s.ahead().With(dimAction, actions).With(dimCaller, among))
}

func (s *space) editorsIn(r *compiledPolicy, all boxes.Box) Editors {
	switch answer, _ := s.documented(s.allowed(r, all)); answer {
	case Unknown:
		return EditorsUnknown
	case No:
		return EditorsNone
	case Yes:
	}
	out := EditorsUnknown // if the budget does not suffice: whether one can in every context is not worked out
	if !within(func() { out = s.whetherAlways(r, all) }) {
		s.noteLimit(reasonSearch)
	}
	return out
}

// whetherAlways says of editors, of whom there is one, whether one can in every context.
// Somebody can in every context exactly if no request of his for the action is refused, so "always" is a question
// for an impossibility and needs no list of contexts.
func (s *space) whetherAlways(r *compiledPolicy, all boxes.Box) Editors {
	for _, class := range s.callerClasses(r, all[dimCaller]) {
		where := all.With(dimCaller, s.single(dimCaller, class[0]))
		if answer, _ := s.allowed(r, where).settle(); answer != Yes {
			continue
		}
		if answer, _ := s.refused(r, where, delegated).settle(); answer == No {
			return EditorsAlways
		}
	}
	return EditorsConditional
}
