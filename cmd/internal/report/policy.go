package report

import (
	"fmt"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Policy is the policy that an answer is about.
type Policy struct {
	Compiled   *spec.Compiled // what it was compiled to; nil where JSON is not made of it
	File       string
	Region     string
	Account    keypolicy.Account
	Statements []Statement // by index
}

// Statement is where a statement is.
type Statement struct {
	Number      int // its position where it is written, from 0
	Sid, Effect string
	File        string
	Line        int
	Templates   []keypolicy.Line // that it is from, the nearest first
	Denies      string           // what a Deny is about, in words

	wording
}

// NewPolicy is what a report says of a policy: its file, its account and where its statements are.
func NewPolicy(file string, p *spec.Compiled) Policy {
	out := Policy{Compiled: p, File: file, Region: p.Key.Region, Account: keypolicy.Account{ID: p.Key.Account, From: string(p.Key.AccountFrom)}}
	for i := range p.Document.Statements {
		st := &p.Document.Statements[i]
		origin := p.Document.Map.Find(st.Path)
		place := Statement{Number: st.Number(), Sid: st.Sid.Value, Effect: st.Effect.Value, File: origin.Value.File, Line: origin.Value.Range.Start.Line, wording: wordingOf(st)}
		for _, o := range origin.Origins {
			place.Templates = append(place.Templates, keypolicy.Line{File: o.File, Number: o.Range.Start.Line})
		}
		if place.Effect == "Deny" {
			place.Denies = denyWords(st, p.Key.Account)
		}
		out.Statements = append(out.Statements, place)
	}
	return out
}

// place is the statement's file and line.
func (s Statement) place() string {
	text := fmt.Sprintf("%s:%d", s.File, s.Line)
	for _, t := range s.Templates {
		text += fmt.Sprintf(", from %s:%d", t.File, t.Number)
	}
	return text
}

// name is how a text calls the statement.
func (s Statement) name() string {
	if s.Sid == "" {
		return fmt.Sprintf("statement %d", s.Number)
	}
	return "`" + strings.ReplaceAll(s.Sid, "`", "'") + "`"
}

func (s Statement) String() string { return s.name() + " (" + s.place() + ")" }

// statement gives a statement by its index.
func (p Policy) statement(index int) Statement {
	if index < 0 || index >= len(p.Statements) {
		return Statement{Number: index, File: p.File}
	}
	return p.Statements[index]
}

// accountWords say which account the answer is for, and where it is from.
func accountWords(a keypolicy.Account) string {
	switch a.From {
	case "flag":
		return "account " + a.ID + " (from --account)"
	case "spec":
		return "account " + a.ID
	case "key":
		return "account " + a.ID + " (from the key's ARN)"
	case "configuration":
		return "account " + a.ID + " (from the configuration)"
	case "policy":
		return "account " + a.ID + " (taken from the policy: its account principal may put the policy)"
	}
	return "an account that is not known (--account says which)"
}

// basis says for which account the answer is, and by the defaults of which variables.
func (p Policy) basis() string {
	text := accountWords(p.Account)
	if by := p.byDefault(); by != "" {
		text += "; " + by
	}
	return text
}

// byDefault names the variables whose defaults the policy rests on; "" where it rests on none.
func (p Policy) byDefault() string {
	if p.Compiled == nil || len(p.Compiled.Defaults) == 0 {
		return ""
	}
	const most = 3
	names, more := p.Compiled.Defaults, ""
	if len(names) > most {
		names, more = names[:most], " and others"
	}
	return "by default: `" + strings.Join(names, "`, `") + "`" + more
}

// short writes a principal as a spec does where it is in the key's account.
func (p Policy) short(principal string) string {
	if p.Account.ID == "" {
		return principal
	}
	for _, service := range []string{"iam", "sts"} {
		marker := ":" + service + "::" + p.Account.ID + ":"
		if at := strings.Index(principal, marker); at >= 0 && strings.HasPrefix(principal, "arn:") && strings.Count(principal[:at], ":") == 1 {
			return principal[at+len(marker):]
		}
	}
	return principal
}

// shortActions are actions without their service.
func shortActions(actions []string) []string {
	list := make([]string, len(actions))
	for i, a := range actions {
		list[i] = strings.TrimPrefix(a, "kms:")
	}
	return list
}
