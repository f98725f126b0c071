package push

import (
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

func TestOnlyAMeaningThatDiffersIsAChange(t *testing.T) {
	wanted := letting("a", "b")
	for name, test := range map[string]struct {
		live  string
		state State
	}{
		"equal":      {wanted, Unchanged},
		"shuffled":   {document(statement("use", `"kms:Decrypt"`, role("b"), role("a")), rootAll), Unchanged},
		"labels":     {document(rootAll, statement("other name", `"kms:Decrypt"`, role("a"), role("b"))), Unchanged},
		"account ID": {strings.Replace(wanted, `["arn:aws:iam::`+kmstest.Account+`:root"]`, `"`+kmstest.Account+`"`, 1), Unchanged},
		"scalars":    {strings.Replace(wanted, `"Resource":"*"`, `"Resource":["*"]`, 1), Unchanged},
		"split":      {document(rootAll, statement("1", `"kms:Decrypt"`, role("a")), statement("2", `"kms:Decrypt"`, role("b"))), Unchanged},
		"one less":   {letting("a"), Change},
		"default":    {kmstest.DefaultPolicy(kmstest.Account), Change},
		"nothing":    {`{}`, Change},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{Policy: test.live})
			it := b.plan(target(key, wanted))[0]
			expectState(t, it, test.state, "")
			if test.state == Unchanged && b.apply(target(key, wanted))[0].State != Unchanged || b.server.Count("PutKeyPolicy") > 0 {
				t.Error("what means the same was put")
			}
		})
	}
}

func TestPlanReportsWhoGainsAndWhoLoses(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: document(statement("root", `"kms:PutKeyPolicy"`, "arn:aws:iam::"+kmstest.Account+":root"), statement("use", `"kms:Decrypt"`, role("old")))})
	it := b.plan(target(key, document(statement("root", `"kms:PutKeyPolicy"`, "arn:aws:iam::"+kmstest.Account+":root"), statement("use", `"kms:Decrypt"`, role("new")))))[0]
	expectState(t, it, Change, "")
	if len(it.Diff.Added) != 1 || it.Diff.Added[0].Principal != role("new") || len(it.Diff.Removed) != 1 || it.Diff.Removed[0].Principal != role("old") || it.Diff.Removed[0].Witness.Action != "kms:Decrypt" {
		t.Errorf("%+v", it.Diff)
	}
}

func TestKeysAreFoundByAnyOfTheirNames(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Aliases: []string{"alias/payments"}})
	other := b.server.Add(kmstest.Key{Region: "eu-west-1", Aliases: []string{"alias/payments"}})
	const mrk = "mrk-1234abcd12ab34cd56ef1234567890ab"
	arn := func(region string) string { return "arn:aws:kms:" + region + ":" + kmstest.Account + ":key/" + mrk }
	b.server.Add(kmstest.Key{ARN: arn(region)})
	b.server.Add(kmstest.Key{ARN: arn("eu-west-1"), Region: "eu-west-1"})
	for _, test := range []struct{ key, region, want string }{
		{"alias/payments", region, key},
		{"alias/payments", "eu-west-1", other},
		{key, region, key},
		{key, "", key},
		{key[strings.LastIndex(key, "/")+1:], region, key},
		{"arn:aws:kms:eu-central-1:" + kmstest.Account + ":alias/payments", region, key},
		{"arn:aws:kms:eu-central-1:" + kmstest.Account + ":alias/payments", "eu-west-1", other},
		{mrk, region, arn(region)},
		{mrk, "eu-west-1", arn("eu-west-1")},
		{arn(region), "eu-west-1", arn("eu-west-1")},
	} {
		want := target(test.key, letting("a"))
		want.Key.Region = test.region
		it := b.plan(want)[0]
		if it.State != Change || it.ARN != test.want {
			t.Errorf("%s in %q: %s, %s (%s)", test.key, test.region, it.ARN, it.State, it.Reason)
		}
	}
}

func TestRefusedBeforeAnythingIsAsked(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	good := letting("a")
	long := letting("a" + strings.Repeat("x", facts.PolicyMaxBytes()))
	for name, test := range map[string]struct {
		change func(*Target)
		reason string
	}{
		"lint's errors":     {func(t *Target) { t.Findings = diag.List{{Rule: "r", Severity: diag.Error}} }, ""},
		"no editor":         {func(t *Target) { t.Policy = []byte(document(statement("use", `"kms:Decrypt"`, role("a")))) }, "no-editor"},
		"another's account": {func(t *Target) { t.Policy = []byte(strings.ReplaceAll(good, kmstest.Account, "999999999999")) }, "no-editor"},
		"too long":          {func(t *Target) { t.Policy = []byte(long) }, "policy-size"},
		"characters":        {func(t *Target) { t.Policy = []byte(strings.Replace(good, `"use"`, `"日本"`, 1)) }, "policy-characters"},
		"no key":            {func(t *Target) { t.Key.ID = "" }, "no-key"},
		"AWS's alias":       {func(t *Target) { t.Key.ID, t.Key.Alias = "alias/aws/s3", "alias/aws/s3" }, "aws-managed-key"},
		"a deleted role":    {func(t *Target) { t.Policy = []byte(strings.Replace(good, role("a"), "AROAEXAMPLEID12345678", 1)) }, "deleted-principal"},
		"a bucket's ARN":    {func(t *Target) { t.Key.ID = "arn:aws:s3:::bucket" }, "key-arn"},
		"ARN and account": {func(t *Target) {
			t.Key.Account, t.Key.AccountFrom = "999999999999", spec.FromSpec
			t.Policy = []byte(strings.ReplaceAll(good, kmstest.Account, "999999999999"))
		}, "key-account"},
		"ARN and Region": {func(t *Target) { t.Key.Region = "eu-west-1" }, "key-region"},
		"no text":        {func(t *Target) { t.Policy = []byte("{") }, "policy-text"},
	} {
		wanted := target(key, good)
		test.change(&wanted)
		it := b.apply(wanted)[0]
		if it.State != Blocked || it.Reason == "" || test.reason != "" && !hasFinding(it, test.reason) {
			t.Errorf("%s: %s (%s) %+v", name, it.State, it.Reason, it.Findings)
		}
	}
	if calls := b.server.Calls(); len(calls) > 0 {
		t.Errorf("AWS was asked %v", calls)
	}
}

func TestWhatTheKeyIsCanBlock(t *testing.T) {
	b := newBench(t)
	for name, test := range map[string]struct {
		key    kmstest.Key
		form   spec.Form
		state  State
		reason string
	}{
		"AWS's own":                {kmstest.Key{Manager: "AWS"}, spec.FormLists, Blocked, "aws-managed-key"},
		"waiting for deletion":     {kmstest.Key{State: "PendingDeletion"}, spec.FormLists, Change, "pending-deletion"},
		"another usage":            {kmstest.Key{Usage: "SIGN_VERIFY", Spec: "RSA_2048"}, spec.FormLists, Blocked, "key-usage"},
		"another usage, unsaid":    {kmstest.Key{Usage: "SIGN_VERIFY", Spec: "RSA_2048"}, spec.FormPolicy, Change, ""},
		"another account's key":    {kmstest.Key{Account: "999999999999", Aliases: []string{"alias/x"}}, spec.FormLists, Failed, ""},
		"usage of a plain policy":  {kmstest.Key{Usage: "SIGN_VERIFY"}, spec.FormDocument, Change, ""},
		"usage does not say a lot": {kmstest.Key{}, spec.FormDefault, Change, ""},
	} {
		key := b.server.Add(test.key)
		wanted := target(key, letting("a"))
		wanted.Form = test.form
		if test.key.Account != "" {
			wanted.Key.Account = test.key.Account
			wanted.Policy = []byte(strings.ReplaceAll(letting("a"), kmstest.Account, test.key.Account))
		}
		it := b.plan(wanted)[0]
		if it.State != test.state || test.reason != "" && !hasFinding(it, test.reason) || test.reason == "" && len(it.Findings) > 0 {
			t.Errorf("%s: %s (%s) %+v", name, it.State, it.Reason, it.Findings)
		}
	}
}

func TestWhoAppliesKeepsPutKeyPolicy(t *testing.T) {
	const others = `{"Sid":"admin","Effect":"Allow","Principal":{"AWS":"` + "arn:aws:iam::" + kmstest.Account + `:role/admin"},"Action":"kms:*","Resource":"*"}`
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	before := b.server.Policy(key)
	wanted := target(key, document(others))
	it := b.apply(wanted)[0]
	expectState(t, it, Blocked, "could not change it again")
	if !hasFinding(it, "caller-loses-access") || b.server.Count("PutKeyPolicy") > 0 {
		t.Errorf("%+v", it.Findings)
	}
	// With the flag it is tried, and KMS makes its own check: nothing bypasses it.
	items := (&Planner{Cloud: b.cloud, AllowLosingOwnAccess: true}).Plan(t.Context(), []Target{wanted})
	if err := b.begin(items).Apply(t.Context(), items); err != nil {
		t.Fatal(err)
	}
	expectState(t, items[0], Failed, "the caller could not change it again")
	if b.server.Policy(key) != before || b.server.Count("PutKeyPolicy") != 1 {
		t.Error("the policy was applied")
	}
	for name, test := range map[string]struct {
		statement string
		state     State
		reason    string
	}{
		"by name":         {statement("deploy", `"kms:PutKeyPolicy","kms:GetKeyPolicy","kms:DescribeKey"`, kmstest.Deployer), Change, ""},
		"under condition": {strings.Replace(statement("deploy", `"kms:PutKeyPolicy"`, kmstest.Deployer), `"Resource"`, `"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}},"Resource"`, 1), Change, "caller-conditional"},
		"denied":          {strings.Replace(statement("deploy", `"kms:PutKeyPolicy"`, kmstest.Deployer), `"Allow"`, `"Deny"`, 1), Blocked, "caller-loses-access"},
	} {
		it := b.plan(target(key, document(others, test.statement)))[0]
		if it.State != test.state || test.reason != "" && !hasFinding(it, test.reason) || test.reason == "" && len(it.Findings) > 0 {
			t.Errorf("%s: %s (%s) %+v", name, it.State, it.Reason, it.Findings)
		}
	}
}

func TestACallerThatCannotBeJudgedBlocks(t *testing.T) {
	b := newBench(t)
	b.server.Callers[kmstest.AccessKey] = "arn:aws:sts::" + kmstest.Account + ":something/odd"
	key := b.server.Add(kmstest.Key{})
	it := b.plan(target(key, letting("a")))[0]
	if it.State != Blocked || !hasFinding(it, "caller-unknown") {
		t.Errorf("%s (%s)", it.State, it.Reason)
	}
}

func TestOneWhoLosesAccessAndKeepsAGrantIsReported(t *testing.T) {
	b := newBench(t)
	minimal := statement("root", `"kms:PutKeyPolicy"`, "arn:aws:iam::"+kmstest.Account+":root")
	live := document(minimal, statement("use", `"kms:Decrypt"`, role("a"), role("b"), role("c")))
	key := b.server.Add(kmstest.Key{Policy: live, Grants: []string{role("x"), role("y"), role("b"), strings.Replace(role("c"), ":iam::", ":sts::", 1)}})
	it := b.plan(target(key, document(minimal, statement("use", `"kms:Decrypt"`, role("a")))))[0]
	expectState(t, it, Change, "")
	if !hasFinding(it, "grant-remains") || len(it.Findings) != 1 || !strings.Contains(it.Findings[0].Message, role("b")) || !strings.Contains(it.Findings[0].Message, "grant-3") {
		t.Errorf("%+v", it.Findings)
	}
	b.server.Denied = []string{"kms:ListGrants"}
	if it := b.plan(target(key, document(minimal)))[0]; it.State != Change || !hasFinding(it, "grants-unknown") {
		t.Errorf("%s %+v", it.State, it.Findings)
	}
}

func TestDeletedPrincipalsAreNamed(t *testing.T) {
	b := newBench(t)
	live := document(rootAll, statement("use", `"kms:Decrypt"`, "AROAEXAMPLEID12345678", role("b")), statement("more", `"kms:Encrypt"`, "AIDAEXAMPLEID12345678"))
	key := b.server.Add(kmstest.Key{Policy: live})
	it := b.plan(target(key, document(rootAll, statement("use", `"kms:Decrypt"`, role("a"), role("b")))))[0]
	expectState(t, it, Change, "")
	if len(it.Findings) != 2 || !strings.Contains(it.Findings[1].Message, "AROAEXAMPLEID12345678 in the live policy is what is left of a deleted role: of "+role("a")) ||
		!strings.HasSuffix(it.Findings[0].Message, "AIDAEXAMPLEID12345678 in the live policy is what is left of a deleted user") {
		t.Errorf("%+v", it.Findings)
	}
}

func TestAnAccountIsEnteredByItsRole(t *testing.T) {
	const other = "999999999999"
	b := newBench(t, func(o *Options) { o.Roles = map[string]Role{other: {ARN: "arn:aws:iam::" + other + ":role/keypolicy"}} })
	key := b.server.Add(kmstest.Key{Account: other})
	own := b.server.Add(kmstest.Key{})
	wanted := target(key, strings.ReplaceAll(letting("a"), kmstest.Account, other))
	wanted.Key.Account = other
	for _, it := range b.apply(wanted, target(own, letting("a"))) {
		expectState(t, it, Updated, "")
	}
	b = newBench(t, func(o *Options) { o.Roles = map[string]Role{other: {ARN: "arn:aws:iam::" + other + ":role/keypolicy"}} })
	b.server.Denied = []string{"sts:AssumeRole"}
	expectState(t, b.plan(wanted)[0], Failed, "the role `arn:aws:iam::999999999999:role/keypolicy` may not be assumed")
}

func TestTheRoleOfTheKeysAccountIsTheCaller(t *testing.T) {
	for name, known := range map[string]func(*Target){
		"no account":          func(w *Target) { w.Key.Account = "" },
		"one of the policy's": func(w *Target) { w.Key.Account, w.Key.AccountFrom = "999999999999", spec.FromPolicy },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(o *Options) { o.Roles = map[string]Role{kmstest.Account: {ARN: role("keypolicy")}} })
			key := b.server.Add(kmstest.Key{})
			wanted := target(key[strings.LastIndex(key, "/")+1:], document(statement("all", `"kms:*"`, kmstest.Deployer)))
			known(&wanted)
			it := b.plan(wanted)[0]
			expectState(t, it, Blocked, "assumed-role/keypolicy/keypolicy-"+b.cloud.run+", the caller, could not change it again")
		})
	}
}

func TestWithoutSTSThePlanSaysWhatItDoesNotKnow(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	t.Setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
	cloud, err := Open(t.Context(), Options{Clock: quickClock{}, Unlimited: true, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	b.cloud = cloud
	it := b.plan(target(key, letting("app")))[0]
	if it.State != Change || !hasFinding(it, "caller-unknown") || it.Findings.HasErrors() {
		t.Errorf("%s %s %+v", it.State, it.Reason, it.Findings)
	}
}
