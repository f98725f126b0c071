package push

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/aws/smithy-go/logging"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Options are what a run gives to its requests.
type Options struct {
	Roles     map[string]string // account → the ARN of the role that leads into it
	Clock     Clock             // nil is the wall's
	Unlimited bool              // no request rates: for servers that are not KMS
	Tries     int               // of a read, by the SDK; 0 is the default
	Timeout   time.Duration     // of one request; 0 is the default
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

	mu       sync.Mutex
	accounts map[string]*entry // by the account's id, where a role leads into it; "" is the base
}

// entry is the way into an account.
type entry struct {
	config aws.Config
	once   sync.Once
	caller Caller
	err    error
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
	// The standard mode: adaptive retries are several times slower where many requests fail.
	// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
	base, err := config.LoadDefaultConfig(ctx,
		config.WithLogger(logging.Nop{}), // what there is to say is said in our words
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(o.Timeout)),
		config.WithRetryer(func() aws.Retryer { return newRetryer(o) }))
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration cannot be used: %s", configurationFault(err))
	}
	return &Cloud{options: o, base: base, limits: limits{off: o.Unlimited}, accounts: map[string]*entry{}}, nil
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

// into gives the way into an account; a spec whose account has no role goes in with the credentials at hand.
func (c *Cloud) into(account string) *entry {
	if c.options.Roles[account] == "" {
		account = ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.accounts[account]
	if e == nil {
		e = &entry{config: c.base.Copy()}
		if role := c.options.Roles[account]; role != "" {
			provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c.base, inSomeRegion), role,
				func(o *stscreds.AssumeRoleOptions) { o.RoleSessionName = "keypolicy" })
			e.config.Credentials = aws.NewCredentialsCache(provider)
		}
		c.accounts[account] = e
	}
	return e
}

// inSomeRegion lets STS be asked where no Region is configured: any of them answers for all.
func inSomeRegion(o *sts.Options) {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
}

// A network with a way to KMS alone has none to STS, so nobody waits long for it.
const (
	callerTries   = 3
	callerTimeout = 15 * time.Second
)

// Caller tells who signs the requests to an account's keys. It is asked once.
func (c *Cloud) Caller(ctx context.Context, account, region string) (Caller, error) {
	e := c.into(account)
	e.once.Do(func() {
		if _, err := e.config.Credentials.Retrieve(ctx); err != nil {
			e.err = credentialsFault(err, c.options.Roles[account])
			return
		}
		client := sts.NewFromConfig(e.config, func(o *sts.Options) {
			if o.Region == "" {
				o.Region = region
			}
			inSomeRegion(o)
			o.RetryMaxAttempts = callerTries
		})
		asking, stop := context.WithTimeout(ctx, callerTimeout)
		defer stop()
		out, err := client.GetCallerIdentity(asking, &sts.GetCallerIdentityInput{})
		if err != nil {
			fault := explain(err, request{service: "STS", operation: "GetCallerIdentity", region: client.Options().Region})
			if fault.noAnswer && ctx.Err() == nil {
				e.caller.unknown = fault.Sentence
				return
			}
			e.err = fault
			return
		}
		e.caller = Caller{ARN: callerARN(aws.ToString(out.Arn)), Account: aws.ToString(out.Account)}
	})
	return e.caller, e.err
}

// callerARN spells a user as policies name one: servers that are not AWS tell of arn:aws:sts::ACCOUNT:user/NAME, and STS
// itself of arn:aws:iam::ACCOUNT:user/NAME.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func callerARN(text string) string {
	if arn, ok := policy.ParseARN(text); ok && arn.Service == "sts" && strings.HasPrefix(arn.Resource, "user/") {
		arn.Service = "iam"
		return arn.String()
	}
	return text
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
	e := c.into(account)
	client := kms.NewFromConfig(e.config, func(o *kms.Options) { o.Region = region })
	return &service{client: client, limits: &c.limits, account: account, region: region}
}
