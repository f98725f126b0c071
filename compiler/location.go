package compiler

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// checkLocation reports what is wrong with a spec's partition and Regions, and where they contradict one another or the
// key's ARN.
func checkLocation(s *spec.KeyPolicy) diag.List {
	regions := slices.Clone(s.Regions)
	if s.Region != nil {
		regions = append(regions, s.Region)
	}
	found := partitionFault(s.Partition)
	for _, region := range regions {
		found = append(found, regionFault(region)...)
	}
	if found.HasErrors() {
		return found
	}
	found = append(found, checkPartitions(s.Partition, regions)...)
	return append(found, checkKeyARN(s)...)
}

// partitionFault reports a partition that does not exist.
func partitionFault(n *source.Node) diag.List {
	if n == nil || n.Text == "" {
		return nil
	}
	if _, known := facts.LookupPartition(n.Text); known {
		return nil
	}
	return diag.List{compileFinding(n, "unknown-partition", fmt.Sprintf("there is no partition `%s`", n.Text), offer(n.Text, partitions()))}
}

// regionFault reports a Region that is not known. AWS adds Regions, so it is a warning.
func regionFault(n *source.Node) diag.List {
	if n == nil || n.Kind != source.Scalar || n.Text == "" || facts.KnownRegion(n.Text) {
		return nil
	}
	var all []string
	for _, p := range facts.Partitions() {
		all = append(all, p.Regions...)
	}
	d := compileFinding(n, "unknown-region", fmt.Sprintf("`%s` is not a known Region", n.Text), offer(n.Text, all))
	d.Severity = diag.Warning
	return diag.List{d}
}

// checkPartitions reports a Region of another partition than the one that is given or than the Region before it: a
// key and its replicas are in one. https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html
func checkPartitions(given *source.Node, regions []*source.Node) diag.List {
	want, from := "", (*source.Node)(nil)
	if given != nil {
		want, from = given.Text, given
	}
	for _, region := range regions {
		has, known := facts.PartitionOfRegion(region.Text)
		switch {
		case !known || has == want:
		case want == "":
			want, from = has, region
		default:
			d := compileFinding(region, "partition-mismatch", fmt.Sprintf("the Region `%s` is in the partition `%s`, and the key in `%s`", region.Text, has, want),
				"give Regions and a partition that go together; keys of other partitions have specs of their own")
			d.Related = append(d.Related, diag.Related{Place: from.Place, Message: fmt.Sprintf("by this the key is in `%s`", want)})
			return diag.List{d}
		}
	}
	return nil
}

// checkKeyARN reports an account, a partition or a Region that is not that of the key's ARN. What the spec says counts
// before the ARN, so names would expand where the key is not.
func checkKeyARN(s *spec.KeyPolicy) diag.List {
	arn, ok := policy.ParseARN(text(s.Key))
	if !ok || arn.Service != "kms" {
		return nil
	}
	var found diag.List
	compare := func(n *source.Node, what, of string) {
		if n == nil || of == "" || n.Text == of || n.Text == "" {
			return
		}
		d := compileFinding(n, "other-key", fmt.Sprintf("the %s is `%s`, and that of the key's ARN `%s`", what, n.Text, of), "remove it: the ARN already says it")
		d.Severity = diag.Warning
		d.Related = append(d.Related, diag.Related{Place: s.Key.Place, Message: "the key"})
		found = append(found, d)
	}
	compare(s.Account, "account", arn.Account)
	compare(s.Partition, "partition", arn.Partition)
	if !strings.HasPrefix(arn.Resource, "key/mrk-") { // a multi-Region key has its id in every Region
		compare(s.Region, "Region", arn.Region)
	}
	return found
}

func partitions() []string {
	var names []string
	for _, p := range facts.Partitions() {
		names = append(names, p.Name)
	}
	return names
}

// offer names what was most likely meant.
func offer(name string, all []string) string {
	if nearest, ok := facts.Nearest(name, all); ok {
		return fmt.Sprintf("did you mean `%s`?", nearest)
	}
	const few = 12
	if len(all) > few {
		return "check its name"
	}
	return "there is `" + strings.Join(all, "`, `") + "`"
}
