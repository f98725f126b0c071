package lift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/uses"
)

// fitting is a template that represents some statements, by what they allow and not by how they are written.
type fitting struct {
	use    use
	region string
	// difference is what the template allows or denies that the statements do not.
	difference *access.Difference
	literal    int
	left       int      // how many of the statements' actions the template does not have at all, idle ones apart
	narrowed   int      // how many conditions the template has on keys on which the statements have none
	lost       []string // the uses that the statements let be and the template does not
	placeless  bool     // the key's Region, which the template needs, is not known: nothing can come of it
}

func (f fitting) equal() bool { return f.difference.Equivalent }

// meanings takes the statements that templates allow the same by, however they are written; where what is near counts, also
// statements that let a use of the key be which a template is for.
func (l *lifting) meanings() {
	candidates := slices.DeleteFunc(l.candidates(), func(c candidate) bool { return len(c.lists) > 0 || slices.ContainsFunc(c.statements, isDeny) })
	for i := range l.doc.Statements {
		for l.left[i] && l.doc.Statements[i].Effect.Value == "Allow" {
			if !l.mean(i, candidates) {
				break
			}
		}
	}
}

func isDeny(n *source.Node) bool { return n.Get("Effect") == nil || n.Get("Effect").Text != "Allow" }

// mean looks for a template for a statement and the others for the same principals, all of them or by itself.
func (l *lifting) mean(first int, candidates []candidate) bool {
	var group []int
	for i := range l.doc.Statements {
		if l.left[i] && !isDeny(l.canonical[i]) && sameElement(l.canonical[first], l.canonical[i], "Principal") {
			group = append(group, i)
		}
	}
	sets := [][]int{group}
	if len(group) > 1 {
		sets = append(sets, []int{first})
	}
	for _, set := range sets {
		var all []fitting
		for _, c := range candidates {
			if f, ok := l.fits(c, set); ok {
				all = append(all, f)
			}
		}
		if len(all) == 0 {
			continue
		}
		slices.SortStableFunc(all, compareFittings)
		chosen := slices.IndexFunc(all, func(f fitting) bool { return !f.placeless })
		if chosen < 0 || chosen > 0 && len(all[chosen].lost) > 0 {
			l.placeless = append(l.placeless, all[0].use.name)
			continue
		}
		f := all[chosen]
		l.take(f.use, f.region)
		l.steps = append(l.steps, Step{Statements: set, Template: f.use.name, Lost: f.lost})
		for _, i := range set {
			delete(l.left, i)
		}
		return true
	}
	return false
}

// compareFittings puts the template first that makes the least difference: an equal one, then by the uses that are lost, the actions
// that are, the actions of which something is, and the conditions that are added. Of two alike, the one that says more is meant.
func compareFittings(a, b fitting) int {
	unequal := func(f fitting) int {
		if f.equal() {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(unequal(a), unequal(b)), cmp.Compare(len(a.lost), len(b.lost)), cmp.Compare(a.left, b.left),
		cmp.Compare(actionsOf(a.difference.Added)+actionsOf(a.difference.Removed), actionsOf(b.difference.Added)+actionsOf(b.difference.Removed)),
		cmp.Compare(a.narrowed, b.narrowed), cmp.Compare(b.literal, a.literal),
	)
}

func actionsOf(changes []access.Change) int {
	n := 0
	for _, c := range changes {
		n += len(c.Actions)
	}
	return n
}

func sameElement(a, b *source.Node, name string) bool {
	x, y := a.Get(name), b.Get(name)
	return x != nil && y != nil && policy.Compact(x) == policy.Compact(y)
}

// fits reports whether a template allows what the statements of a set do.
func (l *lifting) fits(c candidate, set []int) (fitting, bool) {
	b := &binding{lifting: l, entry: c.entry, values: map[string]*source.Node{}, region: l.key.Region}
	for _, pattern := range c.statements {
		have := l.canonical[set[0]].Get("Principal")
		if pattern.Get("Principal") == nil || have == nil || !b.value(pattern.Get("Principal"), have) {
			return fitting{}, false
		}
	}
	for _, pattern := range c.statements {
		l.guess(b, pattern, set)
	}
	for _, p := range c.entry.Template.Parameters {
		name := p.Name.Text
		switch {
		case b.values[name] != nil || p.Default != nil:
		case b.isList(name):
			return fitting{}, false
		case strings.HasSuffix(name, "_account"):
			b.values[name] = text(l.key.Account)
		default:
			b.values[name] = text("*") // whatever it is
		}
	}
	u := use{name: c.name, parameters: l.given(c, b.values)}
	key := l.key
	key.Region = b.region
	placeless := key.Region == "" && slices.ContainsFunc(c.statements, func(n *source.Node) bool { return mentions(n, "$(region)") })
	if placeless {
		if !l.near || key.Partition != "aws" {
			return fitting{}, false
		}
		key.Region = "us-east-1" // any of the partition's, to see whether it would fit
	}
	result, found := l.library.Expand(u.include(), expand.Variables{Account: key.Account, Partition: key.Partition, Region: key.Region, Key: key.ID})
	if len(found) > 0 || len(result.Included) == 0 {
		return fitting{}, false
	}
	var own []*source.Node
	for _, i := range set {
		own = append(own, l.doc.Statements[i].Node)
	}
	before, after := documentOf(own), documentOf(result.Included)
	env := access.EnvOf(key.Key)
	f := fitting{use: u, region: b.region, placeless: placeless, literal: c.literal, difference: access.Diff(before, after, env, env)}
	if len(f.difference.Unknown) > 0 {
		return fitting{}, false
	}
	if f.equal() { // not that neither allows anything
		answer, _ := access.Equivalent(before, documentOf(nil), env, env)
		return f, answer == access.No
	}
	if !l.near || !isFormerWording(f.difference) && !l.isOfUse(c, before, after, env, u) {
		return fitting{}, false
	}
	f.lost = lostUses(before, after, env)
	known, _ := facts.LookupUse(c.name)
	will, idle := actionsIn(after), effective(known.Idle)
	for action := range actionsIn(before) {
		if !will[action] && !idle[action] {
			f.left++
		}
	}
	had := conditionKeys(before)
	for key := range conditionKeys(after) {
		if !had[key] {
			f.narrowed++
		}
	}
	return f, true
}

// conditionKeys are the condition keys that a document's statements have, in lower case.
func conditionKeys(doc *policy.Document) map[string]bool {
	keys := map[string]bool{}
	for i := range doc.Statements {
		for _, c := range doc.Statements[i].Conditions {
			keys[strings.ToLower(c.Key.Value)] = true
		}
	}
	return keys
}

// actionsIn are the actions that a document's statements have.
func actionsIn(doc *policy.Document) map[string]bool {
	var written []string
	for i := range doc.Statements {
		for _, a := range doc.Statements[i].Actions {
			written = append(written, a.Value)
		}
	}
	return effective(written)
}

// everyUse is a judge that is asked of every use.
func everyUse(doc *policy.Document, env access.Env) *uses.Judge {
	return uses.NewJudge(doc, env).Sharing(len(facts.Uses()))
}

// lostUses are the uses by a service that statements let be and others do not.
func lostUses(before, after *policy.Document, env access.Env) []string {
	was, will := everyUse(before, env), everyUse(after, env)
	var lost []string
	for _, use := range facts.Uses() {
		if use.Way != facts.WayKeyPolicy {
			continue
		}
		if _, ok := was.Fulfils(uses.Asked{Use: use}); !ok {
			continue
		}
		if _, ok := will.Fulfils(uses.Asked{Use: use}); !ok {
			lost = append(lost, use.ID)
		}
	}
	return lost
}

// isOfUse reports whether statements are a use's that the template is for: both they and the template let the key be used for it.
func (l *lifting) isOfUse(c candidate, before, after *policy.Document, env access.Env, u use) bool {
	if !c.entry.Template.Builtin {
		return false
	}
	known, ok := facts.LookupUse(c.name)
	if !ok || known.Template != c.name {
		return c.isForServices() && sharesUses(before, after, env)
	}
	if known.Way != facts.WayKeyPolicy && !conditioned(before, after) {
		return false // the statements are not only for this use
	}
	given := map[string][]string{}
	for _, m := range u.parameters {
		if m.Value.Kind == source.Scalar && !strings.Contains(m.Value.Text, "*") {
			given[m.Key.Text] = []string{m.Value.Text}
		}
	}
	asked := uses.Asked{Use: known, Given: given}
	_, was := uses.NewJudge(before, env).Fulfils(asked)
	_, will := uses.NewJudge(after, env).Fulfils(asked)
	return was && will
}

// isForServices reports whether every statement of a template is for a service that it names.
func (c candidate) isForServices() bool {
	return !slices.ContainsFunc(c.statements, func(n *source.Node) bool {
		principal := n.Get("Principal")
		service := principal.Get("Service")
		return service == nil || len(principal.Members) != 1 || mentions(service, "$(service)")
	})
}

// sharesUses reports whether some statements let a use by a service be, and others let every such use be too: so a template that is
// not of the name of a use, but of another form of its statement, is for it.
func sharesUses(before, after *policy.Document, env access.Env) bool {
	was, will := everyUse(before, env), everyUse(after, env)
	shared := false
	for _, use := range facts.Uses() {
		if use.Way != facts.WayKeyPolicy {
			continue
		}
		if _, ok := was.Fulfils(uses.Asked{Use: use}); !ok {
			continue
		}
		if _, ok := will.Fulfils(uses.Asked{Use: use}); !ok {
			return false
		}
		shared = true
	}
	return shared
}

// conditioned reports whether each statement of a document has all conditions that those of another have, with the same values.
func conditioned(doc, other *policy.Document) bool {
	for i := range doc.Statements {
		for j := range other.Statements {
			for _, want := range conditionsOf(other.Statements[j].Canonical("")) {
				if !slices.ContainsFunc(conditionsOf(doc.Statements[i].Canonical("")), func(have conditionNode) bool {
					return strings.EqualFold(have.key, want.key) && policy.Compact(have.values) == policy.Compact(want.values)
				}) {
					return false
				}
			}
		}
	}
	return true
}

// guess gives parameters the values that a set of statements has under the condition keys of a template's statement,
// whatever the operators.
func (l *lifting) guess(b *binding, pattern *source.Node, set []int) {
	for _, want := range conditionsOf(pattern) {
		for _, i := range set {
			for _, have := range conditionsOf(l.canonical[i]) {
				if !strings.EqualFold(want.key, have.key) {
					continue
				}
				try := b.clone()
				if try.value(want.values, have.values) {
					*b = *try
				}
			}
		}
	}
	if actions := pattern.Get("Action"); actions != nil {
		for _, i := range set {
			if have := l.canonical[i].Get("Action"); have != nil {
				if try := b.clone(); try.value(actions, have) {
					*b = *try
				}
			}
		}
	}
}

type conditionNode struct {
	key    string
	values *source.Node
}

// conditionsOf are the conditions of a statement in its canonical form.
func conditionsOf(statement *source.Node) []conditionNode {
	var all []conditionNode
	if condition := statement.Get("Condition"); condition != nil {
		for _, operator := range condition.Members {
			for _, m := range operator.Value.Members {
				all = append(all, conditionNode{m.Key.Text, m.Value})
			}
		}
	}
	return all
}

// documentOf makes a document of statements.
func documentOf(statements []*source.Node) *policy.Document {
	return policy.Read(source.NewMapping(diag.Place{},
		field("Version", text(policy.Current)), field("Statement", source.NewSequence(diag.Place{}, statements...))))
}
