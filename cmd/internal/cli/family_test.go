package cli

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// patternsOfOneKindOfKey are seven specs whose Resource leaves out one of their keys, and so locks that one out.
func patternsOfOneKindOfKey(random *rand.Rand) []string {
	var specs []string
	for i := range 7 {
		id := multiRegionID(random)
		if i == 6 {
			id = plainID(random)
		}
		specs = append(specs, "key: arn:aws:kms:eu-west-1:111122223333:key/"+id+`
policy:
  Version: "2012-10-17"
  Statement:
    - Sid: Admin
      Effect: Allow
      Principal: {AWS: "arn:aws:iam::111122223333:root"}
      Action: kms:*
      Resource: arn:aws:kms:*:111122223333:key/mrk-*
`)
	}
	return specs
}

func plainID(random *rand.Rand) string {
	a, b := random.Uint64(), random.Uint64()
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}

func multiRegionID(random *rand.Rand) string {
	return fmt.Sprintf("mrk-%016x%016x", random.Uint64(), random.Uint64())
}

// nearCopies are specs in families: those of one differ in the id of the key, in names, and now and then in a pattern
// or a value.
func nearCopies(random *rand.Rand, families, each int) []string {
	var specs []string
	for range families {
		f := newFamily(random)
		for range each {
			specs = append(specs, f.spec(random))
		}
	}
	return specs
}

// family is what near copies have in common. A field of several texts is drawn for each of them.
type family struct {
	users, roles, admins int
	lists                bool
	resources, keys      []string
	operator             string
	values               []string
}

func newFamily(random *rand.Rand) *family {
	f := &family{users: random.IntN(3), roles: 1 + random.IntN(3), admins: 1 + random.IntN(2), lists: random.IntN(2) == 0}
	f.resources = some(random, "*", "arn:aws:kms:*:111122223333:key/mrk-*", "arn:aws:kms:*:111122223333:key/*", "arn:aws:kms:*:111122223333:key/*-*-*-*-*",
		"arn:aws:kms:*:*:key/????????-*", "arn:aws:kms:eu-west-1:111122223333:key/KEY", "arn:aws:kms:us-east-1:111122223333:key/KEY")
	f.keys = some(random, "aws:PrincipalArn", "aws:userid", "kms:ViaService", "aws:SourceIp", "kms:EncryptionContext:app", "kms:RequestAlias", "aws:SourceArn")
	f.operator = some(random, "StringEquals", "StringLike", "ArnLike", "StringNotLike", "ForAnyValue:StringEquals")[0]
	f.values = some(random, "arn:aws:iam::111122223333:role/NAME", "arn:aws:iam::111122223333:role/a*", "*", "NAME", "alias/NAME", "alias/a*",
		"s3.eu-west-1.amazonaws.com", "AROAEXAMPLE:NAME", "10.0.0.0/8", "${aws:username}", "arn:aws:kms:*:*:key/mrk-*")
	return f
}

// some are one to three of the texts.
func some(random *rand.Rand, texts ...string) []string {
	random.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
	return texts[:1+random.IntN(3)]
}

func (f *family) spec(random *rand.Rand) string {
	one := func(texts []string) string { return texts[random.IntN(len(texts))] }
	id := plainID(random)
	if random.IntN(2) == 0 {
		id = multiRegionID(random)
	}
	name := func() string {
		return fmt.Sprintf("%s-%d", []string{"app", "pay", "batch", "admin", "sso"}[random.IntN(5)], random.IntN(90)+10)
	}
	names := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = name()
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	principal := func() string { return "arn:aws:iam::111122223333:role/" + name() }
	resource := strings.ReplaceAll(one(f.resources), "KEY", id)
	statement := fmt.Sprintf("{Sid: More, Effect: Allow, Principal: {AWS: %q}, Action: [\"kms:Decrypt\", \"kms:CreateGrant\"], Resource: %q, Condition: {%s: {%q: %q}}}",
		principal(), resource, f.operator, one(f.keys), strings.ReplaceAll(one(f.values), "NAME", name()))
	key := "key: arn:aws:kms:eu-west-1:111122223333:key/" + id + "\n"
	if f.lists {
		return key + fmt.Sprintf("key_users: %s\nkey_users_roles: %s\nkey_admins_roles: %s\nstatements:\n  - %s\n",
			names(f.users), names(f.roles), names(f.admins), statement)
	}
	return key + fmt.Sprintf("policy:\n  Version: \"2012-10-17\"\n  Statement:\n    - {Sid: Admin, Effect: Allow, Principal: {AWS: %q}, Action: \"kms:*\", Resource: %q}\n    - %s\n",
		one([]string{"arn:aws:iam::111122223333:root", principal()}), resource, statement)
}
