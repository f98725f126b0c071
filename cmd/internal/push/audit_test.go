package push

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

func TestCloudTrailLeadsToTheJournal(t *testing.T) {
	b := newBench(t, func(o *Options) {
		o.Version, o.Commit = "v1.2.3", "0123abcd"
		o.Roles = map[string]Role{kmstest.Account: {
			ARN: role("keypolicy"), ExternalID: "our-id", Tags: map[string]string{"team": "keys", "app": "kp"}, Duration: time.Hour,
		}}
	})
	run := b.cloud.run
	items := b.plan(target(b.server.Add(kmstest.Key{}), letting("a")))
	j, err := b.dir.Begin(items, Flags{}, nil, b.cloud)
	check(t, err)
	check(t, (&Applier{Cloud: b.cloud, Journal: j}).Apply(t.Context(), items))
	expectState(t, items[0], Updated, "")
	if !strings.HasSuffix(j.Folder, "/"+run) {
		t.Errorf("the run %s has the folder %s", run, j.Folder)
	}
	assumed := 0
	for _, call := range b.server.Calls() {
		if !strings.Contains(call.Agent, "keypolicy/v1.2.3") || !strings.Contains(call.Agent, "keypolicy-run/"+run) {
			t.Errorf("%s has the user agent %s", call.Operation, call.Agent)
		}
		if call.Operation != "AssumeRole" {
			continue
		}
		assumed++
		want := map[string]string{
			"RoleSessionName": "keypolicy-" + run, "ExternalId": "our-id", "DurationSeconds": "3600",
			"Tags.member.1.Key": "app", "Tags.member.1.Value": "kp", "Tags.member.2.Key": "team", "Tags.member.2.Value": "keys",
		}
		for field, value := range want {
			if got := call.Form.Get(field); got != value {
				t.Errorf("%s is %q, not %q", field, got, value)
			}
		}
		if n := len(call.Form.Get("RoleSessionName")); n > 64 {
			t.Errorf("the session's name has %d characters, and STS takes 64", n)
		}
	}
	if assumed != 1 {
		t.Errorf("the role was assumed %d times", assumed)
	}
	text, err := os.ReadFile(j.Path())
	check(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	var begin record
	check(t, json.Unmarshal([]byte(line), &begin))
	a := begin.Audit
	caller := "arn:aws:sts::" + kmstest.Account + ":assumed-role/keypolicy/keypolicy-" + run
	if begin.Event != eventBegin || a == nil || a.Run != run || a.Version != "v1.2.3" || a.Commit != "0123abcd" || a.Time != "2026-01-02T03:04:05Z" || !slices.Equal(a.Callers, []string{caller}) {
		t.Errorf("the journal begins with %s", line)
	}
	plan, err := readPreviousRun(j.Folder)
	check(t, err)
	if plan.plan.Audit.Run != run || plan.plan.Keys[0].Live != kmstest.DefaultPolicy(kmstest.Account) {
		t.Errorf("the run's plan is %+v", plan.plan)
	}
}

func TestARunThatIsTakenUpSaysByWhom(t *testing.T) {
	b := newBench(t)
	key := b.server.Add(kmstest.Key{})
	items := b.plan(target(key, letting("a")))
	first := b.begin(items).Journal
	check(t, first.intend(items[0]))
	b.reopen()
	expectState(t, b.resume()[0], Updated, "")
	text, err := os.ReadFile(first.Path())
	check(t, err)
	if !strings.Contains(string(text), `"event":"resume","index":0,"audit":{"run":"`+b.cloud.run+`"`) {
		t.Errorf("the journal is %s", text)
	}
}

func TestARolesDurationIsOneThatSTSTakes(t *testing.T) {
	newBench(t)
	for d, good := range map[time.Duration]bool{0: true, 15 * time.Minute: true, 12 * time.Hour: true, time.Minute: false, 13 * time.Hour: false} {
		_, err := Open(t.Context(), Options{Roles: map[string]Role{"1": {ARN: role("a"), Duration: d}}})
		if (err == nil) != good || err != nil && !strings.Contains(err.Error(), "write 15m to 12h") {
			t.Errorf("%s: %v", d, err)
		}
	}
}

func TestAPlanExpires(t *testing.T) {
	b := newBench(t)
	plan := Pin(b.plan(target(b.server.Add(kmstest.Key{}), letting("a"))), Flags{}, nil, b.cloud.Audit(nil))
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	if plan.Expired(now) != "" {
		t.Error("a plan without an end has expired")
	}
	plan.Expire(now.Add(time.Hour))
	if plan.Expired(now) != "" || plan.Expired(now.Add(time.Hour)) != "2026-01-02T01:00:00Z" {
		t.Errorf("%q %q", plan.Expired(now), plan.Expired(now.Add(time.Hour)))
	}
	plan.Expires = "soon"
	if plan.Expired(now) == "" {
		t.Error("a plan whose end cannot be read counts")
	}
}
