package spec

import "github.com/keypolicy/keypolicy/compiler/source"

// ConfigurationFile is the name that makes a file the configuration.
const ConfigurationFile = ".keypolicy.yaml"

// Configuration is the project's .keypolicy.yaml. Its paths are relative to the file.
type Configuration struct {
	Root      *source.Node
	Account   string
	Partition string
	Region    string
	Key       string
	Include   []string // globs of what is read when no path is named
	Output    string
	Templates []string // folders
	Rules     []string // folders
	Trust     Trust
	Severity  map[string]string // rule → off, info, warning, error
	Ignore    []Ignore
	Accounts  map[string]AccountRole // account → the role that plan and apply assume in it
	Regions   []string               // where keys are looked for
}

// Trust names who is no surprise.
type Trust struct {
	Accounts      []string
	Organizations []string
}

// Ignore suppresses a rule's findings in files.
type Ignore struct {
	Node   *source.Node
	Rule   string
	Path   string // a glob; "" is every file
	Until  string // a date; "" is for good
	Reason string
}

// ParseConfiguration reads the configuration from its mapping.
func ParseConfiguration(root *source.Node) *Configuration {
	trust := root.Get("trust")
	c := &Configuration{
		Root:      root,
		Account:   text(root.Get("account")),
		Partition: text(root.Get("partition")),
		Region:    text(root.Get("region")),
		Key:       text(root.Get("key")),
		Include:   texts(root.Get("include")),
		Output:    text(root.Get("output")),
		Templates: texts(root.Get("templates")),
		Rules:     texts(root.Get("rules")),
		Trust:     Trust{Accounts: texts(trust.Get("accounts")), Organizations: texts(trust.Get("organizations"))},
		Severity:  map[string]string{},
		Accounts:  map[string]AccountRole{},
		Regions:   texts(root.Get("regions")),
	}
	for _, m := range members(root.Get("severity")) {
		c.Severity[m.Key.Text] = text(m.Value)
	}
	for _, m := range members(root.Get("accounts")) {
		c.Accounts[m.Key.Text] = accountRole(m.Value)
	}
	if ignore := root.Get("ignore"); ignore != nil {
		for _, item := range ignore.Items {
			c.Ignore = append(c.Ignore, Ignore{
				Node: item, Rule: text(item.Get("rule")), Path: text(item.Get("path")),
				Until: text(item.Get("until")), Reason: text(item.Get("reason")),
			})
		}
	}
	return c
}

// AccountRole is the way into an account.
type AccountRole struct {
	ARN        string
	ExternalID string
	Tags       map[string]string // of the session
	Duration   string            // of the session, such as 1h30m; "" is STS's default
}

func accountRole(n *source.Node) AccountRole {
	r := AccountRole{ARN: text(n.Get("role_arn")), ExternalID: text(n.Get("external_id")), Duration: text(n.Get("duration"))}
	for _, m := range members(n.Get("session_tags")) {
		if r.Tags == nil {
			r.Tags = map[string]string{}
		}
		r.Tags[m.Key.Text] = text(m.Value)
	}
	return r
}

func members(n *source.Node) []source.Member {
	if n == nil {
		return nil
	}
	return n.Members
}

func text(n *source.Node) string {
	if n == nil || n.Kind != source.Scalar || n.IsNull() {
		return ""
	}
	return n.Text
}

func texts(n *source.Node) []string {
	var list []string
	for _, item := range oneOrMore(n) {
		list = append(list, text(item))
	}
	return list
}
