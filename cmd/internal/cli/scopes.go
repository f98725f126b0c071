package cli

import (
	"cmp"
	"maps"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// scopes are the accounts and Regions whose keys are looked at: those of the flags, else all of the configuration's.
func (a *app) scopes(cloud *push.Cloud, c *keypolicy.Configuration) ([]push.Scope, error) {
	accounts := []string{cmp.Or(a.flags.key.Account, c.Account)}
	if a.flags.key.Account == "" && len(c.Accounts) > 0 {
		accounts = slices.Collect(maps.Keys(c.Accounts))
		if c.Account != "" {
			accounts = append(accounts, c.Account)
		}
	}
	regions := []string{cmp.Or(a.flags.key.Region, c.Region)}
	if a.flags.key.Region == "" && len(c.Regions) > 0 {
		regions = append(slices.Clone(c.Regions), c.Region)
		regions = slices.DeleteFunc(regions, func(r string) bool { return r == "" })
	}
	var list []push.Scope
	for _, account := range sorted(accounts) {
		for _, region := range sorted(regions) {
			region, err := cloud.Region(region)
			if err != nil {
				return nil, err
			}
			list = append(list, push.Scope{Account: account, Region: region})
		}
	}
	return list, nil
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
