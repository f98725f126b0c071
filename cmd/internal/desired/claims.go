package desired

import (
	"regexp"
	"slices"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

var (
	keyLine    = regexp.MustCompile(`(?m)(?:^|[{,])\s*["']?key["']?[ \t]*:[ \t]*["']?([A-Za-z0-9:/_-]+)`)
	regionWord = regexp.MustCompile(`\b[a-z]{2,4}(-[a-z]+)+-[0-9]+\b`)
	accountID  = regexp.MustCompile(`(?m)^[\s{,]*["']?account["']?[ \t]*:[ \t]*["']?([0-9]{12})`)
)

// claims are the keys that a text which cannot be read as a spec may be for: what its lines give as keys, in each Region that
// it names and in the one by default. Keys that another document of the file is for are that document's.
func claims(text []byte, known []push.Target, o compiler.Options) []spec.Key {
	key := spec.Key{Key: policy.Key{Account: o.Flags.Account, Region: o.Flags.Region, Partition: o.Flags.Partition}}
	if match := accountID.FindSubmatch(text); key.Account == "" && match != nil {
		key.Account = string(match[1])
	}
	if key.Account == "" {
		key.Account = o.Configuration.Account
	}
	regions := []string{key.Region}
	if key.Region == "" {
		regions = []string{o.Configuration.Region}
		for _, word := range regionWord.FindAllString(string(text), -1) {
			if _, ok := facts.PartitionOfRegion(word); ok && !slices.Contains(regions, word) {
				regions = append(regions, word)
			}
		}
	}
	var list []spec.Key
	for _, match := range keyLine.FindAllSubmatch(text, -1) {
		key.ID = string(match[1])
		if !push.IsKeyName(key.ID) || slices.ContainsFunc(known, func(t push.Target) bool { return t.Key.ID == key.ID }) {
			continue
		}
		for _, key.Region = range regions {
			if !slices.Contains(list, key) {
				list = append(list, key)
			}
		}
	}
	return list
}
