package cli

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkStartup measures the least that a command does: it reads the index of the rules.
func BenchmarkStartup(b *testing.B) {
	b.Chdir(b.TempDir())
	bench(b, "rules")
}

func BenchmarkLint1(b *testing.B) { benchOrganization(b, 1, "lint", "--quiet") }

func BenchmarkLint1000(b *testing.B) { benchOrganization(b, 1_000, "lint", "--quiet") }

func BenchmarkLint10000(b *testing.B) { benchOrganization(b, 10_000, "lint", "--quiet") }

func BenchmarkCompile1000(b *testing.B) { benchOrganization(b, 1_000, "compile", "-o", "out") }

// benchOrganization runs a command on an organization's specs, and says what one more spec costs.
func benchOrganization(b *testing.B, specs int, args ...string) {
	b.Chdir(b.TempDir())
	writeOrganization(b, "keys", specs)
	bench(b, append(args, "keys")...)
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*specs), "µs/spec")
}

// bench runs a command in this process, start-up included.
func bench(b *testing.B, args ...string) {
	b.ReportAllocs()
	for b.Loop() {
		if code := Main(b.Context(), args, Stdio{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}); code != exitOK {
			b.Fatalf("exit code %d", code)
		}
	}
}

// What the benchmarks lint has no errors: they would end at the first.
func TestTheOrganizationOfTheBenchmarksHasNoErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	writeOrganization(t, "keys", 100)
	if code := Main(t.Context(), []string{"lint", "--quiet", "keys"}, Stdio{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// writeOrganization writes the specs of one organization: 0 to 3 users, 1 to 5 roles, 0 to 2 administrators, 1 or 2
// administrators' roles and 0 to 2 other accounts each, all drawn at random, the same on every run. No user has a role's name, which
// would be an error.
func writeOrganization(b testing.TB, dir string, specs int) {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2)) // the same on every run
	accounts := []string{"111122223333", "222233334444", "333344445555", "444455556666", "555566667777"}
	teams := []string{"pay", "bill", "data", "app", "web", "etl", "risk", "shop", "cart", "mail", "feed", "core"}
	for i := range specs {
		var text strings.Builder
		own := random.IntN(len(accounts))
		fmt.Fprintf(&text, "account: %q\nregion: eu-central-1\nkey: alias/%s-%d\n", accounts[own], teams[random.IntN(len(teams))], i)
		list := func(field, prefix string, least, most int) {
			var names []string
			for range least + random.IntN(most-least+1) {
				names = append(names, fmt.Sprintf("%s%s-%s-%d", prefix, teams[random.IntN(len(teams))], teams[random.IntN(len(teams))], random.IntN(100)))
			}
			if names != nil {
				fmt.Fprintf(&text, "%s: [%s]\n", field, strings.Join(names, ", "))
			}
		}
		list("key_users", "user-", 0, 3)
		list("key_users_roles", "", 1, 5)
		list("key_admins", "user-", 0, 2)
		list("key_admins_roles", "", 1, 2)
		var others []string
		for n := range random.IntN(3) {
			others = append(others, fmt.Sprintf("%q", accounts[(own+1+n)%len(accounts)]))
		}
		if others != nil {
			fmt.Fprintf(&text, "external_accounts: [%s]\n", strings.Join(others, ", "))
		}
		folder := filepath.Join(dir, fmt.Sprint(i/100))
		if err := os.MkdirAll(folder, 0o750); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("k%d.keypolicy.yaml", i)), []byte(text.String()), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}
