package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/cmd/internal/push/kmstest"
)

const denyDeletion = `{"Sid": "No deletion", "Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}`

func policyOf(statements ...string) string {
	root := `{"Sid": "root", "Effect": "Allow", "Principal": {"AWS": "` + kmstest.Account + `"}, "Action": "kms:*", "Resource": "*"}`
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(append([]string{root}, statements...), ", ") + `]}`
}

func TestAnImportedKeyIsUnchanged(t *testing.T) {
	moto := kmstest.StartMoto(t)
	id, secret := moto.User("importer")
	kmstest.Environment(t, moto.URL, id, secret)
	key := moto.CreateKey(region, "alias/app/payments")
	moto.PutPolicy(region, key, policyOf(denyDeletion))
	project(t, nil)

	r := keypolicy(t, "", "import", "alias/app/payments")
	want := "key: alias/app/payments\naccount: \"" + kmstest.Account + "\"\nregion: " + region + "\nstatements:\n" +
		"  - Sid: No deletion\n    Effect: Deny\n    Principal: \"*\"\n    Action: kms:ScheduleKeyDeletion\n    Resource: \"*\"\n"
	if r.code != 0 || r.out != want || !strings.Contains(r.errors, "proven equivalent; statements kept unchanged: No deletion") {
		t.Fatalf("%+v", r)
	}
	if r := keypolicy(t, "", "import", "-o", "keys/a.keypolicy.yaml", key); r.code != 2 { // there is no folder
		t.Fatalf("%+v", r)
	}
	if r := keypolicy(t, "", "import", "-o", "a.keypolicy.yaml", key); r.code != 0 || r.out != "" {
		t.Fatalf("%+v", r)
	}
	if text, err := os.ReadFile("a.keypolicy.yaml"); err != nil || !strings.HasPrefix(string(text), "key: "+key+"\nstatements:\n") {
		t.Fatalf("%s %v", text, err)
	}
	expect(t, keypolicy(t, "", "plan", "--format", "json", "a.keypolicy.yaml"), 0, map[string]int{"unchanged": 1})
	for _, wrong := range []struct{ name, says string }{
		{"alias/none", "alias/none"}, {"1234abcd-12ab-34cd-56ef-1234567890ab", "1234abcd"}, {"no-key", "no-key"},
	} {
		if r := keypolicy(t, "", "import", wrong.name); r.code != 2 || !strings.Contains(r.errors, wrong.says) || r.out != "" {
			t.Errorf("%s: %+v", wrong.name, r)
		}
	}
}

func TestAnImportedAccountIsUnchanged(t *testing.T) {
	moto := kmstest.StartMoto(t)
	id, secret := moto.User("importer")
	kmstest.Environment(t, moto.URL, id, secret)
	moto.PutPolicy(region, moto.CreateKey(region, "alias/app/a"), policyOf())
	moto.PutPolicy(region, moto.CreateKey(region, "alias/app-a"), policyOf(denyDeletion))
	moto.PutPolicy(region, moto.CreateKey(region, "alias/app-a-2"), policyOf())
	nameless := moto.CreateKey(region, "")
	moto.KMS(region, "CreateKey", map[string]any{}) // without a usage, which moto then leaves out
	leaving := moto.CreateKey(region, "alias/old")
	moto.KMS(region, "ScheduleKeyDeletion", map[string]any{"KeyId": leaving[strings.LastIndex(leaving, "/")+1:], "PendingWindowInDays": 7})
	project(t, nil)

	for _, args := range [][]string{{"import", "--all", "-o", "keys"}, {"import", "alias/app-a"}} {
		if r := keypolicy(t, "", append(args, "--account", "999999999999")...); r.code != 2 || !strings.Contains(r.errors, "account 999999999999 was asked for") || r.out != "" {
			t.Fatalf("another account's keys: %+v", r)
		}
	}
	r := keypolicy(t, "", "import", "--all", "-o", "keys")
	if r.code != 0 || r.out != "" || !strings.Contains(r.errors, leaving+" is to be deleted, and is left out") {
		t.Fatalf("%+v", r)
	}
	names := []string{"app-a", "app-a-2", "app-a-3", nameless[strings.LastIndex(nameless, "/")+1:]}
	for _, name := range names {
		if _, err := os.Stat("keys/" + name + ".keypolicy.yaml"); err != nil {
			t.Error(err)
		}
	}
	expect(t, keypolicy(t, "", "plan", "--format", "json", "--detailed-exitcode", "keys"), 0, map[string]int{"unchanged": len(names) + 1})
	// Once more: nothing is there twice, also where a spec has another name or names its key otherwise.
	if err := os.Rename("keys/app-a.keypolicy.yaml", "keys/renamed.keypolicy.yaml"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("elsewhere", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename("keys/app-a-2.keypolicy.yaml", "elsewhere/a.keypolicy.yaml"); err != nil {
		t.Fatal(err)
	}
	write(t, "keys/"+names[3]+".keypolicy.yaml", "key: "+nameless[strings.LastIndex(nameless, "/")+1:]+"\nregion: "+region+"\n")
	r = keypolicy(t, "", "import", "--all", "-o", "keys")
	if r.code != 0 || strings.Count(r.errors, " already has a spec, in ") != len(names)+1 || !strings.Contains(r.errors, "already has a spec, in keys/renamed.keypolicy.yaml") {
		t.Fatalf("%+v", r)
	}
	if files, _ := filepath.Glob("*/*.keypolicy.yaml"); len(files) != len(names)+1 {
		t.Errorf("there are doubles: %v", files)
	}
	// A file of the name that is for another key does not keep the key from being imported; one that names no key may be its own.
	write(t, "keys/renamed.keypolicy.yaml", "key: alias/other\n")
	write(t, "keys/app-a.keypolicy.yaml", "key: alias/another\n")
	r = keypolicy(t, "", "import", "--all", "-o", "keys")
	if _, err := os.Stat("keys/app-a-2.keypolicy.yaml"); err != nil || r.code != 0 {
		t.Errorf("%v %+v", err, r)
	}
	if err := os.Remove("keys/app-a-2.keypolicy.yaml"); err != nil {
		t.Fatal(err)
	}
	write(t, "keys/app-a.keypolicy.yaml", "key_usrs: [\n")
	if r := keypolicy(t, "", "import", "--all", "-o", "keys"); r.code != 2 || !strings.Contains(r.errors, "keys/app-a.keypolicy.yaml already exists and names no key") {
		t.Errorf("%+v", r)
	}
}

func TestImportOfAllAccountsAndRegions(t *testing.T) {
	const other = "999999999999"
	server := kmstest.NewServer(t)
	kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
	project(t, nil)
	for _, account := range []string{kmstest.Account, other} {
		for _, region := range []string{"eu-central-1", "eu-west-1"} {
			server.Add(kmstest.Key{Account: account, Region: region, Aliases: []string{"alias/payments"}})
		}
	}
	configuration := "account: \"" + kmstest.Account + "\"\naccounts: {\"" + other + "\": {role_arn: \"arn:aws:iam::" + other + ":role/keypolicy\"}}\nregions: [eu-central-1, eu-west-1]\n"
	write(t, ".keypolicy.yaml", configuration)
	if r := keypolicy(t, "", "import", "--all", "-o", "keys"); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	says(t, keypolicy(t, "", "import", "--all", "-o", "keys"), 0, "keypolicy: 0 specs written to keys, 4 there already\n")
	files, _ := filepath.Glob("keys/*-payments.keypolicy.yaml")
	if len(files) != 4 {
		t.Fatal(files)
	}
	expect(t, keypolicy(t, "", "plan", "--format", "json", "--detailed-exitcode", "keys"), 0, map[string]int{"unchanged": 4})
	if r := keypolicy(t, "", "import", "--all", "-o", "one", "--account", other, "--region", "eu-west-1"); r.code != 0 || !strings.Contains(r.errors, "already has a spec, in keys/"+other+"-eu-west-1-payments") {
		t.Errorf("%+v", r)
	}
	// One account that cannot be entered does not keep the others from being read.
	write(t, ".keypolicy.yaml", strings.Replace(configuration, "accounts: {", "accounts: {\"111122223333\": {role_arn: \"arn:aws:iam::"+other+":role/wrong\"}, ", 1))
	if err := os.RemoveAll("keys"); err != nil {
		t.Fatal(err)
	}
	r := keypolicy(t, "", "import", "--all", "-o", "keys")
	files, _ = filepath.Glob("keys/*-payments.keypolicy.yaml")
	if r.code != 2 || len(files) != 4 || !strings.Contains(r.errors, "account 111122223333 in eu-west-1: the credentials lead to keys of account "+other) {
		t.Errorf("%v %+v", files, r)
	}
}

func TestImportsThatCannotBe(t *testing.T) {
	moto := kmstest.StartMoto(t)
	id, secret := moto.User("importer")
	kmstest.Environment(t, moto.URL, id, secret)
	project(t, nil)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"import"}, "one policy document or one key"},
		{[]string{"import", "--all"}, "give -o DIR"},
		{[]string{"import", "--all", "-o", "keys", "a.json"}, "only one of them"},
		{[]string{"import", "--all", "-o", "keys"}, "no customer managed key"},
		{[]string{"import", "alias/aws/ebs"}, "AWS managed key"},
	} {
		if r := keypolicy(t, "", c.args...); r.code != 2 || !strings.Contains(r.errors, c.says) {
			t.Errorf("%v: %+v", c.args, r)
		}
	}
}

func TestAnImportSaysWhatBecameOfTheKeys(t *testing.T) {
	server := kmstest.NewServer(t)
	kmstest.Environment(t, server.URL, kmstest.AccessKey, kmstest.Secret)
	project(t, nil)
	server.Add(kmstest.Key{Aliases: []string{"alias/a"}})
	server.Add(kmstest.Key{Aliases: []string{"alias/b"}, Policy: "no policy"})
	server.Add(kmstest.Key{State: "PendingDeletion"})
	server.Add(kmstest.Key{Manager: "AWS"})
	says(t, keypolicy(t, "", "import", "--all", "-o", "keys"), 2, "keypolicy: 1 spec written to keys, 1 failed, 1 to be deleted, 1 AWS managed\n")
}
