package access

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// listKey is a condition key with values of every width, for one statement that lets callers or a service in.
type listKey struct {
	principal, operator, key string
	values                   []string
}

func listKeys() []listKey {
	star, sns := `"*"`, `{"Service": "sns.amazonaws.com"}`
	orgs := []string{"o-a1b2c3d4e5", "o-b9b9b9b9b9", "o-*", "*", "o-a1*", "o-?1b2c3d4e5", "o-f6f6f6f6f6"}
	paths := []string{"o-a1b2c3d4e5/r-ab12/*", "o-a1b2c3d4e5/*", "o-*/r-ab12/*", "o-b9b9b9b9b9/r-ab12/ou-ab12-11111111/", "*"}
	accounts := []string{testAccount, otherAccount, "555566667777", "*", "1111*", "11112222333?", "????????????"}
	arns := []string{
		"arn:aws:sns:us-east-1:111122223333:t", "arn:aws:sns:us-east-1:444455556666:t", "arn:aws:sns:us-east-1:555566667777:t",
		"arn:aws:sns:*:*:topic", "arn:aws:sns:*:111122223333:*", "arn:aws:sns:us-east-1:1111*:t", "arn:aws:s3:::bucket", "arn:aws:s3:::*", "arn:*:*:*:*:*",
	}
	return []listKey{
		{star, "StringLike", "aws:PrincipalOrgID", orgs},
		{star, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", paths},
		{star, "StringLike", "aws:SourceVpc", []string{"vpc-1a2b3c4d", "vpc-1a2b3c4d5e6f70819", "vpc-*", "*", "vpc-1*"}},
		{star, "StringLike", "aws:SourceVpce", []string{"vpce-1a2b3c4d", "vpce-0f0f0f0f", "vpce-*", "*", "vpce-0*"}},
		{star, "StringLike", "aws:VpceAccount", accounts},
		{star, "StringLike", "aws:VpceOrgID", orgs},
		{star, "ArnLike", "aws:SourceVpcArn", []string{"arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1a2b3c4d", "arn:aws:ec2:*:*:vpc/*", "arn:aws:ec2:*:444455556666:vpc/*", "arn:aws:ec2:us-east-1:4444*:vpc/vpc-1a2b3c4d"}},
		{star, "IpAddress", "aws:SourceIp", []string{"203.0.113.0/24", "198.51.100.0/24", "0.0.0.0/0", "0.0.0.0/1", "2001:db8::/32", "::/0", "198.51.100.1"}},
		{star, "StringLike", "aws:userid", []string{"AROAEXAMPLEID12345678:*", "AIDAEXAMPLEID12345678", "AROA*", "*:deploy"}},
		{sns, "StringLike", "aws:SourceAccount", accounts},
		{sns, "ArnLike", "aws:SourceArn", arns},
		{sns, "StringLike", "aws:SourceArn", arns},
		{sns, "StringLike", "aws:SourceOrgID", orgs},
		{sns, "ForAnyValue:StringLike", "aws:SourceOrgPaths", paths},
		{sns, "StringLike", "kms:EncryptionContext:aws:sns:topicArn", arns},
	}
}

func (k listKey) statement(values []string) string {
	return fmt.Sprintf(`{"Effect": "Allow", "Principal": %s, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"%s": {"%s": %s}}}`,
		k.principal, k.operator, k.key, mustJSON(values))
}

// outside is what the questions about outsiders say of a policy.
type outside struct {
	public           Answer
	external, deputy bool
}

func outsideOf(t *testing.T, text string, env Env) outside {
	t.Helper()
	r := Analyze(statements(t, rootStatement+","+text), env)
	if len(r.Unknown) > 0 {
		t.Fatalf("%s: unknown %v", text, r.Unknown)
	}
	return outside{r.Public, len(r.External) > 0, len(r.ConfusedDeputy) > 0}
}

// or is what a list of values lets in of which each by itself lets something in.
func (o outside) or(x outside) outside {
	if x.public == Yes {
		o.public = Yes
	}
	return outside{o.public, o.external || x.external, o.deputy || x.deputy}
}

// TestLawValuesAreAlternatives: the values of a condition are alternatives, so that a list lets in whom one of its values
// by itself lets in, and nobody else, in whatever order they are.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
func TestLawValuesAreAlternatives(t *testing.T) {
	for i, k := range listKeys() {
		g := rand.New(rand.NewPCG(uint64(i), 31))
		for round := range rounds(t, 12) {
			env := testEnv()
			if round%3 == 1 {
				env.TrustAccounts, env.TrustOrgs = []string{otherAccount}, []string{"o-a1b2c3d4e5"}
			}
			list := slices.Clone(k.values)
			g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			list = list[:2+g.IntN(2)]
			want := outside{public: No}
			for _, v := range list {
				want = want.or(outsideOf(t, k.statement([]string{v}), env))
			}
			if got := outsideOf(t, k.statement(list), env); got != want {
				t.Errorf("%s %s %q, trusting %v: %+v, each of its values %+v", k.operator, k.key, list, env.TrustOrgs, got, want)
			}
		}
	}
}

// TestLawWiderLetsNoFewerIn: with a value more, a condition of an Allow does not close the key to anyone.
func TestLawWiderLetsNoFewerIn(t *testing.T) {
	for i, k := range listKeys() {
		g := rand.New(rand.NewPCG(uint64(i), 37))
		for range rounds(t, 6) {
			list := slices.Clone(k.values)
			g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			narrow := outsideOf(t, k.statement(list[:len(list)-1]), testEnv())
			if wide := outsideOf(t, k.statement(list), testEnv()); wide.or(narrow) != wide {
				t.Errorf("%s %s %q: %+v, without the last %+v", k.operator, k.key, list, wide, narrow)
			}
		}
	}
}

// TestStrangersByTheirIDs: a pattern of account IDs takes strangers in, whichever of its ids is the key's own or trusted.
func TestStrangersByTheirIDs(t *testing.T) {
	for last := range 10 {
		env := testEnv()
		env.Account, env.KeyARN = fmt.Sprintf("11112222333%d", last), ""
		env.TrustAccounts = []string{fmt.Sprintf("11112222333%d", (last+1)%10)}
		for _, condition := range []string{
			`{"StringLike": {"aws:SourceAccount": "11112222333?"}}`,
			`{"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:11112222333?:t"}}`,
		} {
			r := Analyze(statements(t, allowSNS+`, "Condition": `+condition+`}`), env)
			if len(r.ConfusedDeputy) != 1 {
				t.Errorf("the key of %s, trusting %v, %s: no confused deputy", env.Account, env.TrustAccounts, condition)
			}
		}
	}
}

// TestSetsOfOneClassCanDiffer: of several values of a key, those that the policy names are distinguished from those that it does not,
// where one condition takes both in.
func TestSetsOfOneClassCanDiffer(t *testing.T) {
	narrow, wide := `"o-a1b2c3d4e5/*"`, `"?-*/r-aaaaaaaaaaaaaaaaaaaa/*"`
	for values, want := range map[string]Answer{narrow: No, wide: Yes, narrow + "," + wide: Yes, wide + "," + narrow: Yes} {
		doc := statements(t, rootStatement+","+publicUnder("Allow", `"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [`+values+`]}`))
		if answer, _ := NewAnalysis(doc, testEnv()).Public(); answer != want {
			t.Errorf("%s: public %s, want %s", values, answer, want)
		}
	}
}
