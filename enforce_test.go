package keypolicy_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/keypolicy/keypolicy"
)

// A repository trusts nobody whom the enforcing configuration does not, by its configuration or by a folder's.
func TestEnforcedTrust(t *testing.T) {
	const policy = `{"Version": "2012-10-17", "Statement": [
		{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
		{"Sid": "Partner", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:role/reader"}, "Action": "kms:Decrypt", "Resource": "*"}]}`
	const account = "account: \"111122223333\"\n"
	for name, c := range map[string]struct {
		own, platform string
		reported      bool
	}{
		"no platform's trust":       {account + `trust: {accounts: ["444455556666"]}`, `enforce: {external-account-not-approved: error}`, false},
		"more than the platform's":  {account + `trust: {accounts: ["444455556666"]}`, "enforce: {external-account-not-approved: error}\ntrust: {accounts: [\"777788889999\"]}", true},
		"more in a folder":          {account + `folders: [{path: "keys/**", trust: {accounts: ["444455556666"]}}]`, "enforce: {external-account-not-approved: error}\ntrust: {accounts: [\"777788889999\"]}", true},
		"the platform's too":        {account + `trust: {accounts: ["444455556666"]}`, "enforce: {external-account-not-approved: error}\ntrust: {accounts: [\"444455556666\", \"777788889999\"]}", false},
		"fewer than the platform's": {account + `trust: {accounts: ["777788889999"]}`, "enforce: {external-account-not-approved: error}\ntrust: {accounts: [\"444455556666\", \"777788889999\"]}", true},
	} {
		t.Run(name, func(t *testing.T) {
			files := keypolicy.Files{FS: fstest.MapFS{
				"keys/a.json": {Data: []byte(policy)}, ".keypolicy.yaml": {Data: []byte(c.own)}, "platform.yaml": {Data: []byte(c.platform)},
			}}
			enforce, err := keypolicy.ReadEnforced(files, "platform.yaml")
			if err != nil {
				t.Fatal(err)
			}
			own, err := keypolicy.ReadConfiguration(files, ".keypolicy.yaml")
			if err != nil {
				t.Fatal(err)
			}
			l, err := keypolicy.New(keypolicy.Options{Files: files, Configuration: own, Enforce: enforce, MinSeverity: keypolicy.Info, Jobs: 1})
			if err != nil {
				t.Fatal(err)
			}
			run, err := l.Run(context.Background(), []keypolicy.Input{{Name: "keys/a.json"}}, keypolicy.RunOptions{})
			if err != nil {
				t.Fatal(err)
			}
			reported := false
			for _, d := range run.Findings {
				reported = reported || d.Rule == "external-account-not-approved"
			}
			if reported != c.reported {
				t.Errorf("reported is %v: %v", reported, run.Findings)
			}
		})
	}
}
