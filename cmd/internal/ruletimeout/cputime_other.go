//go:build !unix

package ruletimeout

import "time"

// cpuTime is the time since the process began: what it had of the processor is not asked for here.
func cpuTime() time.Duration { return time.Since(begun) }
