package terraform

import (
	"fmt"
	"testing"
)

func TestWhatIsDeclaredTwiceOrWithWrongLabelsIsReported(t *testing.T) {
	const key = `resource "aws_kms_key" "k" {}` + "\n"
	for text, want := range map[string]string{
		key:       "[]",
		key + key: "[terraform-declared-twice warning a.tf:2]",
		key + "locals { a = 1 }\nlocals {\n  a = 2\n}\n":                                               "[terraform-declared-twice info a.tf:4]",
		key + `variable "v" {}` + "\n" + `variable "v" {}`:                                             "[terraform-declared-twice info a.tf:3]",
		key + `data "aws_iam_policy_document" "d" {}`:                                                  "[]",
		key + `data "aws_iam_policy_document" {}`:                                                      "[syntax-error error a.tf:2]",
		key + `provider "aws" {}` + "\n" + "provider \"aws\" {\n  alias = \"b\"\n}":                    "[]",
		key + `data "aws_iam_policy_document" "d" {}` + "\n" + `data "aws_iam_policy_document" "d" {}`: "[terraform-declared-twice warning a.tf:3]",
	} {
		_, found, err := NewModules(texts{"a.tf": text}).Read(".")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range found {
			got = append(got, fmt.Sprintf("%s %s %s:%d", d.Reason, d.Severity, d.Place.File, d.Place.Range.Start.Line))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}
