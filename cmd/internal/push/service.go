package push

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// service is KMS through AWS's SDK.
type service struct {
	client          *kms.Client
	limits          *limits
	account, region string
}

// ask waits for a request's turn, makes it, and says in a sentence why it failed.
func ask[T any](ctx context.Context, s *service, operation, key string, do func() (T, error)) (T, error) {
	if err := s.limits.wait(ctx, bucket{s.account, s.region, operation}); err != nil {
		var none T
		return none, explain(err, request{service: "KMS", operation: operation, region: s.region, key: key})
	}
	out, err := do()
	if err != nil {
		return out, explain(err, request{service: "KMS", operation: operation, region: s.region, key: key})
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
	return Metadata{
		ARN: aws.ToString(m.Arn), ID: aws.ToString(m.KeyId), Account: aws.ToString(m.AWSAccountId), State: string(m.KeyState),
		Spec: string(m.KeySpec), Usage: string(m.KeyUsage), Origin: string(m.Origin), Manager: string(m.KeyManager),
		MultiRegion: aws.ToBool(m.MultiRegion),
	}, nil
}

func (s *service) Policy(ctx context.Context, key string) (string, error) {
	name := facts.PolicyName()
	out, err := ask(ctx, s, "GetKeyPolicy", key, func() (*kms.GetKeyPolicyOutput, error) {
		return s.client.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: &key, PolicyName: &name})
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.Policy), nil
}

func (s *service) Turn(ctx context.Context) error {
	return s.limits.wait(ctx, bucket{s.account, s.region, "PutKeyPolicy"})
}

// PutPolicy is not retried by the SDK, and BypassPolicyLockoutSafetyCheck is never set.
func (s *service) PutPolicy(ctx context.Context, key, policy string) error {
	name := facts.PolicyName()
	in := &kms.PutKeyPolicyInput{KeyId: &key, PolicyName: &name, Policy: &policy}
	_, err := s.client.PutKeyPolicy(ctx, in, func(o *kms.Options) { o.Retryer = aws.NopRetryer{} })
	if err != nil {
		return explain(err, request{service: "KMS", operation: "PutKeyPolicy", region: s.region, key: key})
	}
	return nil
}

func (s *service) Grants(ctx context.Context, key string) ([]Grant, error) {
	var list []Grant
	pages := kms.NewListGrantsPaginator(s.client, &kms.ListGrantsInput{KeyId: &key})
	for pages.HasMorePages() {
		page, err := ask(ctx, s, "ListGrants", key, func() (*kms.ListGrantsOutput, error) { return pages.NextPage(ctx) })
		if err != nil {
			return nil, err
		}
		for _, g := range page.Grants {
			list = append(list, Grant{ID: aws.ToString(g.GrantId), Name: aws.ToString(g.Name), Grantee: aws.ToString(g.GranteePrincipal)})
		}
	}
	return list, nil
}

func (s *service) Keys(ctx context.Context) ([]string, error) {
	var list []string
	pages := kms.NewListKeysPaginator(s.client, &kms.ListKeysInput{})
	for pages.HasMorePages() {
		page, err := ask(ctx, s, "ListKeys", "", func() (*kms.ListKeysOutput, error) { return pages.NextPage(ctx) })
		if err != nil {
			return nil, err
		}
		for _, k := range page.Keys {
			list = append(list, aws.ToString(k.KeyArn))
		}
	}
	return list, nil
}

func (s *service) Aliases(ctx context.Context) ([]Alias, error) {
	var list []Alias
	pages := kms.NewListAliasesPaginator(s.client, &kms.ListAliasesInput{})
	for pages.HasMorePages() {
		page, err := ask(ctx, s, "ListAliases", "", func() (*kms.ListAliasesOutput, error) { return pages.NextPage(ctx) })
		if err != nil {
			return nil, err
		}
		for _, a := range page.Aliases {
			if a.TargetKeyId != nil {
				list = append(list, Alias{Name: aws.ToString(a.AliasName), KeyID: aws.ToString(a.TargetKeyId)})
			}
		}
	}
	return list, nil
}
