package push

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// reference is a key as DescribeKey takes it in one Region.
type reference struct{ id, region string }

// refer makes a reference of what a spec calls its key. A multi-Region key has the same id in each Region, and so may
// aliases; every other ARN is good only in its own Region.
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
func refer(it *Item) (reference, *diag.Diagnostic) {
	key := it.Key
	ref := reference{id: key.ID, region: it.Region}
	arn, isARN := policy.ParseARN(key.ID)
	switch {
	case key.ID == "":
		return ref, it.finding("no-key", diag.Error, "the spec names no key to put its policy on",
			"write `key: alias/NAME`, or the key's id or ARN; or give --key")
	case strings.HasPrefix(key.Alias, "alias/aws/"):
		return ref, it.finding("aws-managed-key", diag.Error, fmt.Sprintf("`%s` is the alias of an AWS managed key, whose policy cannot be changed", key.Alias),
			"name a customer managed key")
	case !isARN:
		return ref, nil
	case arn.Service != "kms":
		return ref, it.finding("key-arn", diag.Error, fmt.Sprintf("`%s` is not the ARN of a key", key.ID), "write the ARN of a KMS key, its id or an alias")
	case key.Account != "" && key.Account != arn.Account && key.AccountFrom != spec.FromPolicy:
		return ref, it.finding("key-account", diag.Error, fmt.Sprintf("the key's ARN is in account %s, and its account is said to be %s", arn.Account, key.Account),
			"remove `account` or --account, or name the account's own key")
	}
	if ref.region == "" {
		ref.region = arn.Region
	}
	if ref.region != arn.Region {
		if !strings.HasPrefix(arn.Resource, "key/mrk-") && !strings.HasPrefix(arn.Resource, "alias/") {
			return ref, it.finding("key-region", diag.Error, fmt.Sprintf("the key's ARN is in %s, and its Region is said to be %s", arn.Region, ref.region),
				"remove `region` or --region, or name the Region's own key")
		}
		arn.Region = ref.region
		ref.id = arn.String()
	}
	return ref, nil
}

// finding makes a finding about the item's spec.
func (it *Item) finding(reason string, severity diag.Severity, message, help string) *diag.Diagnostic {
	return &diag.Diagnostic{Rule: "plan", Reason: reason, Category: "plan", Severity: severity, Message: message, Help: help, Place: it.Place}
}

// addFinding adds a finding.
func (it *Item) addFinding(reason string, severity diag.Severity, message, help string) {
	it.Findings = append(it.Findings, *it.finding(reason, severity, message, help))
}
