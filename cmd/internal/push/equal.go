package push

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// equal reports whether two texts are one policy as KMS gives it back: the same bytes, or the same but for the order of
// principals, lists, statements and fields, a scalar for a list of one, and an account's id for its ARN. Labels count, and
// what actions mean is not asked: whoever wrote another text is another writer.
func equal(a, b, partition string) bool {
	return a == b || form(a, partition) == form(b, partition)
}

// form is a text that two policies share where they are equal. What is not a policy has itself.
func form(text, partition string) string {
	root, err := parse([]byte(text))
	if err != nil {
		return text
	}
	return policy.Compact(formOf(root, partition))
}

func formOf(root *source.Node, partition string) *source.Node {
	return mapped(root, func(name string, value *source.Node) *source.Node {
		if name != "Statement" {
			return value
		}
		statements := items(value)
		for i, st := range statements {
			statements[i] = statementForm(st, partition)
		}
		return sorted(statements, false)
	})
}

func statementForm(st *source.Node, partition string) *source.Node {
	return mapped(st, func(name string, value *source.Node) *source.Node {
		switch name {
		case "Principal", "NotPrincipal":
			if value.Kind == source.Scalar { // only "*"
				value = source.NewMapping(diag.Place{}, source.NewMember("AWS", diag.Place{}, value))
			}
			return mapped(value, func(element string, list *source.Node) *source.Node {
				names := items(list)
				if element == "AWS" {
					for i, n := range names {
						names[i] = principalForm(n, partition)
					}
				}
				return sorted(names, true)
			})
		case "Action", "NotAction", "Resource", "NotResource":
			return sorted(items(value), true)
		case "Condition":
			return mapped(value, func(_ string, keys *source.Node) *source.Node {
				return mapped(keys, func(_ string, values *source.Node) *source.Node { return sorted(written(items(values)), true) })
			})
		default:
			return value
		}
	})
}

// principalForm writes an account's id as its ARN, as KMS does.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func principalForm(n *source.Node, partition string) *source.Node {
	if n.Kind == source.Scalar && policy.IsAccountID(n.Text) {
		return source.NewScalar(policy.AccountARN(partition, n.Text), diag.Place{})
	}
	return n
}

// mapped makes a mapping of what each field's value becomes, sorted by name. What is not a mapping stays as it is.
func mapped(n *source.Node, value func(name string, value *source.Node) *source.Node) *source.Node {
	if n.Kind != source.Mapping {
		return n
	}
	out := source.NewMapping(diag.Place{})
	for _, m := range n.Members {
		out.Members = append(out.Members, source.NewMember(m.Key.Text, diag.Place{}, value(m.Key.Text, m.Value)))
	}
	slices.SortFunc(out.Members, func(a, b source.Member) int { return strings.Compare(a.Key.Text, b.Key.Text) })
	return out
}

// items are those of a list; anything else is a list of one.
func items(n *source.Node) []*source.Node {
	if n.Kind == source.Sequence {
		return slices.Clone(n.Items)
	}
	return []*source.Node{n}
}

// sorted makes a list of items in the order of their texts, a set without repeats.
func sorted(list []*source.Node, set bool) *source.Node {
	byText := func(a, b *source.Node) int { return strings.Compare(policy.Compact(a), policy.Compact(b)) }
	slices.SortFunc(list, byText)
	if set {
		list = slices.CompactFunc(list, func(a, b *source.Node) bool { return byText(a, b) == 0 })
	}
	out := source.NewSequence(diag.Place{})
	out.Items = list
	return out
}

// storedSession is a session that a statement names, where KMS stores its role.
type storedSession struct {
	arn    string
	denied bool
}

// sessionRule is lint's rule that a statement which names a session is about only that session.
const sessionRule = "assumed-role-session-principal"

// dropSessionFindings drops what lint says of sessions, where KMS stores their roles: then it does not hold.
func (it *Item) dropSessionFindings() {
	it.Findings = slices.DeleteFunc(slices.Clone(it.Findings), func(f diag.Diagnostic) bool { return f.Rule == sessionRule })
}

// consequence says what the role in its place means. A Deny with NotPrincipal denies each session that it does not name.
func (s storedSession) consequence() string {
	if s.denied {
		return "every session of the role is denied"
	}
	return "every session of the role is let in"
}

// asRoles gives two policies with the role in place of each session that the wanted one names, as KMS is reported to store
// it; ok is false where it names none. A session's ARN does not show its role's path, so such roles go without.
func asRoles(live, wanted string) (liveRoles, wantedRoles string, sessions []storedSession, ok bool) {
	root, err := parse([]byte(wanted))
	if err != nil {
		return "", "", nil, false
	}
	roles := map[string]string{} // account and name → the role's ARN
	doc := policy.Read(root)
	for i := range doc.Statements {
		for _, p := range slices.Concat(doc.Statements[i].Principals, doc.Statements[i].NotPrincipals) {
			if p.Kind == policy.Session {
				roles[p.Account+" "+p.Name] = policy.ARN{Partition: p.Partition, Service: "iam", Account: p.Account, Resource: "role/" + p.Name}.String()
				sessions = append(sessions, storedSession{p.Text, doc.Statements[i].Effect.Value == "Deny"})
			}
		}
	}
	slices.SortFunc(sessions, func(a, b storedSession) int { return strings.Compare(a.arn+a.consequence(), b.arn+b.consequence()) })
	liveRoot, err := parse([]byte(live))
	if len(roles) == 0 || err != nil {
		return "", "", nil, false
	}
	return policy.Compact(withRoles(liveRoot, roles)), policy.Compact(withRoles(root, roles)), slices.Compact(sessions), true
}

// withRoles writes the given roles without their paths, and their sessions as roles.
func withRoles(root *source.Node, roles map[string]string) *source.Node {
	principals := func(list *source.Node) *source.Node {
		names := items(list)
		for i, n := range names {
			if n.Kind != source.Scalar {
				continue
			}
			p := policy.ReadPrincipal("AWS", n.Text, nil)
			if arn := roles[p.Account+" "+p.Name]; arn != "" && (p.Kind == policy.Session || p.Kind == policy.Role) {
				names[i] = source.NewScalar(arn, diag.Place{})
			}
		}
		return sorted(names, true)
	}
	return mapped(root, func(name string, value *source.Node) *source.Node {
		if name != "Statement" {
			return value
		}
		statements := items(value)
		for i, st := range statements {
			statements[i] = mapped(st, func(name string, value *source.Node) *source.Node {
				if name != "Principal" && name != "NotPrincipal" {
					return value
				}
				return mapped(value, func(element string, list *source.Node) *source.Node {
					if element != "AWS" {
						return list
					}
					return principals(list)
				})
			})
		}
		return sorted(statements, false)
	})
}

// written takes numbers and booleans for their texts: a condition's value is one whether it is quoted or not.
func written(list []*source.Node) []*source.Node {
	for i, n := range list {
		if n.Kind == source.Scalar {
			list[i] = source.NewScalar(n.Text, diag.Place{})
		}
	}
	return list
}
