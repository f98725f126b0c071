package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// section is what a report says of one question.
type section struct {
	title string
	lines []string
}

func (a Access) sections() []section {
	list := []section{
		{"Who can change the policy", a.lockout()},
		{"Who gets in from outside", a.outside()},
		{"What the key can be used for by this policy", a.uses()},
		{"Deny statements", a.denies()},
		{"Services that other accounts can make use the key", a.deputies()},
		{"Statements that do nothing, or less than they say", a.idle()},
		{"Not known", a.unknown()},
	}
	var out []section
	for _, s := range list {
		if len(s.lines) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// lockout says who can put a policy, for how long that holds, and whether KMS would let a caller put this one.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (a Access) lockout() []string {
	l := a.Report.Lockout
	var lines []string
	who := diag.Join(a.editors(), "and")
	switch l.Editors {
	case access.EditorsAlways:
		lines = append(lines, who+" can, whatever the context"+a.byIdentityPolicy()+".")
	case access.EditorsConditional:
		lines = append(lines, fmt.Sprintf("%s can, but not in every context: %s%s.", who, l.Conditions.Text, a.byIdentityPolicy()))
	case access.EditorsNone:
		return append(lines, "No principal can: the key's account would be locked out of its policy, and only AWS Support could help.")
	case access.EditorsUnknown:
		lines = append(lines, "Not known.")
	}
	switch l.DurableAnswer {
	case access.No:
		if l.Editors == access.EditorsUnknown {
			lines = append(lines, "Whatever the account, no account principal can: who can are users or roles, which can be deleted.")
			break
		}
		if a.byIdentityPolicy() != "" { // the account's statement lets them in, and conditions name them
			lines = append(lines, "That depends on users or roles that a condition or an exception names: when they are deleted, nobody else can. A condition on aws:PrincipalArn holds for one made later under the same name; NotPrincipal and aws:userid do not.")
			break
		}
		lines = append(lines, "That depends on users or roles: when they are deleted, no principal can, and only AWS Support could help.")
	case access.Yes:
		lines = append(lines, "That does not depend on a user or a role that can be deleted.")
	case access.Unknown:
	}
	if l.RootUserAnswer == access.No && l.Editors != access.EditorsUnknown {
		lines = append(lines, "The account's root user cannot.")
	}
	if a.Caller != "" {
		lines = append(lines, fmt.Sprintf(callerSentences[l.Caller], a.Policy.short(a.Caller)))
	}
	return lines
}

// byIdentityPolicy says that all editors are users and roles that need an identity policy for it, as none is allowed it by its
// own name.
func (a Access) byIdentityPolicy() string {
	l := a.Report.Lockout
	if l.RootUser || len(l.Principals) == 0 {
		return ""
	}
	for _, e := range l.Principals {
		needs := false
		for _, r := range a.Report.Matrix {
			if r.Principal == e && slices.Contains(r.Actions, "kms:PutKeyPolicy") {
				if r.Decision != access.NeedsIdentityPolicy {
					return ""
				}
				needs = true
			}
		}
		if !needs || strings.HasSuffix(e, ":root") {
			return ""
		}
	}
	return ", where an identity policy allows it too"
}

var callerSentences = map[access.CallerCheck]string{
	access.CallerPass:        "KMS's lockout safety check lets %s put this policy.",
	access.CallerPassIfIAM:   "KMS's lockout safety check lets %s put this policy if an identity policy allows it kms:PutKeyPolicy too.",
	access.CallerConditional: "KMS's lockout safety check may refuse %s: it can change the policy in some contexts only, and which one KMS takes is not documented.",
	access.CallerFail:        "KMS's lockout safety check refuses %s: it could not change the policy again.",
	access.CallerUnknown:     "Whether KMS's lockout safety check lets %s put this policy is not known.",
}

// editors names those who can change the policy, the accounts first.
func (a Access) editors() []string {
	var accounts, list []string
	for _, e := range a.Report.Lockout.Principals {
		name := "account " + accountOf(e)
		switch {
		case accountOf(e) == "":
			name = e // the key's own account
		case !strings.HasSuffix(e, ":root"):
			list = append(list, a.Policy.short(e))
			continue
		}
		switch l := a.Report.Lockout; {
		case l.RootUser && l.ByIdentityPolicy == access.EditorsNone:
			name = "the root user of " + name + ", and nobody by an identity policy,"
		case l.RootUser && l.ByIdentityPolicy == access.EditorsUnknown:
			name = "the root user of " + name + " (whether also whom its identity policies allow it is not known)"
		case l.RootUser:
			name += " (its root user, and whom its identity policies allow it)"
		default:
			name += " (whom its identity policies allow it)"
		}
		accounts = append(accounts, name)
	}
	list = append(accounts, list...)
	if n := len(list); n > maxNames {
		list = append(list[:maxNames:maxNames], fmt.Sprintf("%d more", n-maxNames))
	}
	return list
}

func (a Access) outside() []string {
	r := a.Report
	var lines []string
	switch {
	case r.Public == access.Yes:
		lines = append(lines, "The key is public: accounts and organizations that nothing names get in.")
	case r.Public == access.Unknown:
		lines = append(lines, "Whether the key is public is not known.")
	case len(r.External) == 0 && len(r.Unknown) == 0:
		return []string{"Nobody outside the key's account and what you trust."}
	case len(r.External) == 0 && a.Policy.Account.ID == "":
		return []string{"Not known, as the key's account is not: each account above may be its own or another."}
	case len(r.External) == 0:
		return []string{"Nobody, as far as is known: see what is not known."}
	}
	needs, rootUsers := false, false
	for _, e := range r.External {
		name := e.Principal
		account := strings.HasPrefix(name, "account ") || name == "any account"
		needs = needs || e.Decision == access.NeedsIdentityPolicy
		rootUsers = rootUsers || account && e.Decision == access.NeedsIdentityPolicy
		switch {
		case !account:
			name = a.Policy.who(name, "")
		case e.Decision == access.Allowed: // its users and roles need an identity policy
			name = "the root user of " + name
		}
		name += a.but(e)
		under := ""
		if words := conditionWords(e.Conditions); len(words) > 0 {
			under = ": " + words[0]
		}
		lines = append(lines, fmt.Sprintf("%s may %s%s", name, actionWords(e.Actions, a.Policy.patterns(e.Statements)), under))
	}
	switch {
	case rootUsers:
		lines = append(lines, "An outsider's own account must allow it too, by an identity policy; its root user needs none.")
	case needs:
		lines = append(lines, "An outsider's own account must allow it too, by an identity policy.")
	}
	return lines
}

// but names those whom an outsider's words take in and who may none of it; of others it says that they may less.
func (a Access) but(e access.External) string {
	var never, less []string
	for i, x := range e.Except {
		name := a.Policy.who(x.Principal, x.Kind)
		switch {
		case i == maxExceptions:
			less = append(less, fmt.Sprintf("%d others", len(e.Except)-maxExceptions))
		case i > maxExceptions:
		case x.Never && slices.Equal(x.Actions, e.Actions):
			never = append(never, name)
		default:
			less = append(less, name)
		}
	}
	text := ""
	if len(never) > 0 {
		text += " but " + diag.Join(never, "and")
	}
	if len(less) > 0 {
		text += " (less for " + diag.Join(less, "and") + ")"
	}
	return text
}

func (a Access) denies() []string {
	var lines []string
	for i, st := range a.Policy.Statements {
		if st.Denies == "" || a.Report.Statements[i].Status == access.NeverMatches {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s, %s, denies %s", st.name(), a.Policy.at(st), st.Denies))
	}
	return lines
}

// deputies names the services that act for whoever asks.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (a Access) deputies() []string {
	var lines []string
	for _, d := range a.Report.ConfusedDeputy {
		lines = append(lines, fmt.Sprintf("%s by %s", d.Service, a.Policy.statements(d.Statements)))
	}
	if len(lines) == 0 {
		return nil
	}
	var named []string // services that act for accounts that the policy names, and for no others
	for _, d := range a.Report.ConfusedDeputy {
		if !d.AnyAccount {
			named = append(named, d.Service)
		}
	}
	if len(named) < len(a.Report.ConfusedDeputy) {
		lines = append(lines, "They use the key for any account's resources, not only for yours: no condition on aws:SourceAccount, aws:SourceArn, aws:SourceOrgID or the encryption context rules others out.")
	}
	if len(named) > 0 {
		lines = append(lines, fmt.Sprintf("For %s, the conditions name whose resources: accounts that are neither the key's own nor trusted.", strings.Join(named, ", ")))
	}
	return lines
}

func (a Access) idle() []string {
	var lines []string
	for _, st := range a.Report.Statements {
		place := a.Policy.statement(st.Index)
		name := place.name() + ", " + a.Policy.at(place) + ","
		switch st.Status {
		case access.NeverMatches:
			lines = append(lines, fmt.Sprintf("%s never matches: %s.", name, diag.Phrase(st.Why)))
		case access.Shadowed:
			lines = append(lines, fmt.Sprintf("%s allows nothing: all of it is denied by %s.", name, a.Policy.statements(st.By)))
		case access.Redundant:
			lines = append(lines, fmt.Sprintf("%s changes nothing: everything that it does is done by %s.", name, a.Policy.statements(st.By)))
		case access.GrantsOnly:
			lines = append(lines, name+" denies what nobody is allowed: it only blocks grants.")
		case access.StatusUnknown:
			lines = append(lines, fmt.Sprintf("Whether %s does anything is not known: %s.", name, diag.Phrase(st.Why)))
		case access.Live:
			if st.Why != "" {
				lines = append(lines, fmt.Sprintf("%s does nothing any more: %s.", name, diag.Phrase(st.Why)))
			}
		}
	}
	return lines
}

func (a Access) unknown() []string {
	var lines []string
	for _, why := range a.Report.Unknown {
		lines = append(lines, why.Text)
	}
	return lines
}
