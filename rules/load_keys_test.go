package rules

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

const keysFile = "lib/keys.rego"

// keySets are the sets of condition keys that rules ask for, by what the keys say of a request.
var keySets = []struct {
	name, comment string
	lower         bool
	has           func(s facts.Says) bool
}{
	{"caller_keys", "say who or where a caller is, in lower case.", true, func(s facts.Says) bool {
		return s == facts.CallerAccount || s == facts.CallerARN || s == facts.CallerID || ofCallersOrganization(s) || s == facts.NetworkAddress || s.OfEndpoint()
	}},
	{"source_keys", "say for whom a service acts, in lower case.", true, facts.Says.OfSource},
	{"wrong_service_keys", "are those that people take for source_keys, in lower case: services send none, or one of their own.", true, func(s facts.Says) bool {
		return s == facts.RequestReferer || s == facts.RequestUserAgent || s == facts.NetworkAddress || s == facts.CallerAccount
	}},
	{"organization_id_keys", "have the id of an organization, in lower case.", true, facts.Says.IsOrganization},
	{"organization_path_keys", "have paths of organizations, in lower case.", true, facts.Says.IsOrganizationPath},
	{"account_keys", "say of which account a caller is.", false, func(s facts.Says) bool { return s == facts.CallerAccount }},
	{"organization_keys", "say of which organization a caller is.", false, ofCallersOrganization},
	{"caller_arn_keys", "say which user or role a caller is, by ARN.", false, func(s facts.Says) bool { return s == facts.CallerARN }},
	{"source_account_keys", "say for which account a service acts, or for what of it.", false, func(s facts.Says) bool { return s == facts.SourceAccount || s == facts.SourceARN }},
	{"source_organization_keys", "say for which organization a service acts.", false, func(s facts.Says) bool {
		return s == facts.SourceOrganization || s == facts.SourceOrganizationPath
	}},
	{"endpoint_organization_keys", "say of which organization a VPC endpoint is.", false, func(s facts.Says) bool {
		return s == facts.EndpointOrganization || s == facts.EndpointOrganizationPath
	}},
	{"origin_account_keys", "say of which account the VPC endpoint is, or the compute resource, that a request comes from.", false, func(s facts.Says) bool {
		return s == facts.EndpointAccount || s == facts.EndpointVPCARN || s == facts.ComputeARN
	}},
	{"caller_id_keys", "say which caller it is, by a unique id: of a root user and a federated user it begins with the account.", false, func(s facts.Says) bool { return s == facts.CallerID }},
	{"grant_bounds", "limit what grants may be made. https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#grant-authorization", false, func(s facts.Says) bool { return strings.HasPrefix(string(s), "grant.") }},
	{"grant_operation_keys", "say which operations a grant allows.", false, func(s facts.Says) bool { return s == facts.GrantOperations }},
	{"grantee_keys", "say to whom a grant is made, by ARN.", false, func(s facts.Says) bool { return s == facts.GrantGrantee }},
	{"aws_grant_keys", "say whether an AWS service makes the grant.", false, func(s facts.Says) bool { return s == facts.GrantForAWSResource }},
	{"alias_keys", "say which aliases the key has, or which of them a request names.", false, func(s facts.Says) bool { return s == facts.ResourceAlias || s == facts.RequestAlias }},
}

func ofCallersOrganization(s facts.Says) bool {
	return s == facts.CallerOrganization || s == facts.CallerOrganizationPath
}

// writeKeySets writes the library's sets of condition keys from the facts.
func writeKeySets() string {
	var out strings.Builder
	out.WriteString("# The condition keys by what they say of a request: `says` in compiler/facts/kms-condition-keys.json. Generated:\n" +
		"# go test ./rules -run TestKeySets -update\npackage keypolicy.lib\n")
	for _, set := range keySets {
		fmt.Fprintf(&out, "\n# %s %s\n%s := {\n", set.name, set.comment, set.name)
		for _, k := range facts.ConditionKeys() {
			if k.Pattern || !set.has(k.Says) {
				continue
			}
			name := k.Name
			if set.lower {
				name = strings.ToLower(name)
			}
			fmt.Fprintf(&out, "\t%q,\n", name)
		}
		out.WriteString("}\n")
	}
	return out.String()
}

func TestKeySetsAreThoseOfTheFacts(t *testing.T) {
	want := writeKeySets()
	if *update {
		if err := os.WriteFile(keysFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, _ := os.ReadFile(keysFile); string(got) != want {
		t.Errorf("rules/%s is not what the facts say: run go test ./rules -run TestKeySets -update", keysFile)
	}
}

// TestLibraryNamesFewKeys: what a condition key says is a fact, so the library names a key only where a helper is about that one.
func TestLibraryNamesFewKeys(t *testing.T) {
	may := map[string][]string{
		"lib/approval.rego":     {"aws:principalisawsservice", "aws:principalorgid", "kms:encryptioncontext"}, // what a Deny for all others asks for
		"lib/caller.rego":       {"aws:sourceaccount", "aws:sourcearn", "kms:encryptioncontext"},
		"lib/condition.rego":    {"aws:principaltag", "aws:requesttag", "kms:encryptioncontext", "kms:recipientattestation"}, // families without a member
		"lib/deputy.rego":       {"kms:grantisforawsresource"},
		"lib/for_whom.rego":     {"aws:sourcearn", "kms:encryptioncontext"},
		"lib/published.rego":    {"kms:encryptioncontext"},
		"lib/editors.rego":      {"kms:calleraccount", "kms:viaservice"}, // what the policies of AWS managed keys ask for
		"lib/organization.rego": {"aws:principalorgpaths"},               // an example in a message
		"lib/rights.rego":       {"aws:principalorgid", "aws:principalorgpaths", "aws:resourcetag", "kms:encryptioncontext", "kms:viaservice"},
		"lib/role.rego":         {"aws:principalarn"},                                                                                                                  // written into a fix
		"lib/source.rego":       {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "kms:encryptioncontext", "kms:grantisforawsresource"}, // written into a fix
	}
	literal := regexp.MustCompile("[\"`]((?:aws|kms|ec2|lambda|ssm|glue):[A-Za-z0-9]+)")
	files, err := os.ReadDir("lib")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := "lib/" + file.Name()
		if name == keysFile || strings.HasSuffix(name, "_test.rego") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
			lower := strings.ToLower(m[1])
			_, _, single := facts.LookupConditionKey(lower)
			_, _, family := facts.LookupConditionKey(lower + "/x")
			_, _, pair := facts.LookupConditionKey(lower + ":x")
			if (single || family || pair || strings.HasPrefix(lower, "kms:recipientattestation")) && !slices.Contains(may[name], lower) {
				t.Errorf("rules/%s names the condition key %s: ask for a set of %s by what keys say", name, m[1], keysFile)
			}
		}
	}
}
