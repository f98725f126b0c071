package push

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// losing is a live policy whose role loses access by letting("a"), so that grants are listed.
const losing = "old"

func TestNonsenseFailsTheKey(t *testing.T) {
	const notKMS = "check AWS_ENDPOINT_URL and the proxy"
	for name, test := range map[string]struct {
		operation string
		answer    kmstest.Answer
		want      string
	}{
		"an empty description": {"DescribeKey", kmstest.Answer{Body: `{}`}, "what answered kms:DescribeKey is not KMS in eu-central-1: " + notKMS},
		"no ARN":               {"DescribeKey", kmstest.Answer{Body: `{"KeyMetadata":{}}`}, notKMS},
		"another Region's ARN": {"DescribeKey", kmstest.Answer{Body: `{"KeyMetadata":{"Arn":"arn:aws:kms:eu-west-1:123456789012:key/a","KeyId":"a"}}`}, notKMS},
		"another key's ARN":    {"DescribeKey", kmstest.Answer{Body: `{"KeyMetadata":{"Arn":"arn:aws:kms:eu-central-1:123456789012:key/a","KeyId":"a"}}`}, notKMS},
		"an alias as ARN":      {"DescribeKey", kmstest.Answer{Body: `{"KeyMetadata":{"Arn":"arn:aws:kms:eu-central-1:123456789012:alias/a","KeyId":"a"}}`}, notKMS},
		"a list":               {"DescribeKey", kmstest.Answer{Body: `[]`}, notKMS},
		"a page":               {"DescribeKey", kmstest.Answer{Body: `<html>`}, notKMS},
		"null":                 {"DescribeKey", kmstest.Answer{Body: `null`}, notKMS},
		"a page that refuses":  {"DescribeKey", kmstest.Answer{Status: 403, Body: `<html>`}, notKMS},
		"no policy":            {"GetKeyPolicy", kmstest.Answer{Body: `{}`}, "what answered kms:GetKeyPolicy is not KMS in eu-central-1"},
		"an empty policy":      {"GetKeyPolicy", kmstest.Answer{Body: `{"Policy":""}`}, "the live policy cannot be read"},
		"a policy of nonsense": {"GetKeyPolicy", kmstest.Answer{Body: `{"Policy":"[1]"}`}, "the live policy cannot be read"},
		"a long answer":        {"GetKeyPolicy", kmstest.Answer{Size: 100 << 20}, "KMS in eu-central-1 answered kms:GetKeyPolicy with more than 4 MB"},
		"a long refusal":       {"DescribeKey", kmstest.Answer{Status: 400, Size: 100 << 20}, "KMS in eu-central-1 answered kms:DescribeKey with more than 4 MB"},
		"a marker that repeats": {
			"ListGrants",
			kmstest.Answer{Body: `{"Grants":[],"Truncated":true,"NextMarker":"again"}`},
			"what answered kms:ListGrants is not KMS in eu-central-1",
		},
		"no marker":           {"ListGrants", kmstest.Answer{Body: `{"Grants":[],"Truncated":true}`}, "what answered kms:ListGrants is not KMS"},
		"no caller":           {"GetCallerIdentity", kmstest.Answer{Body: `<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>`}, "STS in eu-central-1 did not say who the caller is"},
		"a long error's name": {"DescribeKey", kmstest.Refusal(strings.Repeat("Long", 1000), "x"), "KMS refuses kms:DescribeKey"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			key := b.server.Add(kmstest.Key{Policy: letting(losing)})
			b.server.Answer(test.operation, test.answer)
			b.straight()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			it := b.plan(target(key, letting("a")))[0]
			runtime.ReadMemStats(&after)
			expectState(t, it, Failed, test.want)
			if len(it.Reason) > 1000 || strings.Contains(it.Reason, "\n") {
				t.Errorf("the reason is %s", it.Reason)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
				t.Errorf("%d MB were taken", grown>>20)
			}
			if n := b.server.Count(test.operation); n > 6 {
				t.Errorf("%s was asked %d times", test.operation, n)
			}
		})
	}
}

// straight leads to the server without the proxy, which takes memory of its own.
func (b *bench) straight() {
	b.t.Helper()
	b.t.Setenv("AWS_ENDPOINT_URL", b.server.URL)
	b.reopen()
}

func TestAnAnswerToAPutThatIsTooLongIsAPutOfUnknownEffect(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	b.server.Answer("PutKeyPolicy", kmstest.Answer{Size: 5 << 20})
	expectState(t, b.apply(target(key, letting("a")))[0], Unverified, "whether it was applied is not known")
}

func TestImportSurvivesNonsense(t *testing.T) {
	for operation, body := range map[string]string{
		"ListKeys":    `{"Keys":[{}],"Truncated":true,"NextMarker":"a"}`,
		"ListAliases": `{"Aliases":[],"Truncated":true,"NextMarker":"a"}`,
	} {
		b := newBench(t)
		b.server.Add(kmstest.Key{})
		b.server.Answer(operation, kmstest.Answer{Body: body})
		_, err := b.cloud.All(t.Context(), []Scope{{kmstest.Account, region}}, func(int) {}, func() {})
		if err == nil || !strings.Contains(err.Error(), "what answered kms:"+operation+" is not KMS") {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

func TestAListEndsWhateverItsMarkersAre(t *testing.T) {
	n := 0
	err := pages(request{service: "KMS", operation: "ListKeys"}, func(*string) (*string, error) {
		n++
		marker := strings.Repeat("m", n)
		return &marker, nil
	})
	if err == nil || n != mostPages {
		t.Errorf("%v after %d pages", err, n)
	}
}

func TestASilentEndpointIsSoonNotAskedAnyMore(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Timeout = 500 * time.Millisecond })
	var targets []Target
	const keys = 6 * workers
	for i := range keys {
		wanted := target(b.server.Add(kmstest.Key{}), letting("a"))
		if i%2 == 1 {
			wanted = target(b.server.Add(kmstest.Key{Region: "eu-west-1"}), letting("a"))
			wanted.Key.Region = "eu-west-1"
		}
		targets = append(targets, wanted)
	}
	asked := 0
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if r.Service == "kms" && strings.Contains(r.Key, ":eu-central-1:") {
			asked++
			return kmstest.SlowBefore
		}
		return kmstest.None
	}
	items := b.plan(targets...)
	spared := 0
	for i, it := range items {
		if i%2 == 1 {
			expectState(t, it, Change, "")
			continue
		}
		if it.State != Failed {
			t.Errorf("%s is %s", it.Name(), it.State)
		}
		if strings.Contains(it.Reason, "KMS in eu-central-1 does not answer, and is not called for now") {
			spared++
		}
	}
	if asked > 3*workers || spared < keys/2-2*workers {
		t.Errorf("the silent endpoint was asked %d times, and %d of %d keys were spared", asked, spared, keys/2)
	}
}

func TestAnEndpointThatAnswersAgainIsAskedAgain(t *testing.T) {
	clock := &movingClock{now: time.Unix(0, 0)}
	e := &endpoint{clock: clock}
	asks := func(want bool) {
		t.Helper()
		if _, err := e.mayAsk(); (err == nil) != want {
			t.Fatalf("%v: it is to be asked: %v", err, want)
		}
	}
	e.saw(nil, 0)
	for range mostUnanswered {
		asks(true)
		e.saw(errNoRegion, 1)
	}
	asks(false)
	clock.now = clock.now.Add(probeAfter)
	asks(true)
	asks(false) // one request probes
	e.saw(errNoRegion, 1)
	asks(false)
	clock.now = clock.now.Add(probeAfter)
	asks(true)
	e.saw(nil, 1)
	asks(true)
	for range 2 * mostUnanswered { // begun before the last answer
		e.saw(errNoRegion, 1)
	}
	asks(true)
	for range mostSilent {
		e.saw(context.DeadlineExceeded, 2)
	}
	asks(false)
}

// movingClock is a clock that a test sets.
type movingClock struct {
	quickClock
	now time.Time
}

func (c *movingClock) Now() time.Time { return c.now }

// hosts answers for some hosts, and is silent for all others until the request is given up.
type hosts []string

func (h hosts) Do(r *http.Request) (*http.Response, error) {
	if slices.Contains(h, r.URL.Host) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	}
	return nil, context.DeadlineExceeded
}

// An endpoint that has never answered is given up after a few requests, also where another service of the Region answers.
func TestAnEndpointThatNeverAnswersIsSoonGivenUp(t *testing.T) {
	e := &endpoints{client: hosts{"sts.eu-central-1.amazonaws.com"}, clock: quickClock{}}
	do := func(host string) error {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+host, nil)
		check(t, err)
		_, err = e.Do(request)
		return err
	}
	var silent *silentError
	for n := range 2 * mostSilentAtFirst {
		check(t, do("sts.eu-central-1.amazonaws.com"))
		if err := do("kms.eu-central-1.amazonaws.com"); errors.As(err, &silent) != (n >= mostSilentAtFirst) {
			t.Errorf("request %d: %v", n, err)
		}
	}
	check(t, do("sts.eu-central-1.amazonaws.com"))
}

// What is silent from the first request on takes the first key no longer than a few requests.
func TestASilentEndpointIsSoonGivenUpByTheFirstKey(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Timeout = 200 * time.Millisecond })
	asked := 0
	b.proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		if r.Service == "kms" {
			asked++
		}
		return kmstest.SlowBefore
	}
	it := b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))[0]
	if it.State != Failed || asked > mostSilentAtFirst || !strings.Contains(it.Reason, "does not answer") && !strings.Contains(it.Reason, "did not answer") {
		t.Errorf("%d requests, %s (%s)", asked, it.State, it.Reason)
	}
}

// What answers a question about a key's id with another key is not believed: its policy would be read and overwritten.
func TestAnotherKeyThanTheOneOfTheIDIsNotBelieved(t *testing.T) {
	b := newBench(t)
	key, other := b.server.Add(kmstest.Key{}), b.server.Add(kmstest.Key{})
	id := key[strings.LastIndexByte(key, '/')+1:]
	b.server.AnswerFor("DescribeKey", id, kmstest.Answer{Body: `{"KeyMetadata":{"Arn":"` + other + `","KeyId":"a","AWSAccountId":"` + kmstest.Account + `"}}`})
	expectState(t, b.plan(target(id, letting("a")))[0], Failed, "what answered kms:DescribeKey is not KMS")
}
