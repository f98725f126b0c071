package push

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

const (
	// Requests without an answer, all begun after the last answer, after which an endpoint is not asked any more. One that is
	// silent takes the whole timeout for each; one that refuses connections fails at once, and may only be starting.
	mostSilent     = workers
	mostUnanswered = 3 * workers

	// An endpoint that has answered nothing at all is given up sooner: the first key of a run would wait for all its tries.
	mostSilentAtFirst = 3
	firstTimeout      = 8 * time.Second

	// probeAfter is when one request tries whether the endpoint answers again.
	probeAfter = 30 * time.Second

	// longestAnswer is many times what KMS and STS answer at most.
	longestAnswer = 4 << 20
)

// endpoints is the HTTP client of one account and Region, for KMS and STS there.
type endpoints struct {
	client aws.HTTPClient
	clock  Clock

	mu     sync.Mutex
	byHost map[string]*endpoint
}

// Do sends one request.
func (e *endpoints) Do(r *http.Request) (*http.Response, error) {
	e.mu.Lock()
	if e.byHost == nil {
		e.byHost = map[string]*endpoint{}
	}
	at := e.byHost[r.URL.Host]
	if at == nil {
		at = &endpoint{client: e.client, clock: e.clock}
		e.byHost[r.URL.Host] = at
	}
	e.mu.Unlock()
	return at.Do(r)
}

// endpoint is a service in a Region, for one account. It bounds the answers, and it does not go on asking where there is
// none: each of a thousand keys would wait for all its tries.
type endpoint struct {
	client aws.HTTPClient
	clock  Clock

	mu                 sync.Mutex
	answers            int
	silent, unanswered int
	closed             bool
	since              time.Time
}

// silentError says that an endpoint is not asked any more. It is not sent, so nothing of it can arrive late.
type silentError struct{}

func (*silentError) Error() string { return "the endpoint does not answer, and is not called for now" }

// RetryableError keeps the SDK from trying again.
func (*silentError) RetryableError() bool { return false }

var errAnswerTooLong = &tooLongError{}

type tooLongError struct{}

func (*tooLongError) Error() string        { return "the answer is too long" }
func (*tooLongError) RetryableError() bool { return false }

// Do sends one request.
func (e *endpoint) Do(r *http.Request) (*http.Response, error) {
	answers, err := e.mayAsk()
	if err != nil {
		return nil, err
	}
	given := r.Context()
	if answers == 0 {
		ctx, cancel := context.WithTimeout(given, firstTimeout)
		defer cancel() // after the answer is read to its end
		r = r.WithContext(ctx)
	}
	response, err := e.client.Do(r)
	if err == nil {
		response, err = bounded(response)
	}
	if given.Err() == nil { // who gives up says nothing of the endpoint
		e.saw(err, answers)
	}
	return response, err
}

// bounded reads an answer to its end, at most as long as any that KMS gives.
func bounded(r *http.Response) (*http.Response, error) {
	text, err := io.ReadAll(io.LimitReader(r.Body, longestAnswer+1))
	_ = r.Body.Close()
	switch {
	case err != nil:
		return nil, err
	case len(text) > longestAnswer:
		return nil, errAnswerTooLong
	}
	r.Body = io.NopCloser(bytes.NewReader(text))
	return r, nil
}

// mayAsk gives the number of answers so far, or why the endpoint is not asked.
func (e *endpoint) mayAsk() (answers int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		return e.answers, nil
	}
	if now := e.clock.Now(); now.Sub(e.since) >= probeAfter {
		e.since = now
		return e.answers, nil
	}
	return e.answers, &silentError{}
}

// saw takes note of what became of a request, begun after so many answers.
func (e *endpoint) saw(err error, answers int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case err == nil || errors.Is(err, errAnswerTooLong):
		e.answers++
		e.silent, e.unanswered, e.closed = 0, 0, false
		return
	case answers != e.answers: // others were answered meanwhile
		return
	case isTimeout(err):
		e.silent++
	default:
		e.unanswered++
	}
	silent := mostSilent
	if e.answers == 0 {
		silent = mostSilentAtFirst
	}
	if !e.closed && (e.silent >= silent || e.silent+e.unanswered >= mostUnanswered) {
		e.closed, e.since = true, e.clock.Now()
	}
}

// grace gives a context that goes on for a while after another has ended: what is begun is brought to its end, but a
// runner that has sent a signal kills what goes on for long.
func grace(ctx context.Context, clock Clock, d time.Duration) (context.Context, context.CancelFunc) {
	going, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		_ = clock.Sleep(going, d)
		cancel()
	})
	return going, func() { stop(); cancel() }
}
