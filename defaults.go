package keypolicy

import (
	"context"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// findingKey is a finding as it is found with and without the defaults of variables.
type findingKey struct {
	rule, reason string
	place        diag.Place
}

// keyOf leaves the place out of a lockout: there is one a policy, whichever part of the policy it points at.
func keyOf(d diag.Diagnostic) findingKey {
	if isLockout(d) {
		return findingKey{rule: d.Rule, reason: d.Reason}
	}
	return findingKey{d.Rule, d.Reason, d.Place}
}

// byDefault evaluates a key once more without the defaults of its variables. What is found only with them says so, and a lockout among it
// is undecided: whoever applies the module may give the variables other values.
func byDefault(ctx context.Context, set *rules.Set, d *compiler.Document, found diag.List) (diag.List, error) {
	if d.WithoutDefaults == nil || len(found) == 0 {
		return found, nil
	}
	without, err := evaluateWorlds(ctx, set, d.WithoutDefaults)
	if err != nil {
		return nil, err
	}
	known := map[findingKey]bool{}
	var undecided *diag.Diagnostic // who can change the policy
	for i := range without {
		known[keyOf(without[i])] = true
		if without[i].Rule == "undecided" && without[i].Reason == "editors" {
			undecided = &without[i]
		}
	}
	var list diag.List
	reported := false
	for _, f := range found {
		if known[keyOf(f)] {
			list = append(list, f)
			continue
		}
		lockout := isLockout(f)
		f = restingOn(f, d.Carried.Defaults)
		switch {
		case lockout && undecided != nil:
			if !reported {
				one := *undecided
				one.Related = append(one.Related, diag.Related{Place: f.Place, Message: f.Message})
				one.Related = append(one.Related, f.Related...)
				list = append(list, one)
			}
			reported = true
			continue
		case lockout:
			f.Severity = diag.Info
		}
		list = append(list, f)
	}
	return list, nil
}

// mostDefaults is how many variables a finding names.
const mostDefaults = 3

// restingOn says in a finding by which defaults it holds: by that at which it points, else by those of the policy.
func restingOn(f diag.Diagnostic, defaults []carrier.Default) diag.Diagnostic {
	of := defaults
	for i, one := range defaults {
		if one.Place.File == f.Place.File && one.Place.Range.Start.Offset <= f.Place.Range.Start.Offset && f.Place.Range.End.Offset <= one.Place.Range.End.Offset {
			of = defaults[i : i+1]
		}
	}
	more := ""
	if len(of) > mostDefaults {
		of, more = of[:mostDefaults], " and others"
	}
	var names []string
	related := append([]diag.Related{}, f.Related...)
	for _, one := range of {
		names = append(names, "`"+one.Variable+"`")
		if len(defaults) != 1 || one.Place != f.Place {
			related = append(related, diag.Related{Place: one.Place, Message: one.Variable + " is its default here"})
		}
	}
	f.Message += " (by default: " + strings.Join(names, ", ") + more + ")"
	f.Related = related
	return f
}
