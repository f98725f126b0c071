package access

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

func parseNumber(text string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) && !strings.ContainsAny(text, "xXpP_")
}

var dateLayouts = []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02"}

// parseDate reads a date, as ISO 8601 or in seconds since 1970, into the latter. Four digits could be either.
func parseDate(text string) (float64, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.UnixNano()) / 1e9, true
		}
	}
	if len(text) <= 4 {
		return 0, false
	}
	return parseNumber(text)
}

func formatDate(seconds float64) string {
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

func formatNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func parsePrefix(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	return netip.Prefix{}, false
}

func compareNumbers(how comparison, a, b float64) bool {
	switch how {
	case compareLess:
		return a < b
	case compareLessEquals:
		return a <= b
	case compareGreater:
		return a > b
	case compareGreaterEquals:
		return a >= b
	case compareEquals, compareFold, compareLike:
	}
	return a == b
}
