package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/rules"
)

// Statements of whole policies that every use is tried with.
const (
	delegates  = `{"Sid":"Root","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}`
	otherToo   = `{"Sid":"Other","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"kms:*","Resource":"*"}`
	noAccount  = `{"Sid":"Keeper","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/KeyAdmin"},"Action":["kms:PutKeyPolicy","kms:GetKeyPolicy"],"Resource":"*"}`
	denies     = `{"Sid":"Frozen","Effect":"Deny","Principal":"*","Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:CreateGrant","kms:DescribeKey"],"Resource":"*"}`
	deniesRead = `{"Sid":"Frozen","Effect":"Deny","Principal":"*","Action":"kms:GetKeyRotationStatus","Resource":"*"}`
)

// specFor is a whole policy whose key is for one use, with what the use takes.
func specFor(t *testing.T, use facts.Use, statements ...string) string {
	t.Helper()
	region, kind := "eu-central-1", ""
	if use.ID == "route53-dnssec" {
		region, kind = "us-east-1", "key_usage: SIGN_VERIFY\nkey_spec: ECC_NIST_P256\n"
	}
	return fmt.Sprintf("account: \"111122223333\"\nregion: %s\n%sused_by: [%s]\npolicy:\n  Version: \"2012-10-17\"\n  Statement:\n    - %s\n",
		region, kind, entryFor(t, use), strings.Join(statements, "\n    - "))
}

// ofTheUse are the findings about the use of a spec, which are at its entry and name it.
func ofTheUse(t *testing.T, set *rules.Set, use facts.Use, text string) diag.List {
	t.Helper()
	var list diag.List
	for _, d := range checkOne(t, set, text) {
		if d.Rule != "service-cannot-use-key" {
			continue
		}
		list = append(list, d)
		if !strings.Contains(d.Message, use.Service) || !strings.Contains(d.Message, use.Name) {
			t.Errorf("the use is not named: %s", keypolicy.FindingLine(d))
		}
		if line := strings.Split(text, "\n")[d.Place.Range.Start.Line-1]; !strings.HasPrefix(line, "used_by: ["+entryFor(t, use)) || d.Place.Range.Start.Column != len("used_by: [")+1 {
			t.Errorf("not at the entry: %s", keypolicy.FindingLine(d))
		}
	}
	return list
}

// one is the only finding about a use, which has a severity.
func one(t *testing.T, set *rules.Set, use facts.Use, severity diag.Severity, text string) diag.Diagnostic {
	t.Helper()
	list := ofTheUse(t, set, use, text)
	if len(list) != 1 || list[0].Severity != severity {
		t.Fatalf("want one finding, %s: %v\n%s", severity, list, text)
	}
	return list[0]
}

// eachUseOf tries every use of some ways.
func eachUseOf(t *testing.T, of func(facts.Use) bool, do func(t *testing.T, use facts.Use)) {
	t.Helper()
	n := 0
	for _, use := range facts.Uses() {
		if of(use) {
			n++
			t.Run(use.ID, func(t *testing.T) { do(t, use) })
		}
	}
	if n < 20 {
		t.Errorf("only %d uses", n)
	}
}

// crosses reports whether a use is by callers of another account, which the key policy itself has to name.
func crosses(use facts.Use) bool {
	for _, r := range use.Requests {
		if strings.Contains(r.Principal, "$(other_account)") {
			return true
		}
	}
	return false
}

// Of a use by callers, an information says what identity policies and grants have to allow, as long as the policy leaves that to them;
// where a Deny is in the way, or nothing delegates to the account, an error says so.
func TestUsesByCallersAreErrorsOnlyWhereThePolicyIsInTheWay(t *testing.T) {
	set := usesRules(t)
	eachUseOf(t, func(use facts.Use) bool { return use.Way != facts.WayKeyPolicy }, func(t *testing.T, use facts.Use) {
		open := []string{delegates}
		if crosses(use) {
			if d := one(t, set, use, diag.Error, specFor(t, use, delegates)); d.Reason != "statement" {
				t.Errorf("no statement for the other account: %s", keypolicy.FindingLine(d))
			}
			open = append(open, otherToo)
		}
		d := one(t, set, use, diag.Info, specFor(t, use, open...))
		if d.Reason != "identity-policy" && d.Reason != "grant" || (d.Reason == "grant") != (use.Way == facts.WayGrant) {
			t.Errorf("%s: %s", use.Way, keypolicy.FindingLine(d))
		}
		needed := 0
		for _, r := range use.Requests {
			for _, action := range r.Actions {
				if strings.Contains(d.Message, "`"+action+"`") {
					needed++
				}
			}
		}
		if needed == 0 || !strings.Contains(d.Help, "keypolicy explain "+use.ID) {
			t.Errorf("not said what is needed: %s\n%s", keypolicy.FindingLine(d), d.Help)
		}
		if list := ofTheUse(t, set, use, specFor(t, use, append(open, deniesRead)...)); len(list) != 1 || list[0].Severity != diag.Info {
			t.Errorf("a Deny of something else: %v", list)
		}
		if d := one(t, set, use, diag.Error, specFor(t, use, append(open, denies)...)); d.Reason != "denied" || !strings.Contains(d.Message, "`Frozen`") {
			t.Errorf("a Deny: %s", keypolicy.FindingLine(d))
		}
		if d := one(t, set, use, diag.Error, specFor(t, use, noAccount)); d.Reason != "statement" {
			t.Errorf("no statement for the account: %s", keypolicy.FindingLine(d))
		}
	})
}

// Of a use by a service, the default policy is an error that names the action, and so is a Deny beside the template's statements; with
// those by themselves there is no error or warning about it.
func TestUsesByServicesNeedTheirStatement(t *testing.T) {
	set := usesRules(t)
	eachUseOf(t, func(use facts.Use) bool { return use.Way == facts.WayKeyPolicy }, func(t *testing.T, use facts.Use) {
		if d := one(t, set, use, diag.Error, specFor(t, use, delegates)); d.Reason != "statement" || !strings.Contains(d.Message, "`kms:") {
			t.Errorf("the default policy: %s", keypolicy.FindingLine(d))
		}
		if use.Template == "" {
			return
		}
		key, _, _ := strings.Cut(specFor(t, use, delegates), "policy:")
		for _, delegation := range []string{"true", "false"} {
			with := fmt.Sprintf("%sdelegate_to_iam: %s\nkey_admins_roles: [KeyAdmin]\ninclude: [%s]\n", key, delegation, strings.Replace(entryFor(t, use), use.ID, use.Template, 1))
			list := ofTheUse(t, set, use, with)
			if list.HasErrors() || list.Count(diag.Warning) > 0 || (len(list) > 0) != (use.Needs != "") {
				t.Errorf("the template's statements, needs %q: %v\n%s", use.Needs, list, with)
			}
			if d := one(t, set, use, diag.Error, with+"statements:\n  - "+denies+"\n"); d.Reason != "denied" || !strings.Contains(d.Message, "`Frozen`") {
				t.Errorf("a Deny: %s", keypolicy.FindingLine(d))
			}
		}
	})
}
