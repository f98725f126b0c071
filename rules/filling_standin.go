package rules

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// standIn begins the words that represent holes. Nobody sees one: they are written as what they represent.
const standIn = "not-known-"

// name is a word that represents a hole, and for no other one.
func (f *filling) name(h *symbol.Hole) string {
	number, ok := f.numbers[h.ID()]
	if !ok {
		number = len(f.numbers) + 1
		f.numbers[h.ID()] = number
	}
	name := standIn + strconv.Itoa(number)
	if !ok {
		f.words = append(f.words, name, h.String())
	}
	return name
}

func (f *filling) partition() string { return cmp.Or(f.key.Partition, "aws") }

func (f *filling) own() string {
	if policy.IsAccountID(f.key.Account) {
		return f.key.Account
	}
	return "111122223333"
}

// account is the key's own, or another one.
func (f *filling) account() string {
	if f.which < fillings-1 {
		return f.own()
	}
	if f.other != "" {
		return f.other
	}
	return map[bool]string{true: "444455556666", false: "555566667777"}[f.own() != "444455556666"]
}

// principal is a role of the key's own account, its root, or a role of another account, as far as the hole may be that.
func (f *filling) principal(h *symbol.Hole, element string) string {
	role := policy.ARN{Partition: f.partition(), Service: "iam", Account: f.account(), Resource: "role/" + f.name(h)}.String()
	switch {
	case element == "Service":
		return [fillings]string{"logs.amazonaws.com", "sns.amazonaws.com", "sso.amazonaws.com"}[f.which]
	case h.Shape != symbol.AnyText:
		return f.shaped(h)
	case f.which == 0 && f.managed:
		return policy.AccountARN(f.partition(), f.own())
	case f.which == 1 && f.managed:
		return "*"
	case f.which == 1:
		return policy.AccountARN(f.partition(), f.own())
	}
	return role
}

// shaped is a value of what is known of a hole.
func (f *filling) shaped(h *symbol.Hole) string {
	text := strings.NewReplacer(
		"arn:*:", "arn:"+f.partition()+":", "::*:", "::"+f.account()+":", "{account}", f.own(), "{partition}", f.partition(), "{region}", f.region(),
		"{key}", "1234abcd-12ab-34cd-56ef-1234567890ab",
	).Replace(string(h.Shape))
	return strings.ReplaceAll(text, "*", f.name(h))
}

func (f *filling) region() string { return cmp.Or(f.key.Region, anyRegion) }

// replacer writes the user's words for what was filled in. What is written somewhere too is left as it is.
func (f *filling) replacer() *strings.Replacer {
	type pair struct{ from, to string }
	var list []pair
	for i := 0; i < len(f.words); i += 2 {
		if from := f.words[i]; len(from) > len("Allow") && !f.known[from] {
			list = append(list, pair{from, f.words[i+1]})
		}
	}
	slices.SortStableFunc(list, func(a, b pair) int { return cmp.Or(cmp.Compare(len(b.from), len(a.from)), cmp.Compare(a.from, b.from)) })
	var all []string
	for _, p := range list {
		all = append(all, p.from, p.to)
	}
	return strings.NewReplacer(all...)
}
