package push

import (
	"context"
	"math/rand/v2"
	"time"
)

// Clock is the time that passes between two tries.
type Clock interface {
	Now() time.Time
	// Sleep waits, or gives the context's error.
	Sleep(ctx context.Context, d time.Duration) error
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

const (
	firstPause   = 200 * time.Millisecond
	longestPause = 5 * time.Second
)

// pause is how long to wait before try n, from 0: it doubles up to a limit, less a random part of up to a third.
func pause(n int) time.Duration {
	d := longestPause
	if n < 5 {
		d = firstPause << n
	}
	return min(d, longestPause) - time.Duration(rand.Int64N(int64(d)/3))
}
