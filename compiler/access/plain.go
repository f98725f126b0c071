package access

import (
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Plain says, only by the form of the policy, that several answers are the good ones: the account can always change the policy
// and do all that a key needs somebody for (Lockout, Editing, Able), every statement is live (Statements), nothing is taken from
// one without a condition (Leftovers), and no outsider gets in (LetsOutsiderIn, Public). It is so where the account's own
// statement allows everything, nothing is denied, and each other statement names its principals and gives one of them an
// action that no statement next to it gives. False proves nothing. Most
// policies of an organization are of this form.
// It is a proof by form, kept so narrow that it can be checked by reading: each clause excludes something that
// could make one of the answers another one. The tests hold it against the full analysis on random policies.
func (a *Analysis) Plain() bool { return a.plain.ask(a.isPlain) }

func (a *Analysis) isPlain() bool {
	p := plainPolicy{owner: knownOwner(a.env), partition: a.env.Partition, doc: a.doc}
	_, known := facts.LookupPartition(p.partition)
	if !policy.IsAccountID(p.owner) || !known || len(a.doc.Problems) > 0 || a.doc.HasHoles() || a.doc.Version.Value != "2012-10-17" {
		return false
	}
	own := 0
	for i := range a.doc.Statements {
		st := &a.doc.Statements[i]
		switch {
		case !p.isSimple(st):
			return false
		case p.isOwn(st):
			own++
		case !p.areUsual(st.Principals) || !p.givesMore(st):
			return false
		}
	}
	return own == 1
}

type plainPolicy struct {
	owner, partition string
	doc              *policy.Document
}

// isSimple reports whether a statement is an Allow of the usual elements on this key.
func (p *plainPolicy) isSimple(st *policy.Statement) bool {
	for _, m := range st.Node.Members {
		if !slices.Contains([]string{"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}, m.Key.Text) {
			return false
		}
	}
	return st.Effect.Value == "Allow" && len(st.Resources) == 1 && st.Resources[0].Value == "*" && len(st.Principals) > 0 && len(st.Actions) > 0
}

// areUsual reports whether principals are all users and roles of the account, or other accounts.
func (p *plainPolicy) areUsual(principals []policy.Principal) bool {
	return !slices.ContainsFunc(principals, func(pr policy.Principal) bool {
		named := (pr.Kind == policy.User || pr.Kind == policy.Role) && pr.Account == p.owner && usualName.MatchString(pr.NamePath+pr.Name) &&
			!strings.HasPrefix(pr.NamePath, "aws-") && !strings.HasPrefix(pr.Name, "AWS") && len(pr.Name) <= 64
		other := pr.Kind == policy.Account && pr.Account != p.owner && policy.IsAccountID(pr.Account)
		return pr.Element != "AWS" || pr.Partition != p.partition && pr.Partition != "" || strings.ContainsAny(pr.Text, "*?$ ") || !named && !other
	})
}

// isOwn reports whether a statement is the account's own, of everything and without a condition.
func (p *plainPolicy) isOwn(st *policy.Statement) bool {
	return len(st.Principals) == 1 && st.Principals[0].Kind == policy.Account && st.Principals[0].Account == p.owner &&
		(st.Principals[0].Partition == p.partition || st.Principals[0].Partition == "") && len(st.Actions) == 1 && st.Actions[0].Value == "kms:*" && !st.Has("Condition")
}

// givesMore reports whether a statement gives a principal an action, which every key has and every caller may send, that no
// other statement but the account's own gives it: kms:DescribeKey, or kms:CreateGrant where the statement is for AWS resources.
func (p *plainPolicy) givesMore(st *policy.Statement) bool {
	action := "kms:DescribeKey"
	switch {
	case !st.Has("Condition"):
	case len(st.Conditions) == 1 && st.Conditions[0].Operator.Value == "Bool" && keyNamed(st.Conditions[0].Key.Value).name == st.Conditions[0].Key.Value && facts.KeySays(strings.ToLower(st.Conditions[0].Key.Value)) == facts.GrantForAWSResource &&
		len(st.Conditions[0].Values) == 1 && st.Conditions[0].Values[0].Value == "true":
		action = "kms:CreateGrant"
	default:
		return false
	}
	return takes(st, action) && slices.ContainsFunc(st.Principals, func(pr policy.Principal) bool {
		return !p.givenBeside(st, pr, action)
	})
}

func (p *plainPolicy) givenBeside(st *policy.Statement, pr policy.Principal, action string) bool {
	for i := range p.doc.Statements {
		other := &p.doc.Statements[i]
		if other.Index != st.Index && !p.isOwn(other) && takes(other, action) &&
			slices.ContainsFunc(other.Principals, func(q policy.Principal) bool {
				return q.Kind == pr.Kind && q.Account == pr.Account && q.NamePath == pr.NamePath && q.Name == pr.Name
			}) {
			return true
		}
	}
	return false
}

// usualName has the characters that IAM allows in a path and a name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
var usualName = regexp.MustCompile(`^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]+$`)

func takes(st *policy.Statement, action string) bool {
	return slices.ContainsFunc(st.Actions, func(a policy.Text) bool { return glob.MatchFold(a.Value, action) })
}
