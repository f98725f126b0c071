package cli

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var errTimeout = errors.New("the time of --timeout has passed")

// within ends a run in order after a time, as an interrupt does; 0 means no limit.
func (a *app) within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return ctx, func() {}
	}
	limited, cancel := context.WithCancelCause(ctx)
	sleep := a.cloud.Sleep
	go func() {
		if sleep(limited, d) == nil {
			cancel(errTimeout)
		}
	}()
	a.timedOut = func() bool { return errors.Is(context.Cause(limited), errTimeout) }
	return limited, func() { cancel(nil) }
}

func checkTimeout(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("--timeout is %s: write a time such as 10m, or 0 for no limit", d)
	}
	return nil
}

const timeoutHelp = "stop the run cleanly after this time, such as 10m, as Ctrl-C does; 0 means no limit"
