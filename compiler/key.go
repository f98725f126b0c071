package compiler

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// specKey puts together what is known of a spec's key: the flag, the spec, the key's ARN, the configuration.
func (c *compilation) specKey(s *spec.KeyPolicy, region *source.Node) spec.Key {
	if region == nil {
		region = s.Region
	}
	key := c.key(Defaults{Account: text(s.Account), Partition: text(s.Partition), Region: text(region), Key: text(s.Key)})
	key.Spec, key.Usage, key.Origin = text(s.KeySpec), text(s.KeyUsage), text(s.Origin)
	key.MultiRegion = spec.IsTrue(s.MultiRegion, false)
	if key.Origin == "" {
		key.Origin = "AWS_KMS"
	}
	return key
}

// completeKey takes from the document what nothing else says of its key.
func completeKey(key *spec.Key, d *policy.Document) {
	if key.Account == "" {
		key.Account, key.AccountFrom = accountOf(d)
	}
	if key.Partition == "" {
		key.Partition = cmp.Or(d.Partition(), defaultPartition)
	}
}

// documentKey does the same for a policy document, which says less.
func (c *configuredKey) documentKey(d *policy.Document) spec.Key {
	key := c.key(Defaults{})
	completeKey(&key, d)
	return key
}

// key leaves empty what nothing says.
func (c *compilation) key(written Defaults) spec.Key {
	flags, config := c.opts.Flags, c.opts.Configuration
	key := spec.Key{Key: policy.Key{ID: cmp.Or(flags.Key, written.Key, config.Key)}}
	arn, isARN := policy.ParseARN(key.ID)
	if alias := strings.TrimPrefix(arn.Resource, "alias/"); isARN && alias != arn.Resource {
		key.Alias = arn.Resource
	} else if strings.HasPrefix(key.ID, "alias/") {
		key.Alias = key.ID
	}
	if !isARN {
		arn = policy.ARN{}
	}
	switch {
	case flags.Account != "":
		key.Account, key.AccountFrom = flags.Account, spec.FromFlag
	case written.Account != "":
		key.Account, key.AccountFrom = written.Account, spec.FromSpec
	case arn.Account != "":
		key.Account, key.AccountFrom = arn.Account, spec.FromKey
	case config.Account != "":
		key.Account, key.AccountFrom = config.Account, spec.FromConfiguration
	default:
		key.AccountFrom = spec.FromUnknown
	}
	key.Region = cmp.Or(flags.Region, written.Region, arn.Region, config.Region)
	key.Partition = cmp.Or(flags.Partition, written.Partition, arn.Partition, config.Partition)
	if key.Partition == "" {
		key.Partition, _ = facts.PartitionOfRegion(key.Region)
	}
	return key
}

const defaultPartition = "aws"

func text(n *source.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

func firstRegion(s *spec.KeyPolicy) *source.Node {
	if len(s.Regions) > 0 {
		return s.Regions[0]
	}
	return nil
}

// accountOf takes the account from the account principals that an Allow gives kms:PutKeyPolicy, if that is one account.
func accountOf(d *policy.Document) (string, spec.From) {
	var accounts []string
	for _, st := range d.Statements {
		if st.Effect.Value != "Allow" || !allowsPutKeyPolicy(st) {
			continue
		}
		for _, p := range st.Principals {
			if p.Kind == policy.Account && policy.IsAccountID(p.Account) {
				accounts = append(accounts, p.Account)
			}
		}
	}
	slices.Sort(accounts)
	if accounts = slices.Compact(accounts); len(accounts) == 1 {
		return accounts[0], spec.FromPolicy
	}
	return "", spec.FromUnknown
}

func allowsPutKeyPolicy(st policy.Statement) bool {
	return slices.ContainsFunc(st.Actions, func(a policy.Text) bool { return glob.MatchFold(a.Value, "kms:PutKeyPolicy") })
}

// keyKind finds the kind of key, which chooses the users' actions. A usage by itself says enough for a policy.
func keyKind(s *spec.KeyPolicy, key *spec.Key) diag.List {
	if s.KeySpec == nil && s.KeyUsage == nil {
		key.Spec, key.Usage = "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"
	}
	if key.Spec == "" && key.Usage == "ENCRYPT_DECRYPT" {
		key.Spec = "SYMMETRIC_DEFAULT"
	}
	if key.Usage == "" {
		known := facts.KeyUsages(key.Spec)
		switch {
		case len(known) == 1:
			key.Usage = known[0] // https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
		case slices.Contains(known, "ENCRYPT_DECRYPT"):
			key.Usage = "ENCRYPT_DECRYPT"
		default:
			return diag.List{compileFinding(s.KeySpec, "key-usage", fmt.Sprintf("a key of `%s` has several usages, and none is given", key.Spec),
				"say which: `key_usage: SIGN_VERIFY` or `key_usage: KEY_AGREEMENT`")}
		}
	}
	if key.Spec == "" {
		for _, known := range facts.Enum("KeySpec") {
			if kind, ok := facts.KeyKind(known, key.Usage); ok {
				key.Kind = kind
				return nil
			}
		}
	}
	kind, ok := facts.KeyKind(key.Spec, key.Usage)
	if !ok {
		return diag.List{compileFinding(s.KeyUsage, "key-usage", fmt.Sprintf("KMS has no key of `%s` with the usage `%s`", key.Spec, key.Usage),
			"give a `key_usage` that the key spec has: "+usages(key.Spec))}
	}
	key.Kind = kind
	return nil
}

func usages(keySpec string) string {
	return "`" + strings.Join(facts.KeyUsages(keySpec), "` or `") + "`"
}
