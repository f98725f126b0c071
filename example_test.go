package keypolicy_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/keypolicy/keypolicy"
)

// keys are a repository with a configuration and two specs.
var keys = fstest.MapFS{
	".keypolicy.yaml":                   {Data: []byte("account: \"111122223333\"\nregion: eu-central-1\n")},
	"keys/payments.keypolicy.yaml":      {Data: []byte("key_admins_roles: [KeyAdmin, Security]\nkey_users_roles: [payments-api]\n")},
	"keys/reports.keypolicy.yaml":       {Data: []byte("key_admins_roles: [KeyAdmin, Security]\nkey_users: [\"*\"]\n")},
	"keys/payments-later.keypolicy.yml": {Data: []byte("key_admins_roles: [KeyAdmin, Security]\nkey_users_roles: [payments-api, batch]\n")},
}

func newLinter() *keypolicy.Linter {
	linter, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: keys}, Today: "2026-01-31", MinSeverity: keypolicy.Warning})
	if err != nil {
		log.Fatal(err)
	}
	return linter
}

func ExampleLinter_Lint() {
	result, err := newLinter().Lint(context.Background(), "keys")
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range result.Findings {
		fmt.Printf("%s:%d:%d: %s: %s\n", f.File, f.Line, f.Column, f.Severity, f.Rule)
	}
	fmt.Println(result.Summary.Files, "files")
	// Output:
	// keys/reports.keypolicy.yaml:2:13: error: wildcard-principal
	// 3 files
}

func ExampleLinter_LintText() {
	result, err := newLinter().LintText(context.Background(), "stdin", []byte("key_users_roles: [payments-api]\nkey_admins_role: [KeyAdmin]\n"))
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range result.Findings {
		if f.Rule == "schema" {
			fmt.Println(f.Message)
			fmt.Println(f.Help)
		}
	}
	// Output:
	// `key_admins_role` is not a field of a spec
	// did you mean `key_admins_roles`?
}

func ExampleLinter_CompileText() {
	c, err := newLinter().CompileText(context.Background(), "default", []byte("{}\n"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s.json:\n%s", c.Policies[0].Name, c.Policies[0].JSON)
	// Output:
	// default.json:
	// {
	//   "Version": "2012-10-17",
	//   "Id": "key-default-1",
	//   "Statement": [
	//     {
	//       "Sid": "Enable IAM User Permissions",
	//       "Effect": "Allow",
	//       "Principal": {
	//         "AWS": "arn:aws:iam::111122223333:root"
	//       },
	//       "Action": "kms:*",
	//       "Resource": "*"
	//     }
	//   ]
	// }
}

func ExampleLinter_Access() {
	a, err := newLinter().Access(keypolicy.Input{Name: "keys/payments.keypolicy.yaml"}, keypolicy.AccessOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("can be changed:", a.Lockout.Editors, a.Lockout.Principals)
	fmt.Println("public:", a.Public)
	// Output:
	// can be changed: always [arn:aws:iam::111122223333:role/KeyAdmin arn:aws:iam::111122223333:role/Security arn:aws:iam::111122223333:root]
	// public: no
}

func ExampleLinter_Diff() {
	d, err := newLinter().Diff(keypolicy.Input{Name: "keys/payments.keypolicy.yaml"}, keypolicy.Input{Name: "keys/payments-later.keypolicy.yml"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range d.Added {
		fmt.Println(c.Principal, "gains actions, for example", c.Witness.Action)
	}
	// Output:
	// arn:aws:iam::111122223333:role/batch gains actions, for example kms:Decrypt
	// arn:aws:iam::111122223333:role/batch gains actions, for example kms:CreateGrant
}

func ExampleLinter_Simulate() {
	s, err := newLinter().Simulate(keypolicy.Input{Name: "keys/payments.keypolicy.yaml"},
		keypolicy.Request{Principal: "role/payments-api", Action: "kms:Decrypt"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.Decision, "by", s.Statements[0].Sid)
	// Output:
	// allowed by Allow use of the key
}
