package push

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// tellReplicas reports keys that hold the key material of a spec's key in another Region and have no spec in the run: each
// has a policy of its own.
// https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
func tellReplicas(items []*Item) {
	known := map[string]bool{}
	for _, it := range items {
		known[it.Name()] = true
	}
	for _, it := range items {
		var without []string
		for _, arn := range it.related {
			if !known[arn] {
				without = append(without, arn)
			}
		}
		if len(without) > 0 {
			it.addFinding("replica-without-spec", diag.Info, "no spec of this run is for the same key in another Region, which has a policy of its own: "+strings.Join(without, ", "),
				"write one spec with `regions` for all of them")
		}
	}
}
