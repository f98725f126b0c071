package judge_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

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
		listed := fact.Presence == facts.PresenceOnListedOperations && fact.Operations != nil
		if always := fact.Presence == facts.PresenceAlways && (r.caller.kind != service || strings.HasPrefix(key, "kms:")); !ok || c[key] != nil || derived[key] || !listed && !always || !facts.ConditionKeyForAction(key, r.action) {
			continue
		}
		if list := samples(key); len(list) > 0 {
			c[key] = []string{pick(g.generator, list...)}
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
	if len(c["aws:calledvia"])+len(c["aws:calledviafirst"])+len(c["aws:calledvialast"]) > 0 && r.caller.kind != service && !g.looked("kms:viaservice") {
		if g.looked("aws:viaawsservice") {
			c["aws:viaawsservice"] = []string{"true"}
		}
		return r
	}
	for _, key := range []string{"aws:calledviafirst", "aws:calledvialast"} {
		delete(c, key)
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
		for _, key := range []string{"aws:principalorgid", "aws:principalorgpaths", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime", "aws:sourceidentity", "aws:signinsessionarn", "aws:useragent"} {
			delete(c, key)
		}
	} else if g.maybe(60) { // a role with a source is published, and most requests of users and roles have none
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
		delete(c, "aws:sourceorgpaths")
	}
	if paths := c["aws:sourceorgpaths"]; paths != nil {
		id, _, _ := strings.Cut(paths[0], "/")
		c["aws:sourceorgid"], c["aws:sourceorgpaths"] = []string{id}, paths[:1]
	}
	for key := range c { // of a role's session
		if r.caller.kind != session && (strings.HasPrefix(key, "ec2:") || strings.HasPrefix(key, "glue:") || strings.HasPrefix(key, "lambda:") || strings.HasPrefix(key, "ssm:") || strings.HasPrefix(key, "codebuild:") || slices.Contains(ofSessions, key)) {
			delete(c, key)
		}
		if r.caller.kind != root && key == "aws:assumedroot" || r.action != "kms:TagResource" && (key == "aws:tagkeys" || strings.HasPrefix(key, "aws:requesttag/")) {
			delete(c, key)
		}
	}
	temporary := r.caller.kind == session || r.caller.kind == federated
	if !temporary || r.caller.kind == federated {
		delete(c, "aws:multifactorauthpresent")
		delete(c, "aws:multifactorauthage")
	} else if g.looked("aws:multifactorauthpresent", "aws:multifactorauthage") {
		mfa := c["aws:multifactorauthage"] != nil
		if given := c["aws:multifactorauthpresent"]; given != nil && !g.looked("aws:multifactorauthage") {
			mfa = given[0] == "true"
		}
		c["aws:multifactorauthpresent"] = []string{strconv.FormatBool(mfa)}
	}
	switch {
	case !temporary:
		delete(c, "aws:tokenissuetime")
	case g.looked("aws:tokenissuetime") && c["aws:tokenissuetime"] == nil:
		c["aws:tokenissuetime"] = []string{"2026-06-01T00:00:00Z"}
	}
	if delete(c, "aws:userid"); g.looked("aws:userid") && r.caller.kind != service {
		c["aws:userid"] = []string{g.userID(r.caller)}
	}
}

var ofSessions = []string{"aws:sourceidentity", "aws:federatedprovider", "aws:chatbotsourcearn", "identitystore:userid", "aws:ec2instancesourcevpc", "aws:ec2instancesourceprivateipv4"}

// userID draws a caller's aws:userid. One caller has one id in all the requests of a grid, as it has in all of its life.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func (g *grid) userID(c caller) string {
	switch c.kind {
	case root:
		return c.account
	case federated:
		return c.account + ":" + c.name
	case user, session, service:
	}
	owns := c.account + "/" + c.name + fmt.Sprint(c.kind)
	id, ok := g.ids[owns]
	if !ok {
		prefix := map[kind]string{user: "AIDA", session: "AROA"}[c.kind]
		list := []string{prefix + "ZZZZ567890ABCDEFG"}
		for _, v := range g.keys["aws:userid"] {
			if v, _, _ = strings.Cut(v, ":"); strings.HasPrefix(v, prefix) && len(v) == 21 && letters(v, "") {
				list = append(list, v)
			}
		}
		id = pick(g.generator, list...)
		g.ids[owns] = id
	}
	if c.kind == session {
		return id + ":" + c.session
	}
	return id
}

// network makes the request come from the internet or through a VPC endpoint, not both.
func (g *grid) network(r *request) {
	c := r.context
	inside := []string{"aws:sourcevpcarn", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"}
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
	for _, of := range []string{"aws:resourceorg", "aws:vpceorg"} {
		if paths := c[of+"paths"]; paths != nil {
			c[of+"paths"] = paths[:1]
			if id, _, _ := strings.Cut(paths[0], "/"); g.looked(of + "id") {
				c[of+"id"] = []string{id}
			}
		}
	}
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

func (g *grid) looksAtContext() bool {
	for key := range g.keys {
		if strings.HasPrefix(key, "kms:encryptioncontext") {
			return true
		}
	}
	return false
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
	if constraint := c["kms:grantconstrainttype"] != nil; constraint != pairs && g.looked("kms:grantconstrainttype") && g.looksAtContext() {
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
