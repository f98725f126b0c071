package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkStartup measures the least that a command does: it reads the rules.
func BenchmarkStartup(b *testing.B) {
	b.Chdir(b.TempDir())
	bench(b, "rules")
}

func BenchmarkLintOne(b *testing.B) {
	generate(b, 1)
	bench(b, "lint")
}

func BenchmarkCompileOne(b *testing.B) {
	generate(b, 1)
	bench(b, "compile", "-o", "out")
}

func BenchmarkLint10000(b *testing.B) {
	generate(b, 10_000)
	bench(b, "lint")
}

func BenchmarkCompile10000(b *testing.B) {
	generate(b, 10_000)
	bench(b, "compile", "-o", "out")
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

func generate(b *testing.B, specs int) {
	b.Helper()
	b.Chdir(b.TempDir())
	for i := range specs {
		text := fmt.Sprintf("account: \"111122223333\"\nregion: eu-central-1\nkey: alias/app-%d\nkey_admins_roles: [KeyAdmin]\nkey_users_roles: [app-%d, app-%d-batch]\n", i, i, i)
		folder := fmt.Sprintf("keys/%d", i/100)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("k%d.keypolicy.yaml", i)), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}
