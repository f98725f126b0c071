package push

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

const region = "eu-central-1"

// quickClock lets no time pass between two tries. Only the time after a signal does not end.
type quickClock struct{}

func (quickClock) Now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

func (quickClock) Sleep(ctx context.Context, d time.Duration) error {
	if d == afterSignal {
		<-ctx.Done()
	}
	return ctx.Err()
}

// countingClock is a quickClock that adds up what is slept.
type countingClock struct {
	quickClock
	mu     sync.Mutex
	sleeps []time.Duration
}

func (c *countingClock) Sleep(ctx context.Context, d time.Duration) error {
	if d != afterSignal {
		c.mu.Lock()
		c.sleeps = append(c.sleeps, d)
		c.mu.Unlock()
	}
	return c.quickClock.Sleep(ctx, d)
}

func (c *countingClock) slept() (all time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.sleeps {
		all += d
	}
	return all
}

// bench is a server with a proxy before it, and a cloud that leads there.
type bench struct {
	t       *testing.T
	server  *kmstest.Server
	proxy   *kmstest.Proxy
	cloud   *Cloud
	dir     *StateDir
	path    string
	options Options
	roles   map[string]Role   // for clouds that a test opens itself
	specs   map[string]string // digests of files as they are now; nil holds none to it
}

func newBench(t *testing.T, change ...func(*Options)) *bench {
	t.Helper()
	server := kmstest.NewServer(t)
	proxy := kmstest.NewProxy(t, server.URL)
	kmstest.Environment(t, proxy.URL, kmstest.AccessKey, kmstest.Secret)
	b := &bench{t: t, server: server, proxy: proxy, path: t.TempDir() + "/state"}
	options := Options{Clock: quickClock{}, Unlimited: true, Timeout: 10 * time.Second}
	for _, c := range change {
		c(&options)
	}
	b.options = options
	b.reopen()
	b.openDir()
	return b
}

// reopen makes a new cloud, as the next run has one.
func (b *bench) reopen() {
	b.t.Helper()
	cloud, err := Open(b.t.Context(), b.options)
	if err != nil {
		b.t.Fatal(err)
	}
	b.cloud = cloud
}

func (b *bench) openDir() {
	b.t.Helper()
	dir, err := OpenStateDir(b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(dir.Close)
	b.dir = dir
}

func (b *bench) plan(targets ...Target) []*Item {
	b.t.Helper()
	return (&Planner{Cloud: b.cloud}).Plan(b.t.Context(), targets)
}

// newRun makes the cloud that of another run.
func (b *bench) newRun(clock Clock) {
	b.t.Helper()
	run, err := newRun(clock)
	check(b.t, err)
	b.cloud.run = run
}

func (b *bench) begin(items []*Item) *Applier {
	b.t.Helper()
	b.newRun(quickClock{})
	j, err := b.dir.Begin(items, Flags{}, nil, b.cloud)
	if err != nil {
		b.t.Fatal(err)
	}
	return &Applier{Cloud: b.cloud, Journal: j}
}

// apply plans and puts.
func (b *bench) apply(targets ...Target) []*Item {
	b.t.Helper()
	items := b.plan(targets...)
	if err := b.begin(items).Apply(b.t.Context(), items); err != nil {
		b.t.Fatal(err)
	}
	return items
}

// statement is one statement of an Allow.
func statement(sid string, actions string, principals ...string) string {
	return fmt.Sprintf(`{"Sid":%q,"Effect":"Allow","Principal":{"AWS":["%s"]},"Action":[%s],"Resource":"*"}`, sid, strings.Join(principals, `","`), actions)
}

func document(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

func role(name string) string { return "arn:aws:iam::" + kmstest.Account + ":role/" + name }

var rootAll = statement("root", `"kms:*"`, "arn:aws:iam::"+kmstest.Account+":root")

// letting is a policy that lets roles decrypt, beside the account statement.
func letting(names ...string) string {
	var arns []string
	for _, n := range names {
		arns = append(arns, role(n))
	}
	return document(rootAll, statement("use", `"kms:Decrypt"`, arns...))
}

func target(key, text string) Target {
	return Target{
		File: "keys/" + strings.NewReplacer(":", "_", "/", "_").Replace(key) + ".yaml", Policy: []byte(text), Digest: Digest([]byte("spec of " + text)),
		Form: spec.FormLists, Place: diag.Place{File: "keys/k.yaml"},
		Key: spec.Key{AccountFrom: spec.FromConfiguration, Key: policy.Key{
			ID: key, Alias: aliasOf(key), Account: kmstest.Account, Partition: "aws", Region: region, Usage: "ENCRYPT_DECRYPT", Spec: "SYMMETRIC_DEFAULT",
		}},
	}
}

func aliasOf(key string) string {
	if at := strings.Index(key, "alias/"); at >= 0 {
		return key[at:]
	}
	return ""
}

func expectState(t *testing.T, it *Item, state State, reason string) {
	t.Helper()
	if it.State != state || !strings.Contains(it.Reason, reason) {
		t.Fatalf("%s is %s (%s), not %s (…%s…)\n%+v", it.Name(), it.State, it.Reason, state, reason, it.Findings)
	}
}

func hasFinding(it *Item, reason string) bool {
	for _, f := range it.Findings {
		if f.Reason == reason {
			return true
		}
	}
	return false
}

// impatient gives up on a request soon: for servers that do not answer.
func impatient(o *Options) { o.Timeout = 400 * time.Millisecond }
