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
	return main(ctx, args, &app{stdio: stdio, cloud: push.Options{Clock: fastClock{}, Unlimited: true}})
}
