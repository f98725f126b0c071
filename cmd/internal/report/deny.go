package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// maxListed bounds the principals, actions and values that a sentence about a statement names.
const maxListed = 6

// denyWords say what a Deny statement is about: as it is written, for what it does is in the rows of those that it hits.
func denyWords(st *policy.Statement, account string) string {
	p := Policy{Account: keypolicy.Account{ID: account}}
	who := func(list []policy.Principal) string {
		if len(list) == 1 && list[0].Kind == policy.Anyone {
			return "everyone"
		}
		var names []string
		for _, one := range list {
			kind := ""
			if one.Kind == policy.Account {
				kind = "account"
			}
			names = append(names, p.who(one.Text, kind))
		}
		return joinSome(names)
	}
	what := joinSome(shortActions(texts(st.Actions)))
	if st.Has("NotAction") {
		what = "everything but " + joinSome(shortActions(texts(st.NotActions)))
	}
	if what == "*" {
		what = "everything"
	}
	whom, open := who(st.Principals), []string(nil)
	if st.Has("NotPrincipal") {
		whom, open = p.notPrincipalWords(st.NotPrincipals)
	}
	text := what + " to " + whom
	var conditions []string
	for _, c := range st.Conditions {
		values := texts(c.Values)
		slices.Sort(values)
		conditions = append(conditions, fmt.Sprintf("%s %s %s", c.Operator.Value, c.Key.Value, joinList(slices.Compact(values), "or")))
	}
	if len(conditions) > 0 {
		text += " where " + diag.Join(conditions, "and")
	}
	if len(open) > 0 {
		text += "; whether AWS exempts " + joinSome(open) + " is not documented"
	}
	return text
}

func texts(list []policy.Text) []string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = t.Value
	}
	return out
}

// joinSome lists the first texts of a list.
func joinSome(list []string) string {
	if n := len(list); n > maxListed {
		list = append(slices.Clone(list[:maxListed-1]), fmt.Sprintf("%d more", n-maxListed+1))
	}
	return joinList(list, "and")
}

// joinList lists texts as a sentence does, all of them.
func joinList(list []string, last string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " " + last + " " + list[len(list)-1]
}
