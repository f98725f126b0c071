package report

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

const own = "111122223333"

func gain(principal, kind string, now, was access.Decision) access.Change {
	return access.Change{Principal: principal, Kind: kind, Actions: []string{"kms:Decrypt"}, Decision: now, Was: was, Witness: access.Request{Principal: principal, Action: "kms:Decrypt"}}
}

func key(n int, state, reason string, added ...access.Change) Key {
	arn := fmt.Sprintf("arn:aws:kms:eu-west-1:%s:key/%04d", own, n)
	k := Key{File: fmt.Sprintf("keys/%04d.yaml", n), Key: arn, Region: "eu-west-1", Account: own, State: state, Reason: strings.ReplaceAll(reason, "KEY", arn)}
	if len(added) > 0 {
		k.Diff = &access.Difference{Added: added}
	}
	return k
}

func write(t *testing.T, keys Keys, o KeysOptions) string {
	t.Helper()
	var out strings.Builder
	if err := WriteKeys(&out, keys, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func thousandKeys() Keys {
	const role = "arn:aws:iam::" + own + ":role/"
	other := "arn:aws:iam::999999999999:root"
	var keys Keys
	for n := range 1000 {
		switch {
		case n < 312:
			keys = append(keys, key(n, "change", "", gain(role+"app", "role", access.Allowed, access.ImplicitDeny)))
		case n < 314:
			keys = append(keys, key(n, "change", "", gain(other, "account", access.NeedsIdentityPolicy, access.ImplicitDeny), gain("*", "anyone", access.Allowed, access.ImplicitDeny)))
		case n == 314:
			keys = append(keys, key(n, "change", "", gain(other, "account", access.NeedsIdentityPolicy, access.ImplicitDeny)))
		case n < 400:
			keys = append(keys, key(n, "failed", "the caller may not do kms:DescribeKey on `KEY`: no identity policy allows it"))
		case n < 410:
			keys = append(keys, key(n, "refused", "drift: the one before is saved in run/backup-"+strconv.Itoa(n)+".json"))
		default:
			keys = append(keys, key(n, "unchanged", onlySpelling))
		}
	}
	return keys
}

func TestAThousandKeysAreAFewLines(t *testing.T) {
	want := `2 outsiders gain access to 3 keys: anyone in any account (2 keys) and account 999999999999 (3 keys)
change     the same for 2 keys
  keys/0312.yaml: arn:aws:kms:eu-west-1:111122223333:key/0312
  keys/0313.yaml: arn:aws:kms:eu-west-1:111122223333:key/0313
  + account 999999999999 gains Decrypt if its own account agrees
  + anyone in any account gains Decrypt
      for example: * kms:Decrypt
change     keys/0314.yaml: arn:aws:kms:eu-west-1:111122223333:key/0314
  + account 999999999999 gains Decrypt if its own account agrees
refused    the same for 10 keys
  keys/0400.yaml: arn:aws:kms:eu-west-1:111122223333:key/0400
  keys/0401.yaml: arn:aws:kms:eu-west-1:111122223333:key/0401
  keys/0402.yaml: arn:aws:kms:eu-west-1:111122223333:key/0402
  … and 7 more
  drift: the one before is saved in run/backup-….json
failed     the same for 85 keys
  keys/0315.yaml: arn:aws:kms:eu-west-1:111122223333:key/0315
  keys/0316.yaml: arn:aws:kms:eu-west-1:111122223333:key/0316
  keys/0317.yaml: arn:aws:kms:eu-west-1:111122223333:key/0317
  … and 82 more
  the caller may not do kms:DescribeKey on ` + "`…`" + `: no identity policy allows it
change     the same for 312 keys
  keys/0000.yaml: arn:aws:kms:eu-west-1:111122223333:key/0000
  keys/0001.yaml: arn:aws:kms:eu-west-1:111122223333:key/0001
  keys/0002.yaml: arn:aws:kms:eu-west-1:111122223333:key/0002
  … and 309 more
  + role/app gains Decrypt
`
	keys := thousandKeys()
	if got := write(t, keys, KeysOptions{Format: "text"}); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	all := write(t, keys, KeysOptions{Format: "text", All: true})
	if n := strings.Count(all, "key/"); n != 410 || strings.Contains(all, "more") {
		t.Errorf("%d keys are named of 410", n)
	}
	brief := write(t, keys, KeysOptions{Format: "text", Brief: true})
	if strings.Contains(brief, "gain") || !strings.Contains(brief, "the same for 315 keys") {
		t.Error(brief)
	}
	md := write(t, keys, KeysOptions{Format: "markdown"})
	for _, part := range []string{
		"**1000 keys: 315 to change, 590 unchanged, 10 refused, 85 failed**\n\n**2 outsiders gain access to 3 keys: ",
		"<details><summary>312 keys</summary>", "- and 112 more\n", "### The same for 85 keys: failed",
	} {
		if !strings.Contains(md, part) {
			t.Errorf("%s is not in\n%s", part, md)
		}
	}
}

func TestOutsidersStandFirstInAChangeAndWhatWasNotPutIsSaidSo(t *testing.T) {
	other, mine := "arn:aws:iam::999999999999:root", "arn:aws:iam::"+own+":role/app"
	k := key(1, "refused", "drift", gain(mine, "role", access.Allowed, access.ImplicitDeny), gain(other, "account", access.NeedsIdentityPolicy, access.ImplicitDeny))
	want := `refused    keys/0001.yaml: arn:aws:kms:eu-west-1:111122223333:key/0001
  drift
  what differs:
  + account 999999999999 gains Decrypt if its own account agrees
  + role/app gains Decrypt
`
	if got := write(t, Keys{k}, KeysOptions{Format: "text"}); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if md := write(t, Keys{k}, KeysOptions{Format: "markdown"}); !strings.Contains(md, "\nWhat differs:\n\n**Added**\n\n- account 999999999999") {
		t.Error(md)
	}
}

func TestWhatIsUnchangedAndHasSomethingToSayIsShown(t *testing.T) {
	keys := Keys{key(1, "unchanged", ""), key(2, "unchanged", "another writer has put the same policy meanwhile"), key(3, "unchanged", "")}
	keys[2].Findings = diag.List{{Rule: "plan", Reason: "pending-deletion", Severity: diag.Warning, Message: "the key is pending deletion"}}
	got := write(t, keys, KeysOptions{Format: "text"})
	if strings.Contains(got, "0001") || !strings.Contains(got, "0002") || !strings.Contains(got, "pending-deletion") {
		t.Error(got)
	}
}

func TestAnotherAccountHasToAgree(t *testing.T) {
	const other = "arn:aws:iam::999999999999:role/x"
	const mine = "arn:aws:iam::" + own + ":role/x"
	for _, test := range []struct {
		change access.Change
		want   string
	}{
		{gain(other, "role", access.NeedsIdentityPolicy, access.ImplicitDeny), "+ arn:aws:iam::999999999999:role/x gains Decrypt if its own account agrees\n"},
		{gain(mine, "role", access.NeedsIdentityPolicy, access.ImplicitDeny), "+ role/x gains Decrypt where an identity policy allows it too\n"},
		{gain(other, "role", access.ExplicitDeny, access.NeedsIdentityPolicy), "- arn:aws:iam::999999999999:role/x loses Decrypt (now: denied explicitly; was: allowed, if its own\n    account agrees)\n"},
		{gain(mine, "role", access.ImplicitDeny, access.NeedsIdentityPolicy), "- role/x loses Decrypt (was: needs an identity policy)\n"},
		{gain("*", "anyone", access.NeedsIdentityPolicy, access.Allowed), "- anyone in any account now needs its own account's agreement for Decrypt (was: allowed)\n"},
	} {
		k := key(1, "change", "")
		k.Diff = &access.Difference{}
		if test.change.Decision == access.NeedsIdentityPolicy && test.change.Was == access.ImplicitDeny {
			k.Diff.Added = []access.Change{test.change}
		} else {
			k.Diff.Removed = []access.Change{test.change}
		}
		if got := write(t, Keys{k}, KeysOptions{Format: "text"}); !strings.Contains(got, test.want) {
			t.Errorf("%s\nwant\n%s", got, test.want)
		}
	}
}

func TestOutsidersAreCountedOnce(t *testing.T) {
	allow := func(principal, kind string) Key {
		return key(1, "change", "", gain(principal, kind, access.Allowed, access.ImplicitDeny))
	}
	var keys Keys
	for n := range 30 {
		keys = append(keys, allow(fmt.Sprintf("arn:aws:iam::%012d:root", 200000000000+n), "account"))
	}
	keys = append(keys, allow("arn:aws:iam::"+own+":role/a", "role"), allow("s3.amazonaws.com", "service"), allow("arn:aws:iam::200000000000:root", "account"))
	got := keys.gaining().String()
	if !strings.HasPrefix(got, "30 outsiders gain access to 31 keys: account 200000000000 (2 keys), ") || !strings.HasSuffix(got, " and 10 more") {
		t.Error(got)
	}
	live := allow("*", "anyone")
	if live.Live = true; (Keys{live}).gaining().String() != "1 outsider has access to 1 key beyond the spec: anyone in any account (1 key)" {
		t.Error((Keys{live}).gaining().String())
	}
	unchanged := allow("*", "anyone")
	for _, state := range []string{"unchanged", "blocked", "refused", "failed"} {
		if unchanged.State = state; (Keys{unchanged}).gaining().String() != "" {
			t.Errorf("outsiders gain access to a key that is %s", state)
		}
	}
}
