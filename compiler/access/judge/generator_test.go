package judge_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
)

const (
	owner   = "111122223333"
	partner = "444455556666"
	third   = "777788889999"
	fresh   = "123450987654" // in no policy
	org     = "o-a1b2c3d4e5"
	orgUnit = "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"
	other   = "o-z9y8x7w6v5"
	region  = "us-east-1"
	ssoRole = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
	slrRole = "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
)

// rawStatement is a statement as it is written.
type rawStatement struct {
	Sid          string                    `json:",omitempty"`
	Effect       string                    ``
	Principal    any                       `json:",omitempty"`
	NotPrincipal any                       `json:",omitempty"`
	Action       []string                  `json:",omitempty"`
	NotAction    []string                  `json:",omitempty"`
	Resource     any                       ``
	Condition    map[string]map[string]any `json:",omitempty"`
}

func (s rawStatement) clone() rawStatement {
	out := s
	if m, ok := s.Principal.(map[string][]string); ok {
		c := map[string][]string{}
		for k, v := range m {
			c[k] = slices.Clone(v)
		}
		out.Principal = c
	}
	out.Action, out.NotAction = slices.Clone(s.Action), slices.Clone(s.NotAction)
	if s.Condition != nil {
		out.Condition = map[string]map[string]any{}
		for op, block := range s.Condition {
			out.Condition[op] = map[string]any{}
			for key, v := range block {
				if list, ok := v.([]string); ok {
					v = slices.Clone(list)
				}
				out.Condition[op][key] = v
			}
		}
	}
	return out
}

type rawPolicy struct {
	Version   string
	Statement []rawStatement
}

func (p rawPolicy) clone() rawPolicy {
	out := rawPolicy{Version: p.Version}
	for _, s := range p.Statement {
		out.Statement = append(out.Statement, s.clone())
	}
	return out
}

func (p rawPolicy) text() string {
	out, err := json.Marshal(p)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// generator makes random policies. What it draws from aims at the rules of the semantics.
type generator struct {
	*rand.Rand
	themes []func(*generator) (operator, key string, values []string) // what this policy's conditions are about
	focus  any                                                        // the principal of most statements, nil for any
}

func newGenerator(seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 9))}
	// A few related themes a policy, so that its statements test the same keys.
	focused := g.maybe(60)
	if focused {
		g.focus = g.principal()
	}
	for range pick(g, 1, 2) {
		at := g.IntN(len(subjects))
		group := subjects[at]
		if g.maybe(12) {
			group = pick(g, templates...)
		}
		if focused && at == 1 { // what a service calls for
			g.focus = map[string][]string{"Service": {"sns.amazonaws.com"}}
		}
		for range 1 + g.IntN(4) {
			g.themes = append(g.themes, group[g.IntN(len(group))])
		}
	}
	return g
}

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

// some draws one to three different entries.
func some(g *generator, list ...string) []string {
	var out []string
	for range 1 + g.IntN(3) {
		if v := pick(g, list...); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (g *generator) maybe(percent int) bool { return g.IntN(100) < percent }

var ownPrincipals = []string{
	"arn:aws:iam::111122223333:root", "111122223333", "arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/team/carol",
	"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:role/team/deploy", ssoRole, slrRole,
	"arn:aws:sts::111122223333:assumed-role/app/s1", "arn:aws:sts::111122223333:federated-user/fred",
}

var otherPrincipals = []string{
	"arn:aws:iam::444455556666:root", "444455556666", "arn:aws:iam::444455556666:user/bob", "arn:aws:iam::444455556666:role/app",
	"arn:aws:iam::777788889999:root", "arn:aws:iam::777788889999:role/audit/reader", "arn:aws:sts::444455556666:assumed-role/app/s1",
}

var services = []string{"sns.amazonaws.com", "cloudtrail.amazonaws.com", "s3.amazonaws.com", "logs.us-east-1.amazonaws.com", "delivery.logs.amazonaws.com"}

func (g *generator) principal() any {
	switch n := g.IntN(20); {
	case n < 3:
		return "*"
	case n < 4:
		return map[string][]string{"AWS": {"*"}}
	case n < 7:
		return map[string][]string{"Service": some(g, services...)}
	case n < 8:
		return map[string][]string{"Service": some(g, services...), "AWS": some(g, ownPrincipals...)}
	case n < 11:
		return map[string][]string{"AWS": some(g, otherPrincipals...)}
	case n < 12:
		return map[string][]string{"AWS": append(some(g, ownPrincipals...), some(g, otherPrincipals...)...)}
	case n < 15:
		return map[string][]string{"AWS": {"arn:aws:iam::111122223333:root"}}
	}
	return map[string][]string{"AWS": some(g, ownPrincipals...)}
}

func (g *generator) actions() []string {
	switch n := g.IntN(10); {
	case n < 3:
		return []string{"kms:*"}
	case n < 5:
		return []string{"kms:Decrypt"}
	case n < 6:
		return some(g, "kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant", "kms:RetireGrant")
	case n < 7:
		return some(g, "kms:PutKeyPolicy", "kms:Put*", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:Create*")
	case n < 8:
		return some(g, "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*", "kms:DescribeKey", "kms:decrypt", "kms:Sign", "kms:Ver*")
	}
	return some(g, "kms:Encrypt", "kms:Decrypt", "kms:CreateGrant", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:*Key*", "kms:?ncrypt", "kms:Verif*")
}

func (g *generator) condition(s *rawStatement) {
	op, key, values := g.themes[g.IntN(len(g.themes))](g)
	if s.Condition == nil {
		s.Condition = map[string]map[string]any{}
	}
	if s.Condition[op] == nil {
		s.Condition[op] = map[string]any{}
	}
	var v any = values
	if len(values) == 1 && g.maybe(50) {
		v = values[0]
	}
	s.Condition[op][key] = v
}

func (g *generator) statement() rawStatement {
	s := rawStatement{Effect: "Allow", Principal: g.principal(), Resource: "*"}
	if g.focus != nil && g.maybe(85) {
		s.Principal = g.focus
		s.Action = []string{pick(g, "kms:*", "kms:Decrypt", "kms:Decrypt", "kms:CreateGrant")}
		if g.maybe(30) {
			s.Effect = "Deny"
		}
		for range pick(g, 0, 1, 1, 1, 2) {
			g.condition(&s)
		}
		return s.clone()
	}
	if g.maybe(30) {
		s.Effect = "Deny"
		if g.maybe(12) {
			s.Principal, s.NotPrincipal = nil, map[string][]string{"AWS": append(some(g, ownPrincipals...), "arn:aws:iam::111122223333:root")}
			if g.maybe(30) {
				s.NotPrincipal = map[string][]string{"AWS": some(g, slices.Concat(ownPrincipals, otherPrincipals)...)}
			}
		}
	}
	if g.maybe(8) {
		s.NotAction = g.actions()
	} else {
		s.Action = g.actions()
	}
	if g.maybe(5) {
		s.Resource = pick(g, keyARN, "arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000")
	}
	for range pick(g, 0, 0, 1, 1, 1, 2, 2, 3) {
		g.condition(&s)
	}
	return s
}

func (g *generator) policy() rawPolicy {
	p := rawPolicy{Version: "2012-10-17"}
	if g.maybe(5) {
		p.Version = "2008-10-17"
	}
	for range 1 + g.IntN(4) {
		p.Statement = append(p.Statement, g.statement())
	}
	if g.maybe(40) {
		p.Statement = slices.Insert(p.Statement, g.IntN(len(p.Statement)+1),
			rawStatement{Effect: "Allow", Principal: map[string][]string{"AWS": {"arn:aws:iam::111122223333:root"}}, Action: []string{"kms:*"}, Resource: "*"})
	}
	return p
}

// change makes another policy of one: the pairs that `diff` compares.
func (g *generator) change(p rawPolicy) rawPolicy {
	out := p.clone()
	i := g.IntN(len(out.Statement))
	s := &out.Statement[i]
	switch g.IntN(11) {
	case 0:
		if len(out.Statement) > 1 {
			out.Statement = slices.Delete(out.Statement, i, i+1)
		}
	case 1, 2:
		out.Statement = append(out.Statement, g.statement())
	case 3:
		g.condition(s)
	case 4:
		s.Condition = nil
	case 5:
		if s.NotPrincipal == nil {
			s.Principal = g.principal()
		}
	case 6:
		if s.Action != nil {
			s.Action = append(s.Action, g.actions()...)
		}
	case 7: // the same in two statements
		if list := s.Action; len(list) > 1 {
			more := s.clone()
			s.Action, more.Action = list[:1:1], list[1:]
			out.Statement = append(out.Statement, more)
		}
	case 8, 9: // values come and go
		for op, block := range s.Condition {
			for key, v := range block {
				if list, ok := v.([]string); ok && len(list) > 1 {
					s.Condition[op][key] = list[1:]
				}
			}
		}
	case 10:
		g.Shuffle(len(out.Statement), func(i, j int) { out.Statement[i], out.Statement[j] = out.Statement[j], out.Statement[i] })
	}
	return out
}
