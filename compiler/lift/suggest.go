package lift

import (
	"slices"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Suggestion is a spec that is near to a document, with what it allows or denies that the document does not.
type Suggestion struct {
	Proven
	// Difference is empty where the spec decides every request as the document does.
	Difference *access.Difference
	// Compiled is the policy that the spec gives; nil where the spec is the proven one.
	Compiled *spec.Compiled
	// Spare are the statements that are left out, by their index: what the spec allows without them is the same.
	Spare []int
	// Account is the key's, where that is only supposed because the document names no other; "" where it is known.
	Account string
}

// Suggest lifts a document as Prove does, and further takes statements of older consoles for the lists that they were,
// statements that let a use of the key be for the template of that use, and leaves out statements that allow nothing more.
// Where that makes a difference it is worked out; what has a difference that is not known in full is not suggested, and
// neither is what gains nothing. header makes a spec's first fields for what is known of a key.
func Suggest(doc *policy.Document, key spec.Key, opts compiler.Options, header func(spec.Key) []source.Member) (Suggestion, error) {
	proven, err := Prove(doc, key, opts, header(key)...)
	if err != nil {
		return Suggestion{}, err
	}
	best := Suggestion{Proven: proven, Difference: &access.Difference{Equivalent: true}}
	supposed := key
	if key.Account == "" {
		supposed.Account, supposed.AccountFrom = supposedAccount(doc), spec.FromPolicy
	}
	for _, try := range []spec.Key{key, supposed} {
		s, ok := suggest(doc, try, opts, header(try))
		if !ok {
			continue
		}
		best.Placeless = s.Placeless
		if len(s.Verbatim) < len(best.Verbatim) {
			if try.Account != key.Account {
				s.Account = try.Account
			}
			best = s
		}
	}
	return best, nil
}

// supposedAccount is the account that a document's key is likely to be of: the only one that it names, or that of the users and
// roles that it lets put a key policy; "" where there is no such one.
func supposedAccount(doc *policy.Document) string {
	if accounts := access.Accounts(doc); len(accounts) == 1 {
		return accounts[0]
	}
	var editors []string
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if !isPlainAllow(st) || !slices.ContainsFunc(st.Actions, func(a policy.Text) bool { return effective([]string{a.Value})["kms:PutKeyPolicy"] }) {
			continue
		}
		for _, p := range st.Principals {
			editors = append(editors, p.Account)
		}
	}
	slices.Sort(editors)
	if editors = slices.Compact(editors); len(editors) == 1 && policy.IsAccountID(editors[0]) {
		return editors[0]
	}
	return ""
}

// suggest lifts a document to what is near to it; false where that says nothing, or the difference is not known in full.
func suggest(doc *policy.Document, key spec.Key, opts compiler.Options, header []source.Member) (Suggestion, bool) {
	less, spareBefore := withoutSpare(doc, key)
	s := document(less, key, opts.Templates, true, header).asOf(doc, spareBefore)
	if len(spareBefore) > 0 && s.Root.Get("policy") != nil { // it is written whole, and what is proven says so
		return Suggestion{}, false
	}
	text, err := source.Write(s.Root)
	if err != nil {
		return Suggestion{}, false
	}
	compiled := compiledFrom(text, opts)
	if compiled == nil {
		return Suggestion{}, false
	}
	out := Suggestion{Proven: Proven{Spec: s, Text: text}, Spare: spareBefore}
	first := len(compiled.Document.Statements) - len(s.Verbatim)
	if spare := spareOf(compiled.Document, access.EnvOf(compiled.Key.Key), first); len(spare) > 0 && s.Root.Get("statements") != nil {
		for i := range spare {
			spare[i] -= first
			out.Spare = append(out.Spare, s.Verbatim[spare[i]])
		}
		out.Spec = s.without(spare)
		if out.Text, err = source.Write(out.Root); err != nil {
			return Suggestion{}, false
		}
		if compiled = compiledFrom(out.Text, opts); compiled == nil {
			return Suggestion{}, false
		}
	}
	slices.Sort(out.Spare)
	env := access.EnvOf(key.Key)
	out.Compiled = compiled
	out.Difference = access.Diff(doc, compiled.Document, env, env)
	return out, len(out.Difference.Unknown) == 0
}

// withoutSpare is a document without its statements that allow nothing which the others do not, with their indices.
func withoutSpare(doc *policy.Document, key spec.Key) (less *policy.Document, spare []int) {
	if len(doc.Problems) > 0 {
		return doc, nil
	}
	spare = spareOf(doc, access.EnvOf(key.Key), 0)
	if len(spare) == 0 {
		return doc, nil
	}
	var kept []*source.Node
	for i := range doc.Statements {
		if !slices.Contains(spare, i) {
			kept = append(kept, doc.Statements[i].Node)
		}
	}
	c := *doc
	c.Statements = documentOf(kept).Statements
	return &c, spare
}

// spareOf are the statements from the first one on without which a document decides every request alike. Of two that allow
// the same, the later one is spare.
func spareOf(doc *policy.Document, env access.Env, first int) []int {
	left := *doc
	var spare []int
	for i := len(doc.Statements) - 1; i >= first && len(left.Statements) > 1; i-- {
		less := left
		less.Statements = slices.Delete(slices.Clone(left.Statements), i, i+1)
		if answer, _ := access.Equivalent(&left, &less, env, env); answer == access.Yes {
			left = less
			spare = append(spare, i)
		}
	}
	slices.Sort(spare)
	return spare
}

// asOf counts a spec's statements as those of the document from which some were left out before.
func (s Spec) asOf(doc *policy.Document, leftOut []int) Spec {
	var index []int
	for i := range doc.Statements {
		if !slices.Contains(leftOut, i) {
			index = append(index, i)
		}
	}
	renumbered := func(list []int) []int {
		var out []int
		for _, i := range list {
			out = append(out, index[i])
		}
		return out
	}
	s.Verbatim = renumbered(s.Verbatim)
	for i := range s.Steps {
		s.Steps[i].Statements = renumbered(s.Steps[i].Statements)
	}
	return s
}

// without is the spec without some of its own statements, counted from the first of them.
func (s Spec) without(spare []int) Spec {
	members := slices.Clone(s.Root.Members)
	at := slices.IndexFunc(members, func(m source.Member) bool { return m.Key.Text == "statements" })
	list := *members[at].Value
	list.Items = nil
	var verbatim []int
	for i, item := range members[at].Value.Items {
		if !slices.Contains(spare, i) {
			list.Items = append(list.Items, item)
			verbatim = append(verbatim, s.Verbatim[i])
		}
	}
	members[at].Value = &list
	if len(list.Items) == 0 {
		members = slices.Delete(members, at, at+1)
		if !slices.ContainsFunc(members, isForm) {
			members = append(members, field("delegate_to_iam", boolean(true)))
		}
	}
	s.Root, s.Verbatim = source.NewMapping(s.Root.Place, members...), verbatim
	return s
}

// isForm reports whether a field makes a spec one of lists or of a template, and not the default policy.
func isForm(m source.Member) bool {
	switch m.Key.Text {
	case "key", "account", "partition", "region", "key_spec", "key_usage", "origin", "multi_region":
		return false
	}
	return true
}
