package judge_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// grid makes requests that can certainly be, by AWS's pages: what they leave open is not asked.
type grid struct {
	*generator
	policies []*policy
	keys     map[string][]string // the keys that the policies look at, in lower case, with values to try; nil for attributes of the caller
	spelled  map[string]string
	callers  []caller
	actions  []string
}

func newGrid(seed uint64, policies ...*policy) *grid {
	g := &grid{generator: newGenerator(seed), policies: policies, keys: map[string][]string{}, spelled: map[string]string{}}
	for _, p := range policies {
		for _, st := range p.statements {
			for _, c := range st.conditions {
				g.look(c.key, c.spelled)
				for _, v := range c.values {
					for _, at := range variable.FindAllString(v, -1) {
						name, _, _ := strings.Cut(at[2:len(at)-1], ",")
						g.look(strings.ToLower(name), name)
					}
				}
			}
		}
	}
	for key := range g.keys {
		g.keys[key] = g.values(key)
	}
	g.callers = g.everyone()
	g.actions = []string{"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:PutKeyPolicy", "kms:DescribeKey", "kms:ScheduleKeyDeletion", "kms:RetireGrant", "kms:ListGrants", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:TagResource", "kms:GetKeyPolicy"}
	for _, p := range policies {
		for _, st := range p.statements {
			for _, a := range st.actions {
				for _, name := range facts.ActionNames() {
					if glob(a, strings.ToLower(name)) {
						g.actions = append(g.actions, name)
					}
				}
			}
		}
	}
	g.actions = slices.DeleteFunc(g.actions, func(name string) bool {
		fact, ok := facts.LookupAction(name)
		return !ok || !fact.EffectiveInKeyPolicy || !slices.Contains(fact.ResourceTypes, "key")
	})
	slices.Sort(g.actions)
	g.actions = slices.Compact(g.actions)
	return g
}

func (g *grid) look(key, spelled string) {
	g.keys[key] = nil
	g.spelled[key] = spelled
}

// values are those of the policies, what their patterns match, neighbours, and others.
func (g *grid) values(key string) []string {
	var list []string
	for _, p := range g.policies {
		for _, st := range p.statements {
			for _, c := range st.conditions {
				if c.key != key || c.operator == "Null" {
					continue
				}
				for _, v := range c.values {
					list = append(list, v)
					for _, fill := range []string{"", "x", "b/c", "11111111", "us-east-1", partner, fresh} {
						list = append(list, strings.NewReplacer("*", fill, "?", "q").Replace(v))
					}
					for _, fill := range []string{"Alpha", "Beta", "core", "", "true", "zed", "alice", owner, fresh, "A"} { // a variable's value
						list = append(list, strings.ReplaceAll(variable.ReplaceAllLiteralString(v, fill), "*", "x"))
					}
					list = append(list, v+"x", strings.ToUpper(v), strings.ToLower(v))
					if len(v) > 1 {
						list = append(list, v[:len(v)-1])
					}
					if prefix, err := netip.ParsePrefix(v); err == nil {
						list = append(list, prefix.Addr().String(), prefix.Addr().Prev().String(), last(prefix).String(), last(prefix).Next().String())
					}
					if n, ok := seconds(v); ok {
						for _, d := range []int64{-1, 0, 1} {
							list = append(list, time.Unix(int64(n)+d, 0).UTC().Format(time.RFC3339))
						}
					}
					if n, err := strconv.Atoi(v); err == nil {
						list = append(list, strconv.Itoa(n-1), strconv.Itoa(n+1))
					}
				}
			}
		}
	}
	list = append(list, wild[family(key)]...)
	if fact, _, ok := facts.LookupConditionKey(key); ok {
		list = append(list, fact.Values...)
	}
	list = slices.DeleteFunc(list, func(v string) bool { return !real(key, v) })
	slices.Sort(list)
	return slices.Compact(list)
}

func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}

// family is a key's name without the part that is free.
func family(key string) string {
	for _, prefix := range []string{"kms:encryptioncontext:", "aws:principaltag/", "aws:resourcetag/", "kms:recipientattestation:"} {
		if strings.HasPrefix(key, prefix) {
			return prefix
		}
	}
	return key
}

// wild are values that no policy needs to name.
var wild = map[string][]string{
	"aws:principalorgid": {"o-fresh12345", org}, "aws:sourceorgid": {"o-fresh12345", org}, "aws:vpceorgid": {"o-fresh12345"}, "aws:resourceorgid": {org, "o-fresh12345"},
	"aws:principalorgpaths": {"o-fresh12345/r-zz99/", orgUnit, org + "/r-ab12/"},
	"aws:sourceaccount":     {fresh, owner, partner}, "aws:vpceaccount": {fresh, owner},
	"aws:sourcearn":                              {"arn:aws:sns:us-east-1:123450987654:t", "arn:aws:cloudtrail:us-east-1:444455556666:trail/x", "arn:aws:s3:::bucket", "arn:aws:s3:::elsewhere", "arn:aws:sns:us-east-1:111122223333:topic"},
	"kms:viaservice":                             {"s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "lambda.us-east-1.amazonaws.com", "dynamodb.us-east-1.amazonaws.com"},
	"kms:encryptioncontext:":                     {"", "IT", "it", "a\nb", "line\x00", "ünï", "x*y", "Alpha"},
	"aws:principaltag/":                          {"Alpha", "Beta", "", "x", "true", "Alpha-1"},
	"aws:resourcetag/":                           {"Alpha", "Beta", "x"},
	"aws:sourceip":                               {"8.8.8.8", "203.0.113.9", "198.51.100.200", "2001:db8::1", "2600::1"},
	"aws:vpcsourceip":                            {"10.9.9.9", "172.16.0.1"},
	"aws:sourcevpce":                             {"vpce-99999999"},
	"aws:sourcevpc":                              {"vpc-99999999"},
	"aws:currenttime":                            {"2026-06-01T00:00:00Z", "2035-01-01T00:00:00Z"},
	"aws:multifactorauthage":                     {"0", "59", "100000"},
	"aws:tokenissuetime":                         {"2026-06-01T00:00:00Z", "2031-01-01T00:00:00Z"},
	"kms:granteeprincipal":                       {"arn:aws:iam::111122223333:role/app", "arn:aws:iam::123450987654:user/x", "arn:aws:iam::111122223333:role/team/deploy"},
	"kms:requestalias":                           {"alias/app", "alias/zzz"},
	"kms:resourcealiases":                        {"alias/app", "alias/zzz"},
	"aws:sourceidentity":                         {"alice", "zed"},
	"kms:recipientattestation:":                  {"aaaa", "cccc"},
	"kms:schedulekeydeletionpendingwindowindays": {"7", "8", "30"},
	"aws:calledvia":                              {"s3.amazonaws.com", "athena.amazonaws.com", "cloudformation.amazonaws.com"},
}

func matchAny(text string, patterns ...string) bool {
	for _, p := range patterns {
		if glob(wildcards(p), text) {
			return true
		}
	}
	return false
}

func letters(text, more string) bool {
	for _, r := range text {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(more, r)) {
			return false
		}
	}
	return true
}

// real says whether a key can certainly have a value.
func real(key, v string) bool {
	switch family(key) {
	case "aws:principalorgid", "aws:sourceorgid", "aws:vpceorgid", "aws:resourceorgid":
		return len(v) >= 12 && len(v) <= 34 && strings.HasPrefix(v, "o-") && letters(v[2:], "") && strings.ToLower(v) == v
	case "aws:principalorgpaths":
		part := strings.Split(v, "/")
		return len(part) >= 3 && real("aws:principalorgid", part[0]) && matchAny(part[1], "r-????") && part[len(part)-1] == "" && letters(v, "-/") && strings.ToLower(v) == v &&
			!slices.ContainsFunc(part[2:len(part)-1], func(s string) bool { return !matchAny(s, "ou-????-????????") })
	case "aws:sourceaccount", "aws:vpceaccount":
		return accountID(v)
	case "aws:sourcearn":
		part := strings.SplitN(v, ":", 6)
		return len(part) == 6 && letters(v, ":/-") && (matchAny(v, "arn:aws:sns:us-east-1:*:*", "arn:aws:cloudtrail:us-east-1:*:trail/?*", "arn:aws:logs:us-east-1:*:*") && accountID(part[4]) && part[5] != "" ||
			matchAny(v, "arn:aws:s3:::???*") && strings.ToLower(v) == v && letters(part[5], ""))
	case "kms:viaservice":
		svc, at, ok := facts.SplitViaService(v)
		known, listed := facts.LookupViaService(svc)
		return ok && at == region && listed && known.Documented
	case "kms:encryptioncontext:":
		return !strings.Contains(v, "${")
	case "aws:principaltag/", "aws:resourcetag/":
		return letters(v, "_.:/=+-@ ")
	case "aws:sourceip":
		a, err := netip.ParseAddr(v)
		return err == nil && a.IsGlobalUnicast() && !a.IsPrivate()
	case "aws:vpcsourceip":
		a, err := netip.ParseAddr(v)
		return err == nil && a.IsPrivate()
	case "aws:sourcevpce":
		return strings.HasPrefix(v, "vpce-") && len(v) == 13 && letters(v[5:], "") && strings.ToLower(v) == v
	case "aws:sourcevpc":
		return strings.HasPrefix(v, "vpc-") && len(v) == 12 && letters(v[4:], "") && strings.ToLower(v) == v
	case "aws:currenttime", "aws:tokenissuetime", "aws:epochtime":
		t, err := time.Parse("2006-01-02T15:04:05Z", v)
		return err == nil && t.Year() >= 2000
	case "aws:multifactorauthage":
		n, err := strconv.Atoi(v)
		return err == nil && n >= 0
	case "kms:schedulekeydeletionpendingwindowindays":
		n, err := strconv.Atoi(v)
		return err == nil && n >= 7 && n <= 30
	case "kms:granteeprincipal":
		_, ok := parseCaller(v)
		return ok
	case "kms:requestalias", "kms:resourcealiases":
		return strings.HasPrefix(v, "alias/") && len(v) > 6 && letters(v, "/_-")
	case "aws:sourceidentity":
		return len(v) >= 2 && letters(v, "_+=,.@-")
	case "kms:recipientattestation:":
		return v != "" && letters(v, "") && strings.ToLower(v) == v
	case "aws:calledvia":
		return matchAny(v, "?*.amazonaws.com") && letters(v, ".-")
	case "kms:encryptioncontextkeys":
		return v != "" && !strings.ContainsAny(v, "*?$")
	case "aws:userid":
		return matchAny(v, "A???1*")
	}
	fact, _, ok := facts.LookupConditionKey(key)
	return ok && (fact.Values == nil || slices.Contains(fact.Values, v))
}

// parseCaller reads an IAM ARN of a user or role.
func parseCaller(arn string) (caller, bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[1] != "aws" || !accountID(part[4]) {
		return caller{}, false
	}
	kindText, rest, _ := strings.Cut(part[5], "/")
	at := strings.LastIndex(rest, "/") + 1
	c := caller{account: part[4], path: rest[:at], name: rest[at:], session: "s1"}
	switch {
	case part[2] == "iam" && part[5] == "root":
		return caller{kind: root, account: part[4]}, true
	case part[2] == "sts" && kindText == "assumed-role" && strings.Count(rest, "/") == 1:
		return caller{kind: session, account: part[4], name: rest[:at-1], session: rest[at:]}, at > 1 && letters(rest, "/_+=,.@-")
	case part[2] == "sts" && kindText == "federated-user":
		return caller{kind: federated, account: part[4], name: rest}, letters(rest, "_+=,.@-") && rest != ""
	case part[2] == "iam" && kindText == "user":
		c.kind, c.session = user, ""
	case part[2] == "iam" && kindText == "role":
		c.kind = session
	default:
		return caller{}, false
	}
	return c, c.name != "" && letters(c.path, "/_+=,.@-") && letters(c.name, "_+=,.@-") && !strings.Contains(c.path, "//") && !strings.HasPrefix(c.path, "/")
}

// everyone are the callers that the policies name or match, and others. A role's name has one path in an account.
func (g *grid) everyone() []caller {
	var list []caller
	add := func(arn string) {
		if c, ok := parseCaller(arn); ok {
			list = append(list, c)
		}
	}
	for _, arn := range slices.Concat(ownPrincipals, otherPrincipals) {
		add(arn)
	}
	for _, p := range g.policies {
		for _, st := range p.statements {
			for _, e := range st.principals {
				if id, ok := accountOf(e.text); ok {
					add("arn:aws:iam::" + id + ":root")
				}
				add(e.text)
				if e.kind == "Service" && !strings.Contains(e.text, "*") {
					list = append(list, caller{kind: service, service: e.text})
				}
			}
			for _, c := range st.conditions {
				for _, v := range c.values {
					for _, fill := range []string{"", "x", "app", "us-east-1", partner, owner, fresh} {
						if c.key == "aws:principalarn" {
							v := strings.NewReplacer("*", fill, "?", "q", "${aws:PrincipalAccount}", owner, "${aws:username}", "zed").Replace(v)
							if c, ok := parseCaller(v); ok && (c.kind != session || strings.HasPrefix(v, "arn:aws:iam:")) {
								list = append(list, c)
							}
						}
					}
				}
			}
		}
	}
	list = append(list,
		caller{kind: user, account: owner, name: "zed"}, caller{kind: session, account: owner, name: "fresh", session: "s9"}, caller{kind: session, account: owner, path: "svc/", name: "worker", session: "s1"},
		caller{kind: session, account: owner, path: "aws-reserved/sso.amazonaws.com/", name: "AWSReservedSSO_Read_fedcba9876543210", session: "alice@example.com"},
		caller{kind: session, account: owner, path: "aws-reserved/sso.amazonaws.com/eu-west-1/", name: "AWSReservedSSO_Admin_0a0a0a0a0a0a0a0a", session: "alice@example.com"},
		caller{kind: session, account: owner, path: "aws-service-role/rds.amazonaws.com/", name: "AWSServiceRoleForRDS", session: "s1"},
		caller{kind: federated, account: owner, name: "zed"}, caller{kind: root, account: fresh}, caller{kind: user, account: fresh, name: "zed"},
		caller{kind: session, account: fresh, name: "app", session: "s1"}, caller{kind: user, account: partner, name: "zed"}, caller{kind: root, account: partner},
		caller{kind: session, account: partner, name: "fresh", session: "s9"}, caller{kind: session, account: owner, name: "app", session: "s2"},
		caller{kind: service, service: "sns.amazonaws.com"}, caller{kind: service, service: "events.amazonaws.com"})
	paths := map[string]string{}
	for _, arn := range slices.Concat(ownPrincipals, otherPrincipals) {
		if c, ok := parseCaller(arn); ok && c.kind == session && strings.HasPrefix(arn, "arn:aws:iam:") {
			paths[c.account+c.name] = c.path
		}
	}
	for i := range list { // sessions that a policy names are of the role with that name
		if path, ok := paths[list[i].account+list[i].name]; ok && list[i].kind == session && list[i].path == "" {
			list[i].path = path
		}
	}
	list = slices.DeleteFunc(list, func(c caller) bool {
		path, ok := paths[c.account+c.name]
		return c.kind == session && (ok && path != c.path || strings.HasPrefix(c.name, "AWSReservedSSO_") != strings.HasPrefix(c.path, "aws-reserved/sso.amazonaws.com/") ||
			strings.HasPrefix(c.name, "AWSServiceRoleFor") != strings.HasPrefix(c.path, "aws-service-role/") || reserved(c) && !reservedForm(c))
	})
	slices.SortFunc(list, func(a, b caller) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return slices.Compact(list)
}

func reserved(c caller) bool { return strings.HasPrefix(c.path, "aws-") }

// reservedForm says whether a role under a path that AWS reserves is one that AWS makes.
func reservedForm(c caller) bool {
	full := c.path + c.name
	return matchAny(full, "aws-reserved/sso.amazonaws.com/AWSReservedSSO_?*_????????????????", "aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_?*_????????????????",
		"aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_?*_????????????????") ||
		full == strings.TrimPrefix(slrRole, "arn:aws:iam::111122223333:role/") || full == "aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
}

// request draws a request, or nil where what was drawn may not be.
func (g *grid) request() *request {
	r := &request{caller: pick(g.generator, g.callers...), action: pick(g.generator, g.actions...), context: map[string][]string{}}
	for _, key := range slices.Sorted(maps.Keys(g.keys)) {
		g.draw(r, key)
	}
	return g.complete(r)
}

// towards draws a request that meets most of one statement.
func (g *grid) towards(st *statement, callers []caller) *request {
	r := g.requestFor(st, callers)
	for _, c := range st.conditions {
		if g.maybe(8) {
			continue
		}
		p := g.policies[0]
		for range 6 {
			if c.holds(p, r) == yes {
				break
			}
			g.draw(r, c.key)
		}
	}
	return g.complete(r)
}

func (g *grid) requestFor(st *statement, callers []caller) *request {
	r := &request{caller: pick(g.generator, callers...), action: pick(g.generator, g.actions...), context: map[string][]string{}}
	fits := func(c caller) bool {
		if st.notPrincipal {
			return true
		}
		return slices.ContainsFunc(st.principals, func(e principal) bool { return e.denies(c) != no })
	}
	meets := func() bool {
		for _, c := range st.conditions {
			if derived[c.key] && c.holds(g.policies[0], r) == no {
				return false
			}
		}
		return fits(r.caller)
	}
	for range 30 {
		if meets() {
			break
		}
		r.caller = pick(g.generator, callers...)
	}
	for range 20 {
		if matchesAction(st, r.action) {
			break
		}
		r.action = pick(g.generator, g.actions...)
	}
	for _, key := range slices.Sorted(maps.Keys(g.keys)) {
		g.draw(r, key)
	}
	return r
}

var derived = map[string]bool{
	"aws:principalarn": true, "aws:principalaccount": true, "kms:calleraccount": true, "aws:principaltype": true, "aws:principalisawsservice": true,
	"aws:principalservicename": true, "aws:principalservicenameslist": true, "aws:username": true,
}

func (g *grid) draw(r *request, key string) {
	delete(r.context, key)
	values := g.keys[key]
	if derived[key] || len(values) == 0 || g.maybe(20) {
		return
	}
	list := []string{pick(g.generator, values...)}
	if multivalued[key] {
		for g.maybe(45) {
			if v := pick(g.generator, values...); !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	r.context[key] = list
}

func (g *grid) looked(keys ...string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { _, ok := g.keys[k]; return ok })
}

// complete makes what was drawn one request that can certainly be, with all that is always there.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (g *grid) complete(r *request) *request {
	c := r.context
	for key := range c {
		if !facts.ConditionKeyForAction(key, r.action) {
			delete(c, key)
		}
	}
	g.credentials(r)
	g.network(r)
	g.organization(r)
	g.encryptionContext(r)
	if r.action == "kms:CreateGrant" {
		g.grant(r)
	}
	if g.looked("kms:grantisforawsresource") {
		if delete(c, "kms:grantisforawsresource"); facts.ConditionKeyForAction("kms:GrantIsForAWSResource", r.action) {
			c["kms:grantisforawsresource"] = []string{strconv.FormatBool(len(c["kms:viaservice"]) > 0 || r.caller.kind == service)}
		}
	}
	g.key(r)
	for _, key := range slices.Sorted(maps.Keys(g.keys)) { // what every request of the operation has
		fact, _, ok := facts.LookupConditionKey(key)
		if ok && c[key] == nil && len(fact.Values) > 0 && fact.Presence == facts.PresenceOnListedOperations && fact.Operations != nil && facts.ConditionKeyForAction(key, r.action) {
			c[key] = []string{pick(g.generator, fact.Values...)}
		}
	}
	if g.looked("aws:currenttime", "aws:epochtime") {
		at := c["aws:currenttime"]
		if at == nil {
			at = c["aws:epochtime"]
		}
		if at == nil {
			at = []string{"2027-01-01T00:00:00Z"}
		}
		n, _ := seconds(at[0])
		c["aws:currenttime"], c["aws:epochtime"] = []string{time.Unix(int64(n), 0).UTC().Format(time.RFC3339)}, []string{strconv.FormatInt(int64(n), 10)}
	}
	for key, value := range map[string]string{"aws:securetransport": "true", "aws:requestedregion": region, "aws:resourceaccount": owner, "aws:viaawsservice": strconv.FormatBool(len(c["kms:viaservice"]) > 0)} {
		if delete(c, key); g.looked(key) {
			c[key] = []string{value}
		}
	}
	if delete(c, "aws:calledvia"); g.looked("aws:calledvia") && len(c["kms:viaservice"]) > 0 && g.maybe(60) {
		svc, _, _ := facts.SplitViaService(c["kms:viaservice"][0])
		c["aws:calledvia"] = []string{svc + ".amazonaws.com"}
		if g.maybe(30) {
			c["aws:calledvia"] = []string{"cloudformation.amazonaws.com", svc + ".amazonaws.com"}
		}
	}
	return r
}

// credentials sets what depends on the kind of the caller.
func (g *grid) credentials(r *request) {
	c := r.context
	if r.caller.kind == service {
		for _, key := range []string{"aws:principalorgid", "aws:principalorgpaths", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime", "aws:sourceidentity", "kms:viaservice"} {
			delete(c, key)
		}
	} else {
		for _, key := range []string{"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"} {
			delete(c, key)
		}
	}
	for key := range c {
		if strings.HasPrefix(key, "aws:principaltag/") && r.caller.kind != user && r.caller.kind != session {
			delete(c, key)
		}
	}
	if arn := c["aws:sourcearn"]; arn != nil { // a service that sends the ARN sends its account
		if id := strings.SplitN(arn[0], ":", 6)[4]; id != "" {
			c["aws:sourceaccount"] = []string{id}
		} else if c["aws:sourceaccount"] == nil {
			c["aws:sourceaccount"] = []string{fresh}
		}
	}
	if c["aws:sourceaccount"] == nil {
		delete(c, "aws:sourceorgid")
	}
	if r.caller.kind != session {
		delete(c, "aws:sourceidentity")
	}
	temporary := r.caller.kind == session || r.caller.kind == federated
	if !temporary || r.caller.kind == federated {
		delete(c, "aws:multifactorauthpresent")
		delete(c, "aws:multifactorauthage")
	} else if g.looked("aws:multifactorauthpresent", "aws:multifactorauthage") {
		mfa := c["aws:multifactorauthage"] != nil
		c["aws:multifactorauthpresent"] = []string{strconv.FormatBool(mfa)}
	}
	switch {
	case !temporary:
		delete(c, "aws:tokenissuetime")
	case g.looked("aws:tokenissuetime") && c["aws:tokenissuetime"] == nil:
		c["aws:tokenissuetime"] = []string{"2026-06-01T00:00:00Z"}
	}
	if delete(c, "aws:userid"); g.looked("aws:userid") {
		switch r.caller.kind {
		case root:
			c["aws:userid"] = []string{r.caller.account}
		case user:
			c["aws:userid"] = []string{pick(g.generator, "AIDA1234567890ABCDEFG", "AIDAZZZZ567890ABCDEFG")}
		case session:
			c["aws:userid"] = []string{pick(g.generator, "AROA1234567890ABCDEFG:", "AROAZZZZ567890ABCDEFG:") + r.caller.session}
		case federated:
			c["aws:userid"] = []string{r.caller.account + ":" + r.caller.name}
		case service:
		}
	}
}

// network makes the request come from the internet or through a VPC endpoint, not both.
func (g *grid) network(r *request) {
	c := r.context
	inside := []string{"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"}
	endpoint := g.maybe(50) && len(c["kms:viaservice"]) == 0
	if r.caller.kind == service {
		endpoint = false
	}
	if !endpoint {
		for _, key := range inside {
			delete(c, key)
		}
		if g.looked("aws:sourceip") && c["aws:sourceip"] == nil && r.caller.kind != service {
			c["aws:sourceip"] = []string{"8.8.8.8"}
		}
		if r.caller.kind == service {
			delete(c, "aws:sourceip")
		}
		return
	}
	delete(c, "aws:sourceip")
	for key, value := range map[string]string{"aws:sourcevpc": "vpc-99999999", "aws:sourcevpce": "vpce-99999999", "aws:vpcsourceip": "10.9.9.9", "aws:vpceaccount": owner} {
		if g.looked(key) && c[key] == nil {
			c[key] = []string{value}
		}
	}
}

func (g *grid) organization(r *request) {
	c := r.context
	if !g.looked("aws:principalorgid", "aws:principalorgpaths") || r.caller.kind == service {
		return
	}
	paths, id := c["aws:principalorgpaths"], c["aws:principalorgid"]
	switch {
	case paths != nil:
		c["aws:principalorgpaths"] = paths[:1]
		first, _, _ := strings.Cut(paths[0], "/")
		c["aws:principalorgid"] = []string{first}
	case id != nil:
		c["aws:principalorgpaths"] = []string{id[0] + "/r-ab12/"}
	}
}

func (g *grid) encryptionContext(r *request) {
	c := r.context
	names := map[string]string{} // by lower case
	for _, name := range c["kms:encryptioncontextkeys"] {
		names[strings.ToLower(name)] = name
	}
	for key := range c {
		if name, ok := strings.CutPrefix(key, "kms:encryptioncontext:"); ok && names[name] == "" {
			names[name] = strings.TrimPrefix(g.spelled[key], "kms:EncryptionContext:")
		}
	}
	delete(c, "kms:encryptioncontextkeys")
	if len(names) == 0 {
		return
	}
	for _, lower := range slices.Sorted(maps.Keys(names)) {
		key := "kms:encryptioncontext:" + lower
		if c[key] == nil {
			c[key] = []string{"v"}
			if g.keys[key] != nil {
				c[key] = []string{pick(g.generator, g.keys[key]...)}
			}
		}
	}
	c["kms:encryptioncontextkeys"] = slices.Sorted(maps.Values(names))
}

func (g *grid) grant(r *request) {
	c := r.context
	if g.looked("kms:grantoperations") && c["kms:grantoperations"] == nil {
		c["kms:grantoperations"] = []string{"Decrypt"}
	}
	if g.looked("kms:granteeprincipal") && c["kms:granteeprincipal"] == nil {
		c["kms:granteeprincipal"] = []string{"arn:aws:iam::111122223333:role/svc/worker"}
	}
	pairs := len(c["kms:encryptioncontextkeys"]) > 0
	if constraint := c["kms:grantconstrainttype"] != nil; constraint != pairs && g.looked("kms:grantconstrainttype") {
		if delete(c, "kms:grantconstrainttype"); pairs {
			c["kms:grantconstrainttype"] = []string{"EncryptionContextSubset"}
		}
	}
}

// key sets the key's own properties: a symmetric key, unless the operation needs another.
func (g *grid) key(r *request) {
	c := r.context
	if g.looked("kms:keyspec", "kms:keyusage", "kms:encryptionalgorithm", "kms:signingalgorithm") {
		spec := "SYMMETRIC_DEFAULT"
		if fact, _ := facts.LookupAction(r.action); len(fact.KeyKinds) > 0 && !slices.Contains(fact.KeyKinds, "symmetric_encryption") {
			spec = "RSA_2048"
			if strings.Contains(r.action, "Mac") {
				spec = "HMAC_256"
			}
		}
		if r.action == "kms:DeriveSharedSecret" {
			spec = "ECC_NIST_P256"
		}
		c["kms:keyspec"] = []string{spec}
		if c["kms:encryptionalgorithm"] != nil || g.looked("kms:encryptionalgorithm") && facts.ConditionKeyForAction("kms:EncryptionAlgorithm", r.action) {
			c["kms:encryptionalgorithm"] = []string{"SYMMETRIC_DEFAULT"}
		}
	}
	if g.looked("kms:keyorigin") && c["kms:keyorigin"] == nil {
		c["kms:keyorigin"] = []string{"AWS_KMS"}
	}
	if g.looked("kms:schedulekeydeletionpendingwindowindays") && r.action == "kms:ScheduleKeyDeletion" && c["kms:schedulekeydeletionpendingwindowindays"] == nil {
		c["kms:schedulekeydeletionpendingwindowindays"] = []string{"30"}
	}
}

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = strconv.Quote(v)
	}
	return out
}
