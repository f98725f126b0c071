package rules

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// The kinds of groups.
const (
	sameName            = "template-name"        // templates of one name, also where it differs only in case
	sameKey             = "key"                  // specs for one key in one Region
	replicas            = "replicas"             // specs for one multi-Region key in several Regions
	unusedTemplate      = "unused-template"      // one template that nothing uses, in a run that has read all files
	userNames           = "user-names"           // the names without an ARN that one spec takes for IAM users
	userAndRole         = "user-and-role"        // one such name that is a role too, in a document: the role, then the users
	unusedConfiguration = "unused-configuration" // one configuration below the one in use
)

// groupMember is a document of a group, or a name in one.
type groupMember struct {
	path    diag.Path // from the list of files
	text    string
	region  string
	digest  string
	account string // of a name; empty where it is not known
}

func (m groupMember) file() int { return m.path[0].(int) }

type fileGroup struct {
	kind, text string
	members    []groupMember
}

// groupFiles finds the documents of a run that have to do with one another, so that rules need not hold each against each.
func groupFiles(all []FileSummary, whole bool) []fileGroup {
	byKind := map[string]map[string][]groupMember{sameName: {}, sameKey: {}, replicas: {}}
	used := map[string]bool{}
	put := func(kind, key string, m groupMember) { byKind[kind][key] = append(byKind[kind][key], m) }
	for i, f := range all {
		for _, u := range f.Uses {
			used[u.Text] = true
		}
		switch {
		case f.Kind == "template" && f.Name.Text != "":
			put(sameName, strings.ToLower(f.Name.Text), groupMember{path: diag.Path{i, "name"}, text: f.Name.Text})
		case f.Kind == "spec" && f.Key.Text != "":
			regions := f.Regions
			if len(regions) == 0 {
				regions = []string{""}
			}
			for at, region := range regions {
				m := groupMember{path: diag.Path{i, "key"}, text: f.Key.Text, region: region}
				if at < len(f.Digests) {
					m.digest = f.Digests[at]
				}
				put(sameKey, keyIdentity(f, region), m)
				if id := keyName(f.Key.Text); strings.HasPrefix(id, "mrk-") && m.digest != "" {
					put(replicas, f.Account+" "+id, m)
				}
			}
		}
	}
	var groups []fileGroup
	for _, kind := range []string{sameName, sameKey, replicas} {
		for _, key := range slices.Sorted(maps.Keys(byKind[kind])) {
			if members := byKind[kind][key]; len(members) > 1 {
				groups = append(groups, fileGroup{kind: kind, text: members[0].text, members: members})
			}
		}
	}
	for i, f := range all {
		one := fileGroup{text: f.Name.Text, members: []groupMember{{path: diag.Path{i, "name"}, text: f.Name.Text}}}
		switch {
		case f.Unused:
			one.kind = unusedConfiguration
		case whole && f.Kind == "template" && f.Name.Text != "" && !used[f.Name.Text]:
			one.kind = unusedTemplate
		default:
			continue
		}
		groups = append(groups, one)
	}
	return append(groups, groupNames(all)...)
}

// keyIdentity is equal for two specs that are for one key in one Region: an alias or an id, or the ARN of either.
func keyIdentity(f FileSummary, region string) string {
	account := f.Account
	if arn, ok := policy.ParseARN(f.Key.Text); ok {
		account, region = cmp.Or(arn.Account, account), cmp.Or(arn.Region, region)
	}
	return strings.Join([]string{account, region, keyName(f.Key.Text)}, " ")
}

// keyName is an alias with its prefix, or an id without any.
func keyName(text string) string {
	if arn, ok := policy.ParseARN(text); ok {
		text = arn.Resource
	}
	return strings.TrimPrefix(text, "key/")
}

func groupsTerm(groups []fileGroup, all []FileSummary, read fields) *ast.Term {
	return terms(groups, func(g fileGroup) *ast.Term {
		return object(
			read.text("kind", g.kind), read.text("text", g.text),
			read.term("members", terms(g.members, func(m groupMember) *ast.Term {
				place := all[m.file()].Place
				return object(
					read.term("path", pathTerm(m.path, 0)), read.text("file", place.File),
					read.number("document", place.Document), read.text("text", m.text), read.text("region", m.region),
					read.text("digest", m.digest),
				)
			})),
		)
	})
}
