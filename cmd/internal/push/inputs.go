package push

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Input is a file that decided what the specs of a run compile to: the configuration, or a template.
type Input struct {
	File   string `json:"file"`
	Digest string `json:"digest"`
}

// inputs are those of a run that is taken up, as they are now.
type inputs struct {
	planner *Planner
	changed []string         // files that are not as they were
	targets []Target         // what the specs compile to now; nil where that is not asked
	err     error            // why that is not known
	aliases map[*Item]string // that an item's alias leads to another key than when the run was begun
}

// inputsNow compiles the specs of the keys that would be put.
func (p *Planner) inputsNow(ctx context.Context, run *previousRun, items []*Item, at []int) *inputs {
	in := &inputs{planner: p}
	if p.SpecDigest == nil {
		return in
	}
	for _, i := range run.plan.Inputs {
		if digest, err := p.SpecDigest(i.File); err != nil || digest != i.Digest {
			in.changed = append(in.changed, i.File)
		}
	}
	in.lookUpAliases(ctx, run, items, at)
	var files []string
	for _, it := range items {
		if it.State == Change && !slices.Contains(files, it.File) && in.specChanged(it) == "" {
			files = append(files, it.File)
		}
	}
	if len(files) > 0 && p.Compile != nil {
		in.targets, in.err = p.Compile(ctx, files, run.plan.Flags)
	}
	return in
}

// lookUpAliases finds out whether the aliases of specs still lead to the keys that the run was planned for.
func (in *inputs) lookUpAliases(ctx context.Context, run *previousRun, items []*Item, at []int) {
	in.aliases = map[*Item]string{}
	var open []*lookup
	for n, it := range items {
		if name := run.plan.Keys[at[n]].SpecKey; it.State == Change && strings.Contains(name, "alias/") {
			key := it.Key
			key.ID, key.Alias = name, ""
			if ref, wrong := refer(&Item{Target: Target{Key: key}, Region: it.Region}); wrong == nil {
				key.ID = ref.id
				open = append(open, &lookup{item: it, key: key})
			}
		}
	}
	each(open, func(l *lookup) {
		key, err := in.planner.Cloud.KMS(l.item.Account, l.item.Region).Describe(ctx, l.key.ID)
		l.arn, l.err = key.ARN, err
	})
	for _, l := range open {
		switch {
		case l.err != nil:
			l.item.end(Failed, fmt.Sprintf("whether `%s` still leads to this key is not known: %v", l.key.ID, l.err))
		case l.arn != l.item.ARN:
			in.aliases[l.item] = fmt.Sprintf("`%s` of %s leads to another key than when the run was begun, %s, so nothing was changed: apply it as it is now", l.key.ID, l.item.File, l.arn)
		}
	}
}

// changedFor says in a sentence that what a key's spec asks for is not what the run was given; "" where it is.
func (in *inputs) changedFor(pin *Pinned, it *Item) string {
	if it.Digest == "" {
		return ""
	}
	if why := in.aliases[it]; why != "" {
		return why
	}
	if why := in.specChanged(it); why != "" || in.planner.SpecDigest == nil || in.planner.Compile == nil {
		return why
	}
	if in.err != nil {
		return fmt.Sprintf("%s cannot be compiled any more, so its policy of that time is not applied: %v", it.File, in.err)
	}
	at := slices.IndexFunc(in.targets, func(t Target) bool {
		return t.File == it.File && t.Document == it.Document && (t.Key.Region == it.Region || t.Key.Region == "" || it.Region == "")
	})
	what := ""
	switch {
	case at < 0:
		what = it.File + " does not have this key now"
	case in.targets[at].Findings.HasErrors():
		what = errorsFound(in.targets[at].Findings) + " in " + it.File + " now"
	case in.targets[at].Key.ID != pin.SpecKey:
		what = it.File + " is for another key now"
	case in.targets[at].Key.Account != "" && it.Account != "" && in.targets[at].Key.Account != it.Account:
		what = fmt.Sprintf("%s is for account %s now", it.File, in.targets[at].Key.Account)
	case Digest(in.targets[at].Policy) != pin.PolicyDigest:
		what = it.File + " compiles to another policy now"
	default:
		return ""
	}
	cause := "by a template, the configuration or a rule"
	if len(in.changed) > 0 {
		cause = "as " + strings.Join(in.changed, ", ") + " changed"
	}
	return fmt.Sprintf("%s, unlike when the run was begun, %s: its policy of that time is not applied; apply it as it is now", what, cause)
}

// specChanged says in a sentence that a key's spec is not the one that the run was given; "" where it is.
func (in *inputs) specChanged(it *Item) string {
	if in.planner.SpecDigest == nil || it.Digest == "" {
		return ""
	}
	digest, err := in.planner.SpecDigest(it.File)
	switch {
	case err != nil:
		return fmt.Sprintf("%s cannot be read any more, so its policy is not applied: %v", it.File, err)
	case digest != it.Digest:
		return it.File + " has changed since the run was begun, so its policy of that time is not applied: apply it as it is now"
	}
	return ""
}
