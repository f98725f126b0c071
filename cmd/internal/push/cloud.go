package push

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go/logging"
)

// Options are what a run gives to its requests.
type Options struct {
	Roles     map[string]Role // account → the role that leads into it
	Version   string          // keypolicy's, for audit; "" is not known
	Commit    string          // of the specs, for audit; "" is not known
	Clock     Clock           // nil is the wall's
	Unlimited bool            // no request rates: for servers that are not KMS
	Tries     int             // of a read, by the SDK; 0 is the default
	Timeout   time.Duration   // of one request; 0 is the default
}

// Sleep waits by the options' clock, or gives the context's error.
func (o Options) Sleep(ctx context.Context, d time.Duration) error {
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	return o.Clock.Sleep(ctx, d)
}

// Now is the time by the options' clock.
func (o Options) Now() time.Time {
	if o.Clock == nil {
		return time.Now()
	}
	return o.Clock.Now()
}

const (
	defaultTries   = 6
	defaultTimeout = 20 * time.Second
)

// Cloud makes the clients of a run: one for each account and Region.
type Cloud struct {
	options Options
	base    aws.Config
	limits  limits
	run     string
	began   time.Time

	mu      sync.Mutex
	entries map[way]*entry
}

// Open reads AWS's configuration: environment, profile, endpoints. Nothing is asked yet.
func Open(ctx context.Context, o Options) (*Cloud, error) {
	if o.Clock == nil {
		o.Clock = wallClock{}
	}
	if o.Tries == 0 {
		o.Tries = defaultTries
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Version == "" {
		o.Version = "unknown"
	}
	for _, role := range o.Roles {
		if err := role.check(); err != nil {
			return nil, err
		}
	}
	run, err := newRun(o.Clock)
	if err != nil {
		return nil, err
	}
	// The standard mode: adaptive retries are several times slower where many requests fail.
	// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
	base, err := config.LoadDefaultConfig(ctx,
		config.WithAPIOptions(signedAs(o.Version, run)),
		config.WithLogger(logging.Nop{}), // what there is to say is said in our words
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(o.Timeout)),
		config.WithRetryer(func() aws.Retryer { return newRetryer(o) }))
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration cannot be used: %s", configurationFault(err))
	}
	return &Cloud{options: o, base: base, limits: limits{off: o.Unlimited}, run: run, began: o.Clock.Now(), entries: map[way]*entry{}}, nil
}

func newRetryer(o Options) aws.Retryer {
	return retry.NewStandard(func(s *retry.StandardOptions) {
		s.MaxAttempts = o.Tries
		s.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			if o.Unlimited {
				return 0, nil
			}
			return pause(attempt - 1), nil
		})
		// Every key is worth its tries: a budget shared by all would give up on the last ones of a long run.
		s.RateLimiter = ratelimit.None
	})
}

// way is an account in a Region; the account is "" where the credentials at hand lead into it.
type way struct{ account, region string }

// accountConfig gives the way into an account; a spec whose account has no role goes in with the credentials at hand.
func (c *Cloud) accountConfig(account, region string) *entry {
	w := c.way(account, region)
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[w]
	if e == nil {
		e = &entry{region: region, role: c.options.Roles[account].ARN, config: c.base.Copy()}
		e.config.Region = region
		e.config.HTTPClient = &endpoints{client: c.base.HTTPClient, clock: c.options.Clock}
		if e.role != "" {
			e.config.Credentials = c.assuming(c.options.Roles[account], region, e.config.HTTPClient)
		}
		c.entries[w] = e
	}
	return e
}

func (c *Cloud) way(account, region string) way {
	if c.options.Roles[account].ARN == "" {
		account = ""
	}
	return way{account, region}
}

// Region is the key's, or the one of AWS's configuration where nothing of ours gives one.
func (c *Cloud) Region(region string) (string, error) {
	if region == "" {
		region = c.base.Region
	}
	if region == "" {
		return "", errNoRegion
	}
	return region, nil
}

// KMS gives the client for an account's keys in a Region.
func (c *Cloud) KMS(account, region string) KMS {
	e := c.accountConfig(account, region)
	return &service{client: kms.NewFromConfig(e.config), cloud: c, entry: e, account: account, region: region}
}
