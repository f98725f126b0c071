package access

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// approximation is how a set of requests is taken where not all is known.
// Why four: reps answer for the requests that are made as witnesses, classes for all that a representative is of.
// With only must and may of classes, a value that the search could not distinguish would make every answer
// unknown, though the representative itself is a real request that shows a yes.
type approximation uint8

const (
	repMust   approximation = iota // the classes' own values match, for sure
	repMay                         // the classes' own values match, or nobody knows
	classMust                      // every value that a class represents matches, for sure
	classMay                       // a value that a class represents may match
	approximations
)

func (v approximation) takes(t tri, exact bool) bool {
	switch v {
	case repMust:
		return t == yes
	case repMay:
		return t != no
	case classMust:
		return t == yes && exact
	case classMay, approximations:
	}
	return t != no || !exact
}

// part is a statement's boxes, by variant.
type part [approximations][]boxes.Box

// compiledPolicy are one policy's statements as boxes.
type compiledPolicy struct {
	m     *model
	allow [3][]part // by level, then by statement: the requests that it allows at the level or above
	deny  []part    // by statement
	exact bool      // no variant differs from another

	allAllowed [3]part // the boxes of all statements together
	allDenied  part
}

func (r *compiledPolicy) allowed(at level, v approximation) []boxes.Box { return r.allAllowed[at][v] }

func (r *compiledPolicy) denied(v approximation) []boxes.Box { return r.allDenied[v] }

// joinParts puts the boxes of all statements together.
func joinParts(parts []part) part {
	var all part
	for v := range approximations {
		for i := range parts {
			all[v] = append(all[v], parts[i][v]...)
		}
		all[v] = slices.Clip(all[v])
	}
	return all
}

// A statement that both allows and denies, as its Effect is not known, has boxes of both kinds; their may counts
// and their must does not. Deny statements have no level: AWS applies a Deny whoever it names, and to sessions of
// a role that it names.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func (s *space) compile(m *model) *compiledPolicy {
	r := &compiledPolicy{m: m, exact: s.exact && len(m.unreadable) == 0}
	for at := delegated; at <= direct; at++ {
		r.allow[at] = make([]part, len(m.statements))
	}
	r.deny = make([]part, len(m.statements))
	for i := range m.statements {
		st := &m.statements[i]
		c := &compiler{s: s, m: m, st: st, exact: &r.exact}
		if st.allow {
			r.allow[direct][i] = c.boxes(direct, true)
			r.allow[delegated][i] = c.boxes(delegated, true)
		}
		if st.deny {
			r.deny[i] = c.boxes(delegated, false)
		}
	}
	r.allAllowed, r.allDenied = [3]part{delegated: joinParts(r.allow[delegated]), direct: joinParts(r.allow[direct])}, joinParts(r.deny)
	return r
}
