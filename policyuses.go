package keypolicy

import (
	"fmt"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// PolicyUses are the uses that a policy lets be by itself, or of which that is not known. What is so in some only of the worlds
// that its choices lead to is unknown.
func PolicyUses(p *spec.Compiled, env access.Env) []uses.PolicyUse {
	list := uses.NewJudge(p.Document, env).PolicyUses()
	for _, w := range worldsOf(p) {
		var other []uses.PolicyUse
		if w.Policy != nil {
			other = uses.NewJudge(w.Policy.Document, env).PolicyUses()
		}
		for i := range list {
			if at := indexOfUse(other, list[i]); at < 0 || other[at].Verdict != list[i].Verdict {
				list[i] = unsettled(list[i], w)
			}
		}
		for _, o := range other {
			if indexOfUse(list, o) < 0 {
				list = append(list, unsettled(o, w))
			}
		}
	}
	return list
}

func indexOfUse(list []uses.PolicyUse, s uses.PolicyUse) int {
	return slices.IndexFunc(list, func(o uses.PolicyUse) bool { return o.Use.ID == s.Use.ID && maps.Equal(o.Given, s.Given) })
}

// unsettled is a use of which what is known is otherwise in a world.
func unsettled(s uses.PolicyUse, w spec.World) uses.PolicyUse {
	return uses.PolicyUse{
		Use: s.Use, Given: s.Given, Verdict: uses.Unknown,
		Reasons: []string{fmt.Sprintf("Whether the policy allows this use depends on whether %s.", assumed(w))},
	}
}

// AccessUse is a use of the key that a policy lets be by itself, or of which it is not known whether it does.
type AccessUse struct {
	Use        string            `json:"use"` // as used_by has it
	Parameters map[string]string `json:"parameters"`
	Service    string            `json:"service"`
	For        string            `json:"for"`
	Way        string            `json:"way"`      // key_policy, identity_policy or grant
	Verdict    string            `json:"verdict"`  // fulfilled, not_documented or unknown
	Supposed   map[string]string `json:"supposed"` // of the key, by account and region, where the verdict depends on it
	Statements []int             `json:"statements"`
	// Keys are the condition keys of which AWS's pages do not say that the service sends them.
	Keys    []string `json:"keys"`
	Reasons []string `json:"reasons"` // why it is unknown
	Needs   string   `json:"needs"`   // what has to be done beside the key policy, "" for nothing
	Page    string   `json:"page"`
}

func newAccessUse(s uses.PolicyUse) AccessUse {
	return AccessUse{
		Use: s.Use.ID, Parameters: filled(s.Given), Service: s.Use.Service, For: s.Use.Name, Way: string(s.Use.Way), Verdict: string(s.Verdict),
		Supposed: filled(s.Supposed), Statements: nonNil(s.Statements), Keys: nonNil(s.Keys), Reasons: nonNil(s.Reasons), Needs: s.Use.Needs, Page: s.Use.Page,
	}
}

// filled is a map that JSON writes as {} where it is empty.
func filled(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(m)
}
