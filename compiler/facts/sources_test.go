package facts

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var pageURL = regexp.MustCompile(`^https://docs\.aws\.amazon\.com/\S+$`)

// What is not in the list of KMS, or differs from the reference, is known from a page that the fact names.
func TestFactsBesideTheReferenceNameTheirPages(t *testing.T) {
	var keys struct {
		ViaService struct {
			Elsewhere []struct{ Prefix, Source string } `json:"documented_elsewhere"`
		} `json:"via_service"`
	}
	readFacts(t, "kms-condition-keys.json", &keys)
	var prefixes []string
	for _, s := range keys.ViaService.Elsewhere {
		prefixes = append(prefixes, s.Prefix)
		if !pageURL.MatchString(s.Source) {
			t.Errorf("kms:ViaService of %s has the source %q", s.Prefix, s.Source)
		}
	}
	for _, prefix := range []string{"sso", "identitystore", "datazone", "aps", "qbusiness", "voiceid", "cloudformation"} {
		if s, ok := LookupViaService(prefix); !ok || s.Documented || !slices.Contains(prefixes, prefix) {
			t.Errorf("kms:ViaService of %s: %+v, %v", prefix, s, ok)
		}
	}

	var uses struct {
		Uses []struct {
			ID, Name, Page string
			Requests       []struct{ Principal string }
		}
	}
	readFacts(t, "uses.json", &uses)
	systemsManager := 0
	for _, u := range uses.Uses {
		if u.ID != "systems-manager-sns" {
			continue
		}
		systemsManager++
		if !pageURL.MatchString(u.Page) || !strings.Contains(u.Name, "OpsCenter") || !strings.Contains(u.Name, "Change Manager") ||
			len(u.Requests) == 0 || u.Requests[0].Principal != "ssm.amazonaws.com" {
			t.Errorf("ssm.amazonaws.com: %+v", u)
		}
	}
	if systemsManager != 1 {
		t.Errorf("%d uses of ssm.amazonaws.com", systemsManager)
	}

	text, err := files.ReadFile("putkeypolicy.json")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`refused by the console's policy editor only \(https://\S+\)`).Match(text) {
		t.Error("the bare \"*\" is not said to be refused by the console's editor only, with its source")
	}
}

func readFacts(t *testing.T, name string, into any) {
	t.Helper()
	text, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
