package kmstest

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
)

// Key is a key of our server.
type Key struct {
	ARN, Account, Region, Policy, State, Spec, Usage, Manager string
	Aliases                                                   []string
	Grants                                                    []string // the grantees'
	Primary                                                   string   // of a multi-Region key: the primary's ARN, "" for its own
	Replicas                                                  []string // their ARNs
}

// Call is a request that a server has had.
type Call struct {
	Operation, Key, Region string
	Agent                  string     // the user agent
	Form                   url.Values // of STS
}

// Server answers as KMS and STS do, by what is known of them in compiler/facts. It also checks what moto does not: the
// policy's text, its principals, its size, and that the caller can change it again.
type Server struct {
	URL string
	// Callers are the ARNs of callers by their access keys; one that is not there has bad credentials.
	Callers map[string]string
	// Missing are principals that do not exist.
	Missing []string
	// Young are principals that were made a moment ago, with how many puts are refused before each is known.
	Young map[string]int
	// Answers are what is answered to an operation, such as "DescribeKey", in place of what it does: nonsense, or a refusal.
	Answers map[string]Answer
	// Disabled are Regions that are not enabled: they accept no credentials.
	Disabled []string
	// Denied are actions that no caller may do; Allowed are the only ones, where it is not nil.
	Denied, Allowed []string
	// Steady gives principals in the order in which they were put, and stores sessions as sessions. Otherwise each read
	// gives them in another order, and sessions are stored as their roles, of RolePath.
	Steady   bool
	RolePath string

	mu    sync.Mutex
	keys  map[string]*Key
	calls []Call
	reads map[string]int // of policies, by key
}

// The access key that a new server knows, and who it is of.
const (
	AccessKey = "AKIAIOSFODNN7EXAMPLE"
	Secret    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" // AWS's own example
	Deployer  = "arn:aws:iam::" + Account + ":role/deployer"
)

// NewServer starts a server without keys.
func NewServer(t testing.TB) *Server {
	t.Helper()
	s := &Server{keys: map[string]*Key{}, reads: map[string]int{}, Callers: map[string]string{
		AccessKey: "arn:aws:sts::" + Account + ":assumed-role/deployer/pipeline",
	}}
	listener := httptest.NewServer(s)
	t.Cleanup(listener.Close)
	s.URL = listener.URL
	return s
}

// DefaultPolicy is what KMS gives a new key.
func DefaultPolicy(account string) string {
	return `{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` +
		account + `:root"},"Action":"kms:*","Resource":"*"}]}`
}

// Add adds a key; what is not given is as in a new key. Its ARN is given back.
func (s *Server) Add(k Key) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	fill(&k.Account, Account)
	fill(&k.Region, "eu-central-1")
	fill(&k.ARN, fmt.Sprintf("arn:aws:kms:%s:%s:key/1234abcd-12ab-34cd-56ef-%012d", k.Region, k.Account, len(s.keys)+1))
	fill(&k.Policy, DefaultPolicy(k.Account))
	fill(&k.State, "Enabled")
	fill(&k.Spec, "SYMMETRIC_DEFAULT")
	fill(&k.Usage, "ENCRYPT_DECRYPT")
	fill(&k.Manager, "CUSTOMER")
	s.keys[k.ARN] = &k
	return k.ARN
}

// Policy is a key's policy.
func (s *Server) Policy(arn string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[arn].Policy
}

// SetPolicy puts a policy as another writer does.
func (s *Server) SetPolicy(arn, policy string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[arn].Policy = policy
}

// TakeAliases takes a key's aliases away.
func (s *Server) TakeAliases(arn string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[arn].Aliases = nil
}

// Calls are the requests so far.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Count counts the requests of an operation so far.
func (s *Server) Count(operation string) int {
	n := 0
	for _, c := range s.Calls() {
		if c.Operation == operation {
			n++
		}
	}
	return n
}
