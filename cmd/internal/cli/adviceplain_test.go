package cli

import (
	"slices"
	"strings"
)

var advices = slices.Concat(plainAdvices, proposingAdvices)

// plainAdvices propose no text: what to take out, or to put elsewhere.
var plainAdvices = []advice{
	form(`^remove (?:it\b|the (?:condition|(?:repeated )?action)\b)`, (*followed).takeOut),
	form(`^remove the statement\b`, (*followed).takeStatementOut),
	form(`^keep the value that is meant`, func(f *followed, _ []string) bool {
		list := f.path[:len(f.path)-1]
		return f.set(list, asList(f.at(list))[0])
	}),
	form(`^keep the element without Not`, func(f *followed, _ []string) bool {
		for name := range f.statement() {
			delete(f.statement(), "Not"+name)
		}
		return true
	}),
	form(`^in its place, limit who calls`, func(f *followed, _ []string) bool {
		f.inPlace()
		if f.statement()["Effect"] == "Deny" {
			return f.require("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::"+f.account+":role/a")
		}
		return f.require("IpAddress", "aws:SourceIp", "203.0.113.0/24")
	}),
	form("^add a condition on `aws:SourceVpc` or `aws:SourceVpce` to the statement", func(f *followed, _ []string) bool {
		return f.require("StringEquals", "aws:SourceVpc", "vpc-1a2b3c4d")
	}),
	form("^write another Deny, with a condition such as (StringNotEquals) on `(aws:SourceVpc)`", func(f *followed, m []string) bool {
		other := map[string]any{"Sid": "Other", "Condition": map[string]any{m[1]: map[string]any{m[2]: "vpc-1a2b3c4d"}}}
		for _, name := range []string{"Effect", "Principal", "Action", "Resource"} {
			other[name] = f.statement()[name]
		}
		return f.addStatement(other)
	}),
	form(`^name the account, the user or the role by its ARN under AWS`, func(f *followed, _ []string) bool {
		f.statement()["Principal"] = map[string]any{"AWS": exampleOfRole}
		return true
	}),
	form(`^allow it only to the key's administrators, in a statement of their own`, func(f *followed, _ []string) bool {
		return f.remove(f.path) // the account statement is theirs
	}),
	form(`^list the actions: those that the console gives key administrators if they administer the key, or else those that it gives key users`, func(f *followed, _ []string) bool {
		f.statement()["Action"] = []any{"kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Get*"}
		return true
	}),
	form(`^write the ranges that are meant`, func(f *followed, _ []string) bool { return f.replace("203.0.113.0/24") }),
	form("^write each as an entry of its own: a role's name in `(key_[a-z_]+)`, a user's ARN in `(key_[a-z_]+)`", func(f *followed, m []string) bool {
		entry, ok := f.take()
		text, _ := entry.(string)
		for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
			if role, isRole := strings.CutPrefix(name, "role/"); isRole {
				ok = ok && f.list(m[1], role)
			} else {
				ok = ok && f.list(m[2], "arn:aws:iam::"+f.account+":"+name)
			}
		}
		return ok
	}),
	form("^if the key is for that use, give the service a statement of its own without these conditions(?:, and exempt it from .* with StringNotEquals on `(aws:\\w+)`: `([^`]*)`)?", func(f *followed, m []string) bool {
		other := map[string]any{"Sid": "Own", "Principal": map[string]any{"Service": "events.amazonaws.com"}}
		if principals, _ := f.statement()["Principal"].(map[string]any); !slices.Contains(asList(principals["Service"]), any("events.amazonaws.com")) {
			return false // what the use of another service needs is more than the statement has
		}
		other["Effect"], other["Action"], other["Resource"] = "Allow", []any{"kms:Decrypt", "kms:GenerateDataKey*"}, "*"
		for _, st := range asList(f.fields()["Statement"]) {
			if st, _ := st.(map[string]any); m[1] != "" && st["Effect"] == "Deny" {
				condition, _ := st["Condition"].(map[string]any)
				condition["StringNotEquals"] = map[string]any{m[1]: m[2]}
			}
		}
		if slices.ContainsFunc(asList(f.fields()["Statement"]), func(st any) bool {
			own, _ := st.(map[string]any)
			principals, _ := own["Principal"].(map[string]any)
			return own["Condition"] == nil && principals["Service"] == m[2]
		}) {
			return true // it has one
		}
		return f.addStatement(other)
	}),
	form(`^take the actions whose requests do not have the key out of the statement`, (*followed).withAKey),
	form(`^write the account's 12 digits in it`, func(f *followed, _ []string) bool {
		text, _ := f.at(f.path).(string)
		return f.replace(strings.Replace(text, ":::", "::"+f.account+":", 1))
	}),
	form(`^split the statement into one for the service, with its condition, and one for the users and roles`, func(f *followed, _ []string) bool {
		others := map[string]any{"Sid": "Own"}
		for _, name := range []string{"Effect", "Action", "Resource"} {
			others[name] = f.statement()[name]
		}
		principals, _ := f.statement()["Principal"].(map[string]any)
		others["Principal"] = map[string]any{"AWS": principals["AWS"]}
		delete(principals, "AWS")
		return f.addStatement(others)
	}),
}

// takeOut takes out what the finding is at: a condition, an entry of a list, or else the whole statement.
func (f *followed) takeOut(_ []string) bool {
	last := f.path[len(f.path)-1]
	_, isEntry := last.(int)
	i := slices.Index(f.path, any("Condition"))
	switch {
	case i >= 0 && len(f.path) > i+3: // one of several values
		return f.remove(f.path)
	case i >= 0 && len(f.path) > i+2:
		f.inPlace()
		return true
	case isEntry && !slices.Contains([]any{"Statement", "statements"}, f.path[len(f.path)-2]):
		return f.remove(f.path)
	}
	return f.takeStatementOut(nil)
}

func (f *followed) takeStatementOut(_ []string) bool {
	i := slices.IndexFunc(f.path, func(step any) bool { return step == "Statement" || step == "statements" })
	if i < 0 || len(f.path) < i+2 {
		return false
	}
	list, _ := f.at(f.path[:i+1]).([]any)
	return len(list) > 1 && f.remove(f.path[:i+2]) // a policy has a statement
}

// withAKey keeps the actions that come with an encryption context or with grants.
func (f *followed) withAKey(_ []string) bool {
	key, _ := f.path[slices.Index(f.path, any("Condition"))+2].(string)
	has := func(action string) bool { return strings.Contains(action, "Grant") }
	if strings.HasPrefix(key, "kms:RecipientAttestation") {
		has = func(action string) bool {
			return strings.Contains(action, "Decrypt") || strings.Contains(action, "DataKey")
		}
	}
	if strings.HasPrefix(key, "kms:EncryptionContext") {
		has = func(action string) bool {
			return slices.ContainsFunc([]string{"crypt", "DataKey", "CreateGrant"}, func(part string) bool { return strings.Contains(action, part) })
		}
	}
	f.statement()["Action"] = slices.DeleteFunc(slices.Clone(asList(f.statement()["Action"])), func(action any) bool { return !has(action.(string)) })
	return true
}
