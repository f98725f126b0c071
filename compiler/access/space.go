package access

import (
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy/compiler/access/internal/boxes"
	"github.com/keypolicy/keypolicy/compiler/glob"
)

// space is one or two policies over common dimensions: what one question is asked of.
// The dimensions are found from the policy and the question together, so a space belongs to what it was built for;
// a representative of one space means nothing in another. All fields but unknown and the memos are fixed once it
// is built.
type space struct {
	models       []*model
	env          Env
	callers      []caller
	fresh        string // the name of a caller that no policy mentions
	otherService string // the name of a service that no policy mentions
	exact        bool   // the callers represent all there are
	naming       mentions
	actions      []action

	meter     *meter           // of what is being worked out
	spent     bool             // the budget did not suffice to compile the policies: nothing can be asked
	deciding  int              // the steps of deciding one request by all statements
	wildcards []string         // the action patterns of the policies
	stars     map[string]*star // by root
	dims      []*dimension
	index     map[string]int // of a key's dimension, counted from dimKeys
	sizes     []int
	keysUsed  []string // the keys that the policies look at, in lower case

	policies   []*compiledPolicy
	prepared   boxes.Known // their boxes and the impossible ones
	impossible []boxes.Box // requests that cannot be
	doubted    []boxes.Box // requests of which AWS's pages contradict each other whether they can be
	unknown    reasons     // why the question that is asked cannot be settled
	compiled   reasons     // those that the compiled policies bring along for every question

	outside   boxes.Box // see outsiders
	keyGroups []keyGroup
	sent      *sentClasses
	keys      map[string]int // of projections, see access
	described map[string]Conditions
	subjects  map[caller]subject
	facts     map[int][]*fact // of the groups of which they are the same for every caller

	callersSaid []*fact // what conditions say of callers
}

// newSpace compiles policies for a question, within a share of the budget.
func newSpace(env Env, m *meter, models ...*model) *space {
	s := &space{models: models, env: env, index: map[string]int{}, unknown: reasons{}, keys: map[string]int{}, described: map[string]Conditions{}, subjects: map[caller]subject{}, facts: map[int][]*fact{}, meter: m}
	s.spent = !within(func() { s.build() })
	if s.spent {
		s.noteLimit(reasonBuild)
	}
	s.compiled = maps.Clone(s.unknown)
	return s
}

// The order is one of dependencies: names before callers, since patterns ask for names; stars before both, since a
// variable makes callers and keys distinguish each other; callers before dimensions, since keys take the callers'
// values.
func (s *space) build() {
	s.buildActions()
	s.buildNaming()
	builders := s.collectKeys()
	s.stars = s.findStars(builders)
	s.buildCallers()
	s.buildDimensions(builders)
	s.sizes = []int{len(s.callers), len(s.actions)}
	for _, d := range s.dims {
		s.sizes = append(s.sizes, len(d.classes))
	}
	for _, m := range s.models {
		s.policies = append(s.policies, s.compile(m))
	}
	s.impossible, s.doubted = s.constraints(), s.doubtful()
	s.prepare()
	s.deciding = s.decidingSteps()
}

func (s *space) conditions(visit func(m *model, st *statement, c *condition)) {
	for _, m := range s.models {
		for i := range m.statements {
			for j := range m.statements[i].conditions {
				visit(m, &m.statements[i], &m.statements[i].conditions[j])
			}
		}
	}
}

// The caller of the lockout check is added as he is, whether a statement names him or not: the check is about him
// and nobody like him.
func (s *space) buildCallers() {
	set := callerSet{
		partition: s.models[0].partition,
		classes:   glob.Search{Limit: 5 * s.env.Budget.classes(), Meter: s.meter}, afterInexact: orDefault(s.env.Budget.afterInexact, defaultAfterInexact),
		groups: map[*glob.Token]int{}, tails: map[string][]string{}, identities: map[*glob.Token]int{}, contents: map[string]int{},
	}
	set.paths = s.rolePaths
	for _, m := range s.models {
		set.addAccount(m.owner)
		for _, a := range slices.Concat(Accounts(m.doc), s.env.TrustAccounts) {
			set.addAccount(a)
		}
		for i := range m.statements {
			set.principals = append(set.principals, m.statements[i].src.Principals...)
			set.principals = append(set.principals, m.statements[i].src.NotPrincipals...)
		}
	}
	for _, p := range set.principals {
		look := s.models[0].lookAt(&p)
		if !look.wild || look.whole {
			continue
		}
		pattern := look.open
		if pattern == nil {
			pattern = glob.New(glob.Chars(p.Text))
		}
		switch p.Element {
		case "AWS", "":
			set.wild = append(set.wild, pattern)
		case "Service":
			set.svcGlobs = append(set.svcGlobs, pattern)
		}
	}
	s.conditions(func(_ *model, _ *statement, c *condition) {
		set.collectCondition(c)
		if bound := c.bounded(); bound != nil && isCallerKey(c.key.lower) {
			set.collectCondition(bound)
		}
		if slices.Contains(c.variableNames(), keyUserName) && s.stars[keyUserName] == nil {
			for _, o := range s.conditionsOn(c.key.lower) {
				set.collectAs(keyUserName, o)
			}
		}
	})
	s.splitCallers(&set)
	set.build()
	if who := s.env.Caller; who != "" {
		callers, _ := s.models[0].parseCaller(who)
		for _, c := range callers {
			set.add(c)
		}
	}
	s.callers, s.exact, s.fresh, s.otherService = set.list, set.exact, set.fresh, set.otherService
	if !set.exact {
		s.noteLimit("The policy's patterns on principals distinguish more callers than keypolicy can analyse: replace patterns by names where possible, or use fewer patterns.")
	}
}

// rolePaths are the paths that a role can have: those that one of the policies names, as a name is unique in its account
// whatever the path; else those of roles that AWS makes, or none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
func (s *space) rolePaths(c caller) []string {
	var paths []string
	for _, m := range s.models {
		paths = append(paths, m.rolePaths(c)...)
	}
	if len(paths) == 0 {
		for _, m := range s.models {
			for _, o := range m.withPaths(c) {
				paths = union(paths, []string{o.path})
			}
		}
	}
	return paths
}

func (s *space) conditionsOn(lower string) []*condition {
	var list []*condition
	s.conditions(func(_ *model, _ *statement, c *condition) {
		if dimensionKey(c.key.lower) == lower {
			list = append(list, c)
		}
	})
	return list
}

// dimensionKey: the time is one dimension under two names.
func dimensionKey(lower string) string {
	if lower == keyEpochTime {
		return keyCurrentTime
	}
	return lower
}
