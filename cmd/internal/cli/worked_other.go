//go:build !unix

package cli

import "time"

// worked is the time since the process began: what it had of the processor is not asked for here.
func worked() time.Duration { return time.Since(begun) }
