package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// A policy is for requests to come, so who can still do something is asked from today on, where the day is known. Two policies are
// compared for all times.

// past is the tag of a time before today.
// Only a bound at today cuts the time; without a known day all times count, so "somebody could until last year" is
// an editor then.
const past = "past"

func (b *dimensionBuilder) past(text string) string {
	if len(b.bounds) == 0 {
		return ""
	}
	if seconds, ok := parseMoment(text); ok && seconds < b.bounds[0] {
		return past
	}
	return ""
}

// ahead are the requests from today on.
func (s *space) ahead() boxes.Box {
	b := s.all()
	if d := s.dim(keyCurrentTime); d != nil {
		if set := d.where(func(a class) bool { return a.tag != past }); len(set.Members(len(d.classes))) < len(d.classes) {
			b[s.index[keyCurrentTime]] = set
		}
	}
	return b
}

// bygone are the requests before today; nil where no condition distinguishes them.
func (s *space) bygone() boxes.Box {
	d := s.dim(keyCurrentTime)
	if d == nil {
		return nil
	}
	set := d.where(func(a class) bool { return a.tag == past })
	if set.Empty() {
		return nil
	}
	b := s.all()
	b[s.index[keyCurrentTime]] = set
	return b
}

// fromToday asks something as if no request came before today any more: what is described is then what is still to come.
func (s *space) fromToday(ask func()) {
	whole := s.impossible
	defer func() { s.impossible = whole }()
	if bygone := s.bygone(); bygone != nil {
		s.impossible = append(slices.Clip(whole), bygone)
	}
	ask()
}
