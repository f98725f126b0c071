package push

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// service is KMS through AWS's SDK.
type service struct {
	client          *kms.Client
	cloud           *Cloud
	entry           *entry
	account, region string
}

// request is what a sentence says of a request.
func (s *service) request(operation, key string) request {
	return request{service: "KMS", operation: operation, region: s.region, key: key}
}

// explain says in a sentence why a request failed.
func (s *service) explain(ctx context.Context, err error, r request) error {
	fault := explain(err, r)
	if fault.invalidToken {
		s.cloud.blameRegion(ctx, s.entry, s.entry.config.Credentials, fault)
	}
	return fault
}

// ask waits for a request's turn, makes it, and says in a sentence why it failed.
func ask[T any](ctx context.Context, s *service, operation, key string, do func() (T, error)) (T, error) {
	r := s.request(operation, key)
	if err := s.cloud.limits.wait(ctx, bucket{s.account, s.region, operation}); err != nil {
		var none T
		return none, explain(err, r)
	}
	out, err := do()
	if err != nil {
		return out, s.explain(ctx, err, r)
	}
	return out, nil
}

func (s *service) Describe(ctx context.Context, key string) (Metadata, error) {
	out, err := ask(ctx, s, "DescribeKey", key, func() (*kms.DescribeKeyOutput, error) {
		return s.client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &key})
	})
	if err != nil {
		return Metadata{}, err
	}
	m := out.KeyMetadata
	if m == nil || !isKey(aws.ToString(m.Arn), key, s.region) {
		return Metadata{}, s.request("DescribeKey", key).nonsense()
	}
	related, replica := relatedKeys(m)
	return Metadata{
		Replica: replica, Related: related,
		ARN: aws.ToString(m.Arn), ID: aws.ToString(m.KeyId), Account: aws.ToString(m.AWSAccountId), State: string(m.KeyState),
		Spec: string(m.KeySpec), Usage: string(m.KeyUsage), Origin: string(m.Origin), Manager: string(m.KeyManager),
		MultiRegion: aws.ToBool(m.MultiRegion),
	}, nil
}

// isKey reports whether an ARN is one that a key of the Region can have, and of the key that was asked for where that was by its ARN or id.
func isKey(text, asked, region string) bool {
	arn, ok := policy.ParseARN(text)
	if !ok || arn.Service != "kms" || arn.Region != region || !strings.HasPrefix(arn.Resource, "key/") {
		return false
	}
	if keyID.MatchString(asked) {
		return arn.Resource == "key/"+asked
	}
	of, isARN := policy.ParseARN(asked)
	return !isARN || !strings.HasPrefix(of.Resource, "key/") || of == arn
}

// relatedKeys are the primary and the replicas of a multi-Region key, other than the key itself.
func relatedKeys(m *types.KeyMetadata) (arns []string, replica bool) {
	c := m.MultiRegionConfiguration
	if c == nil {
		return nil, false
	}
	for _, k := range append(slices.Clone(c.ReplicaKeys), *cmp.Or(c.PrimaryKey, &types.MultiRegionKey{})) {
		if arn := aws.ToString(k.Arn); arn != "" && arn != aws.ToString(m.Arn) && !slices.Contains(arns, arn) {
			arns = append(arns, arn)
		}
	}
	slices.Sort(arns)
	return arns, c.MultiRegionKeyType == types.MultiRegionKeyTypeReplica
}

func (s *service) Policy(ctx context.Context, key string) (string, error) {
	name := facts.PolicyName()
	out, err := ask(ctx, s, "GetKeyPolicy", key, func() (*kms.GetKeyPolicyOutput, error) {
		return s.client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &key, PolicyName: &name})
	})
	if err != nil {
		return "", err
	}
	if out.Policy == nil {
		return "", s.request("GetKeyPolicy", key).nonsense()
	}
	return *out.Policy, nil
}

func (s *service) WaitForRate(ctx context.Context) error {
	return s.cloud.limits.wait(ctx, s.putBucket())
}

func (s *service) putBucket() bucket { return bucket{s.account, s.region, "PutKeyPolicy"} }

// PutPolicy is not retried by the SDK, and BypassPolicyLockoutSafetyCheck is never set.
func (s *service) PutPolicy(ctx context.Context, key, policy string) error {
	if early := s.cloud.limits.leave(s.putBucket(), s.cloud.options.Clock.Now()); early > 0 {
		return &earlyError{early}
	}
	name := facts.PolicyName()
	in := &kms.PutKeyPolicyInput{KeyId: &key, PolicyName: &name, Policy: &policy}
	_, err := s.client.PutKeyPolicy(ctx, in, func(o *kms.Options) { o.Retryer = aws.NopRetryer{} })
	if err != nil {
		return s.explain(ctx, err, s.request("PutKeyPolicy", key))
	}
	return nil
}

// mostPages bounds lists: KMS gives a hundred entries or more in a page, and an account has no hundred thousand keys.
const mostPages = 1000

// pages reads a list to its end. next reads the page of a marker, and gives the marker of the page after it, nil after the
// last.
func pages(r request, next func(marker *string) (*string, error)) error {
	seen := map[string]bool{}
	var marker *string
	for range mostPages {
		after, err := next(marker)
		if err != nil || after == nil {
			return err
		}
		if *after == "" || seen[*after] {
			return r.nonsense()
		}
		seen[*after] = true
		marker = after
	}
	return r.nonsense()
}

// after is the marker of the next page; nil after the last.
func after(truncated bool, marker *string) *string {
	if !truncated {
		return nil
	}
	if marker == nil {
		return aws.String("")
	}
	return marker
}

func (s *service) Grants(ctx context.Context, key string) ([]Grant, error) {
	var list []Grant
	err := pages(s.request("ListGrants", key), func(marker *string) (*string, error) {
		page, err := ask(ctx, s, "ListGrants", key, func() (*kms.ListGrantsOutput, error) {
			return s.client.ListGrants(ctx, &kms.ListGrantsInput{KeyId: &key, Marker: marker})
		})
		if err != nil {
			return nil, err
		}
		for _, g := range page.Grants {
			list = append(list, Grant{ID: aws.ToString(g.GrantId), Name: aws.ToString(g.Name), Grantee: aws.ToString(g.GranteePrincipal)})
		}
		return after(page.Truncated, page.NextMarker), nil
	})
	return list, err
}

func (s *service) Keys(ctx context.Context) ([]string, error) {
	var list []string
	err := pages(s.request("ListKeys", ""), func(marker *string) (*string, error) {
		page, err := ask(ctx, s, "ListKeys", "", func() (*kms.ListKeysOutput, error) {
			return s.client.ListKeys(ctx, &kms.ListKeysInput{Marker: marker})
		})
		if err != nil {
			return nil, err
		}
		for _, k := range page.Keys {
			list = append(list, aws.ToString(k.KeyArn))
		}
		return after(page.Truncated, page.NextMarker), nil
	})
	return list, err
}

func (s *service) Aliases(ctx context.Context) ([]Alias, error) {
	var list []Alias
	err := pages(s.request("ListAliases", ""), func(marker *string) (*string, error) {
		page, err := ask(ctx, s, "ListAliases", "", func() (*kms.ListAliasesOutput, error) {
			return s.client.ListAliases(ctx, &kms.ListAliasesInput{Marker: marker})
		})
		if err != nil {
			return nil, err
		}
		for _, a := range page.Aliases {
			if a.TargetKeyId != nil {
				list = append(list, Alias{Name: aws.ToString(a.AliasName), KeyID: aws.ToString(a.TargetKeyId)})
			}
		}
		return after(page.Truncated, page.NextMarker), nil
	})
	return list, err
}
