package glob

import "slices"

// shareBeginnings replaces patterns of one group that begin alike, and start at their beginnings, by what they share and
// the rest of each. forks says, of each such rest, after which of the patterns it comes; -1 of the others.
func shareBeginnings(patterns []Pattern, starts []Positions, groups []int) (list []Pattern, at []Positions, of, forks []int) {
	for i := 0; i < len(patterns); {
		j := i + 1
		for groups != nil && j < len(patterns) && groups[j] == groups[i] {
			j++
		}
		var group int
		if groups != nil {
			group = groups[i]
		} else {
			group = i
		}
		shared := 0
		if j-i > 1 && !slices.ContainsFunc(starts[min(i, len(starts)):min(j, len(starts))], func(p Positions) bool { return p != nil }) {
			shared = sharedTokens(patterns[i:j])
		}
		after := -1
		if shared > 0 {
			after = len(list)
			list, at, of, forks = append(list, patterns[i][:shared]), append(at, nil), append(of, group), append(forks, -1)
		}
		for k := i; k < j; k++ {
			var start Positions
			if k < len(starts) && after < 0 {
				start = starts[k]
			}
			list, at, of, forks = append(list, patterns[k][shared:]), append(at, start), append(of, group), append(forks, after)
		}
		i = j
	}
	return list, at, of, forks
}

// sharedTokens counts the tokens that all patterns begin with and that lead to one place, leaving each at least one.
func sharedTokens(patterns []Pattern) int {
	n := len(patterns[0]) - 1
	for _, p := range patterns[1:] {
		n = min(n, len(p)-1)
		for i := range max(n, 0) {
			if p[i] != patterns[0][i] {
				n = i
				break
			}
		}
	}
	return max(n, 0)
}
