package access

import (
	"cmp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// model is a policy compiled for one key, whose account is known or supposed.
// It depends on the supposed account: `arn:aws:iam::ACCOUNT:root` is the own account or a stranger's, resources
// are this key or not, and variables of the key's own values are filled in. So each assumption has its own.
type model struct {
	doc        *policy.Document
	env        Env
	owner      string // the key's account
	partition  string
	keyARN     string
	keyID      string
	statements []statement
	further    bool     // the last of them represents those that are not known
	unreadable []string // parts outside of all statements that could not be read

	roles   map[string][]string // the paths of the roles that the policy names; nil till it is asked
	keys    []string            // what its conditions look at; nil till it is asked
	known   map[string]conditionKey
	kept    map[string]keptChoices // see choices
	fresh   string                 // a session name that the policy does not mention; "" till it is asked
	work    *int                   // see request
	reading int                    // see stepsOfReading; 0 till it is asked
}

func newModel(doc *policy.Document, env Env, owner string) *model {
	m := &model{doc: doc, env: env, owner: owner}
	m.readKey()
	m.partition = m.choosePartition()
	doc = doc.Resolve(m.own())
	m.doc = doc
	for i := range doc.Statements {
		m.statements = append(m.statements, m.compileStatement(&doc.Statements[i]))
	}
	if doc.More != nil {
		m.further = true
		m.statements = append(m.statements, m.compileFurther(policy.Further(doc.More, len(doc.Statements)), doc.More))
	}
	for _, p := range doc.Problems {
		inside := len(p.Path) > 0 && p.Path[0] == "Statement" && slices.ContainsFunc(doc.Statements, func(st policy.Statement) bool {
			return len(p.Path) > len(st.Path) && strings.HasPrefix(p.Path.Pointer()+"/", st.Path.Pointer()+"/")
		})
		if !inside && (len(p.Path) == 0 || p.Path[0] == "Statement") {
			m.unreadable = append(m.unreadable, "The policy could not be read whole: "+p.Want+" is expected at "+pointerOrRoot(p.Path.Pointer())+".")
		}
	}
	return m
}

func pointerOrRoot(pointer string) string {
	if pointer == "" {
		return "its root"
	}
	return pointer
}

func (m *model) readKey() {
	for _, text := range []string{m.env.KeyARN, m.env.KeyID} {
		arn, ok := policy.ParseARN(text)
		id, isKey := strings.CutPrefix(arn.Resource, "key/")
		switch {
		case ok && isKey:
			m.keyID = id
			m.env.Region = cmp.Or(m.env.Region, arn.Region)
			if arn.Account == m.owner {
				m.keyARN = text
			}
			m.env.Partition = cmp.Or(m.env.Partition, arn.Partition)
		case text != "" && !ok && !strings.HasPrefix(text, "alias/") && m.keyID == "":
			m.keyID = text
		}
	}
}

// choosePartition: principals of another partition than the key's do not work, so where nothing else is known of the key,
// the one partition that the policy's principals are in is the key's.
// An ARN of partition aws in a key policy of aws-cn names nobody. Guessing aws by default would report each
// principal of a policy in China as one that does not exist.
func (m *model) choosePartition() string {
	if m.env.Partition != "" && m.env.Partition != "aws" || m.keyARN != "" {
		return cmp.Or(m.env.Partition, "aws")
	}
	if m.env.Region != "" {
		partition, _ := facts.PartitionOfRegion(m.env.Region)
		return cmp.Or(partition, m.env.Partition, "aws")
	}
	return cmp.Or(m.doc.Partition(), m.env.Partition, "aws")
}

// Accounts lists the accounts that a policy names, in principals and in conditions, sorted.
func Accounts(doc *policy.Document) []string {
	var list []string
	for i := range doc.Statements {
		st := &doc.Statements[i]
		for _, p := range slices.Concat(st.Principals, st.NotPrincipals) {
			if policy.IsAccountID(p.Account) {
				list = append(list, p.Account)
			}
		}
	}
	for _, v := range doc.ConditionValues() {
		list = append(list, accountsIn(v.Value)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// possibleOwners are the accounts that a policy gives for its key: those that it names, and those of keys in Resource.
func possibleOwners(doc *policy.Document) []string {
	list := Accounts(doc)
	for i := range doc.Statements {
		for _, r := range slices.Concat(doc.Statements[i].Resources, doc.Statements[i].NotResources) {
			if arn, ok := policy.ParseARN(r.Value); ok && arn.Service == "kms" && policy.IsAccountID(arn.Account) {
				list = append(list, arn.Account)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// accountsIn finds the account IDs in a text: runs of exactly 12 digits.
// An account ID can be anywhere in a condition's value, as part of an ARN, of a list or of an encryption context.
// To take too many for accounts costs a class each; to miss one would take it for a stranger that nobody names.
func accountsIn(text string) []string {
	var list []string
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && text[j] >= '0' && text[j] <= '9' {
			j++
		}
		if j-i == 12 {
			list = append(list, text[i:j])
		}
		i = max(j, i+1)
	}
	return list
}

// owners are the accounts to suppose for the key: the one that is known, or each that the policy names and one that it
// does not.
// The fresh one matters most: a policy need not mention its own account at all, and is then a policy for strangers
// only.
func owners(env Env, accounts []string) []string {
	if known := knownOwner(env); known != "" {
		return []string{known}
	}
	return append(slices.Clone(accounts), freshAccount(accounts))
}

// knownOwner is the key's account, "" where it is not known.
func knownOwner(env Env) string {
	if env.Account != "" {
		return env.Account
	}
	for _, text := range []string{env.KeyARN, env.KeyID} {
		if arn, ok := policy.ParseARN(text); ok && policy.IsAccountID(arn.Account) {
			return arn.Account
		}
	}
	return ""
}

// ownAccount names the key's account where neither it nor any other is known.
func ownAccount(principal string) string {
	_, rest, ok := strings.Cut(principal, "::"+freshAccount(nil)+":")
	if !ok {
		return principal
	}
	if rest == "root" {
		return "the key's own account"
	}
	return rest + " of the key's own account"
}

// freshAccount is an account ID that is not in the list.
func freshAccount(taken []string) string {
	for _, candidate := range []string{"999999999999", "888888888888", "777777777777", "666666666666"} {
		if !slices.Contains(taken, candidate) {
			return candidate
		}
	}
	for n := 100_000_000_000; ; n++ {
		if candidate := formatNumber(float64(n)); !slices.Contains(taken, candidate) {
			return candidate
		}
	}
}
