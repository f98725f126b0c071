package policy

import (
	"strconv"
	"strings"
	"time"
)

// AWS takes dates in the W3C profile of ISO 8601, to the month, the day, the minute, the second or a part of it, and in
// seconds since 1970.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
// https://www.w3.org/TR/NOTE-datetime
var dateLayouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01"}

// doubtfulLayouts are dates of ISO 8601 that the profile does not have, or that are a number of seconds as well: AWS does
// not say how it reads them.
var doubtfulLayouts = []string{
	"2006", "20060102", "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z0700", "20060102T150405", "20060102T150405Z0700", "20060102T1504Z0700",
}

// DateForm says how far a text is a date.
type DateForm uint8

// The forms of dates.
const (
	NoDate       DateForm = iota
	DoubtfulDate          // one that AWS does not say how it reads
	SureDate
)

// ParseDate reads a date as a condition's value. The time is set where the form is SureDate.
func ParseDate(text string) (time.Time, DateForm) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), SureDate
		}
	}
	upper := strings.ToUpper(text)
	for _, layout := range append(doubtfulLayouts, dateLayouts...) {
		if _, err := time.Parse(layout, upper); err == nil {
			return time.Time{}, DoubtfulDate
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || text[0] == '+' || text[0] == '-':
		_, err := strconv.ParseFloat(text, 64)
		if err == nil && strings.Trim(text, "+-.0123456789") == "" {
			return time.Time{}, DoubtfulDate
		}
		return time.Time{}, NoDate
	case len(text) < 5 || len(text) > 12:
		return time.Time{}, DoubtfulDate
	}
	return time.Unix(seconds, 0).UTC(), SureDate
}
