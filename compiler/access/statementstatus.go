package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
)

// statementReports says what each statement does. Statements are looked at from the last to the first, and one that is
// redundant no longer counts for those before it: all of them can be removed together.
// Two statements that say the same are each redundant because of the other; to report both would have somebody
// delete both. The later one goes, since people add at the end.
func (s *space) statementReports(r *compiledPolicy) []StatementReport {
	reports := make([]StatementReport, r.m.written())
	gone := map[int]bool{}
	for i := len(reports) - 1; i >= 0; i-- {
		st := &r.m.statements[i]
		reports[i] = StatementReport{Index: st.index, Sid: st.src.Sid.Value, By: []int{}, Path: st.src.Path}
		c := &statementCheck{s: s, r: r, at: i, gone: gone, out: &reports[i]}
		c.run()
		if reports[i].Status == Redundant {
			gone[i] = true
		}
	}
	return reports
}

// statementCheck finds what one statement does, beside the statements that are not gone.
type statementCheck struct {
	s    *space
	r    *compiledPolicy
	at   int
	gone map[int]bool
	skip map[int]bool // that are tried to do without
	out  *StatementReport
}

// run asks first whether the statement matches a request at all: what else there is to ask supposes that it does.
func (c *statementCheck) run() {
	st := &c.r.m.statements[c.at]
	switch c.matches() {
	case No:
		c.out.Status = NeverMatches
		c.s.blame(c.r, c.at, c.out)
		return
	case Unknown:
		c.unknown()
		return
	case Yes:
	}
	if keys := c.doubtfulKeys(); keys != nil {
		c.out.Status, c.out.Unsent = StatusUnknown, keys
		c.out.Why = fmt.Sprintf("AWS's pages contradict each other on whether requests of its principals have %s, and it matches no others.", joinWords(keys, "and"))
		return
	}
	if st.allow {
		c.allow()
	} else {
		c.deny()
	}
	if c.out.Status == Live && c.isOver() {
		c.out.Why = "No request from today on matches it."
	}
}

// isOver reports whether no request from today on matches a statement that earlier ones matched.
func (c *statementCheck) isOver() bool {
	bygone := c.s.bygone()
	if bygone == nil {
		return false
	}
	answer, _ := question{
		s: c.s, where: c.knownActions(), exact: c.r.exact,
		from:    func(v approximation) []boxes.Box { return c.part(delegated)[v] },
		minus:   func(approximation) []boxes.Box { return []boxes.Box{bygone} },
		confirm: c.holds,
	}.ask()
	return answer == No
}

// doubtfulKeys are the keys of the statement's conditions without which it matches nothing, and which its principals are
// not known to send.
func (c *statementCheck) doubtfulKeys() []string {
	if len(c.s.doubted) == 0 {
		return nil
	}
	documented, _ := question{
		s: c.s, where: c.knownActions(), exact: c.r.exact, documented: true,
		from:    func(v approximation) []boxes.Box { return c.part(delegated)[v] },
		minus:   func(approximation) []boxes.Box { return nil },
		confirm: c.holds,
	}.ask()
	if documented != No {
		return nil
	}
	var keys []string
	st := &c.r.m.statements[c.at]
	for i := range st.conditions {
		d := c.s.dim(dimensionKey(st.conditions[i].key.lower))
		if d == nil || slices.Contains(keys, d.key.name) {
			continue
		}
		at := c.s.index[d.key.lower]
		if slices.ContainsFunc(c.s.doubted, func(b boxes.Box) bool { return b[at] != nil }) {
			keys = append(keys, d.key.name)
		}
	}
	return keys
}

func (c *statementCheck) unknown() {
	c.out.Status = StatusUnknown
	c.out.Why = "Whether it does anything could not be determined."
	if reasons := c.r.m.statements[c.at].reasons; len(reasons) > 0 {
		c.out.Why = reasons[0].Text
		return
	}
	for _, text := range sortedKeys(c.s.unknown) {
		if strings.HasPrefix(text, c.r.m.statements[c.at].where()+": ") {
			c.out.Why = text
			return
		}
	}
}

// knownActions are the requests for the actions that there are.
func (c *statementCheck) knownActions() boxes.Box {
	return c.s.all().With(dimAction, c.s.knownActions())
}

// part gives the statement's own boxes.
func (c *statementCheck) part(at level) part {
	if c.r.m.statements[c.at].allow {
		return c.r.allow[at][c.at]
	}
	return c.r.deny[c.at]
}

func (c *statementCheck) holds(req *request) bool {
	return c.r.m.match(&c.r.m.statements[c.at], req, delegated) == yes
}

func (c *statementCheck) matches() Answer {
	answer, _ := question{
		s: c.s, where: c.knownActions(), exact: c.r.exact,
		from:    func(v approximation) []boxes.Box { return c.part(delegated)[v] },
		minus:   func(approximation) []boxes.Box { return nil },
		confirm: c.holds,
	}.ask()
	return answer
}

// others are the boxes of all statements but this one and those that are gone.
func (c *statementCheck) others(parts []part, v approximation) []boxes.Box {
	n := 0
	for i := range parts {
		n += len(parts[i][v])
	}
	list := make([]boxes.Box, 0, n)
	for i := range parts {
		if i != c.at && !c.gone[i] && !c.skip[i] {
			list = append(list, parts[i][v]...)
		}
	}
	return list
}

func (c *statementCheck) without() map[int]bool {
	out := map[int]bool{c.at: true}
	for i := range c.gone {
		out[i] = true
	}
	return out
}

// Shadowed comes before redundant: what a Deny takes away as a whole would be called redundant as well, and the
// fault is another one.
func (c *statementCheck) allow() {
	lets, _ := question{
		s: c.s, where: c.knownActions(), exact: c.r.exact,
		from:    func(v approximation) []boxes.Box { return c.part(delegated)[v] },
		minus:   c.r.denied,
		confirm: func(req *request) bool { return c.holds(req) && getsIn(c.r.m.evaluate(req).decision) },
	}.ask()
	switch lets {
	case Unknown:
		c.unknown()
		return
	case No:
		c.out.Status, c.out.By = Shadowed, c.overlapping(c.r.deny, c.part(delegated))
		c.out.Why = "Deny statements deny all that it allows."
		return
	case Yes:
	}
	without := c.without()
	c.settle(func(at level) question {
		return question{
			s: c.s, exact: c.r.exact,
			from: func(v approximation) []boxes.Box { return c.part(at)[v] },
			minus: func(v approximation) []boxes.Box {
				return slices.Concat(c.r.denied(v), c.others(c.r.allow[at], v))
			},
			confirm: func(req *request) bool {
				with, less := c.r.m.evaluateBut(req, c.gone).decision, c.r.m.evaluateBut(req, without).decision
				return getsIn(with) && with != less && less != Undecided
			},
		}
	}, []level{delegated, direct}, c.r.allow[delegated], "Other statements allow all that it allows.")
}

// A Deny of what nobody is allowed still does something: it stops grants, which allow what no policy does, and
// which an explicit Deny overrides. So it is reported as GrantsOnly and not as dead.
// https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
func (c *statementCheck) deny() {
	without := c.without()
	c.settle(func(level) question {
		return question{
			s: c.s, exact: c.r.exact,
			from:  func(v approximation) []boxes.Box { return c.part(delegated)[v] },
			minus: func(v approximation) []boxes.Box { return c.others(c.r.deny, v) },
			confirm: func(req *request) bool {
				less := c.r.m.evaluateBut(req, without).decision
				return c.holds(req) && less != ExplicitDeny && less != Undecided
			},
		}
	}, []level{delegated}, c.r.deny, "Other statements deny all that it denies.")
	if c.out.Status != Live {
		return
	}
	for i := range c.gone { // what they allow is allowed, whether others allow it too or not
		if c.r.m.statements[i].allow {
			delete(without, i)
		}
	}
	takes, _ := question{
		s: c.s, where: c.knownActions(), exact: c.r.exact,
		from: func(v approximation) []boxes.Box {
			var list []boxes.Box
			for _, b := range c.part(delegated)[v] {
				list = append(list, boxes.MeetAll(c.r.allowed(delegated, v), b)...)
			}
			return list
		},
		minus: func(v approximation) []boxes.Box { return c.others(c.r.deny, v) },
		confirm: func(req *request) bool {
			return c.holds(req) && getsIn(c.r.m.evaluateBut(req, without).decision)
		},
	}.ask()
	switch takes {
	case Unknown:
		c.unknown()
	case No:
		c.out.Status = GrantsOnly
		c.out.Why = "Nobody is allowed what it denies; it still blocks grants."
	case Yes:
	}
}
