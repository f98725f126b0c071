package push

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// entry is the way into an account in one Region: credentials, and who they are of.
type entry struct {
	role, region string
	config       aws.Config

	mu      sync.Mutex
	asked   int
	settled bool // the caller is known, or the error is one that stays
	caller  Caller
	err     error

	refused  sync.Once
	accepted string // a Region that takes the credentials which this one refuses
}

// A network that reaches only KMS cannot reach STS, so the wait for it is short. A throttled STS is asked again for the
// next keys, and the keys of before are none the worse.
const (
	callerTries   = 3
	callerTimeout = 15 * time.Second
	callerRounds  = 5
)

// Caller returns who signs the requests to an account's keys in a Region.
func (c *Cloud) Caller(ctx context.Context, account, region string) (Caller, error) {
	e := c.accountConfig(account, region)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.settled {
		return e.caller, e.err
	}
	e.asked++
	caller, err := c.identify(ctx, e)
	var fault *RequestError
	passing := errors.As(err, &fault) && fault.effect != effectNone
	switch {
	case ctx.Err() != nil:
		return caller, err
	case passing && fault.credentials: // the role could not be assumed for now: without it nothing can be asked
		e.settled = fault.noAnswer || e.asked >= callerRounds
		e.err = err
		return caller, err
	case passing:
		caller, err = Caller{unknown: fault.Sentence}, nil
		e.settled = fault.noAnswer || e.asked >= callerRounds
	default:
		e.settled = true
	}
	e.caller, e.err = caller, err
	return caller, err
}

// identify asks STS, in the key's own Region: no other partition knows the credentials, and a token of another endpoint
// may not count in every Region.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
func (c *Cloud) identify(ctx context.Context, e *entry) (Caller, error) {
	if _, err := e.config.Credentials.Retrieve(ctx); err != nil {
		fault := credentialsFault(err, request{service: "STS", operation: "AssumeRole", region: e.region}, e.role)
		fault.credentials = true
		if fault.invalidToken {
			c.blameRegion(ctx, e, c.base.Credentials, fault)
		}
		return Caller{}, fault
	}
	out, err := getCaller(ctx, e.config, e.region)
	if err != nil {
		fault := explain(err, request{service: "STS", operation: "GetCallerIdentity", region: e.region})
		if fault.invalidToken {
			c.blameRegion(ctx, e, e.config.Credentials, fault)
		}
		return Caller{}, fault
	}
	caller := Caller{ARN: callerARN(aws.ToString(out.Arn)), Account: aws.ToString(out.Account)}
	if arn, ok := policy.ParseARN(caller.ARN); !ok || arn.Account != caller.Account {
		return Caller{}, &RequestError{Sentence: fmt.Sprintf("STS in %s did not say who the caller is: check AWS_ENDPOINT_URL and the proxy", e.region)}
	}
	return caller, nil
}

func getCaller(ctx context.Context, config aws.Config, region string) (*sts.GetCallerIdentityOutput, error) {
	asking, stop := context.WithTimeout(ctx, callerTimeout)
	defer stop()
	client := sts.NewFromConfig(config, func(o *sts.Options) {
		o.Region = region
		o.RetryMaxAttempts = callerTries
	})
	out, err := client.GetCallerIdentity(asking, &sts.GetCallerIdentityInput{})
	if err != nil && ctx.Err() == nil && asking.Err() != nil {
		err = context.DeadlineExceeded
	}
	return out, err
}

// blameRegion finds out whether credentials that a Region refuses count elsewhere: a Region that is not enabled refuses
// them just as it refuses wrong ones. The fault's sentence is then about the Region.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
func (c *Cloud) blameRegion(ctx context.Context, e *entry, credentials aws.CredentialsProvider, fault *RequestError) {
	e.refused.Do(func() {
		home := c.otherRegion(e.region)
		if home == "" {
			return
		}
		config := c.base.Copy()
		config.Credentials = credentials
		if _, err := getCaller(ctx, config, home); err == nil {
			e.accepted = home
		}
	})
	if e.accepted != "" {
		fault.Sentence = fmt.Sprintf("%s does not accept credentials that %s accepts: enable %s for the account, or use another Region; a session token of STS's global endpoint is not valid in such a Region either",
			e.region, e.accepted, e.region)
	}
}

// otherRegion is a Region of the same partition that is enabled in every account, or that AWS's configuration names; ""
// where there is no other.
func (c *Cloud) otherRegion(region string) string {
	partition, _ := facts.PartitionOfRegion(region)
	for _, other := range []string{c.base.Region, map[string]string{"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}[partition]} {
		if in, ok := facts.PartitionOfRegion(other); ok && in == partition && other != region {
			return other
		}
	}
	return ""
}

// callerARN spells a user as policies name one: servers that are not AWS answer arn:aws:sts::ACCOUNT:user/NAME, and STS
// itself of arn:aws:iam::ACCOUNT:user/NAME.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func callerARN(text string) string {
	if arn, ok := policy.ParseARN(text); ok && arn.Service == "sts" && strings.HasPrefix(arn.Resource, "user/") {
		arn.Service = "iam"
		return arn.String()
	}
	return text
}
