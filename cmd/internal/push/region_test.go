package push

import (
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestARegionThatIsNotEnabledFailsItsOwnKeys(t *testing.T) {
	const off = "af-south-1"
	want := off + " does not accept credentials that us-east-1 accepts: enable " + off + " for the account"
	for name, roles := range map[string]map[string]Role{
		"own credentials": nil,
		"a role":          {kmstest.Account: {ARN: role("keypolicy")}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(o *Options) { o.Roles = roles })
			b.server.Disabled = []string{off}
			var targets []Target
			for range 3 {
				there := target(b.server.Add(kmstest.Key{Region: off}), letting("a"))
				there.Key.Region = off
				targets = append(targets, there, target(b.server.Add(kmstest.Key{}), letting("a")))
			}
			for i, it := range b.plan(targets...) {
				if i%2 == 1 {
					expectState(t, it, Change, "")
					continue
				}
				expectState(t, it, Failed, want)
			}
		})
	}
	t.Run("after STS", func(t *testing.T) { // the token is taken by STS, and not by KMS
		b := newBench(t)
		there := target(b.server.Add(kmstest.Key{Region: off}), letting("a"))
		there.Key.Region = off
		b.server.Answer("DescribeKey", kmstest.Refusal("UnrecognizedClientException", "The security token included in the request is invalid."))
		expectState(t, b.plan(there)[0], Failed, want)
	})
	t.Run("bad everywhere", func(t *testing.T) {
		b := newBench(t)
		b.server.Callers = nil
		there := target(b.server.Add(kmstest.Key{Region: off}), letting("a"))
		there.Key.Region = off
		expectState(t, b.plan(there)[0], Failed, "AWS does not accept the credentials")
	})
}

func TestSTSIsAskedInTheKeysOwnPartitionAndRegion(t *testing.T) {
	for name, roles := range map[string]map[string]Role{
		"own credentials": nil,
		"a role":          {kmstest.Account: {ARN: "arn:aws-cn:iam::" + kmstest.Account + ":role/keypolicy"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(o *Options) { o.Roles = roles })
			for _, in := range []string{"cn-northwest-1", "eu-west-1"} {
				key := kmstest.Key{Region: in}
				wanted := target("", letting("a"))
				if wanted.Key.Region = in; strings.HasPrefix(in, "cn-") {
					chinese := strings.NewReplacer("arn:aws:", "arn:aws-cn:")
					key.ARN = "arn:aws-cn:kms:" + in + ":" + kmstest.Account + ":key/1234abcd-12ab-34cd-56ef-000000000001"
					key.Policy = chinese.Replace(kmstest.DefaultPolicy(kmstest.Account))
					wanted.Policy, wanted.Key.Partition = []byte(chinese.Replace(letting("a"))), "aws-cn"
				}
				wanted.Key.ID = b.server.Add(key)
				b.plan(wanted)
			}
			asked := map[string]bool{}
			for _, call := range b.server.Calls() {
				if call.Operation == "GetCallerIdentity" || call.Operation == "AssumeRole" {
					asked[call.Operation+" "+call.Region] = true
				}
			}
			for _, in := range []string{"cn-northwest-1", "eu-west-1"} {
				if !asked["GetCallerIdentity "+in] || roles != nil && !asked["AssumeRole "+in] {
					t.Errorf("STS was asked %v", asked)
				}
			}
			if asked["GetCallerIdentity us-east-1"] || asked["AssumeRole us-east-1"] {
				t.Errorf("STS was asked in a Region that no key is in: %v", asked)
			}
		})
	}
}

func TestAThrottledSTSFailsNoAccount(t *testing.T) {
	throttled := kmstest.Answer{Status: 400, Body: `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`}
	b := newBench(t)
	b.server.Answer("GetCallerIdentity", throttled)
	var targets []Target
	for range 3 * workers {
		targets = append(targets, target(b.server.Add(kmstest.Key{}), letting("a")))
	}
	for _, it := range b.plan(targets...) {
		expectState(t, it, Change, "")
		if !hasFinding(it, "caller-unknown") {
			t.Errorf("that the caller is not known is not reported: %+v", it.Findings)
		}
	}
	if n := b.server.Count("GetCallerIdentity"); n > callerRounds*callerTries {
		t.Errorf("a throttled STS was asked %d times", n)
	}

	b = newBench(t)
	b.server.Answer("GetCallerIdentity", throttled)
	it := b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))[0]
	if !hasFinding(it, "caller-unknown") {
		t.Error("the caller is known")
	}
	b.server.Answers = nil
	if it := b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))[0]; hasFinding(it, "caller-unknown") {
		t.Error("STS is not asked again")
	}

	b = newBench(t, func(o *Options) { o.Roles = map[string]Role{kmstest.Account: {ARN: role("keypolicy")}} })
	b.server.Answer("AssumeRole", throttled)
	expectState(t, b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))[0], Failed, "STS in eu-central-1 has too many requests of sts:AssumeRole")
	b.server.Answers = nil
	expectState(t, b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))[0], Change, "")
}

func TestADenialIsReportedWithAWSsCause(t *testing.T) {
	const head = "User: arn:aws:iam::123456789012:user/a is not authorized to perform: kms:GetKeyPolicy on resource: arn:aws:kms:eu-central-1:123456789012:key/k "
	kms := request{service: "KMS", operation: "GetKeyPolicy", region: region, key: "k"}
	sts := request{service: "STS", operation: "AssumeRole", region: region, key: "r"}
	for _, test := range []struct {
		r             request
		message, want string
	}{
		{kms, head + "with an explicit deny in a service control policy", "a service control policy denies it explicitly; no policy of the account can allow it: ask the administrators of the organization"},
		{
			kms, head + "with an explicit deny in a service control policy: arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd",
			"a service control policy denies it explicitly (arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd)",
		},
		{kms, head + "with an explicit deny in a Service Control Policy", "a service control policy denies it explicitly"},
		{kms, head + "with an explicit deny in a resource control policy", "a resource control policy denies it explicitly"},
		{kms, head + "because no service control policy allows the kms:GetKeyPolicy action", "no service control policy allows it; no policy of the account can allow it"},
		{kms, head + "because no identity-based policy allows the kms:GetKeyPolicy action", "no identity policy allows it; allow it in an identity policy of the caller"},
		{kms, head + "with an explicit deny in an identity-based policy", "an identity policy denies it explicitly; remove the Deny of the caller's identity policies"},
		{kms, head + "because no resource-based policy allows the kms:GetKeyPolicy action", "no key policy allows it; the key policy has to name the caller"},
		{kms, head + "with an explicit deny in a resource-based policy", "a key policy denies it explicitly; a principal that the key policy still allows kms:PutKeyPolicy has to remove the Deny"},
		{kms, head + "because no session policy allows the kms:GetKeyPolicy action", "no session policy allows it; sign in without"},
		{kms, head + "because no permissions boundary allows the kms:GetKeyPolicy action", "no permissions boundary allows it; allow it in the caller's permissions boundary"},
		{kms, head + "with an explicit deny in a permissions boundary", "a permissions boundary denies it explicitly"},
		{kms, head + "because no VPC endpoint policy allows the kms:GetKeyPolicy action", "no VPC endpoint policy allows it; allow it in the policy of the VPC endpoint"},
		{
			kms, head + "because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
			"the key does not exist in eu-central-1, or its key policy does not allow it",
		},
		{kms, "The ciphertext refers to a customer master key that does not exist", generalAdvice},
		{sts, "User: x is not authorized to perform: sts:AssumeRole on resource: r with an explicit deny in a resource-based policy", "a trust policy denies it explicitly; remove the Deny of the role's trust policy"},
	} {
		got := denied(test.message, test.r)
		if !strings.HasPrefix(got, "the caller may not do "+test.r.name()+" on `"+test.r.key+"`: ") || !strings.Contains(got, test.want) {
			t.Errorf("%s\ngives %s\nnot %s", test.message, got, test.want)
		}
	}
	b := newBench(t, func(o *Options) { o.Roles = map[string]Role{kmstest.Account: {ARN: role("keypolicy")}} })
	b.server.Answer("AssumeRole", kmstest.Answer{Status: 403, Body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: x is not authorized to perform: sts:AssumeRole on resource: r with an explicit deny in a service control policy</Message></Error></ErrorResponse>`})
	expectState(t, b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))[0], Failed, "the caller may not do sts:AssumeRole on `"+role("keypolicy")+"`: a service control policy denies it")
}
