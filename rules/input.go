package rules

import (
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// inputs makes what the rules of a run see. It keeps the parts that are the same for many subjects.
type inputs struct {
	trust    *ast.Term
	today    *ast.Term
	relation func(account string, key spec.Key) string
	trusted  Trust
	given    bool // a configuration says whom to trust
	day      time.Time

	old bool // whether the facts may be older than what AWS has

	patterns cache[*pattern]  // by their text
	parts    cache[*ast.Term] // by what they are of
	services cache[*ast.Term] // by service principal
}

func newInputs(opts Options) *inputs {
	trust := opts.Trust
	given := trust != nil
	if !given {
		trust = &Trust{}
	}
	in := &inputs{
		trust: object(
			every.truth("given", given), every.texts("accounts", trust.Accounts),
			every.texts("organizations", trust.Organizations),
		),
		today: text(opts.Today), day: day(opts.Today), trusted: *trust, given: given, old: factsStale(day(opts.Today)),
	}
	in.relation = func(account string, key spec.Key) string {
		switch {
		case account == "":
			return "none"
		case slices.Contains(trust.Accounts, account):
			if account == key.Account {
				return "own"
			}
			return "trusted"
		case key.Account == "":
			return "unknown"
		case account == key.Account:
			return "own"
		default:
			return "other"
		}
	}
	return in
}

// surroundings are the fields that are beside every subject but files.
func (in *inputs) surroundings(read fields, key spec.Key, form spec.Form, root *source.Node, labels map[string]string, template bool) []member {
	return []member{
		read.text("file", root.Place.File), read.lazy("labels", func() *ast.Term { return byName(labels, text) }),
		read.lazy("key", func() *ast.Term { return keyTerm(key) }),
		read.term("trust", in.trust), read.term("today", in.today), read.text("form", string(form)),
		read.truth("template", template),
	}
}

func keyTerm(k spec.Key) *ast.Term {
	return object(
		every.text("id", k.ID), every.text("alias", k.Alias), every.text("account", k.Account),
		every.text("account_from", string(k.AccountFrom)),
		every.text("partition", k.Partition), every.text("region", k.Region), every.text("spec", k.Spec),
		every.text("usage", k.Usage), every.text("origin", k.Origin),
		every.truth("multi_region", k.MultiRegion), every.text("kind", k.Kind), every.truth("opt_in", isOptIn(k.Region)),
	)
}

// optInRegions came after 20 March 2019: an account has to enable them.
// https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
var optInRegions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
	"ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
	"me-central-1", "me-south-1", "mx-central-1",
}

func isOptIn(region string) bool { return slices.Contains(optInRegions, region) }

func textTerm(root *source.Node, t policy.Text, base, skip int) *ast.Term {
	if t.Parts != nil {
		return holeTerm(root, t, base, skip)
	}
	return object(every.text("text", t.Value), every.term("path", pathTerm(t.Path, skip)), every.truth("present", t.Present()))
}

// oldFacts is how many days the facts are before something that they lack may be new, and not wrong.
const oldFacts = 365

// factsStale reports whether the facts are old on a day; where the day is not given they are not.
func factsStale(day time.Time) bool {
	of, err := time.Parse(time.DateOnly, facts.Date())
	return err == nil && !day.IsZero() && day.Sub(of).Hours() > oldFacts*24
}
