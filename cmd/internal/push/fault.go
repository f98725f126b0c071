package push

import (
	"errors"
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// errNoRegion ends what no Region is known for.
var errNoRegion = errors.New("no Region is known for the key: write `region` in the spec or in .keypolicy.yaml, or set AWS_REGION")

// effect says what is known of a request that failed.
type effect int

const (
	effectNone    effect = iota // it was refused, and will be again
	effectLater                 // it was refused, and the same request can succeed later
	effectUnknown               // it may have been carried out
)

// RequestError is a request that failed, as a sentence for the user.
type RequestError struct {
	Sentence string
	Code     string // AWS's name of the error; "" where there was no answer
	effect   effect

	noAnswer          bool // the service is out of reach
	credentials       bool // there are no credentials to ask with
	invalidToken      bool // the credentials are not accepted
	accessDenied      bool
	invalidPrincipals bool // KMS refuses the policy for a principal that it does not know
	nonsense          bool // the answer is none of the service's
}

// Error gives the sentence. Nothing that AWS's SDK says is in it unread: a refused signature comes with parts of the request.
func (f *RequestError) Error() string { return f.Sentence }

type request struct{ service, operation, region, key string }

func (r request) name() string {
	if r.service == "KMS" {
		return "kms:" + r.operation
	}
	return "sts:" + r.operation
}

func (r request) place() string { return r.service + " in " + r.region }

// on says which key a sentence is about.
func (r request) on() string {
	if r.key == "" {
		return ""
	}
	return " on `" + r.key + "`"
}

// answeredNonsense is the sentence for an answer that the service would not give.
func (r request) answeredNonsense() string {
	return fmt.Sprintf("what answered %s is not %s: check AWS_ENDPOINT_URL and the proxy", r.name(), r.place())
}

// nonsense is the fault of an answer without what it has to have.
func (r request) nonsense() *RequestError {
	return &RequestError{Sentence: r.answeredNonsense(), nonsense: true}
}

// unreadable says that no read will succeed with these credentials, however long it is tried.
func (f *RequestError) unreadable() bool {
	return f.accessDenied || f.invalidToken || f.credentials || isExpired(f.Code)
}

func isExpired(code string) bool {
	return code == "ExpiredTokenException" || code == "ExpiredToken" || code == "RequestExpired"
}

func isThrottling(code string) bool {
	switch code {
	case facts.ThrottlingError(), "Throttling", "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException", "SlowDown":
		return true
	}
	return false
}
