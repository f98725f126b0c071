package cli

import (
	"os"
	"runtime/debug"
)

// fewFiles is up to how many files a run is short: it ends before its memory is worth collecting often.
const fewFiles = 100

// collect sets how often memory is collected, where the environment says nothing: seldom while the rules are read and in
// a short run, as always in a long one.
func collect(files int) {
	if os.Getenv("GOGC") != "" {
		return
	}
	percent := 100
	if files <= fewFiles {
		percent = 400
	}
	debug.SetGCPercent(percent)
}
