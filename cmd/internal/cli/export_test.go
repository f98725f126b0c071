package cli

import (
	"context"
	"time"

	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// fastClock lets no time pass between two tries.
type fastClock struct{}

func (fastClock) Now() time.Time                                   { return time.Now() }
func (fastClock) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// MainWithFastPush is Main for a server that is not KMS: it keeps no request rates and waits between no tries.
func MainWithFastPush(ctx context.Context, args []string, stdio Stdio) int {
	return main(ctx, args, &app{stdio: stdio, asks: true, cloud: push.Options{Clock: fastClock{}, Unlimited: true}})
}

// EndClock is a fastClock that lets an hour pass when Over is closed.
type EndClock struct {
	fastClock
	Over chan struct{}
}

// Sleep waits for an hour alone.
func (c EndClock) Sleep(ctx context.Context, d time.Duration) error {
	if d != time.Hour {
		return ctx.Err()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.Over:
		return nil
	}
}

// MainWithClock is MainWithFastPush by another clock.
func MainWithClock(ctx context.Context, args []string, stdio Stdio, clock push.Clock) int {
	return main(ctx, args, &app{stdio: stdio, asks: true, cloud: push.Options{Clock: clock, Unlimited: true}})
}
