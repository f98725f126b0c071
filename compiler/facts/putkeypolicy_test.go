package facts

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestLimits(t *testing.T) {
	if PolicyMaxBytes() != 32768 || putKeyPolicyFile().Limits.MaxModelChars != 131072 || PolicyName() != "default" {
		t.Errorf("got %d, %d, %q", PolicyMaxBytes(), putKeyPolicyFile().Limits.MaxModelChars, PolicyName())
	}
}

func TestAllowedRune(t *testing.T) {
	for r, want := range map[rune]bool{
		'\t': true, '\n': true, '\r': true, ' ': true, '~': true, '\u00A0': true, 'ÿ': true, 'é': true,
		0: false, '\v': false, 0x1F: false, 0x7F: false, 0x85: false, 0x9F: false, 0x100: false, '’': false, '\u200B': false,
	} {
		if AllowedRune(r) != want {
			t.Errorf("AllowedRune(%U) = %v", r, !want)
		}
	}
}

// TestAllowedRuneAgainstTheAPI holds that a character is allowed exactly where the API's pattern takes it and it is not a
// control character of those that the guide leaves out.
func TestAllowedRuneAgainstTheAPI(t *testing.T) {
	hex := regexp.MustCompile(`\\u([0-9A-F]{4})`)
	pattern := regexp.MustCompile(`^` + hex.ReplaceAllString(putKeyPolicyFile().Charset.Pattern, `\x{$1}`) + `$`)
	for r := range rune(0x250) {
		want := pattern.MatchString(string(r)) && (r < 0x7F || r > 0x9F)
		if AllowedRune(r) != want {
			t.Errorf("AllowedRune(%U) = %v", r, !want)
		}
	}
}

func TestOperations(t *testing.T) {
	all := putKeyPolicyFile().Operations
	if len(all) != 7 {
		t.Errorf("got %d operations, want 7", len(all))
	}
	for _, o := range all {
		if o.Target != "TrentService."+o.Name {
			t.Errorf("%s has the target %s", o.Name, o.Target)
		}
		action, ok := LookupAction("kms:" + o.Name)
		if !ok || action.CrossAccount != o.CrossAccount {
			t.Errorf("%s: cross-account %v, and its action %v", o.Name, o.CrossAccount, action.CrossAccount)
		}
		if !strings.HasPrefix(o.Permission, "kms:"+o.Name) {
			t.Errorf("%s needs %s", o.Name, o.Permission)
		}
		for _, e := range o.Errors {
			if _, ok := LookupAPIError(e); !ok {
				t.Errorf("%s has the unknown error %s", o.Name, e)
			}
		}
		if rate, ok := RequestRate(o.Name); !ok || rate != o.RequestsPerSecond {
			t.Errorf("%s has the rates %d and %d", o.Name, o.RequestsPerSecond, rate)
		}
		for _, p := range o.Input {
			if p.Enum != nil && p.Name != "CustomerMasterKeySpec" && !slices.Equal(p.Enum, Enum(p.Name)) {
				t.Errorf("%s.%s is not the enumeration %v", o.Name, p.Name, Enum(p.Name))
			}
		}
	}
	put := slices.IndexFunc(all, func(o Operation) bool { return o.Name == "PutKeyPolicy" })
	if put < 0 || !all[put].Input[0].Required || all[put].AcceptsAlias {
		t.Errorf("PutKeyPolicy is not among %+v", all)
	}
}

func TestRequestRate(t *testing.T) {
	for operation := range putKeyPolicyFile().Quotas.Defaults {
		if _, ok := LookupAction("kms:" + operation); !ok {
			t.Errorf("there is a rate for the unknown %s", operation)
		}
	}
	if _, ok := RequestRate("GetKeyLastUsage"); ok {
		t.Error("found a rate that there is not")
	}
	if ThrottlingError() != "ThrottlingException" {
		t.Errorf("got %q", ThrottlingError())
	}
}

func TestRefusals(t *testing.T) {
	for _, r := range []Refusal{LockoutRefusal(), InvalidPrincipalRefusal()} {
		if _, ok := LookupAPIError(r.Error); !ok || r.Message == "" {
			t.Errorf("got %+v", r)
		}
	}
	if e, ok := LookupAPIError("KMSInternalException"); !ok || !e.Retryable {
		t.Errorf("got %+v, %v", e, ok)
	}
	if _, ok := LookupAPIError("Nothing"); ok {
		t.Error("found an error that there is not")
	}
	if len(InvalidPrincipalRefusal().Causes) == 0 {
		t.Error("no cause of an invalid principal")
	}
}
