package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// fingerprints identify findings across commits, in the order of the list, by what a baseline knows them by. They do not depend on
// lines, on the order of statements, on Sids or on messages. Equal faults of one file are counted.
func fingerprints(list diag.List) []string {
	seen := map[string]int{}
	out := make([]string, len(list))
	for _, i := range unsuppressedFirst(list) {
		d := list[i]
		parts := []string{d.Rule, d.Reason, cmp.Or(d.Resource, d.Place.File)}
		id := d.Identity
		if id == (diag.Identity{}) {
			id.Element = diag.Element(d.Place.Path)
		}
		switch parts = append(parts, strings.ReplaceAll(id.Element, "/*", "")); {
		case id.Literal != "":
			parts = append(parts, id.Literal)
		case id.Among: // which of its statements is pointed at depends on their order
		default:
			parts = append(parts, "statement", id.Statement) // what a whole policy is at fault of has neither
		}
		if id.Scope != nil {
			parts = append(parts, fmt.Sprintf("%q", *id.Scope))
		}
		key := fmt.Sprintf("%q", parts)
		seen[key]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", key, seen[key]))
		out[i] = hex.EncodeToString(sum[:16])
	}
	return out
}

// unsuppressedFirst are the positions of findings, so that what is suppressed changes the number of no other.
func unsuppressedFirst(list diag.List) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return boolOrder(list[b].Suppressed == nil) - boolOrder(list[a].Suppressed == nil)
	})
	return order
}
