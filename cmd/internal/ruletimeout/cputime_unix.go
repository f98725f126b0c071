//go:build unix

package ruletimeout

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that the process has had.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return time.Since(begun)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
