package push

import (
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

func TestEveryFaultIsOneSentence(t *testing.T) {
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	nobody := "http://" + dead.Addr().String()
	check(t, dead.Close())
	const key = "1234abcd-12ab-34cd-56ef-1234567890ab"
	for name, test := range map[string]struct {
		set  func(t *testing.T, b *bench, w *Target)
		want string
	}{
		"no credentials": {func(t *testing.T, _ *bench, _ *Target) {
			t.Setenv("AWS_ACCESS_KEY_ID", "")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "")
		}, "no AWS credentials were found: set AWS_PROFILE"},
		"bad credentials": {func(t *testing.T, _ *bench, _ *Target) { t.Setenv("AWS_ACCESS_KEY_ID", "AKIANOBODY") }, "AWS does not accept the credentials"},
		"no Region":       {func(_ *testing.T, _ *bench, w *Target) { w.Key.Region = "" }, "no Region is known for the key: write `region`"},
		"no network":      {func(t *testing.T, _ *bench, _ *Target) { t.Setenv("AWS_ENDPOINT_URL", nobody) }, "KMS in eu-central-1 is out of reach: check the network"},
		"no STS for the role": {func(t *testing.T, b *bench, _ *Target) {
			t.Setenv("AWS_ENDPOINT_URL_STS", nobody)
			b.roles = map[string]Role{kmstest.Account: {ARN: role("keypolicy")}}
		}, "STS is out of reach, so the role `" + role("keypolicy") + "` could not be assumed"},
		"no credentials for the role": {func(t *testing.T, b *bench, _ *Target) {
			t.Setenv("AWS_ACCESS_KEY_ID", "")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "")
			b.roles = map[string]Role{kmstest.Account: {ARN: role("keypolicy")}}
		}, "no AWS credentials were found: set AWS_PROFILE"},
		"no KMS":        {func(t *testing.T, _ *bench, _ *Target) { t.Setenv("AWS_ENDPOINT_URL_KMS", nobody) }, "KMS in eu-central-1 is out of reach: check the network"},
		"no such host":  {func(t *testing.T, _ *bench, _ *Target) { t.Setenv("AWS_ENDPOINT_URL_KMS", "http://nobody.invalid") }, "KMS in eu-central-1 is out of reach, as its name `nobody.invalid` is not found"},
		"unknown key":   {func(*testing.T, *bench, *Target) {}, "there is no key `" + key + "` in eu-central-1 of this account"},
		"unknown alias": {func(_ *testing.T, _ *bench, w *Target) { w.Key.ID, w.Key.Alias = "alias/none", "alias/none" }, "there is no alias `alias/none` in eu-central-1"},
		"another account": {func(_ *testing.T, _ *bench, w *Target) {
			w.Key.Account = "999999999999"
			w.Policy = []byte(strings.ReplaceAll(letting("a"), kmstest.Account, "999999999999"))
		}, "the key is in account 999999999999, and the credentials are of account " + kmstest.Account},
		"not allowed": {func(_ *testing.T, b *bench, _ *Target) { b.server.Denied = []string{"kms:DescribeKey"} }, "the caller may not do kms:DescribeKey on `" + key + "`"},
		"throttled":   {func(_ *testing.T, b *bench, _ *Target) { b.always(kmstest.Throttled) }, "KMS in eu-central-1 has too many requests of kms:DescribeKey"},
		"broken":      {func(_ *testing.T, b *bench, _ *Target) { b.always(kmstest.Broken) }, "KMS in eu-central-1 failed in kms:DescribeKey with KMSInternalException"},
		"reset":       {func(_ *testing.T, b *bench, _ *Target) { b.always(kmstest.ResetBefore) }, "KMS in eu-central-1 closed the connection during kms:DescribeKey"},
		"no answer":   {func(_ *testing.T, b *bench, _ *Target) { b.always(kmstest.SlowBefore) }, "KMS in eu-central-1 did not answer kms:DescribeKey in time"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			wanted := target(key, letting("a"))
			test.set(t, b, &wanted)
			cloud, err := Open(t.Context(), Options{Clock: quickClock{}, Unlimited: true, Tries: 2, Timeout: 500 * time.Millisecond, Roles: b.roles})
			check(t, err)
			b.cloud = cloud
			it := b.apply(wanted)[0]
			expectState(t, it, Failed, test.want)
			if strings.Contains(it.Reason, "\n") || strings.Contains(it.Reason, kmstest.Secret) || strings.Contains(it.Reason, "AKIA") || strings.Contains(it.Reason, "operation error") {
				t.Errorf("the sentence is %s", it.Reason)
			}
		})
	}
}

// always makes a fault of every request to KMS.
func (b *bench) always(f kmstest.Fault) {
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if r.Service == "kms" {
			return f
		}
		return kmstest.None
	}
}

func TestAProfileThatIsNotThereIsReported(t *testing.T) {
	newBench(t)
	t.Setenv("AWS_PROFILE", "nobody")
	check(t, os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte("[profile somebody]\nregion = eu-west-1\n"), 0o600))
	if _, err := Open(t.Context(), Options{}); err == nil || !strings.Contains(err.Error(), "there is no profile `nobody`") {
		t.Error(err)
	}
	t.Setenv("AWS_PROFILE", "somebody")
	cloud, err := Open(t.Context(), Options{})
	check(t, err)
	if region, err := cloud.Region(""); err != nil || region != "eu-west-1" {
		t.Errorf("%v: the profile's Region is %s", err, region)
	}
}

func TestWhatAWSRefusesIsSaidInOurWords(t *testing.T) {
	r := request{service: "KMS", operation: "PutKeyPolicy", region: region, key: "k"}
	for _, test := range []struct{ code, message, want string }{
		{"MalformedPolicyDocumentException", facts.LockoutRefusal().Message, "the caller could not change it again"},
		{"MalformedPolicyDocumentException", facts.InvalidPrincipalRefusal().Message, "names a principal that does not exist"},
		{"MalformedPolicyDocumentException", "Because.", "KMS refuses the policy: Because"},
		{"LimitExceededException", "", "KMS refuses kms:PutKeyPolicy on `k` with LimitExceededException: it gives no reason"},
		{"ExpiredTokenException", "SENSITIVE", "the credentials have expired: sign in again"},
		{"SignatureDoesNotMatch", "The Canonical String was AKIA…", "AWS does not accept the credentials"},
		{"InvalidArnException", "", "KMS does not accept `k` as a key of eu-central-1"},
		{"OptInRequired", "", "the account has no access to eu-central-1"},
		{"SomethingNew", "SENSITIVE", "KMS refuses kms:PutKeyPolicy on `k` with SomethingNew"},
	} {
		if got := refusal(test.code, test.message, r); !strings.HasPrefix(got, test.want) && !strings.Contains(got, test.want) || strings.Contains(got, "SENSITIVE") || strings.Contains(got, "AKIA") {
			t.Errorf("%s: %s", test.code, got)
		}
	}
}

func TestListsAreReadToTheirEnd(t *testing.T) {
	b := newBench(t)
	for range 5 {
		b.server.Add(kmstest.Key{Aliases: []string{"alias/x"}})
	}
	client := b.cloud.KMS(kmstest.Account, region)
	keys, err := client.Keys(t.Context())
	check(t, err)
	aliases, err := client.Aliases(t.Context())
	check(t, err)
	if len(keys) != 5 || len(aliases) != 5 {
		t.Errorf("%d keys, %d aliases: an alias without a key leads nowhere", len(keys), len(aliases))
	}
	b.server.Denied = []string{"kms:ListKeys", "kms:ListAliases"}
	if _, err := client.Keys(t.Context()); err == nil {
		t.Error("keys are listed")
	}
	if _, err := client.Aliases(t.Context()); err == nil {
		t.Error("aliases are listed")
	}
}

func TestAPlainPolicysAccountIsTheKeys(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	wanted := target(key, letting("a"))
	wanted.Form, wanted.Key.AccountFrom = spec.FormDocument, spec.FromPolicy
	expectState(t, b.plan(wanted)[0], Change, "")
	wanted.Key.Account, wanted.Key.AccountFrom = "", spec.FromUnknown
	expectState(t, b.plan(wanted)[0], Change, "")
	wanted.Key.ID = key[strings.LastIndex(key, "/")+1:]
	expectState(t, b.plan(wanted)[0], Change, "")
}
