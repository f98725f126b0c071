package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// question asks whether a request exists: in one of some boxes, in none of others, and possible at all.
// Every question of this package has this form: what is to be found (from), what must not hold (minus), and who
// confirms it. A negative answer comes from sets, a positive one from a request that two pieces of code agree on.
type question struct {
	s     *space
	where boxes.Box // only requests in here; nil is anywhere
	from  func(v approximation) []boxes.Box
	minus func(v approximation) []boxes.Box
	// confirm looks at a request that the search found, with the evaluator; an answer rests on it.
	confirm func(r *request) bool
	// exact says that the variants do not differ.
	exact bool
	// whole says that the question is of all statements: what could not be read may allow what none of them does.
	whole bool
	// documented leaves out the requests of which AWS's pages contradict each other.
	documented bool
}

// maxWitnesses bounds the requests that are tried in one box.
const maxWitnesses = 24

// ask answers the question; a yes has a request as witness.
func (q question) ask() (Answer, *request) {
	answer, witness := Unknown, (*request)(nil)
	if !within(func() { answer, witness = q.settle() }) {
		q.s.noteLimit(reasonSearch)
		return Unknown, nil
	}
	return answer, witness
}

// documented answers a question by the requests of which AWS's pages do not contradict each other whether they can be. Where only
// the others give a yes, it is not known.
func (s *space) documented(q question) (Answer, *request) {
	q.documented = true
	answer, witness := q.ask()
	if answer != No || len(s.doubted)+len(s.redacted()) == 0 {
		return answer, witness
	}
	q.documented = false
	if answer, witness = q.ask(); answer == Yes {
		s.note(openReason("AWS's pages contradict each other on whether the requests are sent that would be allowed."))
		return Unknown, nil
	}
	return answer, witness
}

// settle is ask, but unwinds where the budget does not suffice: whoever calls it is within.
// Three steps: a box that is surely left and has a witness is a yes; one without a witness is unknown, as sets and
// evaluator disagree; if none is left at the least reading, the largest reading decides between no and unknown.
// Where nothing is approximated the two readings are the same, and the second search is saved.
func (q question) settle() (Answer, *request) {
	found, witness := q.search(repMust, repMay)
	switch {
	case witness != nil:
		return Yes, witness
	case found:
		if !q.s.isUnread() && q.s.unknown.heaviest() == "" { // what could not be read, or is not known, is a reason of its own
			q.s.noteLimit("No request that shows it was found.")
		}
		return Unknown, nil
	case q.whole && q.s.isUnread():
		return Unknown, nil
	case q.exact:
		return No, nil
	}
	if found, _ = q.search(classMay, classMust); found {
		return Unknown, nil
	}
	return No, nil
}

// isUnread reports whether a part of a policy outside of all statements could not be read.
func (s *space) isUnread() bool {
	return slices.ContainsFunc(s.models, func(m *model) bool { return len(m.unreadable) > 0 })
}

// search looks for a confirmed request. found says that there is a box left, confirmed or not.
func (q question) search(from, minus approximation) (found bool, witness *request) {
	sub := q.s.subtraction()
	less := q.s.prepared.Union(q.minus(minus), q.s.impossible)
	if q.documented {
		less = append(less, q.s.prepared.Union(q.s.doubted, q.s.redacted())...)
	}
	tried := 0
	for _, b := range q.from(from) {
		if q.where != nil {
			m, ok := b.Meet(q.where)
			if !ok {
				continue
			}
			b = m
		}
		whole := sub.Remainder(b, less, func(left boxes.Box) bool {
			found = true
			if from != repMust {
				return false
			}
			witness = q.s.witness(left, q.confirm)
			tried++
			return witness == nil && tried < maxWitnesses
		})
		if !whole {
			return found, witness
		}
	}
	return found, nil
}

// witness is a request of a box that can be and that is confirmed.
// A box is a product, and not every combination of its classes can be sent: an impossible box is cut away exactly,
// and what only feasible knows is not. So several combinations are tried, in an order that varies the dimensions
// at different rates.
func (s *space) witness(b boxes.Box, confirm func(r *request) bool) *request {
	pick := choices(b, s.sizes)
	for attempt := range maxWitnesses {
		s.meter.Take(stepRequest*len(s.keysUsed) + s.deciding)
		r := s.request(pick, attempt)
		if s.models[0].feasible(r, s.keysUsed) && confirm(r) {
			return r
		}
	}
	return nil
}

// request takes one class of each dimension: the first at first, then others.
func (s *space) request(pick [][]int, attempt int) *request {
	at := func(dim int) int { return pick[dim][(attempt*(dim%3+1))%len(pick[dim])] }
	r := &request{caller: s.callers[at(dimCaller)], action: s.actions[at(dimAction)], ctx: map[string][]string{}}
	loose := false
	for i, d := range s.dims {
		if a := d.classes[at(dimKeys+i)]; a.values != nil {
			r.ctx[d.key.lower] = a.values
			loose = loose || a.loose
		}
	}
	if loose {
		s.namePairs(r)
	}
	if t := r.ctx[keyCurrentTime]; t != nil {
		if seconds, ok := parseMoment(t[0]); ok {
			r.ctx[keyEpochTime] = []string{formatNumber(seconds)}
		}
	}
	return r
}

// namePairs lists the pairs of a request's encryption context among its names, where any can be.
func (s *space) namePairs(r *request) {
	names := slices.Clone(r.ctx[keyEncryptionKeys])
	for _, d := range s.dims {
		if strings.HasPrefix(d.key.lower, encryptionPrefix) && len(r.ctx[d.key.lower]) > 0 {
			names = append(names, d.key.name[len(encryptionPrefix):])
		}
	}
	r.ctx[keyEncryptionKeys] = names
}

// report writes a request as users can give it to `simulate`.
// What is printed must give the same answer when it is pasted into `simulate`. What simulate would add by itself
// is left out, and an absence that it would fill in is written as a key without values.
func (s *space) report(r *request) Request {
	out := Request{Principal: r.caller.reported(), Action: r.action.spelled(), Context: map[string][]string{}}
	if r.caller.kind == callerSession && !r.caller.anySession && s.pathUnclear(r.caller) {
		out.Context[keyNamed(keyPrincipalARN).name] = []string{r.caller.principalARN()}
	}
	for _, lower := range sortedKeys(r.ctx) {
		if lower == keyEpochTime {
			continue // it follows from aws:CurrentTime
		}
		out.Context[s.keyName(lower)] = r.ctx[lower]
	}
	s.addCompanions(r, out.Context)
	if d := s.dim(keyTransport); d != nil && d.distinguishesAbsence() && len(r.ctx[keyTransport]) == 0 {
		out.Context[d.key.name] = []string{} // else it is taken for true
	}
	for _, d := range s.dims {
		if facts.KeySays(d.key.lower).OfResource() && len(r.ctx[d.key.lower]) == 0 {
			out.Context[d.key.name] = []string{} // else it is not known
		}
	}
	return out
}

// pathUnclear says that the session's ARN by itself leaves open, or takes for another, the path of its role.
func (s *space) pathUnclear(c caller) bool {
	for _, m := range s.models {
		bare := c
		bare.path = ""
		if paths := m.withPaths(bare); len(paths) != 1 || paths[0].path != c.path {
			return true
		}
	}
	return false
}

func (s *space) keyName(lower string) string {
	if d := s.dim(lower); d != nil {
		return d.key.name
	}
	return keyNamed(lower).name
}
