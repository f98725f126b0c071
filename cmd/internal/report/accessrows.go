package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// entry is what a group may do by some statements, in words.
type entry struct {
	text       string
	statements []int
}

// entries are a group's rows. Two that say the same of one action, in all or some contexts, with and without an identity
// policy are one entry.
func (a Access) entries(g group) []entry {
	var list []entry
	joined := map[int]bool{}
	for i, r := range g.rows {
		if joined[i] {
			continue
		}
		e := entry{text: actionWords(r.Actions, a.Policy.patterns(r.Statements)), statements: slices.Clone(r.Statements)}
		under := conditionWords(r.Conditions)
		switch r.Decision {
		case access.Undecided:
			under = append(under, a.undecided())
		case access.NeedsIdentityPolicy:
			if r.Otherwise {
				under = []string{"otherwise " + withIdentityPolicy}
				break
			}
			under = append(under, withIdentityPolicy)
		case access.Allowed:
			if at := g.counterpart(r); at >= 0 {
				joined[at] = true
				e.statements = append(e.statements, g.rows[at].Statements...)
				under = append(under, map[bool]string{true: "otherwise ", false: "for other accounts' principals "}[g.rows[at].Otherwise]+withIdentityPolicy)
			}
		case access.ExplicitDeny, access.ImplicitDeny:
		}
		under = append(under, a.exceptions(r)...)
		if len(under) > 0 {
			e.text += ": " + strings.Join(under, "; ")
		}
		slices.Sort(e.statements)
		e.statements = slices.Compact(e.statements)
		list = append(list, e)
	}
	return list
}

// counterpart is the row that says when the same actions need an identity policy, -1 where there is none.
func (g group) counterpart(r access.Row) int {
	return slices.IndexFunc(g.rows, func(o access.Row) bool {
		return o.Decision == access.NeedsIdentityPolicy && slices.Equal(o.Actions, r.Actions) && r.Conditions.Text != "" &&
			(o.Otherwise || o.Conditions.Text == r.Conditions.Text)
	})
}

// maxContexts bounds the alternatives of a row's conditions that a text lists.
const maxContexts = 4

func conditionWords(c access.Conditions) []string {
	if c.Text == "" {
		return nil
	}
	alternatives := strings.Split(c.Text, "; or ")
	if n := len(alternatives); n > maxContexts {
		alternatives = append(alternatives[:maxContexts:maxContexts], fmt.Sprintf("in %d other contexts", n-maxContexts))
	}
	return []string{strings.Join(alternatives, "; or ")}
}

// maxExceptions bounds the exceptions of a row that a text lists.
const maxExceptions = 6

// exceptions say in words who may less than a row says, those of the same actions together.
func (a Access) exceptions(r access.Row) []string {
	var order []string
	who := map[string][]string{}
	for i, e := range r.Except {
		if i == maxExceptions {
			order = append(order, "")
			who[""] = []string{fmt.Sprintf("less for %d others", len(r.Except)-maxExceptions)}
			break
		}
		less := "but not "
		if !e.Never {
			less = "in fewer contexts "
		}
		switch whole := slices.Equal(e.Actions, r.Actions); {
		case !whole:
			less += actionWords(e.Actions, a.Policy.patterns(r.Statements)) + " for"
		case !e.Never:
			less += "for"
		}
		if who[less] == nil {
			order = append(order, less)
		}
		name := a.Policy.who(e.Principal, e.Kind)
		if all, ok := strings.CutPrefix(name, "every "); ok { // "not every user" would be some of them
			name = "any " + all
		}
		who[less] = append(who[less], name)
	}
	var texts []string
	for _, less := range order {
		texts = append(texts, strings.Join(strings.Fields(less+" "+diag.Join(who[less], "and")), " "))
	}
	return texts
}
