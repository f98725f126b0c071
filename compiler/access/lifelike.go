package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Witnesses are to be requests that can be sent. Where a pattern leaves open which value it is, its classes are represented by
// real values: services that there are, the key's Region, whole ARNs.

// exampleRegion represents the Region of a key where it is not known.
const exampleRegion = "us-east-1"

// lifelike are values of a domain that a request could well have, each of which matches one of the patterns that leave
// something open, or none.
// The search would answer "arn:a:a::a:a" for an ARN that a pattern leaves open. It is right, and a person who
// reads it in a finding takes the finding for a fault of the tool. So values of the usual form come before those
// that the search makes up, and count as representatives only where they fall into the same class.
func (b *dimensionBuilder) lifelike(s *space, domain glob.Pattern, patterns []glob.Pattern) []string {
	var list []string
	limit, _ := facts.LookupValueLimit(b.key.lower)
	switch says := facts.KeySays(b.key.lower); {
	case says.IsOrganization():
		list = append(b.filledIDs("o-", "a1b2c3d4e5"), "o-exampleorgid", "o-anotherorgid")
	case says.IsOrganizationPath():
		list = b.orgPaths(s, domain)
	case len(b.linked) > 0: // each value counts there
	case says == facts.ViaServiceName:
		list = b.viaServices(s.models[0])
	case says == facts.ViaChain:
		list = []string{"cloudformation.amazonaws.com", "athena.amazonaws.com", "dynamodb.amazonaws.com"}
	case limit.Form == "region":
		list = s.models[0].realRegions()
	case limit.Form == "vpc_id":
		list = b.filledIDs("vpc-", resourceIDs)
	case limit.Form == "vpc_endpoint_id":
		list = b.filledIDs("vpce-", resourceIDs)
	case says == facts.EndpointVPCARN:
		list = append(b.filledARNs(s), "arn:"+s.models[0].partition+":ec2:"+s.region()+":"+freshAccount(s.accountList())+":vpc/vpc-"+resourceIDs)
	case len(patterns) == 0 && len(b.conds) == 0:
	case says == facts.SourceARN:
		list = append(b.filledARNs(s), s.sourceARNs(domain)...)
	default:
		list = b.filledARNs(s)
	}
	s.meter.Take(glob.StepPattern * glob.StepPattern * len(list))
	return slices.DeleteFunc(list, func(text string) bool { return !domain.Match(text) || b.misplaced(text) })
}

// viaServices are values of kms:ViaService for the services that there are, in the Regions that the policies name.
func (b *dimensionBuilder) viaServices(m *model) []string {
	var regions, patterns []string
	for _, c := range b.conds {
		for _, v := range c.values {
			_, region, ok := facts.SplitViaService(v.text)
			switch {
			case !ok || strings.Contains(region, "$"):
			case strings.ContainsAny(region, "*?"):
				patterns = append(patterns, region)
			case !slices.Contains(regions, region):
				regions = append(regions, region)
			}
		}
	}
	for _, region := range m.regionsApart(patterns) {
		if !slices.Contains(regions, region) {
			regions = append(regions, region)
		}
	}
	slices.Sort(regions)
	if region := m.env.Region; region != "" {
		regions = []string{region}
	} else if !slices.Contains(regions, exampleRegion) {
		regions = append(regions, exampleRegion)
	}
	var list []string
	for _, region := range regions {
		for _, service := range facts.ViaServices() {
			list = append(list, service.Prefix+"."+region+".amazonaws.com")
		}
	}
	return list
}

// filledARNs are the policies' patterns of ARNs with something real in place of the wildcards.
// Each pattern is filled in twice, with the key's own account and with a stranger's: which of the two gets in is
// mostly the question.
func (b *dimensionBuilder) filledARNs(s *space) []string {
	if b.filled != nil { // for another account's domain
		return slices.Clone(b.filled)
	}
	list := []string{}
	accounts := []string{freshAccount(s.accountList()), s.models[0].owner}
	for _, c := range b.conds {
		for i := range c.values {
			v := &c.values[i]
			if v.plain || v.pat == nil {
				continue
			}
			arn, ok := policy.ParseARN(v.text)
			if !ok {
				continue
			}
			for _, account := range accounts {
				list = append(list, strings.Join([]string{
					"arn", fillWhole(arn.Partition, s.models[0].partition), fillWhole(arn.Service, "sns"),
					s.fillRegion(arn.Region), fillWhole(arn.Account, account), fillWithin(arn.Resource),
				}, ":"))
			}
		}
	}
	slices.Sort(list)
	b.filled = slices.Compact(list)
	return slices.Clone(b.filled)
}

// sourceARNs are a topic of the account that a domain of ARNs is for, or of one that no policy names, and a bucket.
// A topic, since SNS is a service that many keys are opened to; a bucket, since its ARN has no account, which
// conditions often miss.
func (s *space) sourceARNs(domain glob.Pattern) []string {
	account := freshAccount(s.accountList())
	texts, _ := glob.Search{Limit: 1, Meter: s.meter}.Representatives(domain, nil, nil, 1)
	for _, text := range texts {
		if arn, ok := policy.ParseARN(text); ok && policy.IsAccountID(arn.Account) {
			account = arn.Account
		}
	}
	return []string{
		"arn:" + s.models[0].partition + ":sns:" + s.region() + ":" + account + ":example",
		"arn:" + s.models[0].partition + ":s3:::example",
	}
}

// orgPaths are whole paths in place of those that end with a wildcard: an organization, a root, and a unit.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
func (b *dimensionBuilder) orgPaths(s *space, domain glob.Pattern) []string {
	parts := []string{"o-exampleorgid/", "r-ab12/", "ou-ab12-11111111/"}
	list := []string{strings.Join(parts, "")}
	for _, c := range b.conds {
		for _, v := range c.values {
			before, _, wild := strings.Cut(v.text, "*")
			if depth := strings.Count(before, "/"); wild && strings.HasSuffix(before, "/") && !strings.Contains(before, "?") {
				list = append(list, before+strings.Join(parts[min(depth, len(parts)-1):], ""))
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	texts, _ := glob.Search{Limit: 1, Meter: s.meter}.Representatives(domain, nil, nil, 1)
	for _, text := range texts {
		organization, _, _ := strings.Cut(text, "/")
		list = append(list, organization+"/r-cd34/", organization+"/r-cd34/ou-cd34-22222222/")
	}
	return list
}

func (s *space) region() string {
	if s.models[0].env.Region != "" {
		return s.models[0].env.Region
	}
	return exampleRegion
}

// fillWhole puts a value in the place of a part that is a wildcard.
func fillWhole(part, value string) string {
	if part != "" && strings.Trim(part, "*") == "" {
		return value
	}
	return part
}

// fillWithin puts text in the place of wildcards.
func fillWithin(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "*", "example"), "?", "x")
}
