package push

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
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
		"reset":       {func(_ *testing.T, b *bench, _ *Target) { b.always(kmstest.ResetBefore) }, "KMS in eu-central-1 broke off the connection during kms:DescribeKey"},
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

func TestAProfileThatIsNotThereIsTold(t *testing.T) {
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
		{"InvalidArnException", "", "KMS takes `k` for no key of eu-central-1"},
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

func TestNoSecondHasMoreRequestsThanTheQuota(t *testing.T) {
	for _, operation := range []string{"PutKeyPolicy", "GetKeyPolicy", "DescribeKey", "ListGrants", "Unheard"} {
		l := newLimiter(operation)
		quota, ok := facts.RequestRate(operation)
		if !ok {
			quota = 10
		}
		if int(float64(l.Burst())+float64(l.Limit())) > quota || l.Burst() < 1 || float64(l.Limit()) < float64(quota)*0.9 {
			t.Errorf("%s: %v requests a second and %d at once, of %d", operation, l.Limit(), l.Burst(), quota)
		}
	}
	l := &limits{}
	check(t, l.wait(t.Context(), bucket{"1", region, "PutKeyPolicy"}))
	check(t, l.wait(t.Context(), bucket{"1", "eu-west-1", "PutKeyPolicy"}))
	check(t, l.wait(t.Context(), bucket{"2", region, "PutKeyPolicy"}))
	if len(l.buckets) != 3 {
		t.Errorf("%d buckets", len(l.buckets))
	}
}

// However unequally long the reads before puts take, no second has more puts than the quota. A put that is too early keeps its turn
// and is made after another read, so that hardly a turn is lost.
func TestNoSecondHasMorePutsThanTheQuota(t *testing.T) {
	const quota, turns = 15, 3000
	put := bucket{"1", region, "PutKeyPolicy"}
	turn := time.Duration(float64(time.Second) / float64(newLimiter("PutKeyPolicy").Limit()))
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		read := func() time.Duration { return time.Duration(r.Int64N(int64(seed)*int64(5*time.Millisecond) + 1)) }
		var due []time.Duration // sorted
		for n := range turns {
			due = append(due, time.Duration(n)*turn+read())
		}
		slices.Sort(due)
		l := &limits{}
		var left []time.Duration
		for len(due) > 0 {
			now := due[0]
			due = due[1:]
			early := l.leave(put, time.Unix(0, int64(now)))
			if early <= 0 {
				left = append(left, now)
				continue
			}
			later := now + early + read()
			at, _ := slices.BinarySearch(due, later)
			due = slices.Insert(due, at, later)
		}
		for n := quota; n < len(left); n++ {
			if left[n]-left[n-quota] < time.Second {
				t.Fatalf("seed %d: %d puts within %v", seed, quota+1, left[n]-left[n-quota])
			}
		}
		if least := turns * time.Second / quota; left[turns-1] > least*103/100 {
			t.Errorf("seed %d: %d puts take %v, and the quota leaves %v", seed, turns, left[turns-1], least)
		}
	}
}

// sleepingClock is a time that passes while it is slept alone.
type sleepingClock struct {
	mu    sync.Mutex
	slept time.Duration
}

func (c *sleepingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return quickClock{}.Now().Add(c.slept)
}

func (c *sleepingClock) Sleep(ctx context.Context, d time.Duration) error {
	if d == afterSignal {
		<-ctx.Done()
		return ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept += d
	return ctx.Err()
}

// A put that would be one too many is not sent, and made a moment later.
func TestAPutBeyondTheQuotaIsMadeLater(t *testing.T) {
	server := kmstest.NewServer(t)
	kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
	key := server.Add(kmstest.Key{})
	clock := &sleepingClock{}
	cloud, err := Open(t.Context(), Options{Clock: clock})
	check(t, err)
	b := bucket{kmstest.Account, region, "PutKeyPolicy"}
	for range 15 {
		cloud.limits.leave(b, clock.Now())
	}
	err = cloud.KMS(kmstest.Account, region).PutPolicy(t.Context(), key, kmstest.DefaultPolicy(kmstest.Account))
	var early *earlyError
	if !errors.As(err, &early) || early.wait != time.Second || server.Count("PutKeyPolicy") != 0 {
		t.Fatalf("%v, after %d puts", err, server.Count("PutKeyPolicy"))
	}
	items := (&Planner{Cloud: cloud}).Plan(t.Context(), []Target{target(key, letting("r", "a"))})
	dir, err := OpenStateDir(t.TempDir() + "/state")
	check(t, err)
	defer dir.Close()
	journal, err := dir.Begin(items, Flags{}, nil, cloud)
	check(t, err)
	check(t, (&Applier{Cloud: cloud, Journal: journal}).Apply(t.Context(), items))
	puts, reads := server.Count("PutKeyPolicy"), server.Count("GetKeyPolicy")
	if items[0].State != Updated || puts != 1 || reads != 4 || clock.slept != time.Second { // to plan, twice before the put, and after it
		t.Errorf("it is %s (%s), after %d puts, %d reads and %v", items[0].State, items[0].Reason, puts, reads, clock.slept)
	}
}

func TestPausesGrowToTheirLimit(t *testing.T) {
	for n := range 10 {
		if d := pause(n); d < firstPause/2 || d > longestPause {
			t.Errorf("pause %d is %v", n, d)
		}
	}
	if err := (wallClock{}).Sleep(t.Context(), 0); err != nil || (wallClock{}).Now().IsZero() {
		t.Error(err)
	}
}

func TestASchedulesPausesAreAsLongAsItsTimeAndGrow(t *testing.T) {
	for _, total := range []time.Duration{changesAppear, principalsAppear} {
		s := newTimed(total, longestReadPause)
		var all, longest time.Duration
		n := 0
		for d, ok := s.next(); ok; d, ok = s.next() {
			all += d
			longest = max(longest, d)
			n++
		}
		if all != total || longest > longestReadPause || n > 25 {
			t.Errorf("%d pauses of %v at most take %v, not %v", n, longest, all, total)
		}
	}
	s := newSchedule(3)
	for range 3 {
		if _, ok := s.next(); !ok {
			t.Error("a pause is missing")
		}
	}
	if _, ok := s.next(); ok {
		t.Error("there is a fourth pause")
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
