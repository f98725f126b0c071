package lift

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Header is what a spec has to say of its key: what neither the configuration nor a default gives.
func Header(key spec.Key) []source.Member {
	var header []source.Member
	add := func(name, value string) {
		if value != "" {
			header = append(header, source.NewMember(name, diag.Place{}, text(value)))
		}
	}
	add("key", key.ID)
	arn, _ := policy.ParseARN(key.ID)
	if key.AccountFrom != spec.FromConfiguration && key.Account != arn.Account {
		add("account", key.Account)
	}
	if key.Partition != "aws" && key.Partition != arn.Partition && key.Region == "" {
		add("partition", key.Partition)
	}
	if key.Region != arn.Region {
		add("region", key.Region)
	}
	if key.Spec != "" && key.Kind != facts.SymmetricEncryption {
		add("key_spec", key.Spec)
		if len(facts.KeyUsages(key.Spec)) > 1 {
			add("key_usage", key.Usage)
		}
	}
	if key.Origin != "AWS_KMS" {
		add("origin", key.Origin)
	}
	if key.MultiRegion {
		header = append(header, field("multi_region", boolean(true)))
	}
	return header
}
