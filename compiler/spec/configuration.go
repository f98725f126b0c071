package spec

import (
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/source"
)

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
	Exclude   []string // globs of what folders are not read for
	Output    string
	Baseline  string   // the file of findings that are known
	Templates []string // folders
	Rules     []string // folders
	Trust     Trust
	Folders   []Folder
	Severity  map[string]string // rule → off, info, warning, error
	Enforce   map[string]string // rule → info, warning, error: what nothing lowers
	Ignore    []Ignore
	Accounts  map[string]AccountRole // account → the role that plan and apply assume in it
	Regions   []string               // where keys are looked for
	Keys      []KeyEntry
}

// Trust names who is not a surprise.
type Trust struct {
	Accounts      []string
	Organizations []string
}

// KeyEntry says of keys whose policies are not specs what a spec says of its own. A glob that is "" matches any.
type KeyEntry struct {
	Path     string // a glob of files
	Resource string // a pattern of addresses of keys in carriers, as in Ignore
	Account  string
	Region   string
	UsedBy   []Use
	Expect   []Expectation
	Labels   map[string]string
}

// About reports whether an entry is about a resource of a file that its path matches; "" is the file's own policy.
func (k *KeyEntry) About(resource string) bool {
	return k.Resource == "" || resource != "" && glob.Match(k.Resource, resource)
}

// Folder says what is different for the files that its path matches; "" and nil are as elsewhere.
type Folder struct {
	Path      string // a glob
	Account   string
	Partition string
	Region    string
	Output    string
	Trust     *Trust
}

// Ignore suppresses a rule's findings in files.
type Ignore struct {
	Node     *source.Node
	Rule     string
	Path     string // a glob; "" is every file
	Resource string // a pattern of addresses of keys in carriers; "" is every key
	Until    string // a date; "" is for good
	Reason   string
}

// ParseConfiguration reads the configuration from its mapping.
func ParseConfiguration(root *source.Node) *Configuration {
	c := &Configuration{
		Root:      root,
		Account:   text(root.Get("account")),
		Partition: text(root.Get("partition")),
		Region:    text(root.Get("region")),
		Key:       text(root.Get("key")),
		Include:   texts(root.Get("include")),
		Exclude:   texts(root.Get("exclude")),
		Baseline:  text(root.Get("baseline")),
		Output:    text(root.Get("output")),
		Templates: texts(root.Get("templates")),
		Rules:     texts(root.Get("rules")),
		Trust:     parseTrust(root.Get("trust")),
		Severity:  map[string]string{},
		Accounts:  map[string]AccountRole{},
		Regions:   texts(root.Get("regions")),
	}
	for _, item := range items(root.Get("folders")) {
		c.Folders = append(c.Folders, parseFolder(item))
	}
	for _, item := range items(root.Get("keys")) {
		c.Keys = append(c.Keys, parseKeyEntry(item))
	}
	for _, m := range members(root.Get("enforce")) {
		if c.Enforce == nil {
			c.Enforce = map[string]string{}
		}
		c.Enforce[m.Key.Text] = text(m.Value)
	}
	for _, m := range members(root.Get("severity")) {
		c.Severity[m.Key.Text] = text(m.Value)
	}
	for _, m := range members(root.Get("accounts")) {
		c.Accounts[m.Key.Text] = accountRole(m.Value)
	}
	for _, item := range items(root.Get("ignore")) {
		c.Ignore = append(c.Ignore, Ignore{
			Node: item, Rule: text(item.Get("rule")), Path: text(item.Get("path")), Resource: text(item.Get("resource")),
			Until: text(item.Get("until")), Reason: text(item.Get("reason")),
		})
	}
	return c
}

func parseKeyEntry(n *source.Node) KeyEntry {
	k := KeyEntry{Path: text(n.Get("path")), Resource: text(n.Get("resource")), Account: text(n.Get("account")), Region: text(n.Get("region"))}
	if list := n.Get("used_by"); list != nil {
		k.UsedBy = parseUsedBy(list)
	}
	if list := n.Get("expect"); list != nil {
		k.Expect = parseExpect(list)
		for i := range k.Expect {
			k.Expect[i].Path = nil
		}
	}
	if labels := n.Get("labels"); labels != nil {
		k.Labels = parseLabels(labels)
	}
	return k
}

func parseTrust(n *source.Node) Trust {
	return Trust{Accounts: texts(n.Get("accounts")), Organizations: texts(n.Get("organizations"))}
}

func parseFolder(n *source.Node) Folder {
	f := Folder{
		Path: text(n.Get("path")), Account: text(n.Get("account")), Partition: text(n.Get("partition")),
		Region: text(n.Get("region")), Output: text(n.Get("output")),
	}
	if trust := n.Get("trust"); trust != nil {
		own := parseTrust(trust)
		f.Trust = &own
	}
	return f
}

// PatternNodes are the globs of a configuration, where they are written.
func PatternNodes(root *source.Node) []*source.Node {
	list := append(oneOrMore(root.Get("include")), oneOrMore(root.Get("exclude"))...)
	for _, field := range []string{"folders", "ignore", "keys"} {
		for _, item := range items(root.Get(field)) {
			if path := item.Get("path"); path != nil {
				list = append(list, path)
			}
		}
	}
	return list
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

func items(n *source.Node) []*source.Node {
	if n == nil {
		return nil
	}
	return n.Items
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
