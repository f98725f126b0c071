package cli

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// advice is a form of help that its reader follows by changing more than the text at the finding's place.
type advice struct {
	form   *regexp.Regexp
	follow func(f *followed, m []string) bool // false where it is not about such a file
	why    string                             // where there is nothing to follow: why the help proposes no text
}

// isMention reports whether a help is of a form that proposes no text.
func isMention(help string) bool {
	return slices.ContainsFunc(advices, func(a advice) bool { return a.why != "" && a.form.MatchString(help) })
}

func form(pattern string, follow func(f *followed, m []string) bool) advice {
	return advice{form: regexp.MustCompile(pattern), follow: follow}
}

func mention(pattern, why string) advice {
	return advice{form: regexp.MustCompile(pattern), why: why}
}

var (
	useActions     = []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}
	actionInHelp   = regexp.MustCompile(`kms:[A-Za-z]+\*?`)
	attested       = regexp.MustCompile(`"(kms:RecipientAttestation:\w+)":\[?"(\w+)"`)
	exampleOfRole  = "arn:aws:iam::111122223333:role/example"
	anyGrantAction = func(action string) bool { return strings.Contains(action, "Grant") }
)

var proposingAdvices = []advice{
	// Elements.
	form(`write "(Resource|Version|Effect|Action)": ("[^"]*"|\[[^]]*\])`, (*followed).writeElement),
	form(`^(?:list|name) the (?:action|principal)s, as in "(Action|Principal)": (\[[^]]*\]|{[^}]*})`, (*followed).writeElement),
	form(`^keep only "\*"`, func(f *followed, _ []string) bool { return f.writeElement([]string{"", "Resource", `"*"`}) }),
	form(`^write ("Allow") or "Deny"`, func(f *followed, m []string) bool { return f.writeElement([]string{"", "Effect", m[1]}) }),
	form(`In a key policy, name the principals in each statement, and write "Resource": "\*"`, func(f *followed, _ []string) bool {
		for _, st := range asList(f.fields()["Statement"]) {
			st.(map[string]any)["Principal"] = map[string]any{"AWS": "arn:aws:iam::" + f.account + ":root"}
			st.(map[string]any)["Resource"] = "*"
		}
		return true
	}),

	// Actions.
	form(`^list the actions that administer the key \(([^)]*)\)`, (*followed).writeActions),
	form(`^list what the other account needs, such as (.*)`, (*followed).writeActions),
	form(`^name the other account in a statement of its own, and list what it needs, such as (.*)`, func(f *followed, m []string) bool {
		return f.separately(func(name string) bool { return !strings.Contains(name, f.account) }, map[string]any{"Action": anys(actionInHelp.FindAllString(m[1], -1))})
	}),
	form(`^it uses (kms:.*)`, (*followed).writeActions),
	form(`^list the actions, or use narrower patterns such as (.*)`, func(f *followed, m []string) bool {
		return f.replace(anys(actionInHelp.FindAllString(m[1], -1))...)
	}),
	form(`^add (kms:\w+ and kms:\w+) to the `, func(f *followed, m []string) bool {
		st := f.statement()
		if st != nil {
			st["Action"] = append(asList(st["Action"]), anys(actionInHelp.FindAllString(m[1], -1))...)
		}
		return st != nil
	}),
	form("^add (`kms:.*) in a statement of the service's own$", func(f *followed, m []string) bool {
		return f.addStatement(map[string]any{
			"Sid": "Own", "Effect": "Allow", "Principal": map[string]any{"Service": f.at(f.path)}, "Action": anys(actionInHelp.FindAllString(m[1], -1)), "Resource": "*",
			"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": f.account}},
		})
	}),
	form("^remove `kms:PutKeyPolicy` from `([^`]*)`", func(f *followed, m []string) bool {
		for _, st := range asList(f.fields()["Statement"]) {
			if st, _ := st.(map[string]any); st["Sid"] == m[1] {
				st["Action"] = "kms:ScheduleKeyDeletion" // of all that it denied
				return true
			}
		}
		return false
	}),
	form(`"Bool": {"kms:GrantIsForAWSResource": "true"}`, func(f *followed, _ []string) bool {
		return f.own([]string{"kms:CreateGrant"}, anyGrantAction, "Bool", "kms:GrantIsForAWSResource", "true")
	}),
	form("^put `(kms:\\w+)` into a statement of its own, with a condition on `(kms:\\w+)`", func(f *followed, m []string) bool {
		return f.own([]string{m[1]}, func(action string) bool { return action == m[1] }, "StringEquals", m[2], []any{"eu-west-1"})
	}),
	form("^remove (`kms:.*): a service that uses keys", func(f *followed, m []string) bool {
		st := f.statement()
		st["Action"] = slices.DeleteFunc(asList(st["Action"]), func(action any) bool { return strings.Contains(m[1], "`"+action.(string)+"`") })
		return f.throughService("rds")
	}),

	// Conditions.
	form("^(?:in its place, )?require `aws:SourceAccount` with your account", (*followed).requireAccount),
	form("^require your own account by `aws:SourceAccount`", (*followed).requireAccount),
	form(`which is aws:SourceAccount with your account, aws:SourceArn`, (*followed).requireAccount),
	form("^in place of .*, write the actions that the service's guide lists; .*require `aws:SourceAccount` with your account", func(f *followed, _ []string) bool {
		f.statement()["Action"] = []any{"kms:Decrypt", "kms:GenerateDataKey*"}
		return f.requireAccount(nil)
	}),
	form("^in a statement of the service's own, require `aws:SourceAccount` with your account", func(f *followed, _ []string) bool {
		return f.separately(isService, map[string]any{"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": f.account}}})
	}),
	form("^write a statement for each of the services that differ: require `aws:SourceAccount` with your account; .*require `aws:SourceAccount` with your account, where", (*followed).requireAccount),
	form("^write a statement for each of the services that differ: require `aws:SourceAccount` with your account; where the service delivers for the member accounts", (*followed).requireAccount),
	form("^write a statement for each of the services that differ: .*require `(kms:EncryptionContext:[^`]*)` with your account", func(f *followed, m []string) bool {
		return f.separately(func(name string) bool { return name != "fargate.amazonaws.com" }, nil) && f.require("StringEquals", m[1], f.account)
	}),
	form("^write a statement for each of the services that differ: .*require `kms:GrantIsForAWSResource`", func(f *followed, _ []string) bool {
		return f.separately(func(name string) bool { return name != "dnssec-route53.amazonaws.com" }, nil) && f.require("Bool", "kms:GrantIsForAWSResource", "true")
	}),
	form("^write a statement for each of the services that differ: .*for the use `[^`]*`, `([^`]*)` sends neither",
		func(f *followed, m []string) bool {
			return f.separately(func(name string) bool { return name == m[1] }, nil) && f.requireAccount(nil)
		}),
	form("^write a statement for each use, as AWS's pages do: .*for [^;]*, require `aws:SourceAccount` with your account", (*followed).requireAccount),
	form("^for the use `[^`]*`, `[^`]*` sends neither `aws:SourceAccount` nor `aws:SourceArn`: use a separate key for it. For the service's other uses, require `aws:SourceAccount`",
		(*followed).requireAccount),
	form("^require `aws:SourceArn` with the ARN of what the service acts for", func(f *followed, _ []string) bool {
		return f.require("ArnLike", "aws:SourceArn", "arn:aws:cloudfront::"+f.account+":distribution/E1EXAMPLE")
	}),
	form("by a Deny on `aws:PrincipalIsAWSService` and `aws:SourceAccount`$", func(f *followed, _ []string) bool {
		return f.addStatement(map[string]any{
			"Sid": "Other accounts' services", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*",
			"Condition": map[string]any{
				"Bool":                    map[string]any{"aws:PrincipalIsAWSService": "true"},
				"StringNotEqualsIfExists": map[string]any{"aws:SourceAccount": f.account},
			},
		})
	}),
	form("otherwise use a key that AWS documents for (users and roles|services), such as `aws:(?:PrincipalArn|SourceArn)`", func(f *followed, m []string) bool {
		f.inPlace()
		if m[1] == "services" {
			return f.require("ArnLike", "aws:SourceArn", "arn:aws:sns:eu-central-1:"+f.account+":events")
		}
		return f.require("StringLike", "kms:ViaService", "s3.*.amazonaws.com")
	}),
	form(`^add kms:CallerAccount, aws:PrincipalOrgID or aws:PrincipalArn under StringEquals`, func(f *followed, _ []string) bool {
		return f.require("StringEquals", "kms:CallerAccount", f.account)
	}),
	form(`^write (kms:ImportKeyMaterial) in a statement of its own, with a condition on (kms:ExpirationModel) or`, func(f *followed, m []string) bool {
		return f.own([]string{m[1]}, func(action string) bool { return action == m[1] }, "StringEquals", m[2], "KEY_MATERIAL_EXPIRES")
	}),
	form(`^write (kms:ImportKeyMaterial) in a statement of its own, with a condition on kms:ExpirationModel or (kms:ValidTo)`, func(f *followed, m []string) bool {
		return f.own([]string{m[1]}, func(action string) bool { return action == m[1] }, "DateLessThan", m[2], "2030-01-31T00:00:00Z")
	}),
	form(`^name the roles of the other account, or limit their ARNs by paths with aws:PrincipalArn`, func(f *followed, _ []string) bool {
		f.inPlace()
		return f.require("ArnLike", "aws:PrincipalArn", "arn:aws:iam::444455556666:role/payments/*")
	}),
	form("^it sends `(kms:EncryptionContext:[^`]*)`", func(f *followed, m []string) bool {
		value, _ := f.at(f.path).(string)
		return f.remove(f.path) && f.requireAt(f.path, m[1], "arn:aws:s3:::"+strings.TrimPrefix(value, "arn:aws:s3:::"))
	}),
	form("^where it is used with(?:out)? an S3 Bucket Key, add `([^`]*)`", func(f *followed, m []string) bool {
		return f.replace(f.at(f.path), m[1])
	}),
	form("^write an operator for \\w+, as `(\\w+)`", (*followed).writeOperator),
	form("^write an operator for \\w+ and a value of that type, as `\"(\\w+)\": {\"([^\"]*)\": \"([^\"]*)\"}`", func(f *followed, m []string) bool {
		f.remove(f.path)
		return f.require(m[1], m[2], m[3])
	}),
	form("^move it under the `(\\w+)` that is there", (*followed).writeOperator),
	form(`^write an operator of IAM, such as (\w+)`, (*followed).writeOperator),
	form(`^write (ForAnyValue) before the operator if one matching value is enough`, func(f *followed, m []string) bool {
		operator, _ := f.path[slices.Index(f.path, any("Condition"))+1].(string)
		return f.writeOperator([]string{"", m[1] + ":" + operator})
	}),
	form(`^write (Bool) for people, and no MFA condition for machines`, func(f *followed, _ []string) bool {
		f.inPlace()
		return true
	}),
	form("^write a path, as `([^`]*)`", func(f *followed, m []string) bool { return f.replace(m[1]) }),
	form("^write it under `(aws:\\w+)`, with `(ForAnyValue:StringLike)`", func(f *followed, m []string) bool {
		value := f.at(f.path)
		f.inPlace()
		return f.require(m[2], m[1], value)
	}),
	form(`^write the digits as nitro-cli prints them, with the operator (StringEqualsIgnoreCase)`, func(f *followed, _ []string) bool {
		return f.replace("d8e77227f44d604aea4fdefb679b2e48f03e0d538784aba9ab763a3ebb5528121d910f9bb3adcca05e54ec56641362c6")
	}),
	form(`^write the public addresses, or use aws:VpcSourceIp`, func(f *followed, _ []string) bool { return f.replace("198.51.100.0/24") }),
	form(`^write the name of a service with its ending, such as (\S+)$`, func(f *followed, m []string) bool { return f.replace(strings.Trim(m[1], "`")) }),
	form(`^write vpc-… for a VPC and vpce-… for aws:SourceVpce`, func(f *followed, _ []string) bool {
		return f.replace(map[bool]any{true: "vpce-1a2b3c4d", false: "vpc-1a2b3c4d"}[slices.Contains(f.path, any("aws:SourceVpce"))])
	}),
	form(`^add the missing part, as in (\S+)`, func(f *followed, m []string) bool {
		value := f.at(f.path)
		return f.remove(f.path) && f.requireAt(f.path, m[1], value)
	}),
	form(`^write the variable as in (\$\{[^}]*\})`, func(f *followed, m []string) bool { return f.replace(m[1]) }),
	form(`^add a Deny of (.*) for everyone, with StringNotEqualsIgnoreCase`, func(f *followed, m []string) bool {
		for _, st := range asList(f.fields()["Statement"]) {
			st, _ := st.(map[string]any)
			text, _ := json.Marshal(st["Condition"])
			if key := attested.FindSubmatch(text); key != nil {
				return f.addStatement(map[string]any{
					"Sid": "Only attested", "Effect": "Deny", "Principal": "*", "Action": anys(actionInHelp.FindAllString(m[1], -1)), "Resource": "*",
					"Condition": map[string]any{"StringNotEqualsIgnoreCase": map[string]any{string(key[1]): string(key[2])}},
				})
			}
		}
		return false
	}),

	// Principals.
	form("write a statement for `([^`]*)` with `ArnLike` on `aws:PrincipalArn`: `([^`]*)`", (*followed).throughAccount),
	form("^allow the users and roles that use it, with `kms:ViaService` as the condition: `([^`]*)`", func(f *followed, m []string) bool { return f.throughService(m[1]) }),
	form("^allow the service-linked role, `([^`]*)`", func(f *followed, m []string) bool {
		st := f.statement()
		st["Principal"] = map[string]any{"AWS": m[1]}
		delete(st, "Condition")
		return true
	}),
	form("^write the ARN as (arn:aws:iam::111122223333:role/app)", func(f *followed, m []string) bool { return f.replace(m[1]) }),
	form(`^write the ARN of the role. To mean one session, add aws:userid`, func(f *followed, _ []string) bool {
		if key, _ := f.path[slices.Index(f.path, any("Condition"))+2].(string); strings.EqualFold(key, "aws:userid") {
			return f.replace("AROAEXAMPLEIDEXAMPLE1:run-42")
		}
		return f.replace(exampleOfRole)
	}),
	form("^a service is under `Service`", func(f *followed, _ []string) bool {
		name := f.at(f.path)
		i := slices.Index(f.path, any("Principal"))
		if !f.remove(f.path) {
			return false
		}
		st := f.statement()
		if st["Principal"] == nil {
			st["Principal"] = map[string]any{}
		}
		return f.set(slices.Concat(f.path[:i+1], []any{"Service"}), name) && f.require("StringEquals", "aws:SourceAccount", f.account)
	}),
	form("^allow the account's service-linked role `(\\w+)`", func(f *followed, m []string) bool {
		st := f.statement()
		st["Principal"] = map[string]any{"AWS": "arn:aws:iam::" + f.account + ":role/aws-service-role/autoscaling.amazonaws.com/" + m[1]}
		delete(st, "Condition")
		return true
	}),
	form("^name the role that it runs as, or the service under `Service`", func(f *followed, _ []string) bool {
		return f.replace(exampleOfRole)
	}),
	form(`^name the users, roles or accounts that need the key. To allow many of them`, func(f *followed, _ []string) bool {
		return f.throughAccount([]string{"", "arn:aws:iam::" + f.account + ":root", "arn:aws:iam::" + f.account + ":role/app/*"})
	}),
	form(`^remove the names, or the "\*"`, func(f *followed, _ []string) bool { return f.remove(f.path) }),
	form(`^say in the Sid that the account's IAM policies decide. To mean only the root user, add a condition on aws:PrincipalArn`, func(f *followed, _ []string) bool {
		f.statement()["Sid"] = "Enable IAM policies"
		return true
	}),
	form(`^name the users, roles or accounts that need the key`, func(f *followed, _ []string) bool {
		if st := f.statement(); st != nil {
			st["Principal"] = map[string]any{"AWS": exampleOfRole}
			return true
		}
		_, ok := f.take()
		return ok && f.list("key_users_roles", "example")
	}),
	form(`^allow the account with ArnLike on aws:PrincipalArn`, func(f *followed, _ []string) bool {
		name, _ := f.path[0].(string)
		delete(f.fields(), name)
		return f.throughAccount([]string{"", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/*"})
	}),

	// Entries and fields of specs.
	form("^move (?:it|a role's name) to `(key_[a-z_]+)`", func(f *followed, m []string) bool {
		entry, ok := f.take()
		return ok && f.list(m[1], entry)
	}),
	form("or move it to `(key_[a-z_]+)` or `key_[a-z_]+`; if a user is meant too", func(f *followed, _ []string) bool {
		_, ok := f.take()
		return ok
	}),
	form("write `([^`]*)` in `(key_[a-z_]+)`", func(f *followed, m []string) bool {
		_, ok := f.take()
		return ok && f.list(m[2], m[1])
	}),
	form("^write each as an entry of its own: (`.*`)$", func(f *followed, m []string) bool {
		return f.replace(anys(strings.Split(strings.Trim(m[1], "`"), "`, `"))...)
	}),
	form("^write each as an entry of its own, in `(key_[a-z_]+)`(?: if these are roles)?: (`.*`)$", func(f *followed, m []string) bool {
		_, ok := f.take()
		return ok && f.list(m[1], anys(strings.Split(strings.Trim(m[2], "`"), "`, `"))...)
	}),
	form("name (?:its users|the user) in `key_users`,? or (?:the|a) role .*in `(key_users_roles)`", func(f *followed, m []string) bool {
		_, ok := f.take()
		return ok && f.list(m[1], "example")
	}),
	form("^write the account's 12 digits in quotes, or name the role in `key_users_roles`", func(f *followed, _ []string) bool {
		return f.replace("444455556666")
	}),
	form("^include a template for the service, or write a statement with `Service`", func(f *followed, _ []string) bool {
		name, ok := f.take()
		return ok && f.addStatement(map[string]any{
			"Sid": "Service", "Effect": "Allow", "Principal": map[string]any{"Service": name}, "Action": []any{"kms:Decrypt", "kms:GenerateDataKey*"}, "Resource": "*",
			"Condition": map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": f.account}},
		})
	}),
	form("^remove `(delegate_to_iam): false`", func(f *followed, m []string) bool { return f.remove([]any{m[1]}) }),
	form(`^name principals in (key_users) or (key_users_roles) and in key_admins or (key_admins_roles)`, func(f *followed, m []string) bool {
		return f.list(m[2], "example") && f.list(m[3], "KeyAdmin")
	}),
	form(`^name the users of the key in key_users or (key_users_roles)`, func(f *followed, m []string) bool { return f.list(m[1], "example") }),
	form(`^remove it, and name the users and roles in key_users and (key_users_roles)`, func(f *followed, m []string) bool {
		_, ok := f.take()
		return ok && f.list(m[1], "example")
	}),
	form(`^remove the action, or correct the spec's key_spec`, func(f *followed, _ []string) bool { return f.remove(f.path) }),
	form(`^use the actions of the key's usage, or correct the spec's key_spec and key_usage`, func(f *followed, _ []string) bool {
		return f.remove(f.path)
	}),
	form("^add the statement `([^`]*)`$", func(f *followed, m []string) bool {
		st, ok := flow(m[1]).(map[string]any)
		return ok && f.addStatement(st)
	}),
	form("^use another key for it, or correct `(key_spec)` and `(key_usage)`", func(f *followed, m []string) bool {
		delete(f.fields(), m[1])
		delete(f.fields(), m[2])
		f.fields()["used_by"] = []any{f.at(f.path)}
		return true
	}),
	form("^use a key in `([^`]*)` for it", func(f *followed, m []string) bool {
		delete(f.fields(), "regions")
		f.fields()["region"] = m[1]
		return true
	}),
	form("^add to `include`: `([^`]*)`", func(f *followed, m []string) bool {
		text := strings.NewReplacer(`<LOG_GROUP>`, "/app/api").Replace(m[1])
		include, ok := flow(text).(map[string]any)
		return ok && f.list("include", include)
	}),

	// What proposes no text.
	mention("^keep it: for the use `[^`]*`, `[^`]*` sends neither", "the keys that the service does not send"),
	mention("^`keypolicy explain [^`]*` shows", "a command that shows more"),
	mention("^see what `keypolicy access` says is unknown", "a command that shows more"),
	mention("`keypolicy simulate` with the principal", "a command that shows more"),
	mention("; `keypolicy rules` lists them$", "a command that shows more"),
	mention("^create it first: `aws iam create-service-linked-role ", "a command to run before the policy is put"),
	mention("^except the request from statement `[^`]*`", "the name of a statement, which says what to look at"),
	mention("^write the reason after the rule's name: `# keypolicy:ignore RULE", "the form of a comment, in which the reason is the reader's"),
	mention("^move its settings to `folders` of the configuration in use", "a field for settings that the help does not write"),
	mention("^write one spec with `regions`, or give each Region's spec the same policy", "a field for what two files say, of which a reader keeps one"),
}
