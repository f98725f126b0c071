package push

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	smithymiddleware "github.com/aws/smithy-go/middleware"
)

// Audit is what says later who applied what. Its run id is in the name of the sessions of roles and in the user agent, so
// that an event of CloudTrail leads to the journal.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
type Audit struct {
	Run     string   `json:"run"`
	Time    string   `json:"time"`             // RFC 3339, UTC
	Version string   `json:"version"`          // of keypolicy
	Commit  string   `json:"commit,omitempty"` // that is checked out in the working folder
	Callers []string `json:"callers"`          // ARNs of who signed the requests
}

// newRun is the id of a run: its time, and something by chance.
func newRun(clock Clock) (string, error) {
	var salt [3]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return "", err
	}
	return clock.Now().UTC().Format("20060102T150405.000Z") + "-" + hex.EncodeToString(salt[:]), nil
}

// Audit describes a run that has planned items.
func (c *Cloud) Audit(items []*Item) Audit {
	a := Audit{Run: c.run, Time: c.began.UTC().Format(time.RFC3339), Version: c.options.Version, Commit: c.options.Commit, Callers: []string{}}
	for _, it := range items {
		if it.Caller != "" {
			a.Callers = append(a.Callers, it.Caller)
		}
	}
	slices.Sort(a.Callers)
	a.Callers = slices.Compact(a.Callers)
	return a
}

// Role is a role that leads into an account.
type Role struct {
	ARN        string
	ExternalID string
	Tags       map[string]string
	Duration   time.Duration // 0 is STS's default
}

// check says what STS would refuse.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (r Role) check() error {
	if r.Duration != 0 && (r.Duration < 15*time.Minute || r.Duration > 12*time.Hour) {
		return fmt.Errorf("the duration of the role `%s` is %s: write 15m to 12h", r.ARN, r.Duration)
	}
	return nil
}

// assuming gives the credentials of a role, asked of STS in a Region by an HTTP client.
func (c *Cloud) assuming(r Role, region string, http aws.HTTPClient) aws.CredentialsProvider {
	client := sts.NewFromConfig(c.base, func(o *sts.Options) { o.Region, o.HTTPClient = region, http })
	return aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(client, r.ARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "keypolicy-" + c.run
		o.Duration = r.Duration
		if r.ExternalID != "" {
			o.ExternalID = &r.ExternalID
		}
		for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
			o.Tags = append(o.Tags, types.Tag{Key: aws.String(key), Value: aws.String(r.Tags[key])})
		}
	}))
}

// signedAs puts keypolicy's version and the run's id into the user agent.
func signedAs(version, run string) []func(*smithymiddleware.Stack) error {
	return []func(*smithymiddleware.Stack) error{
		middleware.AddUserAgentKeyValue("keypolicy", version),
		middleware.AddUserAgentKeyValue("keypolicy-run", run),
	}
}
