package keypolicy

import (
	"maps"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// UseInfo is a use of a key and what it needs, as `keypolicy explain --format json` writes it.
type UseInfo struct {
	Use        string            `json:"use"`
	Service    string            `json:"service"`
	For        string            `json:"for"`
	Way        string            `json:"way"`                // key_policy, identity_policy or grant
	KeySpec    string            `json:"key_spec,omitempty"` // "" for the symmetric encryption key that most uses need, like KeyUsage
	KeyUsage   string            `json:"key_usage,omitempty"`
	Regions    []string          `json:"regions,omitempty"` // of the key; none where any will do
	Parameters map[string]string `json:"parameters"`
	Requests   []UseRequest      `json:"requests,omitempty"`
	Include    string            `json:"include"` // "" where no template lets it be
	Statements []string          `json:"statements,omitempty"`
	Needs      string            `json:"needs"`
	Open       []string          `json:"open,omitempty"`
	Pages      []string          `json:"pages"`
}

// UseRequest is a request that a use sends.
type UseRequest struct {
	Principal string            `json:"principal"`
	Actions   []string          `json:"actions"`
	Context   map[string]string `json:"context"`
	NotSent   []string          `json:"not_sent,omitempty"`
}

// NewUseInfo is what is known of a use. What is not known of a key is in it as `<NAME>`.
func NewUseInfo(use facts.Use) UseInfo {
	asked := uses.Asked{Use: use}
	marked := usePlaceholders(use)
	r := UseInfo{
		Use: use.ID, Service: use.Service, For: use.Name, Way: string(use.Way), Parameters: map[string]string{}, Include: asked.Include(),
		KeySpec: use.KeySpec, KeyUsage: use.KeyUsage, Regions: use.Regions,
		Statements: asked.Statements(policy.Key{}), Needs: use.Needs, Open: use.Open, Pages: append([]string{use.Page}, use.Pages...),
	}
	for name, p := range use.Parameters {
		if !p.Free {
			r.Parameters[name] = p.Title
		}
	}
	for _, q := range use.Requests {
		one := UseRequest{Principal: marked.Replace(q.Principal), Actions: q.Actions, Context: map[string]string{}, NotSent: q.NotSent}
		for key, value := range q.Context {
			one.Context[key] = marked.Replace(value)
		}
		r.Requests = append(r.Requests, one)
	}
	return r
}

// usePlaceholders put a placeholder for what a use's requests refer to, as the statements of its template have it.
func usePlaceholders(use facts.Use) *strings.Replacer {
	pairs := []string{"$(partition)", "aws"}
	for _, name := range []string{"account", "region"} {
		pairs = append(pairs, "$("+name+")", uses.Placeholder(name))
	}
	builtin := strings.NewReplacer(pairs...)
	for _, name := range slices.Sorted(maps.Keys(use.Parameters)) {
		mark := uses.Placeholder(name)
		if p := use.Parameters[name]; p.Free && strings.HasPrefix(p.Example, "$(") { // the template has the key's own
			mark = builtin.Replace(p.Example)
		}
		pairs = append(pairs, "$("+name+")", mark)
	}
	return strings.NewReplacer(pairs...)
}
