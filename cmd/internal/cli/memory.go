package cli

import (
	"os"
	"runtime/debug"
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
	}
}
