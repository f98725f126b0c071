package kmstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
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
	// Denied are actions that nobody may do; Allowed are the only ones, where it is not nil.
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
	Secret    = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" //nolint:gosec // AWS's own example
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

// scope is the credential's scope of a signature: the access key, the date and the Region.
var scope = regexp.MustCompile(`Credential=([^/]+)/[0-9]{8}/([^/]+)/`)

// Answer is an answer that is given as it stands.
type Answer struct {
	Status int // 0 is 200
	Body   string
	Size   int // of an answer that is padded to this many bytes
}

// Refusal is the answer of an error of KMS.
func Refusal(code, message string) Answer {
	body, _ := json.Marshal(map[string]string{"__type": code, "message": message})
	return Answer{Status: http.StatusBadRequest, Body: string(body)}
}

func (a Answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(max(a.Status, http.StatusOK))
	_, _ = io.WriteString(w, a.Body)
	padding := bytes.Repeat([]byte(" "), 1<<16)
	for n := a.Size - len(a.Body); n > 0; n -= len(padding) {
		if _, err := w.Write(padding); err != nil {
			return
		}
	}
}

// refused is an error of AWS.
type refused struct {
	status        int
	code, message string
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	found := scope.FindStringSubmatch(r.Header.Get("Authorization"))
	if found == nil {
		http.Error(w, "no signature", http.StatusForbidden)
		return
	}
	s.mu.Lock()
	caller, known := s.Callers[found[1]]
	s.mu.Unlock()
	known = known && !slices.Contains(s.Disabled, found[2])
	if operation, ok := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "TrentService."); ok {
		in := map[string]any{}
		_ = json.Unmarshal(body, &in)
		if a, ok := s.answer(operation, found[2], in); ok {
			a.write(w)
			return
		}
		out, fault := map[string]any(nil), refused{}
		if !known {
			fault = refused{http.StatusBadRequest, "UnrecognizedClientException", "The security token included in the request is invalid."}
		} else {
			out, fault = s.kms(operation, found[2], r.UserAgent(), caller, in)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		if fault.code != "" {
			w.WriteHeader(fault.status)
			out = map[string]any{"__type": fault.code, "message": fault.message}
		}
		_ = json.NewEncoder(w).Encode(out)
		return
	}
	form, _ := url.ParseQuery(string(body))
	if a, ok := s.answer(form.Get("Action"), found[2], nil); ok {
		a.write(w)
		return
	}
	s.sts(w, form, found[2], r.UserAgent(), caller, known)
}

// answer is what is answered in place of what an operation does.
func (s *Server) answer(operation, region string, in map[string]any) (Answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, _ := in["KeyId"].(string)
	a, ok := s.Answers[operation]
	if forKey, is := s.Answers[operation+" "+name]; is {
		a, ok = forKey, true
	}
	if ok {
		s.calls = append(s.calls, Call{Operation: operation, Key: name, Region: region})
	}
	return a, ok
}

// AnswerFor sets what is answered to an operation on a key, as requests name it, from now on.
func (s *Server) AnswerFor(operation, key string, a Answer) { s.Answer(operation+" "+key, a) }

// Answer sets what is answered to an operation from now on.
func (s *Server) Answer(operation string, a Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Answers == nil {
		s.Answers = map[string]Answer{}
	}
	s.Answers[operation] = a
}

func (s *Server) sts(w http.ResponseWriter, form url.Values, region, agent, caller string, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	operation := form.Get("Action")
	s.calls = append(s.calls, Call{Operation: operation, Key: form.Get("RoleArn"), Region: region, Agent: agent, Form: form})
	w.Header().Set("Content-Type", "text/xml")
	fail := func(status int, code, message string) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, code, message)
	}
	switch arn, _ := policy.ParseARN(caller); {
	case !known:
		fail(http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
	case operation == "GetCallerIdentity":
		_, _ = fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>%s</Arn><UserId>AIDA</UserId><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
			caller, arn.Account)
	case operation == "AssumeRole" && s.denies("sts:AssumeRole"):
		fail(http.StatusForbidden, "AccessDenied", "User is not authorized to perform: sts:AssumeRole")
	case operation == "AssumeRole":
		role := form.Get("RoleArn")
		arn, _ := policy.ParseARN(role)
		id := "ASIA" + arn.Account
		s.Callers[id] = "arn:aws:sts::" + arn.Account + ":assumed-role/" + strings.TrimPrefix(arn.Resource, "role/") + "/" + form.Get("RoleSessionName")
		_, _ = fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
			id, Secret, "TOKEN-OF-"+arn.Account)
	default:
		fail(http.StatusBadRequest, "InvalidAction", operation)
	}
}

func (s *Server) denies(action string) bool {
	return slices.Contains(s.Denied, action) || s.Allowed != nil && !slices.Contains(s.Allowed, action)
}

func (s *Server) kms(operation, region, agent, caller string, in map[string]any) (map[string]any, refused) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, _ := in["KeyId"].(string)
	s.calls = append(s.calls, Call{Operation: operation, Key: name, Region: region, Agent: agent})
	account := ""
	if arn, ok := policy.ParseARN(caller); ok {
		account = arn.Account
	}
	if s.denies("kms:" + operation) {
		return nil, refused{http.StatusBadRequest, "AccessDeniedException", "User: " + caller + " is not authorized to perform: kms:" + operation}
	}
	switch operation {
	case "ListKeys":
		return s.listKeys(account, region, in)
	case "ListAliases":
		return s.listAliases(account, region), refused{}
	}
	key := s.find(name, account, region, operation == "DescribeKey")
	if key == nil {
		return nil, refused{http.StatusBadRequest, "NotFoundException", "Key '" + name + "' does not exist"}
	}
	switch operation {
	case "DescribeKey":
		id := key.ARN[strings.LastIndexByte(key.ARN, '/')+1:]
		metadata := map[string]any{
			"Arn": key.ARN, "KeyId": id, "AWSAccountId": key.Account, "KeyState": key.State, "KeySpec": key.Spec, "KeyUsage": key.Usage,
			"Origin": "AWS_KMS", "KeyManager": key.Manager, "MultiRegion": strings.HasPrefix(id, "mrk-"),
		}
		if len(key.Replicas) > 0 {
			metadata["MultiRegionConfiguration"] = key.multiRegion()
		}
		return map[string]any{"KeyMetadata": metadata}, refused{}
	case "GetKeyPolicy":
		text := key.Policy
		if !s.Steady {
			s.reads[key.ARN]++
			text = Reordered(text, s.reads[key.ARN])
		}
		return map[string]any{"Policy": text, "PolicyName": "default"}, refused{}
	case "ListGrants":
		return listGrants(key, in), refused{}
	case "PutKeyPolicy":
		return s.put(key, caller, in)
	}
	return nil, refused{http.StatusBadRequest, "UnknownOperationException", operation}
}

// multiRegion is what DescribeKey says of a multi-Region key.
func (k *Key) multiRegion() map[string]any {
	kind, primary := "PRIMARY", k.ARN
	if k.Primary != "" {
		kind, primary = "REPLICA", k.Primary
	}
	var replicas []map[string]any
	for _, arn := range k.Replicas {
		replicas = append(replicas, map[string]any{"Arn": arn, "Region": strings.Split(arn, ":")[3]})
	}
	return map[string]any{"MultiRegionKeyType": kind, "PrimaryKey": map[string]any{"Arn": primary, "Region": strings.Split(primary, ":")[3]}, "ReplicaKeys": replicas}
}

// find looks a key up as an operation does: DescribeKey alone takes aliases, and other accounts' keys.
func (s *Server) find(name, account, region string, aliases bool) *Key {
	for _, arn := range slices.Sorted(maps.Keys(s.keys)) {
		k := s.keys[arn]
		if k.Region != region {
			continue
		}
		id := arn[strings.LastIndexByte(arn, '/')+1:]
		if name == arn && (aliases || k.Account == account) || name == id && k.Account == account {
			return k
		}
		for _, alias := range k.Aliases {
			if aliases && (name == alias && k.Account == account || name == "arn:aws:kms:"+region+":"+k.Account+":"+alias) {
				return k
			}
		}
	}
	return nil
}

// put checks and puts a policy.
func (s *Server) put(key *Key, caller string, in map[string]any) (map[string]any, refused) {
	text, _ := in["Policy"].(string)
	if _, bypass := in["BypassPolicyLockoutSafetyCheck"]; bypass {
		return nil, refused{http.StatusBadRequest, "ValidationException", "the bypass is not for us"}
	}
	malformed := func(message string) (map[string]any, refused) {
		return nil, refused{http.StatusBadRequest, "MalformedPolicyDocumentException", message}
	}
	switch {
	case key.Manager == "AWS":
		return nil, refused{http.StatusBadRequest, "UnsupportedOperationException", "AWS managed key"}
	case len(text) > facts.PolicyMaxBytes():
		return nil, refused{http.StatusBadRequest, "LimitExceededException", "Policy size limit exceeded"}
	case !utf8.ValidString(text):
		return malformed("Policy is not UTF-8")
	}
	file, found := source.Load("policy.json", []byte(text), source.DefaultLimits)
	if found.HasErrors() || len(file.Documents) != 1 || file.Documents[0].Root == nil {
		return malformed("This policy contains invalid Json")
	}
	doc := policy.Read(file.Documents[0].Root)
	for _, st := range doc.Statements {
		for _, p := range st.Principals {
			if s.Young[p.Text] > 0 {
				s.Young[p.Text]--
				return malformed(facts.InvalidPrincipalRefusal().Message)
			}
			if p.Kind == policy.UniqueID || p.HasWildcard() || slices.Contains(s.Missing, p.Text) {
				return malformed(facts.InvalidPrincipalRefusal().Message)
			}
		}
	}
	decided, err := access.Simulate(doc, access.Env{Account: key.Account, Partition: "aws", Region: key.Region}, access.Request{Principal: caller, Action: "kms:PutKeyPolicy"})
	if err != nil || decided.Decision != access.Allowed && decided.Decision != access.NeedsIdentityPolicy {
		return malformed(facts.LockoutRefusal().Message)
	}
	if !s.Steady {
		text = storedAsRoles(text, s.RolePath)
	}
	key.Policy = text
	return map[string]any{}, refused{}
}

// page is how many of a list our server gives at once.
const page = 2

func (s *Server) listKeys(account, region string, in map[string]any) (map[string]any, refused) {
	var list []map[string]any
	for _, arn := range slices.Sorted(maps.Keys(s.keys)) {
		if k := s.keys[arn]; k.Account == account && k.Region == region {
			list = append(list, map[string]any{"KeyArn": arn, "KeyId": arn[strings.LastIndexByte(arn, '/')+1:]})
		}
	}
	return paged("Keys", list, in), refused{}
}

func (s *Server) listAliases(account, region string) map[string]any {
	list := []map[string]any{{"AliasName": "alias/aws/s3"}}
	for _, arn := range slices.Sorted(maps.Keys(s.keys)) {
		if k := s.keys[arn]; k.Account == account && k.Region == region {
			for _, alias := range k.Aliases {
				list = append(list, map[string]any{"AliasName": alias, "TargetKeyId": arn[strings.LastIndexByte(arn, '/')+1:]})
			}
		}
	}
	return map[string]any{"Aliases": list}
}

func listGrants(key *Key, in map[string]any) map[string]any {
	var list []map[string]any
	for i, grantee := range key.Grants {
		list = append(list, map[string]any{"GrantId": fmt.Sprintf("grant-%d", i+1), "GranteePrincipal": grantee, "KeyId": key.ARN})
	}
	return paged("Grants", list, in)
}

func paged(field string, list []map[string]any, in map[string]any) map[string]any {
	from := 0
	if marker, ok := in["Marker"].(string); ok {
		_, _ = fmt.Sscanf(marker, "from-%d", &from)
	}
	to := min(from+page, len(list))
	out := map[string]any{field: list[from:to], "Truncated": to < len(list)}
	if to < len(list) {
		out["NextMarker"] = fmt.Sprintf("from-%d", to)
	}
	return out
}
