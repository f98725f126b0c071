package push

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// explain makes a sentence of the SDK's error.
func explain(err error, r request) *RequestError {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return explainAnswer(err, api, r)
	}
	f := &RequestError{effect: effectUnknown, noAnswer: true}
	var dns *net.DNSError
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	var silent *silentError
	var nonsense *smithy.DeserializationError
	switch {
	case errors.As(err, &silent):
		f.effect = effectLater
		f.Sentence = r.place() + " does not answer, and is not called for now: check the network and try again"
	case errors.Is(err, errAnswerTooLong):
		f.noAnswer, f.nonsense = false, true
		f.Sentence = fmt.Sprintf("%s answered %s with more than %d MB: check AWS_ENDPOINT_URL and the proxy", r.place(), r.name(), longestAnswer>>20)
	case errors.As(err, &nonsense):
		f.noAnswer, f.nonsense = false, true
		f.Sentence = r.answeredNonsense()
	case errors.Is(err, context.Canceled):
		f.Sentence = "interrupted while " + r.name() + " was asked"
	case isTimeout(err):
		f.Sentence = fmt.Sprintf("%s did not answer %s in time: check the network and try again", r.place(), r.name())
	case errors.As(err, &dns):
		f.Sentence = fmt.Sprintf("%s is out of reach, as its name `%s` is not found: check the Region's name, the network and the proxy", r.place(), dns.Name)
	case errors.As(err, &op) && op.Op == "dial":
		f.Sentence = r.place() + " is out of reach: check the network, the proxy and AWS_ENDPOINT_URL"
	case errors.As(err, &certificate):
		f.Sentence = fmt.Sprintf("the certificate of %s is not trusted: check the proxy, and AWS_CA_BUNDLE", r.place())
	case isCredentials(err):
		return credentialsFault(err, request{service: "STS", operation: "AssumeRole", region: r.region}, "")
	default:
		f.Sentence = fmt.Sprintf("%s closed the connection during %s: try again", r.place(), r.name())
	}
	return f
}

func isTimeout(err error) bool {
	var late *awshttp.ResponseTimeoutError
	var timeout net.Error
	return errors.As(err, &late) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// isCredentials: the SDK has no type for it, the step of signing fails before anything is sent.
func isCredentials(err error) bool {
	return strings.Contains(err.Error(), "get identity") || strings.Contains(err.Error(), "refresh cached credentials")
}

// explainAnswer makes a sentence of what AWS answered.
func explainAnswer(err error, api smithy.APIError, r request) *RequestError {
	f := &RequestError{Code: short(api.ErrorCode(), 100)}
	status := 0
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		status = response.HTTPStatusCode()
	}
	known, ours := facts.LookupAPIError(f.Code)
	switch {
	case isThrottling(f.Code):
		f.effect = effectLater
		f.Sentence = fmt.Sprintf("%s has too many requests of %s at the moment: try again later", r.place(), r.name())
	case ours && known.Retryable || status >= http.StatusInternalServerError:
		f.effect = effectUnknown
		f.Sentence = fmt.Sprintf("%s failed in %s with %s: try again", r.place(), r.name(), f.Code)
	default:
		f.Sentence = refusal(f.Code, api.ErrorMessage(), r)
		f.invalidToken = isInvalidToken(f.Code)
		f.accessDenied = isAccessDenied(f.Code)
		f.invalidPrincipals = f.Code == "MalformedPolicyDocumentException" && strings.Contains(api.ErrorMessage(), invalidPrincipals)
	}
	return f
}

func isAccessDenied(code string) bool {
	return code == "AccessDeniedException" || code == "AccessDenied"
}

// isInvalidToken: the credentials are wrong, or they are not known in this Region.
func isInvalidToken(code string) bool {
	switch code {
	case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure":
		return true
	}
	return false
}

// refusal is the sentence for an answer that stays the same however often it is asked for.
func refusal(code, message string, r request) string {
	switch code {
	case "NotFoundException":
		if strings.Contains(r.key, "alias/") {
			return fmt.Sprintf("there is no alias `%s` in %s of this account: check the name, the Region and the account", r.key, r.region)
		}
		return fmt.Sprintf("there is no key `%s` in %s of this account: check the id, the Region and the account", r.key, r.region)
	case "InvalidArnException":
		return fmt.Sprintf("KMS does not accept `%s` as a key of %s: check the ARN, its Region and its account", r.key, r.region)
	case "AccessDeniedException", "AccessDenied":
		return denied(message, r)
	case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken", "AuthFailure":
		return "AWS does not accept the credentials: check AWS_PROFILE, or the access key and its secret, and the clock"
	case "ExpiredTokenException", "ExpiredToken", "RequestExpired":
		return "the credentials have expired: sign in again"
	case "RegionDisabledException":
		return fmt.Sprintf("STS is not active in %s for the account: enable the Region, or use another", r.region)
	case "OptInRequired", "InvalidRegionException":
		return fmt.Sprintf("the account has no access to %s: enable the Region, or use another", r.region)
	case "KMSInvalidStateException", "LimitExceededException", "UnsupportedOperationException":
		return fmt.Sprintf("KMS refuses %s%s with %s: %s", r.name(), r.on(), code, ours(message))
	case "MalformedPolicyDocumentException":
		return malformed(message)
	default:
		return fmt.Sprintf("%s refuses %s%s with %s", r.service, r.name(), r.on(), code)
	}
}

// invalidPrincipals is in KMS's message where it does not know a principal. It does not say which.
const invalidPrincipals = "invalid principals"

func malformed(message string) string {
	switch message = ours(message); {
	case strings.Contains(message, "will not allow you to update the key policy"):
		return "KMS refuses the policy, as the caller could not change it again: give the caller kms:PutKeyPolicy in it, or apply as a principal that has it"
	case strings.Contains(message, invalidPrincipals):
		return "KMS refuses the policy, as it names a principal that does not exist: check names and paths of users and roles, or make them first"
	default:
		return "KMS refuses the policy: " + message
	}
}

// ours makes AWS's own words the end of a sentence of ours.
func ours(message string) string {
	message = short(strings.TrimRight(strings.Join(strings.Fields(message), " "), "."), 500)
	if message == "" {
		return "it gives no reason"
	}
	return message
}

func short(text string, most int) string {
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// credentialsFault says why there are no credentials, and where to get some. The SDK's text may hold what an account's
// credential process printed, so none of it is shown.
func credentialsFault(err error, r request, role string) *RequestError {
	f := &RequestError{effect: effectNone, credentials: true}
	var api smithy.APIError
	isAnswer := errors.As(err, &api)
	if isAnswer && role != "" {
		r.key = role
	}
	switch text := err.Error(); {
	case errors.Is(err, context.Canceled):
		f.Sentence = "interrupted while credentials were looked for"
	case strings.Contains(text, "operation error SSO"):
		f.Sentence = signInAgain
	case isAnswer:
		answer := explainAnswer(err, api, r)
		f.Code, f.Sentence, f.effect, f.invalidToken = answer.Code, answer.Sentence, answer.effect, answer.invalidToken
		if role != "" && answer.accessDenied && strings.HasSuffix(f.Sentence, generalAdvice) {
			f.Sentence = fmt.Sprintf("the role `%s` may not be assumed: allow sts:AssumeRole to the caller, and the caller in the role's trust policy", role)
		}
	case strings.Contains(text, "SSO") || strings.Contains(text, "sso"):
		f.Sentence = signInAgain
	case isTimeout(err) && role != "":
		f.effect, f.noAnswer = effectUnknown, true
		f.Sentence = fmt.Sprintf("STS did not answer when the role `%s` was to be assumed: check the network and try again", role)
	case role != "" && !strings.Contains(text, "get identity"): // those that the role is assumed with were there
		f.effect, f.noAnswer = effectUnknown, true
		f.Sentence = fmt.Sprintf("STS is out of reach, so the role `%s` could not be assumed: check the network, the proxy and AWS_ENDPOINT_URL", role)
	default:
		f.Sentence = "no AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where there is a role"
	}
	return f
}

const signInAgain = "the sign-in of AWS's IAM Identity Center has expired or is missing: run `aws sso login`"

// configurationFault says what is wrong with AWS's configuration.
func configurationFault(err error) string {
	if profile, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return fmt.Sprintf("there is no profile `%s`, check AWS_PROFILE and ~/.aws/config", profile.Profile)
	}
	return "check ~/.aws/config, ~/.aws/credentials and the variables AWS_*"
}
