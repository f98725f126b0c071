package keypolicy

import "github.com/keypolicy/keypolicy/rules"

// RuleInfo is a rule's METADATA, as `keypolicy rules --format json` writes it.
type RuleInfo struct {
	Name        string   `json:"name"`
	Category    string   `json:"category"`
	Severity    string   `json:"severity"`
	Enabled     bool     `json:"enabled"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Remedy      string   `json:"remedy"`
	Subjects    []string `json:"subjects"`
	Links       []string `json:"links"`
	URL         string   `json:"url,omitempty"`          // of the rule's page; "" for a user's rule
	FormerNames []string `json:"former_names,omitempty"` // which still mean the rule
	User        bool     `json:"user"`                   // a user's own
	Examples    string   `json:"examples,omitempty"`     // the text of its .txtar, where one rule is shown
}

// NewRuleInfo is what a rule's METADATA says, without its examples.
func NewRuleInfo(m rules.Metadata) RuleInfo {
	r := RuleInfo{
		Name: m.Name, Category: m.Category, Severity: m.Severity.String(), Enabled: m.Enabled,
		Title: m.Title, Description: m.Description, Remedy: m.Remedy, Links: append([]string{}, m.Links...), User: m.User,
	}
	r.URL, r.FormerNames = rules.PageURL(m.Name), m.Aliases
	for _, s := range m.Subjects {
		r.Subjects = append(r.Subjects, string(s))
	}
	return r
}
