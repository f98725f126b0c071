package policydocument_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// meaning is a policy in one line, with lists that mean the same in one order. Of what is not known it says only that it is there.
func meaning(n *source.Node) string {
	var parts []string
	open := ""
	if n.Open != nil {
		open = "…"
	}
	switch {
	case n.Hole() != nil:
		return "?"
	case n.Kind == source.Scalar:
		return n.Text
	case n.Kind == source.Mapping:
		for _, m := range n.Members {
			name := m.Key.Text
			if m.Key.Hole() != nil {
				name = "?"
			}
			if name == "Statement" {
				parts = append(parts, name+": ["+strings.Join(meanings(m.Value), "; ")+"]"+meaningOfOpen(m.Value))
			} else {
				parts = append(parts, name+": "+meaning(m.Value))
			}
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ", ") + open + "}"
	}
	parts = meanings(n)
	slices.Sort(parts)
	return "[" + strings.Join(parts, ", ") + open + "]"
}

func meanings(n *source.Node) (list []string) {
	for _, item := range n.Items {
		list = append(list, meaning(item))
	}
	return list
}

func meaningOfOpen(n *source.Node) string {
	if n.Open != nil {
		return "…"
	}
	return ""
}

// TestPolicyIsTheProviders: what a document means is what the provider makes of it, whichever carrier it is read from.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/policy_document_data_source.go
func TestPolicyIsTheProviders(t *testing.T) {
	statement := func(entries ...entry) entry { return entry{"statement", block(entries)} }
	principals := func(kind any, identifiers ...any) entry {
		return entry{"principals", block{{"type", kind}, {"identifiers", list(identifiers)}}}
	}
	condition := func(test, variable any, values ...any) entry {
		return entry{"condition", block{{"test", test}, {"variable", variable}, {"values", list(values)}}}
	}
	json := func(statements string) string { return `{"Version": "2012-10-17", "Statement": [` + statements + `]}` }
	for name, c := range map[string]struct {
		d    documents
		want string
	}{
		"nothing":                       {documents{"d": {}}, "{Statement: [], Version: 2012-10-17}"},
		"defaults":                      {documents{"d": {{"version", nil}, {"policy_id", ""}, statement(entry{"sid", ""}, entry{"effect", nil}, entry{"actions", list{}})}}, "{Statement: [{Effect: Allow}], Version: 2012-10-17}"},
		"an id":                         {documents{"d": {{"policy_id", "i"}}}, "{Id: i, Statement: [], Version: 2012-10-17}"},
		"the last id":                   {documents{"d": {{"policy_id", "i"}, {"source_policy_documents", list{`{"Id": "s"}`}}, {"override_policy_documents", list{`{"Id": "o"}`, `{"Id": ""}`}}}}, "{Id: o, Statement: [], Version: 2012-10-17}"},
		"an old version":                {documents{"d": {{"version", "2008-10-17"}, {"source_policy_documents", list{`{"Statement": []}`}}}}, "{Statement: [], Version: 2008-10-17}"},
		"the latest version":            {documents{"d": {{"version", "2008-10-17"}, {"source_policy_documents", list{json("")}}}}, "{Statement: [], Version: 2012-10-17}"},
		"a version that is not known":   {documents{"d": {{"version", reference("var.u")}}}, "{Statement: [], Version: ?}"},
		"everyone":                      {documents{"d": {statement(principals("*", "*"), principals("*", "*"))}}, "{Statement: [{Effect: Allow, Principal: *}], Version: 2012-10-17}"},
		"everyone beside another":       {documents{"d": {statement(principals("*", "*"), principals("AWS", "a"))}}, "{Statement: [{Effect: Allow, Principal: {*: [*], AWS: [a]}}], Version: 2012-10-17}"},
		"another of everyone's type":    {documents{"d": {statement(principals("*", "a"))}}, "{Statement: [{Effect: Allow, Principal: {*: [a]}}], Version: 2012-10-17}"},
		"principals of a type":          {documents{"d": {statement(principals("AWS", "a", "a"), principals("AWS", "b"), principals("AWS"))}}, "{Statement: [{Effect: Allow, Principal: {AWS: [a, b]}}], Version: 2012-10-17}"},
		"a type that is not known":      {documents{"d": {statement(principals(reference("var.u"), "a"))}}, "{Statement: [{Effect: Allow, Principal: {…}}], Version: 2012-10-17}"},
		"conditions of a key":           {documents{"d": {statement(condition("Bool", "k", "a"), condition("Bool", "k", "a"), condition("Bool", "k", "b", "b"))}}, "{Statement: [{Condition: {Bool: {k: [a, b, b]}}, Effect: Allow}], Version: 2012-10-17}"},
		"a key that is not known":       {documents{"d": {statement(condition("Bool", reference("var.u"), "a"))}}, "{Statement: [{Condition: {Bool: {?: [a]}}, Effect: Allow}], Version: 2012-10-17}"},
		"IAM's variables":               {documents{"d": {statement(entry{"actions", list{"&{a}"}}, entry{"resources", list{"&{a}"}}, principals("AWS", "&{a}"), condition("&{a}", "&{a}", "&{a}"))}}, "{Statement: [{Action: [&{a}], Condition: {&{a}: {&{a}: [${a}]}}, Effect: Allow, Principal: {AWS: [${a}]}, Resource: [${a}]}], Version: 2012-10-17}"},
		"a source":                      {documents{"d": {{"source_policy_documents", list{json(`{"Sid": "A", "Effect": "Deny"}, {"Sid": "B"}`)}}, statement(entry{"sid", "A"})}}, "{Statement: [{Effect: Allow, Sid: A}; {Sid: B}], Version: 2012-10-17}"},
		"an override":                   {documents{"d": {{"override_policy_documents", list{json(`{"Sid": "A", "Effect": "Deny"}`), json(`{"Sid": "A"}, {"Effect": "Deny"}`)}}, statement(entry{"sid", "A"})}}, "{Statement: [{Sid: A}; {Effect: Deny}], Version: 2012-10-17}"},
		"override_json is last":         {documents{"d": {{"override_json", json(`{"Sid": "A", "Effect": "Deny"}`)}, {"override_policy_documents", list{json(`{"Sid": "A"}`)}}}}, "{Statement: [{Effect: Deny, Sid: A}], Version: 2012-10-17}"},
		"one Sid in two sources":        {documents{"d": {{"source_json", json(`{"Sid": "A"}`)}, {"source_policy_documents", list{json(`{"Sid": "A"}`)}}}}, "{Statement: [{Sid: A}; {Sid: A}], Version: 2012-10-17}"},
		"one Sid in two statements":     {documents{"d": {statement(entry{"sid", "A"}), statement(entry{"sid", "A"}, entry{"effect", "Deny"})}}, "{Statement: [{Effect: Allow, Sid: A}; {Effect: Deny, Sid: A}], Version: 2012-10-17}"},
		"one Sid that is not known":     {documents{"s": {statement(entry{"sid", reference("var.u")})}, "d": {{"source_policy_documents", list{reference("data.aws_iam_policy_document.s.json")}}, statement(entry{"sid", reference("var.v")})}}, "{Statement: [{Effect: Allow, Sid: ?}; {Effect: Allow, Sid: ?}], Version: 2012-10-17}"},
		"a source that is not known":    {documents{"d": {{"source_policy_documents", list{reference("var.u")}}}}, "{Statement: []…, Version: 2012-10-17}"},
		"sources that are not known":    {documents{"d": {{"source_policy_documents", reference("var.u")}}}, "{Statement: []…, Version: 2012-10-17}"},
		"numbers in a source":           {documents{"d": {{"source_policy_documents", list{json(`{"Condition": {"NumericLessThan": {"n": 1}, "Bool": {"n": 1, "b": true}}}, {"Condition": {"Bool": {"n": 1}}}`)}}}}, "{Statement: [{Condition: {Bool: {b: true}}}; {}], Version: 2012-10-17}"},
		"null in lists":                 {documents{"d": {{"source_policy_documents", list{nil}}, statement(entry{"actions", list{nil, "a"}}, principals("AWS", nil))}}, "{Statement: [{Action: [a], Effect: Allow, Principal: {AWS: []}}], Version: 2012-10-17}"},
		"a statement outside of a list": {documents{"d": {{"source_policy_documents", list{`{"Statement": {"Sid": "A"}}`}}}}, "{Statement: [{Sid: A}], Version: 2012-10-17}"},
	} {
		t.Run(name, func(t *testing.T) {
			fromSource, fromPlan := c.d.policies(t)
			if got := meaning(fromSource); got != c.want {
				t.Errorf("source:\n%s\nwant\n%s", got, c.want)
			}
			if got := meaning(fromPlan); got != c.want {
				t.Errorf("plan:\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestPolicyIsTheSameFromEveryCarrier: a document means the same, whether it is read from source or from a plan.
func TestPolicyIsTheSameFromEveryCarrier(t *testing.T) {
	for seed := range uint64(150) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 1))}
		d := g.documents()
		fromSource, fromPlan := d.policies(t)
		if one, other := meaning(fromSource), meaning(fromPlan); one != other {
			t.Fatalf("seed %d:\n%s\n%s\n%s", seed, one, other, d.module())
		}
	}
}
