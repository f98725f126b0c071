package facts

import (
	"regexp"
	"slices"
	"sync"
)

// Partition is a partition of AWS: accounts of one have nothing to do with those of another.
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
type Partition struct {
	// Name is the partition as ARNs write it.
	Name string `json:"partition"`
	// RegionPattern is a regular expression that the names of its Regions match, those to come included.
	RegionPattern string `json:"region_regex"`
	// DNSSuffix is what the names of its endpoints end in.
	DNSSuffix string `json:"dns_suffix"`
	// Regions are the Regions that there are.
	Regions []string `json:"regions"`
}

var regionPatterns = sync.OnceValue(func() []*regexp.Regexp {
	var patterns []*regexp.Regexp
	for _, p := range putKeyPolicyFile().Partitions {
		patterns = append(patterns, regexp.MustCompile(p.RegionPattern))
	}
	return patterns
})

// Partitions returns every partition, aws first.
func Partitions() []Partition {
	return slices.Clone(putKeyPolicyFile().Partitions)
}

// LookupPartition finds a partition by its name.
func LookupPartition(name string) (Partition, bool) {
	partitions := putKeyPolicyFile().Partitions
	i := slices.IndexFunc(partitions, func(p Partition) bool { return p.Name == name })
	if i < 0 {
		return Partition{}, false
	}
	return partitions[i], true
}

// PartitionOfRegion returns the partition of a Region: one that is known, or one whose name has the partition's form.
func PartitionOfRegion(region string) (string, bool) {
	partitions := putKeyPolicyFile().Partitions
	i := slices.IndexFunc(partitions, func(p Partition) bool { return slices.Contains(p.Regions, region) })
	if i < 0 {
		i = slices.IndexFunc(regionPatterns(), func(r *regexp.Regexp) bool { return r.MatchString(region) })
	}
	if i < 0 {
		return "", false
	}
	return partitions[i].Name, true
}

// KnownRegion reports whether a Region is in the list of those that there are.
func KnownRegion(region string) bool {
	return slices.ContainsFunc(putKeyPolicyFile().Partitions, func(p Partition) bool {
		return slices.Contains(p.Regions, region)
	})
}
