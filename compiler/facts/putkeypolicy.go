package facts

import (
	"slices"
	"strings"
)

// Operation is an operation of the KMS API that reads or writes key policies.
type Operation struct {
	Name string `json:"name"`
	// Target is the value of the header X-Amz-Target.
	Target string `json:"x_amz_target"`
	// Input are the parameters.
	Input []Parameter `json:"input"`
	// Output are the names of the fields of the answer.
	Output []string `json:"output_fields"`
	// Errors are the names of the errors that the API's model lists.
	Errors []string `json:"errors"`
	// Idempotent is what the API's model says.
	Idempotent bool `json:"idempotent"`
	// RequestsPerSecond is the default quota, shared by an account's keys in a Region.
	RequestsPerSecond int `json:"requests_per_second_default"`
	// Permission says which action the caller needs.
	Permission string `json:"permission"`
	// CrossAccount is true where the key can be another account's.
	CrossAccount bool `json:"cross_account"`
	// AcceptsAlias is true where the key can be named by an alias.
	AcceptsAlias bool `json:"accepts_alias"`
	// Notes are sentences for people.
	Notes []string `json:"notes"`
}

// Parameter is a parameter of an operation, with the limits of the API's model; Max 0 means that there is none.
type Parameter struct {
	Name       string   `json:"name"`
	Type       string   `json:"type"`
	Required   bool     `json:"required"`
	Min        int      `json:"min"`
	Max        int      `json:"max"`
	Pattern    string   `json:"pattern"`
	Enum       []string `json:"enum"`
	Deprecated bool     `json:"deprecated"`
}

// APIError is an error that KMS answers with.
type APIError struct {
	Name string `json:"name"`
	// Retryable is true where the same request can succeed later.
	Retryable bool   `json:"retryable"`
	Meaning   string `json:"meaning"`
}

// Refusal is how KMS refuses a policy: the error, a message that has been seen, and causes.
type Refusal struct {
	Error   string   `json:"error"`
	Message string   `json:"message_seen"`
	Causes  []string `json:"causes_reported"`
}

// DocumentRule is something that KMS demands of a policy or does with it.
type DocumentRule struct {
	ID    string `json:"id"`
	Rule  string `json:"rule"`
	Level string `json:"level"`
}

type putKeyPolicyData struct {
	Date       string      `json:"date"`
	Operations []Operation `json:"operations"`
	Errors     []APIError  `json:"errors"`
	Limits     struct {
		MaxBytes      int `json:"policy_max_bytes"`
		MaxModelChars int `json:"policy_max_api_model_chars"`
	} `json:"limits"`
	PolicyName struct {
		Default string `json:"default"`
	} `json:"policy_name"`
	Charset struct {
		Pattern string `json:"api_pattern"`
	} `json:"charset"`
	Lockout struct {
		Failure Refusal `json:"failure"`
	} `json:"lockout_safety_check"`
	Rules             []DocumentRule  `json:"document_rules"`
	Principals        []PrincipalForm `json:"principals"`
	InvalidPrincipals Refusal         `json:"invalid_principal_error"`
	UniqueIDs         struct {
		Prefixes  map[string]string `json:"prefixes"`
		MinLength int               `json:"min_length_after_prefix"`
	} `json:"unique_ids"`
	Quotas struct {
		Defaults        map[string]int `json:"defaults"`
		ThrottlingError string         `json:"throttling_error"`
	} `json:"request_quotas_per_second"`
	Partitions []Partition `json:"partitions"`
}

var putKeyPolicyFile = lazy[putKeyPolicyData]("putkeypolicy.json")

// PolicyMaxBytes returns how long a key policy may be, in bytes. Whether KMS counts white space is not documented.
// https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
func PolicyMaxBytes() int {
	return putKeyPolicyFile().Limits.MaxBytes
}

// PolicyName returns the only name that a key policy can have.
func PolicyName() string {
	return putKeyPolicyFile().PolicyName.Default
}

// AllowedRune reports whether a key policy may hold a character: tab, line feed, carriage return, printable ASCII and the
// printable part of Latin-1. The API's own pattern also takes the controls U+007F to U+009F, which its guide does not.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
func AllowedRune(r rune) bool {
	switch r {
	case '\t', '\n', '\r':
		return true
	default:
		return r >= ' ' && r <= '~' || r >= 0xA0 && r <= 0xFF
	}
}

// UniqueIDOf returns what a unique id of IAM, such as AIDACKCEVSQ6C2EXAMPLE, is of: "IAM user", "IAM role" or another entity; "" where
// the text does not look like one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func UniqueIDOf(text string) string {
	ids := &putKeyPolicyFile().UniqueIDs
	for prefix, of := range ids.Prefixes {
		rest, ok := strings.CutPrefix(text, prefix)
		if ok && len(rest) >= ids.MinLength && strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" {
			return of
		}
	}
	return ""
}

// RequestRate returns the default quota of an operation, in requests a second of an account in a Region.
// https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
func RequestRate(operation string) (int, bool) {
	rate, ok := putKeyPolicyFile().Quotas.Defaults[operation]
	return rate, ok
}

// ThrottlingError returns the name of the error for too many requests. It is in no operation's list.
func ThrottlingError() string {
	return putKeyPolicyFile().Quotas.ThrottlingError
}

// LookupAPIError finds an error by its name.
func LookupAPIError(name string) (APIError, bool) {
	errors := putKeyPolicyFile().Errors
	i := slices.IndexFunc(errors, func(e APIError) bool { return e.Name == name })
	if i < 0 {
		return APIError{}, false
	}
	return errors[i], true
}

// LockoutRefusal returns how KMS refuses a policy that would not let its caller change it again.
func LockoutRefusal() Refusal {
	return putKeyPolicyFile().Lockout.Failure
}

// InvalidPrincipalRefusal returns how KMS refuses a policy with a principal that it does not find.
func InvalidPrincipalRefusal() Refusal {
	return putKeyPolicyFile().InvalidPrincipals
}
