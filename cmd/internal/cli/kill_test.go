package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// program is the command as a process of its own, for a server that is not KMS.
func program(t *testing.T, url string, args ...string) (command *exec.Cmd, out, errs *bytes.Buffer) {
	t.Helper()
	command = exec.Command("keypolicy-fast", args...)
	command.Env = os.Environ()
	for name, value := range kmstest.Variables(t.TempDir(), url, kmstest.AccessKey, kmstest.Secret) {
		command.Env = append(command.Env, name+"="+value)
	}
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	command.Stdout, command.Stderr = out, errs
	return command, out, errs
}

// keyStatesIn are the states of a report by key.
func keyStatesIn(t *testing.T, out []byte) map[string]string {
	t.Helper()
	var r struct {
		Keys []struct{ Key, State, Reason string }
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	states := map[string]string{}
	for _, k := range r.Keys {
		states[k.Key] = k.State
	}
	return states
}

// runs counts the journals.
func runs() int {
	list, _ := filepath.Glob(".keypolicy/*/journal.jsonl")
	return len(list)
}

// Kills a run after some request, at random, and takes it up; all the while a fifth of the requests go wrong.
func TestARunThatIsKilledIsTakenUp(t *testing.T) {
	const keys, kills = 12, 20
	server := kmstest.NewServer(t)
	proxy := kmstest.NewProxy(t, server.URL)
	chance := rand.New(rand.NewPCG(42, 42))
	faults := []kmstest.Fault{kmstest.Throttled, kmstest.Broken, kmstest.BrokenAfter, kmstest.ResetBefore, kmstest.ResetAfter, kmstest.Stale}
	var mu sync.Mutex
	var running *exec.Cmd // to be killed
	left := 0             // requests until then
	putsOnly := false     // count from the first put on
	proxy.Fault = func(r kmstest.Request) kmstest.Fault {
		mu.Lock()
		defer mu.Unlock()
		putsOnly = putsOnly && r.Operation != "PutKeyPolicy"
		if running != nil && !putsOnly {
			if left--; left < 0 { // before it is answered, so that no process is quick enough to end by itself
				_ = running.Process.Kill()
				running = nil
			}
		}
		if r.Service == "kms" && chance.Float64() < 0.2 {
			return faults[chance.IntN(len(faults))]
		}
		return kmstest.None
	}
	project(t, nil)
	var arns []string
	for range keys {
		arns = append(arns, server.Add(kmstest.Key{}))
	}
	resumed := 0
	for round := range kills {
		var spec strings.Builder
		for _, arn := range arns {
			fmt.Fprintf(&spec, "---\nkey: %s\nname: k%s\nkey_users_roles: [r%d]\n", arn, arn[len(arn)-2:], round)
		}
		write(t, "keys/all.keypolicy.yaml", spec.String())
		before := map[string]string{}
		for _, arn := range arns {
			before[arn] = server.Policy(arn)
		}
		begun := runs()
		command, _, _ := program(t, proxy.URL, "apply", "--yes", "--format", "json", "keys")
		mu.Lock()
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		running, left, putsOnly = command, chance.IntN(keys*2), round%4 != 0
		mu.Unlock()
		_ = command.Wait()
		mu.Lock()
		running = nil
		mu.Unlock()
		ours := func(arn string) bool { return strings.Contains(server.Policy(arn), fmt.Sprintf("role/r%d\"", round)) }
		for try := 0; ; try++ { // as often as something is left
			command, out, errs := program(t, proxy.URL, "apply", "--resume", "--yes", "--format", "json")
			err := command.Run()
			if out.Len() == 0 {
				t.Fatalf("round %d: %s", round, errs)
			}
			if try == 0 && !strings.Contains(errs.String(), "there is nothing to do") {
				resumed++
			}
			for arn, state := range keyStatesIn(t, out.Bytes()) {
				switch {
				case state == "updated" && !ours(arn), state == "failed" && server.Policy(arn) != before[arn]:
					t.Errorf("round %d: %s is said to be %s and has %s", round, arn, state, server.Policy(arn))
				case state != "updated" && state != "failed" && state != "unverified":
					t.Errorf("round %d: %s is %s: %s", round, arn, state, out)
				}
			}
			if err == nil {
				break
			}
			if try == 9 {
				t.Fatalf("round %d: %v %s%s", round, err, out, errs)
			}
		}
		if runs() == begun { // it was killed before it began
			command, out, errs := program(t, proxy.URL, "apply", "--yes", "--format", "json", "keys")
			if err := command.Run(); err != nil {
				t.Fatalf("round %d: %v %s%s", round, err, out, errs)
			}
		}
		for _, arn := range arns {
			if !ours(arn) {
				t.Errorf("round %d: %s is not as its spec asks", round, arn)
			}
		}
	}
	if resumed == 0 { // how many are depends on how busy the machine is
		t.Errorf("none of %d runs was interrupted in its middle", kills)
	}
	t.Log(resumed, "of", kills, "runs were taken up")
}
