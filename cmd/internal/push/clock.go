package push

import (
	"context"
	"fmt"
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
	firstPause       = 200 * time.Millisecond
	longestPause     = 5 * time.Second
	longestReadPause = 30 * time.Second

	// changesAppear is how long a applied policy is waited for: KMS says that a change can take several minutes to
	// show.
	// https://docs.aws.amazon.com/kms/latest/developerguide/programming-eventual-consistency.html
	changesAppear = 5 * time.Minute

	// principalsAppear is how long a principal that was made a moment ago is waited for. IAM gives no bound; most other
	// tools wait one or two minutes.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
	principalsAppear = 2 * time.Minute
)

// pause is how long to wait before try n, from 0: it doubles up to a limit, less a random part of up to a third.
func pause(n int) time.Duration {
	return jitter(doubled(firstPause, n, longestPause))
}

func doubled(d time.Duration, n int, most time.Duration) time.Duration {
	for ; n > 0 && d < most; n-- {
		d *= 2
	}
	return min(d, most)
}

func jitter(d time.Duration) time.Duration { return d - time.Duration(rand.Int64N(int64(d)/3)) }

// schedule is the pauses between tries. They grow, so that there are fewer calls as time goes on.
type schedule struct {
	pause, longest time.Duration
	tries          int           // pauses that are left; below 0 they are not counted
	left           time.Duration // of all pauses; only where tries are not counted
	spent          time.Duration
}

// newSchedule is a number of pauses.
func newSchedule(tries int) *schedule {
	return &schedule{pause: firstPause, longest: longestPause, tries: tries}
}

// newTimed is pauses that are as long as a time, all together.
func newTimed(total, longest time.Duration) *schedule {
	return &schedule{pause: firstPause, longest: longest, tries: -1, left: total}
}

// next gives the next pause; false where there is none any more.
func (s *schedule) next() (time.Duration, bool) {
	if s.tries == 0 || s.tries < 0 && s.left <= 0 {
		return 0, false
	}
	d := jitter(s.pause)
	if s.pause < longestPause {
		s.pause = min(s.pause*2, s.longest)
	} else {
		s.pause = min(s.pause*3/2, s.longest)
	}
	if s.tries > 0 {
		s.tries--
	} else {
		d = min(d, s.left)
		s.left -= d
	}
	s.spent += d
	return d, true
}

// spell writes a time as a sentence does.
func spell(d time.Duration) string {
	if d%time.Minute == 0 && d >= 2*time.Minute {
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return fmt.Sprintf("%d seconds", (d+time.Second/2)/time.Second)
}
