package access

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// deputies lists the services that an account outside of what is trusted can drive: those that get in without anything
// that says for whom they act, or for somebody who is not trusted. A statement for everybody is for services too.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
// The deputy is a service whose principal is allowed: any customer of that service can have it call the key, for
// resources of his own. What stops him is a condition on for whom the service acts (aws:SourceAccount,
// aws:SourceArn, an organization, or an encryption context that the service fills in). So a request is asked for
// in which none of these names anyone trusted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (s *space) deputies(r *compiledPolicy) deputyAnswer {
	out := deputyAnswer{list: []Deputy{}}
	known := s.sourcesOf(r.m)
	for i := range s.callers {
		if s.callers[i].kind != callerService {
			continue
		}
		sub := s.subjectOf(&s.callers[i])
		for at := range r.m.statements {
			if sub.shown && r.mayAllow(at, i) {
				s.deputy(r, known, i, at, sub.principal, &out)
			}
		}
	}
	slices.SortFunc(out.list, func(a, b Deputy) int { return strings.Compare(a.Service, b.Service) })
	return out
}

// deputyAnswer is the services of a policy that an outside account can drive, and the statements of which it is not settled
// whether one can.
type deputyAnswer struct {
	list      []Deputy
	unsettled []int
}

// mayAllow reports whether a statement may allow a caller something, conditions apart.
func (r *compiledPolicy) mayAllow(at, callerAt int) bool {
	return slices.ContainsFunc(r.allow[delegated][at][classMay], func(b boxes.Box) bool { return b[dimCaller].Has(callerAt) })
}

// That the account can be any one at all is asked second: "any account of AWS" and "an account that you name and
// do not trust" are two findings, and the first is the worse.
func (s *space) deputy(r *compiledPolicy, known *sources, callerAt, at int, service string, out *deputyAnswer) {
	where := s.unvouched(r, known, at)
	if !r.m.statements[at].names(s.callers[callerAt].name) {
		where = s.fromUnnamedNetworks(known, where)
	}
	answer, witness, driven := No, (*request)(nil), question{}
	for _, b := range where {
		q := s.allowed(r, b.With(dimCaller, s.single(dimCaller, callerAt)).With(dimAction, s.knownActions()))
		q.whole = false
		q.from = func(v approximation) []boxes.Box { return r.allow[delegated][at][v] }
		one, shown := q.ask()
		if one == Yes {
			answer, witness, driven = one, shown, q
			break
		}
		if one == Unknown {
			answer = one
		}
	}
	index := r.m.statements[at].index
	switch answer {
	case Unknown:
		out.unsettled = union(out.unsettled, []int{index})
		s.noteUnsettled("Whether an untrusted account can make " + service + " use the key could not be determined.")
	case No:
	case Yes:
		stranger, _ := s.unnamed(known, driven).ask()
		i := slices.IndexFunc(out.list, func(d Deputy) bool { return d.Service == service })
		if i < 0 {
			out.list = append(out.list, Deputy{Service: service, Statements: []int{index}, AnyAccount: stranger != No, Witness: s.report(witness)})
			return
		}
		out.list[i].Statements = union(out.list[i].Statements, []int{index})
		out.list[i].AnyAccount = out.list[i].AnyAccount || stranger != No
		slices.Sort(out.list[i].Statements)
	}
}

// sources are the classes of each key, of those that can say for whom a service acts or where it is, nil of others.
type sources struct {
	unvouched []boxes.Set // nobody trusted, or no value
	unnamed   []boxes.Set // whom or what no value of the policy names, or no value
}

func (s *space) sourcesOf(m *model) *sources {
	known := &sources{unvouched: make([]boxes.Set, len(s.dims)), unnamed: make([]boxes.Set, len(s.dims))}
	for i, d := range s.dims {
		vouch := s.vouches(m, d)
		if vouch != nil {
			known.unvouched[i] = d.where(func(a class) bool { return a.values == nil || !vouch(a) })
		}
		if vouch != nil || namesCallers(d.key.lower) {
			known.unnamed[i] = d.where(func(a class) bool {
				return a.values == nil || !s.namesClass(d, a) || strings.HasPrefix(d.key.lower, encryptionPrefix) && !namesOwner(a.values[0])
			})
		}
	}
	return known
}

// unnamed asks the same of accounts, organizations and resources that no condition names.
func (s *space) unnamed(known *sources, q question) question {
	b := slices.Clone(q.where)
	for i := range s.dims {
		if known.unvouched[i] != nil {
			b[dimKeys+i] = s.narrowed(b[dimKeys+i], known.unnamed[i])
		}
	}
	q.where = b
	return q
}

func (s *space) narrowed(set, by boxes.Set) boxes.Set {
	if set == nil {
		return by
	}
	return set.And(by)
}

// names reports whether a service is a principal of the statement by its name.
func (st *statement) names(service string) bool {
	return slices.ContainsFunc(st.src.Principals, func(p policy.Principal) bool { return p.Kind == policy.Service && p.Text == service })
}

// fromUnnamedNetworks leaves out the requests from a network, an endpoint, an organization or an id that the policy names: who
// is let in there is not whoever asks, as with other outsiders. For whom a service acts is another question.
func (s *space) fromUnnamedNetworks(known *sources, list []boxes.Box) []boxes.Box {
	var out []boxes.Box
	for _, b := range list {
		for i, d := range s.dims {
			if lower := d.key.lower; namesCallers(lower) && !namesSource(lower) {
				b = b.With(dimKeys+i, known.unnamed[i])
			}
		}
		out = append(out, b)
	}
	return out
}

// namesSource are the keys that say for whom a service acts.
func namesSource(lower string) bool { return facts.KeySays(lower).OfSource() }

// unvouched are the requests in which nothing says that a service acts for someone trusted. A bucket's ARN has no account, so it
// does not say so where the statement asks for the account, and that is of somebody else.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
// Where nothing is trusted by name, "vouched for" means that the policy itself names the account, the ARN or the
// organization. A condition with a wildcard in the account's place names nobody.
func (s *space) unvouched(r *compiledPolicy, known *sources, at int) []boxes.Box {
	nothing := s.ahead()
	for i, set := range known.unvouched {
		if set != nil {
			nothing[dimKeys+i] = set
		}
	}
	account, arn := s.dim(keySourceAccount), s.dim(keySourceARN)
	if account == nil || arn == nil || !r.m.statements[at].asks(keySourceAccount) {
		return []boxes.Box{nothing}
	}
	stranger := nothing[s.index[keySourceAccount]].And(account.present())
	of := nothing.With(s.index[keySourceAccount], stranger).With(s.index[keySourceARN], arn.where(func(a class) bool {
		named, ok := policy.ParseARN(valueOf(a))
		return ok && withoutAccount(named)
	}))
	if of.Empty() {
		return []boxes.Box{nothing}
	}
	return []boxes.Box{nothing, of}
}

func valueOf(a class) string {
	if len(a.values) == 0 {
		return ""
	}
	return a.values[0]
}

// asks reports whether a condition of the statement is on a key.
func (st *statement) asks(lower string) bool {
	return slices.ContainsFunc(st.conditions, func(c condition) bool { return c.key.lower == lower })
}

// vouches gives, for a key that says for whom a service acts, the test of whether a value is someone trusted.
// A plain account ID vouches only under a name that begins with "aws:", where services write whom they act for.
// Under any other name of an encryption context (SecretARN, for example) only an ARN does: other text may be
// chosen by whoever uses the service.
func (s *space) vouches(m *model, d *dimension) func(a class) bool {
	switch says := facts.KeySays(d.key.lower); {
	case says == facts.SourceAccount:
		return func(a class) bool { return s.trusts(m, a.values[0]) }
	case says == facts.SourceOrganization || says == facts.SourceOrganizationPath:
		return func(a class) bool { return s.trustsOrg(d, a) }
	case strings.HasPrefix(d.key.lower, encryptionPrefix+"aws:"):
		// A context that a service sets may be the account that it acts for, as aws:ecs:clusterAccount is.
		// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html
		return func(a class) bool {
			return s.trustsARN(m, d, a.values[0]) || policy.IsAccountID(a.values[0]) && s.trusts(m, a.values[0])
		}
	case says == facts.SourceARN || says == facts.ContextPair:
		return func(a class) bool { return s.trustsARN(m, d, a.values[0]) }
	}
	return nil
}

// trustsOrg: where no organization is trusted by name, one that the policy names is the user's own. All paths of an account
// are in one organization, so one that the policy names is enough.
func (s *space) trustsOrg(d *dimension, a class) bool {
	if len(s.env.TrustOrgs) > 0 {
		return s.inTrustedOrgs(a.values)
	}
	return slices.ContainsFunc(a.values, d.namer.names)
}

// trustsARN: an ARN in a trusted account, or in none, as a bucket's, that the policy names. An ARN that only text in the
// wrong place brings under a pattern of a trusted account is not a service's: the pattern names the account.
func (s *space) trustsARN(m *model, d *dimension, text string) bool {
	arn, ok := policy.ParseARN(text)
	if !ok {
		return false
	}
	if arn.Account != "" && s.trusts(m, arn.Account) {
		return true
	}
	for _, c := range d.conds {
		for i := range c.values {
			v := &c.values[i]
			named, isARN := policy.ParseARN(v.text)
			if !isARN || v.bad || v.pieces != nil {
				continue
			}
			vouched := policy.IsAccountID(named.Account) && s.trusts(m, named.Account)
			vouched = vouched || withoutAccount(arn) && strings.ContainsAny(strings.Trim(named.Resource, "*?"), letters+digits)
			if one := c.positive(v); vouched && one.evalOne(text, nil) == yes {
				return true
			}
		}
	}
	return false
}

// namesOwner reports whether a text of an encryption context says whose resource it is for. Any other can be that of every account.
func namesOwner(text string) bool {
	_, ok := policy.ParseARN(text)
	return ok || policy.IsAccountID(text)
}

// withoutAccount: buckets have no account in their ARN.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-resources-for-iam-policies
func withoutAccount(arn policy.ARN) bool {
	return arn.Account == "" || arn.Service == "s3" && arn.Region == "" && !strings.ContainsAny(arn.Resource, "/:")
}
