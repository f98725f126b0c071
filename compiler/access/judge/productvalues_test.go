package judge_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

// forms are the ways to write an operator.
func forms(base facts.Operator) []string {
	if base.Family == "Null" {
		return []string{base.Name}
	}
	var list []string
	for _, set := range []string{"", "ForAnyValue:", "ForAllValues:"} {
		list = append(list, set+base.Name, set+base.Name+"IfExists")
	}
	return list
}

// crossedKeys are the condition keys, of each family one.
func crossedKeys() []string {
	var list []string
	for _, k := range facts.ConditionKeys() {
		switch {
		case k.Numbers != nil:
			list = append(list, k.Spell("0"))
		case k.Pattern:
			list = append(list, k.Spell("project"))
		default:
			list = append(list, k.Name)
		}
	}
	return append(list, "kms:EncryptionContext:aws:s3:arn", "kms:EncryptionContext:SecretARN")
}

// proper are values that the attributes of callers have, and others that a policy would name.
var proper = map[string][]string{
	"aws:principalarn": {"arn:aws:iam::111122223333:role/app", "arn:aws:iam::444455556666:user/bob"}, "aws:principalaccount": {partner, owner}, "kms:calleraccount": {partner, owner},
	"aws:principaltype": {"AssumedRole", "Account"}, "aws:username": {"alice", "carol"}, "aws:userid": {"AROA1234567890ABCDEFG:s1", "AIDA1234567890ABCDEFG"},
	"aws:principalservicename": {"sns.amazonaws.com", "events.amazonaws.com"}, "aws:principalservicenameslist": {"sns.amazonaws.com", "events.amazonaws.com"},
	"aws:principalorgid": {org, other}, "aws:sourceorgid": {org, other}, "aws:vpceorgid": {org, other}, "aws:resourceorgid": {org, other},
	"aws:principalorgpaths": {orgUnit, org + "/*"}, "aws:sourceorgpaths": {orgUnit, org + "/*"}, "aws:vpceorgpaths": {orgUnit, org + "/*"}, "aws:resourceorgpaths": {orgUnit, org + "/*"},
	"aws:requestedregion": {"us-east-1", "eu-west-1"}, "aws:resourceaccount": {owner, partner}, "aws:sourceaccount": {owner, partner}, "aws:vpceaccount": {owner, partner},
	"aws:sourcearn":          {"arn:aws:sns:us-east-1:111122223333:topic", "arn:aws:sns:us-east-1:444455556666:topic"},
	"kms:encryptioncontext:": {"Alpha", "arn:aws:s3:::bucket"}, "kms:encryptioncontextkeys": {"project", "Department"},
	"aws:sourceip": {"203.0.113.0/24", "198.51.100.7"}, "aws:vpcsourceip": {"10.0.0.0/8", "10.1.2.3"}, "aws:ec2instancesourceprivateipv4": {"10.0.0.0/8", "10.1.2.3"},
}

// ofFamily are the values that an operator of a family is for.
var ofFamily = map[string][][]string{
	"Numeric": {{"30"}, {"500000000000"}, {"7", "0"}, {"5e11"}}, "Date": {{"2030-01-01T00:00:00Z"}, {"1900000000"}, {"2020-01-01", "2031-01-01"}},
	"Bool": {{"true"}, {"false"}, {"true", "false"}, {"True"}}, "Null": {{"true"}, {"false"}, {"true", "false"}, {"maybe"}}, "Binary": {{"YXBw"}},
	"IpAddress": {{"203.0.113.0/24"}, {"0.0.0.0/0"}, {"::/0", "0.0.0.0/0"}, {"10.1.2.3"}},
	"Arn":       {{"arn:aws:iam::111122223333:role/app"}, {"arn:*:*:*:*:*"}, {"arn:aws:iam::*:role/*"}, {"arn:aws:iam::111122223333:root"}},
}

// properOf are values that a key can have, as far as they are known.
func properOf(key string) []string {
	lower := strings.ToLower(key)
	if list := proper[family(lower)]; list != nil {
		return list
	}
	if fact, _, ok := facts.LookupConditionKey(key); ok && len(fact.Values) > 0 {
		return fact.Values[:min(2, len(fact.Values))]
	}
	list := slices.DeleteFunc(slices.Clone(samples(lower)), func(v string) bool { return v == "" })
	return list[:min(2, len(list))]
}

// values are the lists that an operator compares a key with.
func crossedValues(base facts.Operator, key string) [][]string {
	lists := slices.Clone(ofFamily[base.Family])
	if base.Family == "Null" {
		return lists
	}
	own := properOf(key)
	for _, v := range own {
		lists = append(lists, []string{v})
	}
	if len(own) > 1 {
		lists = append(lists, own, []string{own[1], "*"})
	}
	if v := own[0]; len(v) > 1 {
		lists = append(lists, []string{v[:len(v)/2] + "*"}, []string{v[:len(v)-1] + "?"}, []string{strings.ToUpper(v)}, []string{v, own[0][:1] + "*"})
	}
	lists = append(lists, []string{"*"}, []string{""}, []string{"*", ""}, []string{"30"}, []string{"?*"})
	for _, v := range []string{"${aws:PrincipalAccount}", "${aws:username}", "${aws:PrincipalTag/project}", "${aws:PrincipalTag/team, 'Alpha'}", "${aws:ResourceOrgID}", "${aws:ResourceAccount}", "arn:aws:iam::${aws:PrincipalAccount}:role/app", "x-${aws:PrincipalTag/team}-*"} {
		lists = append(lists, []string{v})
	}
	lists = append(lists, []string{"${aws:PrincipalTag/team}", own[0]})
	var out [][]string
	for _, l := range lists {
		if !slices.ContainsFunc(out, func(o []string) bool { return slices.Equal(o, l) }) {
			out = append(out, l)
		}
	}
	return out
}

// products are those to look at: of each operator with each key one, which another run of another seed chooses otherwise.
// KEYPOLICY_ROUNDS takes so many of each form of an operator with each key; 200 are all.
func products(t *testing.T) (list []product) {
	t.Helper()
	rounds, _ := strconv.Atoi(os.Getenv("KEYPOLICY_ROUNDS"))
	seed, _ := strconv.Atoi(os.Getenv("KEYPOLICY_SEED"))
	for k, key := range crossedKeys() {
		for o, base := range facts.Operators() {
			values := crossedValues(base, key)
			one := func(form, n int) product {
				return product{shapes[(n+n/len(values)+form+k)%len(shapes)], forms(base)[form], key, values[n%len(values)]}
			}
			for form := range forms(base) {
				switch n := len(values) * len(shapes); {
				case rounds == 0 && form == (k+o+seed)%len(forms(base)):
					list = append(list, one(form, (k*7+o*31+seed)%n))
				default:
					for i := range min(rounds, n) {
						list = append(list, one(form, (seed+i)%n))
					}
				}
			}
		}
	}
	return list
}
