package push

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// lookup asks which key a spec that was not described may be for.
type lookup struct {
	item *Item
	key  spec.Key
	arn  string
	err  error
}

func (l *lookup) scope() Scope {
	return Scope{Account: cmp.Or(l.item.Account, l.key.Account), Region: l.key.Region}
}

// lookUp finds the keys of specs that were blocked before anything was asked, or could not be described, where another spec
// of the run is to be applied. It describes them, and reads the list of aliases where that gives no answer.
func (c *claimants) lookUp(ctx context.Context, items []*Item) {
	c.arns = map[*Item][]string{}
	if ctx.Err() != nil || !slices.ContainsFunc(items, func(it *Item) bool { return it.State == Change }) {
		return
	}
	var open []*lookup
	for _, it := range items {
		if it.State != Blocked && it.State != Failed || it.ARN != "" {
			continue
		}
		for _, key := range c.readings(it) {
			open = append(open, &lookup{item: it, key: key})
		}
	}
	each(open, func(l *lookup) {
		s := l.scope()
		if s.Region == "" {
			return
		}
		key, err := c.planner.Cloud.KMS(s.Account, s.Region).Describe(ctx, l.key.ID)
		l.arn, l.err = key.ARN, err
	})
	c.listAliases(ctx, open)
	for _, l := range open {
		switch {
		case l.arn != "":
			c.arns[l.item] = append(c.arns[l.item], l.arn)
		case l.err != nil && !isAnotherKey(l.err):
			c.unknown = append(c.unknown, l)
		}
	}
}

// isAnotherKey reports whether an answer rules out that the key is one which was described: there is none, or it is one that the
// caller may not describe.
func isAnotherKey(err error) bool {
	var fault *RequestError
	return errors.As(err, &fault) && (fault.accessDenied || slices.Contains([]string{"NotFoundException", "InvalidArnException", "ValidationException"}, fault.Code))
}

// listAliases resolves the aliases that could not be described, by one list for each account and Region.
func (c *claimants) listAliases(ctx context.Context, open []*lookup) {
	keys := map[Scope]map[string]string{} // alias → the key's id
	for _, l := range open {
		if l.err == nil || isAnotherKey(l.err) && !isDenied(l.err) || !strings.Contains(l.key.ID, "alias/") {
			continue
		}
		s := l.scope()
		if keys[s] == nil {
			keys[s] = map[string]string{}
			aliases, err := c.planner.Cloud.KMS(s.Account, s.Region).Aliases(ctx)
			for _, a := range aliases {
				if err == nil {
					keys[s][a.Name] = a.KeyID
				}
			}
		}
		name := l.key.ID[strings.Index(l.key.ID, "alias/"):]
		if id := keys[s][name]; id != "" {
			key := l.key
			key.ID, key.Account, key.Region = id, s.Account, s.Region
			l.arn = strings.TrimPrefix(Identity(key), "key ")
		}
	}
}

func isDenied(err error) bool {
	var fault *RequestError
	return errors.As(err, &fault) && fault.accessDenied
}

// blockUnknown blocks what is to be applied in an account and a Region where a spec's alias could not be resolved: it may be of
// any of these keys.
func (c *claimants) blockUnknown(items []*Item) {
	for _, l := range c.unknown {
		if !strings.Contains(l.key.ID, "alias/") {
			continue // its id is known, and so is which specs are for it
		}
		for _, it := range items {
			if it.State != Change || it == l.item || scopeOf(it) != l.scope() || slices.Contains(c.identities(it), Identity(l.key)) {
				continue
			}
			message := fmt.Sprintf("whether %s is for this key too is not known, as its `%s` could not be looked up: %s", l.item.spec(), l.key.ID, l.err)
			it.addFinding("spec-key-unknown", diag.Error, message, "plan again, or name the key of "+l.item.spec()+" by its id or ARN")
			it.end(Blocked, message)
		}
	}
}
