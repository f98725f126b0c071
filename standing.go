package keypolicy

import (
	"maps"

	"github.com/keypolicy/keypolicy/compiler/uses"
)

// StandingUse is a use of the key that a policy lets be by itself, or of which it is not known whether it does.
type StandingUse struct {
	Use        string            `json:"use"` // as used_by has it
	Parameters map[string]string `json:"parameters"`
	Service    string            `json:"service"`
	For        string            `json:"for"`
	Way        string            `json:"way"`      // key_policy, identity_policy or grant
	Verdict    string            `json:"verdict"`  // fulfilled, not_documented or unknown
	Supposed   map[string]string `json:"supposed"` // of the key, by account and region, where the verdict hangs on it
	Statements []int             `json:"statements"`
	// Keys are the condition keys of which AWS's pages do not say that the service sends them.
	Keys    []string `json:"keys"`
	Reasons []string `json:"reasons"` // why it is unknown
	Needs   string   `json:"needs"`   // what has to be done beside the key policy, "" for nothing
	Page    string   `json:"page"`
}

func newStandingUse(s uses.Standing) StandingUse {
	return StandingUse{
		Use: s.Use.ID, Parameters: filled(s.Given), Service: s.Use.Service, For: s.Use.Name, Way: string(s.Use.Way), Verdict: string(s.Verdict),
		Supposed: filled(s.Supposed), Statements: listed(s.Statements), Keys: listed(s.Keys), Reasons: listed(s.Reasons), Needs: s.Use.Needs, Page: s.Use.Page,
	}
}

// filled is a map that JSON writes as {} where it is empty.
func filled(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(m)
}
