package access

import (
	"fmt"
	"net/netip"
	"slices"
)

// numbers gives every bound, a number on either side of it, and for dates the same in seconds.
// Comparisons by order cut the line at their bounds, so the classes are the bounds themselves and the intervals
// between. A point within each interval and each bound represent them all; where AWS has whole numbers only, the
// neighbours are the points.
func (b *dimensionBuilder) numbers() []string {
	var bounds []float64
	for _, c := range b.conds {
		if c.op.family != familyNumeric && c.op.family != familyDate {
			continue
		}
		for _, v := range c.values {
			if !v.bad {
				bounds = append(bounds, v.number)
			}
		}
	}
	bounds = append(bounds, b.bounds...)
	low, high, ranged := numberRange(b.key.lower)
	if b.isAccountID() {
		low, high, ranged = 0, 1e12-1, true
	}
	if ranged {
		bounds = append(bounds, low, high)
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	var points []float64
	for i, n := range bounds {
		points = append(points, n)
		if ranged {
			floor := float64(int64(n))
			points = append(points, floor-1, floor, floor+1, floor+2)
			continue
		}
		if i == 0 {
			points = append(points, n-1)
		}
		if i+1 < len(bounds) {
			points = append(points, min(n+1, n+(bounds[i+1]-n)/2))
		} else {
			points = append(points, n+1)
		}
	}
	var texts []string
	for _, p := range points {
		if ranged && (p < low || p > high || p != float64(int64(p))) {
			continue
		}
		texts = append(texts, b.numberText(p))
	}
	return texts
}

// isAccountID reports whether the key's values are accounts' ids. They are text, and an operator for numbers or dates reads it:
// each is a number, of twelve digits.
func (b *dimensionBuilder) isAccountID() bool { return ValueForm(b.key.lower) == "account_id" }

func (b *dimensionBuilder) numberText(n float64) string {
	if b.isAccountID() {
		return fmt.Sprintf("%012d", int64(n))
	}
	if b.key.typ == "Date" {
		if text := formatDate(n); n >= 0 {
			if back, ok := parseMoment(text); ok && back == n {
				return text
			}
		}
	}
	return formatNumber(n)
}

// addresses gives the first and the last address of every range and those beside them: the smallest address of any
// region that ranges cut out is one of these.
// Prefixes are nested or disjoint, so what is in some and not in others is a range whose first address is the
// first of a prefix or follows the last of one. That is finite also for IPv6, where trying addresses is not.
func (b *dimensionBuilder) addresses() []string {
	list := []netip.Addr{netip.MustParseAddr("198.51.100.1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("::")}
	for _, c := range b.conds {
		if c.op.family != familyIP {
			continue
		}
		for _, v := range c.values {
			if v.bad {
				continue
			}
			from, to := v.prefix.Addr(), lastAddr(v.prefix)
			list = append(list, from.Next(), from, to, to.Next(), from.Prev())
		}
	}
	slices.SortFunc(list[4:], netip.Addr.Compare)
	var texts []string
	for _, a := range list {
		if a.IsValid() {
			texts = append(texts, a.String())
		}
	}
	return texts
}

// All host bits set: for 10.0.0.0/8 it is 10.255.255.255. Whether an address is in two prefixes can change only
// after such an address.
func lastAddr(p netip.Prefix) netip.Addr {
	raw := p.Addr().AsSlice()
	for i := p.Bits(); i < len(raw)*8; i++ {
		raw[i/8] |= 1 << (7 - i%8)
	}
	a, _ := netip.AddrFromSlice(raw)
	return a
}
