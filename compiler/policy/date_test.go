package policy

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"2040-01-01T00:00:00Z": "2040-01-01T00:00:00Z", "2040-01-01T00:00Z": "2040-01-01T00:00:00Z", "2040-01": "2040-01-01T00:00:00Z", "2040-01-02": "2040-01-02T00:00:00Z",
		"2040-01-01T01:00:00+01:00": "2040-01-01T00:00:00Z", "2040-01-01T00:00:00.25Z": "2040-01-01T00:00:00.25Z", "1767225600": "2026-01-01T00:00:00Z",
		"2040": "doubtful", "20400101": "doubtful", "2040-01-01T00:00:00": "doubtful", "20400101T000000Z": "doubtful", "2040-01-01t00:00:00z": "doubtful",
		"2040-01-01T00:00:00+0100": "doubtful", "1767225600000": "doubtful", "1767225600.5": "doubtful", "-1": "doubtful", "123": "doubtful",
		"": "none", "soon": "none", "2040-13-01": "none", "2040-1-1": "none", "01/02/2040": "none", "Inf": "none", "0x12345": "none", "2040-01-01 00:00:00": "none",
	} {
		at, form := ParseDate(text)
		got := [...]string{NoDate: "none", DoubtfulDate: "doubtful", SureDate: at.Format(time.RFC3339Nano)}[form]
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
