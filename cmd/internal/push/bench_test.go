package push

import (
	"fmt"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

// BenchmarkPlan plans keys whose policies all differ, with no request rates: what is left is keypolicy's own work, and the server's.
func BenchmarkPlan(b *testing.B) {
	server := kmstest.NewServer(b)
	kmstest.Environment(b, server.URL, kmstest.AccessKey, kmstest.Secret)
	var targets []Target
	for n := range 200 {
		targets = append(targets, target(server.Add(kmstest.Key{}), letting(fmt.Sprint("r", n), "a", "b")))
	}
	cloud, err := Open(b.Context(), Options{Unlimited: true})
	fatal(b, err)
	b.ResetTimer()
	for range b.N {
		for _, it := range (&Planner{Cloud: cloud}).Plan(b.Context(), targets) {
			if it.State != Change {
				b.Fatalf("%s is %s (%s)", it.Name(), it.State, it.Reason)
			}
		}
	}
}
