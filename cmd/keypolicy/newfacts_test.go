package main_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNewFactsNeedDataOnly builds the program over a copy of the facts with an action and a condition key that AWS does not have. Every
// command knows both; the program as it is knows neither.
func TestNewFactsNeedDataOnly(t *testing.T) {
	bin := buildWithFacts(t)
	folder := t.TempDir()
	policy := `{"Version": "2012-10-17", "Statement": [
  {"Sid": "Account", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "Weigh", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/scales"}, "Action": "kms:WeighData", "Resource": "*",
   "Condition": {"StringEquals": {"kms:WeighingUnit": "GRAM"}}}
]}`
	if err := os.WriteFile(filepath.Join(folder, "p.json"), []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	request := "keypolicy simulate p.json --principal role/scales --action kms:WeighData --context kms:WeighingUnit="
	for _, c := range []struct{ script, want, without string }{
		{"keypolicy lint p.json", "", "unknown-action"},
		{"keypolicy lint p.json", "", "unknown-condition-key"},
		{"keypolicy access p.json", "WeighData: only with kms:WeighingUnit GRAM", ""},
		{"keypolicy access --format json p.json", `"kms:WeighData"`, ""},
		{request + "GRAM", "allowed:", ""},
		{request + "OUNCE", "needs an identity policy:", ""},
		{"sed s/WeighData/WeighDataa/ p.json > typo.json; keypolicy lint typo.json", "`kms:WeighData`", ""},
		{"sed s/WeighingUnit/WeighingUnits/ p.json > typo.json; keypolicy lint typo.json", "`kms:WeighingUnit`", ""},
	} {
		out, _ := shell(bin, folder, c.script).CombinedOutput() // the exit code follows the findings
		if !strings.Contains(string(out), c.want) || c.without != "" && strings.Contains(string(out), c.without) {
			t.Errorf("%s\nwants %q and not %q:\n%s", c.script, c.want, c.without, out)
		}
	}
	out, _ := shell(build(t), folder, "keypolicy lint p.json").CombinedOutput()
	for _, rule := range []string{"unknown-action", "unknown-condition-key"} {
		if !strings.Contains(string(out), rule) {
			t.Errorf("the facts as they are know the made-up names: no %s in\n%s", rule, out)
		}
	}
}

// buildWithFacts returns a folder with the program over changed facts: the go command reads these in place of the files that it embeds.
func buildWithFacts(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	replace := map[string]string{}
	add := func(name, list, like string, fields map[string]any) {
		path := filepath.Join(root(t), "compiler", "facts", name)
		var file map[string]any
		text, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(text, &file)
		}
		if err != nil {
			t.Fatal(err)
		}
		entries, _ := file[list].([]any)
		for _, e := range entries {
			entry, _ := e.(map[string]any)
			if entry["action"] != like && entry["key"] != like {
				continue
			}
			made := map[string]any{}
			maps.Copy(made, entry)
			maps.Copy(made, fields)
			file[list] = append(entries, made)
		}
		text, err = json.Marshal(file)
		if err == nil {
			replace[path] = filepath.Join(folder, name)
			err = os.WriteFile(replace[path], text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("kms-actions.json", "actions", "kms:VerifyMac", map[string]any{
		"name": "WeighData", "action": "kms:WeighData", "api_operations": []string{"WeighData"}, "is_grant_operation": false,
		"condition_keys_own": []string{"kms:CallerAccount", "kms:ViaService", "kms:WeighingUnit"},
	})
	add("kms-condition-keys.json", "kms_keys", "kms:MacAlgorithm", map[string]any{
		"key": "kms:WeighingUnit", "operations": []string{"WeighData"}, "values": []string{"GRAM", "OUNCE"},
	})
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "overlay.json"), overlay, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", "build", "-overlay", filepath.Join(folder, "overlay.json"), "-o", filepath.Join(folder, "keypolicy"), ".")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return folder
}
