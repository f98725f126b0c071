package policy

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

func TestPlaceholders(t *testing.T) {
	for text, want := range map[string]string{
		"<ACCOUNT_ID>": "<ACCOUNT_ID>", "arn:aws:iam::{{ account }}:root": "{{ account }}", "${account}": "${account}", "${AWS::AccountId}": "${AWS::AccountId}",
		"$(account)": "$(account)", "REPLACE_ME": "REPLACE_ME", "arn:aws:iam::ACCOUNT-ID:root": "ACCOUNT-ID", "arn:aws:iam::xxxxxxxxxxxx:root": "xxxxxxxxxxxx",
		"YOUR_ROLE": "YOUR_ROLE", "TODO": "TODO",
		"${aws:username}": "", "${aws:PrincipalTag/team, 'none'}": "", "${*}": "", "TODO-list": "", "a < b": "", "kms:GenerateDataKey*": "", "SOME_MEASURE": "",
	} {
		if got := Placeholder(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestPlaceholdersAreParts(t *testing.T) {
	for text, want := range map[string]string{
		"arn:${AWS::Partition}:iam::${AWS::AccountId}:root": "arn:X:iam::X:root", "arn:aws:iam::TODOS:TODO": "arn:aws:iam::TODOS:X", "${aws:username}": "", "{{a}}{{b}}": "XX", "none": "",
	} {
		if got := placeholdersIn(text, diag.Place{}).Fill(func(*symbol.Hole) string { return "X" }); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
