//go:build unix

package push

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
	"github.com/keypolicy/keypolicy/compiler/facts"
)

// trial is a run over many keys. It is reported with the time that KMS's request rates ask for, as a ratio to what it took,
// and with the time of the processor, by which to see whether the machine was the limit.
type trial struct {
	accounts, keys int // keys of each account
	moto           bool
}

// trials are small, but in full by
// `KEYPOLICY_TRIAL=full go test ./cmd/internal/push -run '^$' -bench Trial -benchtime 1x -timeout 30m`.
func trials() map[string]trial {
	if os.Getenv("KEYPOLICY_TRIAL") == "full" {
		return map[string]trial{"accounts": {accounts: 10, keys: 60}, "moto": {keys: 1000, moto: true}, "memory": {keys: 5000}}
	}
	return map[string]trial{"accounts": {accounts: 3, keys: 5}, "moto": {keys: 10, moto: true}, "memory": {keys: 20}}
}

func BenchmarkTrial(b *testing.B) {
	for name, tr := range trials() {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				tr.run(b)
			}
		})
	}
}

// A trial in small, with the rates of KMS: every key is updated, whatever its account.
func TestATrialInSmallUpdatesEveryKey(t *testing.T) {
	trial{accounts: 3, keys: 5}.run(t)
}

// run plans and applies, within the request rates.
func (tr trial) run(t testing.TB) {
	account := kmstest.Account
	roles := map[string]Role{}
	var targets []Target
	add := func(arn, of string, n int) {
		w := target(arn, strings.ReplaceAll(letting(fmt.Sprint("r", n), "a", "b"), kmstest.Account, of))
		w.Key.Account = of
		targets = append(targets, w)
	}
	if tr.moto {
		moto := kmstest.StartMoto(t)
		id, secret := moto.User("deployer")
		kmstest.Environment(t, moto.URL, id, secret)
		for n := range tr.keys {
			add(moto.CreateKey(region, ""), account, n)
		}
	} else {
		server := kmstest.NewServer(t)
		kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
		for n := range max(tr.accounts, 1) {
			if tr.accounts > 0 {
				account = fmt.Sprintf("2222222222%02d", n)
				roles[account] = Role{ARN: "arn:aws:iam::" + account + ":role/keypolicy"}
			}
			for k := range tr.keys {
				add(server.Add(kmstest.Key{Account: account}), account, k)
			}
		}
	}
	cloud, err := Open(t.Context(), Options{Roles: roles})
	fatal(t, err)
	dir, err := OpenStateDir(t.TempDir() + "/state")
	fatal(t, err)
	defer dir.Close()
	began, used := time.Now(), processorTime()
	items := (&Planner{Cloud: cloud}).Plan(t.Context(), targets)
	planned := time.Since(began)
	journal, err := dir.Begin(items, Flags{}, nil, cloud)
	fatal(t, err)
	fatal(t, (&Applier{Cloud: cloud, Journal: journal}).Apply(t.Context(), items))
	took := time.Since(began)
	for _, it := range items {
		if it.State != Updated {
			t.Errorf("%s is %s (%s)", it.Name(), it.State, it.Reason)
		}
	}
	if b, ok := t.(*testing.B); ok {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		quota := tr.quota()
		b.ReportMetric(took.Seconds(), "took-s")
		b.ReportMetric(planned.Seconds(), "plan-s")
		b.ReportMetric(quota.Seconds(), "quota-s")
		b.ReportMetric(took.Seconds()/quota.Seconds(), "took/quota")
		b.ReportMetric((processorTime() - used).Seconds(), "cpu-s")
		b.ReportMetric(float64(m.Sys>>20), "MB")
	}
}

// quota is the least time that the request rates leave for one account's keys: of each operation as many requests as a run
// needs, of which the slowest counts, in the plan and in the application.
func (tr trial) quota() time.Duration {
	seconds := func(operation string, requests int) float64 {
		rate, _ := facts.RequestRate(operation)
		return float64(requests*tr.keys) / float64(rate)
	}
	plan := max(seconds("DescribeKey", 1), seconds("GetKeyPolicy", 1))
	apply := max(seconds("PutKeyPolicy", 1), seconds("GetKeyPolicy", 2))
	return time.Duration((plan + apply) * float64(time.Second))
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
