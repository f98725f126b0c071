package kmstest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

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
			text = reordered(text, s.reads[key.ARN])
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

// find looks a key up as an operation does: only DescribeKey takes aliases, and other accounts' keys.
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
