package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// realRegions are the Regions that there are in the key's partition, the key's own and the example first.
func (m *model) realRegions() []string {
	var list []string
	if m.env.Region != "" {
		list = append(list, m.env.Region)
	}
	if partition, ok := facts.LookupPartition(m.partition); ok {
		if slices.Contains(partition.Regions, exampleRegion) {
			list = append(list, exampleRegion)
		}
		list = append(list, partition.Regions...)
	}
	return list
}

// regionsApart are the Regions that some patterns distinguish: one for each set of patterns that match it.
// A pattern of Regions such as "eu-*" is decided among the Regions that exist: that a text "eu-a" would match as
// well concerns nobody.
func (m *model) regionsApart(patterns []string) []string {
	if len(patterns) == 0 {
		return nil
	}
	slices.Sort(patterns)
	patterns = slices.Compact(patterns)
	seen := map[string]bool{}
	var list []string
	for _, region := range m.realRegions() {
		var signature strings.Builder
		for _, p := range patterns {
			if glob.MatchFold(p, region) {
				signature.WriteByte('1')
			} else {
				signature.WriteByte('0')
			}
		}
		if !seen[signature.String()] {
			seen[signature.String()] = true
			list = append(list, region)
		}
	}
	return list
}

// fillRegion puts a Region in the place of a pattern of Regions.
func (s *space) fillRegion(part string) string {
	if !strings.ContainsAny(part, "*?") {
		return part
	}
	if glob.MatchFold(part, s.region()) {
		return s.region()
	}
	for _, region := range s.models[0].realRegions() {
		if glob.MatchFold(part, region) {
			return region
		}
	}
	return part
}
