package uses

import (
	"cmp"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// supposed are values for what the requests of a use leave open, and for what is known of the key.
type supposed map[string]string

// Bounds of the search for values that serve a use.
const (
	mostOfKey        = 8    // for the key's account or Region, with each of which the policy is compiled again
	mostValues       = 64   // for one parameter
	mostCallers      = 256  // for one that is a user or role, of which a policy can list many
	mostSuppositions = 4096 // of all together
)

// builtins are the references that represent what is known of the key.
var builtins = []string{"account", "partition", "region"}

func isBuiltin(name string) bool { return slices.Contains(builtins, name) }

// exampleAccount and exampleRegion represent those of a key of which nothing is known.
const (
	exampleAccount = "111122223333"
	exampleRegion  = "us-east-1"
)

// aboutKey is what is known of the key; "" where nothing is.
func aboutKey(doc *policy.Document, env access.Env) map[string]string {
	arn, _ := policy.ParseARN(cmp.Or(env.KeyARN, env.KeyID))
	return map[string]string{
		"account": cmp.Or(env.Account, arn.Account), "region": cmp.Or(env.Region, arn.Region),
		"partition": cmp.Or(env.Partition, arn.Partition, doc.Partition(), "aws"),
	}
}

// suppositions are the ways to fill in what is not given: with values that the policy's own conditions and principals
// have in those places, and with an example. There is at least one. They are made as they are asked for, since the first often serves.
func (j *Judge) suppositions(asked Asked) iter.Seq[supposed] {
	base := j.base(asked)
	open := openNames(asked, base)
	return func(yield func(supposed) bool) {
		left := mostSuppositions
		j.suppose(asked.Use, open, base, func(s supposed) bool {
			if left--; left < 0 {
				j.meter.cut = true
				return false
			}
			return yield(s)
		})
	}
}

// base are the values of what is given, and of what is known of the key.
func (j *Judge) base(asked Asked) supposed {
	base := supposed{}
	for _, name := range builtins {
		if value := j.about[name]; value != "" {
			base[name] = value
		}
	}
	for name, values := range asked.Given {
		if len(values) == 1 {
			base[name] = base.principal(asked.Use.Parameters[name], values[0])
		}
	}
	return base
}

// suppose gives every way to fill the open references in after what is supposed already; false ends it.
func (j *Judge) suppose(use facts.Use, open []string, have supposed, yield func(supposed) bool) bool {
	if len(open) == 0 {
		return yield(have)
	}
	for _, v := range j.candidates(use, open[0], have) {
		with := maps.Clone(have)
		with[open[0]] = v
		if !j.suppose(use, open[1:], with, yield) {
			return false
		}
	}
	return true
}

// filled is a request of a use with everything filled in.
type filled struct {
	principal string
	context   map[string][]string
}

// fill fills a request in: one for each principal where a list of them is given.
func (s supposed) fill(r facts.UseRequest, given map[string][]string) []filled {
	var principals []string
	for name, values := range given {
		if len(values) > 1 && r.Principal == "$("+name+")" {
			for _, v := range values {
				principals = append(principals, s.principal(facts.UseParameter{Principals: true}, v))
			}
		}
	}
	if principals == nil {
		principals = []string{s.substitute(r.Principal)}
	}
	var list []filled
	for _, p := range principals {
		f := filled{principal: p, context: map[string][]string{}}
		for key, value := range r.Context {
			f.context[key] = []string{s.substitute(value)}
		}
		list = append(list, f)
	}
	return list
}

// fits reports whether a text can be the value of a reference.
func fits(name string, p facts.UseParameter, value string, base supposed) bool {
	switch {
	case strings.ContainsAny(value, "*?"):
		return false
	case name == "other_account" && value == base["account"]:
		return false
	case isAccount(name):
		return policy.IsAccountID(value)
	case name == "region":
		_, known := facts.PartitionOfRegion(value)
		return known
	case p.Principals: // the account's root user is not who uses a service
		kind := policy.ReadPrincipal("AWS", value, nil).Kind
		return kind == policy.Role || kind == policy.User
	case len(p.Values) > 0:
		return slices.Contains(p.Values, value)
	case p.Pattern != "":
		return patterns.of(p.Pattern).MatchString(value)
	}
	return true
}

// patterns are those of the facts' parameters.
var patterns = kept[*regexp.Regexp]{find: regexp.MustCompile}

// principal is the value of a parameter, of which a list of principals may have roles by their bare names.
func (s supposed) principal(p facts.UseParameter, value string) string {
	if !p.Principals || strings.HasPrefix(value, "arn:") || s["account"] == "" {
		return value
	}
	return policy.ARN{Partition: s["partition"], Service: "iam", Account: s["account"], Resource: "role/" + value}.String()
}
