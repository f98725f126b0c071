package access

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Forms that Go reads and AWS is not known to (hexadecimal, underscores, infinities) are refused, as a bound that
// is misread decides access. Which ones AWS refuses is not documented, hence unknown and not false.
func parseNumber(text string) (float64, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) && !strings.ContainsAny(text, "xXpP_")
}

// parseDate reads a date of a policy into seconds since 1970. What AWS does not say how it reads is none.
func parseDate(text string) (float64, bool) {
	t, form := policy.ParseDate(text)
	return float64(t.Unix()) + float64(t.Nanosecond())/1e9, form == policy.SureDate
}

// parseMoment reads the time of a request, which may be in parts of a second too.
// A policy's date and a request's time are read by different parsers: what is a doubtful form in a policy can only
// be a number of seconds where KMS itself writes it.
func parseMoment(text string) (float64, bool) {
	if seconds, ok := parseDate(text); ok {
		return seconds, true
	}
	if _, form := policy.ParseDate(text); form == policy.DoubtfulDate && strings.Trim(text, "-.0123456789") == "" {
		return parseNumber(text)
	}
	return 0, false
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

// Dates are compared as seconds since 1970, so one function serves both families.
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
