package keypolicy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// apply takes out of findings what is suppressed. fixed are those that are reported whatever is written.
func (s *suppressions) apply(found diag.List, comments map[string]*fileComments, fixed func(diag.Diagnostic) bool) (reported, suppressed diag.List) {
	if len(s.configured)+len(comments)+len(s.templates) == 0 {
		return found, nil
	}
	for _, d := range found {
		by := s.suppressing(d, comments, fixed(d))
		if len(d.StandsFor) > 0 {
			left, first := s.stoodFor(d, comments, fixed)
			switch {
			case len(left) == 0:
				by = cmp.Or(by, first)
			case !s.off:
				d = representing(d, left)
			}
		}
		if by != nil && !s.off {
			d.Suppressed = by.shown()
			suppressed = append(suppressed, d)
			continue
		}
		reported = append(reported, d)
	}
	return reported, suppressed
}

// stoodFor are the findings that an undecided one represents and that nothing suppresses, and what suppresses the first that is.
func (s *suppressions) stoodFor(d diag.Diagnostic, comments map[string]*fileComments, fixed func(diag.Diagnostic) bool) (left diag.List, first *suppression) {
	for _, f := range d.StandsFor {
		f.Resource = d.Resource
		if by := s.suppressing(f, comments, fixed(f)); by == nil {
			left = append(left, f)
		} else {
			first = cmp.Or(first, by)
		}
	}
	return left, first
}

// representing is an undecided finding that represents some of those that it represented.
func representing(d diag.Diagnostic, left diag.List) diag.Diagnostic {
	if len(left) == len(d.StandsFor) {
		return d
	}
	was := d.StandsFor
	d.Message = strings.Replace(d.Message, was[0].Message, left[0].Message, 1)
	d.Place, d.StandsFor = left[0].Place, left
	d.Related = slices.DeleteFunc(slices.Clone(d.Related), func(r diag.Related) bool {
		isOf := func(f diag.Diagnostic) bool { return r.Place == f.Place && r.Message == f.Message }
		return slices.ContainsFunc(was, isOf) && !slices.ContainsFunc(left[1:], isOf)
	})
	return d
}

// suppressing is the first that suppresses a finding; nil where nothing does. All that do are used.
func (s *suppressions) suppressing(d diag.Diagnostic, comments map[string]*fileComments, fixed bool) *suppression {
	var hit *suppression
	take := func(one *suppression) {
		for _, r := range one.rules {
			switch {
			case !s.set.Means(r.Text, d.Rule):
			case fixed || s.standsEnforced(d, one):
				r.kept.Store(true)
			default:
				r.used.Store(true)
				if hit == nil {
					hit = one
				}
			}
		}
	}
	for _, place := range placesOf(d) {
		own := s.templates[place.File]
		if c := comments[place.File]; c != nil {
			own = c.about(place.Range.Start.Line)
		}
		for _, one := range own {
			if one.holds() && one.line <= place.Range.Start.Line && place.Range.Start.Line <= one.last {
				take(one)
			}
		}
		for _, one := range s.configured {
			if one.holds() && one.matches(place.File) && one.isAbout(d.Resource) {
				take(one)
			}
		}
	}
	return hit
}

// markUnevaluated marks what may be about a document that does not compile: nobody knows what its rules would find.
func (s *suppressions) markUnevaluated(file string, document int, comments []*suppression) {
	for _, one := range comments {
		if one.place.Document == document {
			one.partial.Store(true)
		}
	}
	for _, one := range s.configured {
		if one.matches(file) {
			one.partial.Store(true)
		}
	}
}

// placesOf are the places at which a finding may be suppressed: its own, and the lines of templates that it comes from.
func placesOf(d diag.Diagnostic) []diag.Place {
	places := []diag.Place{d.Place}
	for _, r := range d.Related {
		if r.Message == diag.FromTemplate {
			places = append(places, r.Place)
		}
	}
	return places
}

// fixed says which findings in a file are reported whatever is written: errors of the category lockout, and those without
// which a document would be left out in silence.
func fixed(d diag.Diagnostic, documents []*compiler.Document) bool {
	if d.Severity != diag.Error {
		return false
	}
	switch {
	case d.Category == rules.Lockout, d.Rule == "syntax", d.Rule == exclusiveForms:
		return true
	case d.Rule != "schema" && d.Rule != "compile":
		return false
	}
	for _, document := range documents {
		if document.Index == d.Place.Document {
			return len(document.Policies) == 0
		}
	}
	return true
}

// evaluated is what the rules about suppressions see of those of a run, sorted by place. whole says that the run has read
// all files that there are.
func (s *suppressions) evaluated(comments map[string][]*suppression, whole bool) []rules.Suppression {
	all := slices.Clone(s.configured)
	for _, own := range comments {
		all = append(all, own...)
	}
	list := make([]rules.Suppression, 0, len(all))
	for _, one := range all {
		_, template := s.templates[one.place.File]
		entry := rules.Suppression{
			Place: one.place, Configured: one.configured, Until: one.until, Dated: one.dated, Expired: one.expired, Reason: one.reason,
		}
		for _, r := range one.rules {
			named := rules.SuppressedRule{Named: r.Named, Known: slices.Contains(s.names, r.Text), Used: r.used.Load(), Kept: r.kept.Load()}
			named.Whole = !one.partial.Load() && !one.shared && (whole || !one.configured && !template && !s.set.AboutFiles(r.Text) && r.Text != "compile")
			if former := s.set.Formerly(r.Text); !named.Known && len(former) > 0 {
				named.Known, named.Renamed = true, former[0]
			}
			if !named.Known {
				named.Nearest, _ = facts.Nearest(r.Text, s.names)
			}
			entry.Rules = append(entry.Rules, named)
		}
		list = append(list, entry)
	}
	slices.SortStableFunc(list, func(a, b rules.Suppression) int {
		return cmp.Or(strings.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Range.Start.Offset, b.Place.Range.Start.Offset))
	})
	return list
}
