package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	collectionPercent = 600       // garbage may be six times what is in use: a run holds little
	memoryLimit       = 512 << 20 // bytes, from which on it is collected as often as it takes
)

// tuneCollector sets how often memory is collected, where the environment does not.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectionPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
		raiseLimit()
	}
}

// raiseLimit sets the limit after each collection to twice what is in use, where that is more: with a limit below what a run needs, the
// collector would run all the time. https://go.dev/doc/gc-guide#Memory_limit
func raiseLimit() {
	type sentinel struct{ _ [32]byte }
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if live[0].Value.Kind() == metrics.KindUint64 {
			debug.SetMemoryLimit(max(memoryLimit, 2*int64(live[0].Value.Uint64())))
		}
		raiseLimit()
	})
}
