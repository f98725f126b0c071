package compiler

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// rootSid is the Sid of the account's statement as CCKM writes it; the console's own is the facts'.
const rootSid = "Enable IAM UserName Permissions"

// lowering turns one spec with its templates filled in into a policy document.
type lowering struct {
	key      spec.Key
	spec     *spec.KeyPolicy
	found    diag.List
	reported bool // that the account is missing
}

// lists lowers form 1: the statements that CCKM and the AWS console write, each only where it has a principal.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (l *lowering) lists(r *expand.Result) *source.Node {
	users := l.principals(r, "key_users", "key_users_roles", "external_accounts")
	admins := l.principals(r, "key_admins", "key_admins_roles")
	var statements []*source.Node
	if spec.IsTrue(r.DelegateToIAM, true) {
		statements = append(statements, l.statement(rootSid, l.account(), true, facts.ConsoleRoot().Actions))
	}
	if len(admins) > 0 {
		statements = append(statements, l.statement(facts.ConsoleAdministrators().Sid, admins, true, l.administratorActions(r)))
	}
	if len(users) > 0 {
		use, _ := facts.ConsoleUsers(l.key.Kind) // keyKind has made sure of the kind
		statements = append(statements, l.statement(use.Sid, users, true, use.Actions), l.grants(users))
	}
	statements = append(statements, r.Included...)
	statements = append(statements, r.Statements...)
	d := l.document(facts.ConsolePolicy().ID, true, statements)
	if !spec.IsTrue(r.DelegateToIAM, true) { // what findings about a missing statement point at
		d.Members[len(d.Members)-1].Key.Place = r.DelegateToIAM.Place
	}
	return d
}

// byDefault is KMS's own default policy, for a spec that has no form and a carrier's key that has no policy.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (l *lowering) byDefault(account []*source.Node) *source.Node {
	root := facts.ConsoleRoot()
	statement := l.statement(root.Sid, account, false, root.Actions)
	return l.document(facts.DefaultPolicy().ID, false, []*source.Node{statement})
}

func (l *lowering) document(id string, idFirst bool, statements []*source.Node) *source.Node {
	place := l.spec.Root.Place
	list := source.NewSequence(place, statements...)
	idMember := source.NewMember("Id", place, source.NewScalar(id, place))
	version := source.NewMember("Version", place, source.NewScalar(policy.Current, place))
	statement := source.NewMember("Statement", place, list)
	if idFirst {
		return source.NewMapping(place, idMember, version, statement)
	}
	return source.NewMapping(place, version, idMember, statement)
}

// statement writes an Allow for the principals. What has no words of its own in the spec is at the first principal's place.
func (l *lowering) statement(sid string, principals []*source.Node, lists bool, actions []string) *source.Node {
	place, origins := principals[0].Place, principals[0].Origins
	scalar := func(text string) *source.Node {
		n := source.NewScalar(text, place)
		n.Origins = origins
		return n
	}
	var aws, action *source.Node
	if lists {
		aws, action = source.NewSequence(place, principals...), source.NewSequence(place)
		for _, a := range actions {
			action.Items = append(action.Items, scalar(a))
		}
	} else {
		aws, action = principals[0], scalar(actions[0])
	}
	return source.NewMapping(place,
		source.NewMember("Sid", place, scalar(sid)),
		source.NewMember("Effect", place, scalar("Allow")),
		source.NewMember("Principal", place, source.NewMapping(place, source.NewMember("AWS", place, aws))),
		source.NewMember("Action", place, action),
		source.NewMember("Resource", place, scalar("*")),
	)
}

// grants is the statement that lets users have AWS services make grants for them.
func (l *lowering) grants(users []*source.Node) *source.Node {
	console := facts.ConsoleGrants()
	st := l.statement(console.Sid, users, true, console.Actions)
	place := users[0].Place
	condition := source.NewMapping(place)
	for _, c := range console.Conditions {
		key := source.NewMapping(place, source.NewMember(c.Key, place, source.NewScalar(c.Value, place)))
		condition.Members = append(condition.Members, source.NewMember(c.Operator, place, key))
	}
	st.Members = append(st.Members, source.NewMember("Condition", place, condition))
	return st
}

// account is the account principal of the key's own account.
func (l *lowering) account() []*source.Node {
	place := l.spec.Root.Place
	if l.key.Account == "" {
		l.accountMissing(l.spec.Root, "the account statement (`Enable IAM User Permissions`)")
	}
	return []*source.Node{source.NewScalar(policy.AccountARN(l.key.Partition, l.key.Account), place)}
}

// administratorActions are the console's, less what the spec takes out, and its additions last.
func (l *lowering) administratorActions(r *expand.Result) []string {
	admin := facts.ConsoleAdministrators()
	actions := admin.ActionsWithoutDeletion
	if spec.IsTrue(r.AllowKeyDeletion, true) {
		actions = admin.Actions
	}
	var list []string
	for _, a := range actions {
		if a != "kms:RotateKeyOnDemand" || l.key.Kind == "symmetric_encryption" {
			list = append(list, a)
		}
	}
	if l.key.Origin == "EXTERNAL" {
		list = append(list, admin.ImportedKeyMaterialActions...)
	}
	if l.key.MultiRegion {
		list = append(list, admin.MultiRegionActions...)
	}
	return list
}

// principals expands the entries of lists in order; repeats are dropped, and a rule reports them.
func (l *lowering) principals(r *expand.Result, names ...string) []*source.Node {
	var list []*source.Node
	seen := map[string]bool{}
	for _, name := range names {
		if r.Lists[name] == nil {
			continue
		}
		for _, entry := range r.Lists[name].Entries {
			if entry.Kind != source.Scalar || entry.IsNull() {
				continue // the schema has reported it
			}
			c := *entry
			c.Type = source.String
			if c.Parts == nil {
				c.Text = l.principal(name, entry)
			} else {
				l.open(name, &c)
			}
			if !seen[c.Text] {
				seen[c.Text] = true
				list = append(list, &c)
			}
		}
	}
	return list
}

// principal writes an entry of a list as AWS takes it: an ARN and "*" unchanged, a name in the key's account.
func (l *lowering) principal(list string, entry *source.Node) string {
	text := entry.Text
	switch {
	case text == "*" || strings.HasPrefix(text, "arn:"):
		return text
	case list == "external_accounts":
		return policy.AccountARN(l.key.Partition, text)
	}
	if l.key.Account == "" {
		l.accountMissing(entry, fmt.Sprintf("the ARN of `%s`", text))
	}
	kind := "user"
	if strings.HasSuffix(list, "_roles") {
		kind = "role"
	}
	l.endOfARN(list, kind, entry)
	return policy.ARN{Partition: l.key.Partition, Service: "iam", Account: l.key.Account, Resource: kind + "/" + text}.String()
}

// open gives an entry of which a part is not known the form of a principal: one that is not known as a whole may be a name or
// an ARN.
func (l *lowering) open(list string, entry *source.Node) {
	if entry.Parts.Whole() != nil || strings.HasPrefix(entry.Text, "arn:") {
		return
	}
	kind := "user"
	if strings.HasSuffix(list, "_roles") {
		kind = "role"
	}
	before := policy.ARN{Partition: l.key.Partition, Service: "iam", Account: l.key.Account, Resource: kind + "/"}.String()
	made := source.NewText(entry.Place, append([]symbol.Part{{Literal: before}}, entry.Parts...)...)
	entry.Text, entry.Parts = made.Text, made.Parts
}

// endOfARN reports an entry such as role/NAME that a template brings into a list. A rule reports those that are written
// in the spec's own lists.
func (l *lowering) endOfARN(list, wants string, entry *source.Node) {
	kind, rest, ok := facts.CutIAMResource(entry.Text)
	field, _, _ := strings.Cut(strings.TrimPrefix(entry.Place.Path, "/"), "/")
	if !ok || spec.FieldName(field) == list && entry.Place.File == l.spec.Root.Place.File {
		return
	}
	help := fmt.Sprintf("write the %s's whole ARN", wants)
	if kind == wants {
		help = fmt.Sprintf("write `%s`. Where `%s/` is the %s's path, write its whole ARN", rest, kind, wants)
	}
	l.found = append(l.found, compileFinding(entry, "template-parameter",
		fmt.Sprintf("`%s` is the end of an ARN, but `%s` reads it as a %s with that path", entry.Text, list, wants), help))
}

func (l *lowering) accountMissing(n *source.Node, what string) {
	if l.reported {
		return
	}
	l.reported = true
	l.found = append(l.found, diag.Diagnostic{
		Rule: "compile", Reason: "account-missing", Category: "references", Severity: diag.Error,
		Message: "no account is given for " + what,
		Help:    "give `account: \"111122223333\"` in the spec or in .keypolicy.yaml, or --account",
		Place:   n.Place, Related: diag.Copied(n.Place, n.Origins),
	})
}
