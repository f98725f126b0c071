package push

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// applyWith plans and puts with a clock, and gives what was said while it waited.
func (b *bench) applyWith(clock Clock, targets ...Target) (items []*Item, said []string) {
	b.t.Helper()
	b.cloud.options.Clock = clock
	items = b.plan(targets...)
	applier := b.begin(items)
	var mu sync.Mutex
	applier.Waits = func(text string) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, text)
	}
	check(b.t, applier.Apply(b.t.Context(), items))
	return items, said
}

func TestAReadBackThatIsDeniedEndsTheWait(t *testing.T) {
	const answer = "User: arn:aws:sts::123456789012:assumed-role/deployer/pipeline is not authorized to perform: kms:GetKeyPolicy on resource: arn:aws:kms:eu-central-1:123456789012:key/k because no resource-based policy allows the kms:GetKeyPolicy action"
	for name, test := range map[string]struct {
		fault kmstest.Fault
		want  string
	}{
		"taken":  {kmstest.None, "cannot-read-back: KMS took the policy, and it cannot be read back: the caller may not do kms:GetKeyPolicy"},
		"silent": {kmstest.ResetAfter, "cannot-read-back: PutKeyPolicy got no answer, so whether KMS took the policy is not known, and it cannot be read back: the caller may not do kms:GetKeyPolicy"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{})
			b.proxy.Fault = onPut(test.fault)
			b.proxy.After = func(r kmstest.Request) {
				if r.Operation == "PutKeyPolicy" {
					b.server.Answer("GetKeyPolicy", kmstest.Refusal("AccessDeniedException", answer))
				}
			}
			clock := &countingClock{}
			items, _ := b.applyWith(clock, target(key, letting("a")))
			expectState(t, items[0], Unverified, test.want)
			if !strings.Contains(items[0].Reason, "no key policy allows it; the key policy has to name the caller") {
				t.Errorf("the cause is not reported: %s", items[0].Reason)
			}
			if reads := b.server.Count("GetKeyPolicy"); reads != 3 || clock.slept() > 0 {
				t.Errorf("%d reads, and %v waited: plan, before the put and after it are three", reads, clock.slept())
			}
			if test.fault == kmstest.None && strings.Contains(items[0].Reason, "may still reach KMS") {
				t.Errorf("a put that had its answer is said to be on its way: %s", items[0].Reason)
			}
		})
	}
}

func TestCredentialsThatExpireAfterThePutEndTheWait(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	b.proxy.After = func(r kmstest.Request) {
		if r.Operation == "PutKeyPolicy" {
			b.server.Answer("GetKeyPolicy", kmstest.Refusal("ExpiredTokenException", "expired"))
		}
	}
	items, _ := b.applyWith(&countingClock{}, target(key, letting("a")))
	expectState(t, items[0], Unverified, "cannot-read-back: KMS took the policy, and it cannot be read back: the credentials have expired")
}

func TestAPlanWarnsWhereTheCallerCouldPutAndNotRead(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: document(rootAll, statement("deploy", `"kms:*"`, role("deployer")))})
	for name, test := range map[string]struct {
		text string
		want string
	}{
		"both": {
			document(statement("deploy", `"kms:PutKeyPolicy"`, role("deployer")), statement("admin", `"kms:*"`, role("admin"))),
			"loses kms:GetKeyPolicy and kms:DescribeKey",
		},
		"the policy":  {document(statement("deploy", `"kms:PutKeyPolicy","kms:DescribeKey"`, role("deployer"))), "loses kms:GetKeyPolicy:"},
		"none":        {document(statement("deploy", `"kms:PutKeyPolicy","kms:DescribeKey","kms:GetKeyPolicy"`, role("deployer"))), ""},
		"by identity": {document(rootAll), ""},
	} {
		t.Run(name, func(t *testing.T) {
			it := b.plan(target(key, test.text))[0]
			expectState(t, it, Change, "")
			reported := ""
			for _, f := range it.Findings {
				if f.Reason == "caller-cannot-read-back" {
					reported = f.Message
				}
			}
			if (reported == "") != (test.want == "") || !strings.Contains(reported, test.want) {
				t.Errorf("reported is %q, not …%s…", reported, test.want)
			}
		})
	}
}

func TestAReadBackIsWaitedForAsLongAsKMSSays(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	put := false
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		put = put || r.Operation == "PutKeyPolicy"
		if put && r.Operation == "GetKeyPolicy" {
			return kmstest.Stale
		}
		return kmstest.None
	}
	clock := &countingClock{}
	items, said := b.applyWith(clock, target(key, letting("a")))
	expectState(t, items[0], Unverified, "KMS took the policy, and it is not seen after 5 minutes")
	if clock.slept() != changesAppear {
		t.Errorf("%v were waited, not %v", clock.slept(), changesAppear)
	}
	n := len(clock.sleeps)
	if first, last := clock.sleeps[0], clock.sleeps[n-2]; n > 25 || first > time.Second || last < 15*time.Second {
		t.Errorf("%d pauses, the first of %v, one of the last of %v: the calls do not get fewer", n, first, last)
	}
	if len(said) != 1 || !strings.Contains(said[0], "waiting until the policy of "+key+" is seen: KMS can take several minutes") {
		t.Errorf("said is %q", said)
	}
}

func TestAReadBackThatFailsSaysWhy(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	put := false
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		put = put || r.Operation == "PutKeyPolicy"
		if put && r.Operation == "GetKeyPolicy" {
			return kmstest.Broken
		}
		return kmstest.None
	}
	items, _ := b.applyWith(&countingClock{}, target(key, letting("a")))
	expectState(t, items[0], Unverified, "KMS took the policy, and it is not seen after 5 minutes: KMS in eu-central-1 failed in kms:GetKeyPolicy with KMSInternalException")
}

func TestAPrincipalThatWasMadeAMomentAgoIsWaitedFor(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	b.server.Young = map[string]int{role("new"): 12}
	clock := &countingClock{}
	items, said := b.applyWith(clock, target(key, letting("new")))
	expectState(t, items[0], Updated, "")
	if n := b.server.Count("PutKeyPolicy"); n != 13 || clock.slept() > principalsAppear {
		t.Errorf("%d puts in %v", n, clock.slept())
	}
	if len(said) != 1 || !strings.Contains(said[0], "waiting for principals of "+key) {
		t.Errorf("said is %q", said)
	}
	if reads := b.server.Count("GetKeyPolicy"); reads != 15 {
		t.Errorf("%d reads: one of the plan, one before each put, one after the last are 15", reads)
	}
}

func TestPrincipalsThatDoNotExistAreNamed(t *testing.T) {
	const linked = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_Search"
	ghost, slr := role("ghost"), "arn:aws:iam::"+kmstest.Account+":"+linked
	b := newBench(t)
	b.server.Missing = []string{slr}
	key := b.server.Add(kmstest.Key{Policy: letting("known")})
	clock := &countingClock{}
	wanted := document(rootAll, statement("use", `"kms:Decrypt"`, role("known"), ghost, slr, "arn:aws:iam::444455556666:root"))
	items, _ := b.applyWith(clock, target(key, wanted))
	expectState(t, items[0], Failed, "KMS refuses the policy, as it names a principal that does not exist: check those that are new against the live policy, or make them first: "+
		slr+" (create it with `aws iam create-service-linked-role --aws-service-name autoscaling.amazonaws.com --custom-suffix Search`), "+ghost+", arn:aws:iam::444455556666:root")
	if strings.Contains(items[0].Reason, role("known")) || !strings.HasSuffix(items[0].Reason, "nothing was changed") {
		t.Error(items[0].Reason)
	}
	if clock.slept() != principalsAppear || b.server.Policy(key) != letting("known") {
		t.Errorf("it was tried for %v, not %v", clock.slept(), principalsAppear)
	}
}

func TestAPolicyWithoutNewPrincipalsIsNotTriedAgain(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{Policy: letting("gone", "other")})
	b.server.Missing = []string{role("gone")}
	clock := &countingClock{}
	items, _ := b.applyWith(clock, target(key, letting("gone")))
	expectState(t, items[0], Failed, "none is new against the live policy, so one that was there has been deleted")
	if n := b.server.Count("PutKeyPolicy"); n != 1 || clock.slept() > 0 {
		t.Errorf("%d puts in %v", n, clock.slept())
	}
}

func TestTheSuspectsAreNoMoreThanAreRead(t *testing.T) {
	var names []string
	for range 12 {
		names = append(names, "r"+strings.Repeat("x", len(names)))
	}
	it := &Item{Target: Target{Policy: []byte(letting(names...))}, Live: letting("a")}
	if text := noSuchPrincipal(newPrincipals(it)); !strings.HasSuffix(text, ", and 2 more") {
		t.Error(text)
	}
	if newPrincipals(&Item{Live: "{"}) != nil || newPrincipals(&Item{Live: "{}", Target: Target{Policy: []byte("[")}}) != nil {
		t.Error("a policy that cannot be read has principals")
	}
}
