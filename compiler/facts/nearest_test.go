package facts

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func conditionKeyNames() []string {
	var names []string
	for _, k := range ConditionKeys() {
		names = append(names, k.Name)
	}
	return names
}

func operatorNames() []string {
	var names []string
	for _, o := range Operators() {
		names = append(names, o.Name)
	}
	return names
}

func viaServicePrefixes() []string {
	var prefixes []string
	for _, s := range ViaServices() {
		prefixes = append(prefixes, s.Prefix)
	}
	return prefixes
}

func partitionNames() []string {
	var names []string
	for _, p := range Partitions() {
		names = append(names, p.Name)
	}
	return names
}

func TestNearest(t *testing.T) {
	fields := []string{
		"key_users", "key_users_roles", "key_admins", "key_admins_roles", "external_accounts", "policy", "policytemplate",
		"parameters", "name", "key", "region", "regions", "include", "statements",
	}
	tests := []struct {
		word       string
		candidates []string
		want       string
	}{
		{"key_admin", fields, "key_admins"},
		{"key-admins-roles", fields, "key_admins_roles"},
		{"keyusers_role", fields, "key_users_roles"},
		{"policy_template", fields, "policytemplate"},
		{"extrenal_accounts", fields, "external_accounts"},
		{"reigon", fields, "region"},
		{"nmae", fields, "name"},
		{"regionss", fields, "regions"},
		{"Policy", fields, "policy"},
		{"colour", fields, ""},
		{"", fields, ""},
		{"ab", []string{"ac", "ad"}, ""},
		{"ab", []string{"ac", "AC"}, "ac"},
		{"abc", []string{"ab", "abcde"}, "ab"},
		{"abcdefgh", []string{"abcdexyz"}, ""},
		{"abcdefghijkl", []string{"abcdefghixyz"}, "abcdefghixyz"},
		{"abcdefghijklmnop", []string{"abcdefghijklwxyz"}, ""},
		{"word", nil, ""},
		{"rule-of-it/why", []string{"rule-of-it", "rule-of-it-all"}, "rule-of-it"},
		{"principle", []string{"principal", "kind"}, "principal"},
		{"rule/why", []string{"other"}, ""},
		{"kms:Decript", ActionNames(), "kms:Decrypt"},
		{"kms:decrypt", ActionNames(), "kms:Decrypt"},
		{"kms:ReEncrypt", ActionNames(), "kms:ReEncrypt*"},
		{"kms:Generate", ActionNames(), "kms:GenerateDataKey*"},
		{"kms:DeleteKey", ActionNames(), "kms:ScheduleKeyDeletion"},
		{"kms:GenerateDataKeys", ActionNames(), "kms:GenerateDataKey"},
		{"s3:GetObject", ActionNames(), ""},
		{"aws:ViaService", conditionKeyNames(), "kms:ViaService"},
		{"aws:SourceArm", conditionKeyNames(), "aws:SourceArn"},
		{"kms:SourceAccount", conditionKeyNames(), "aws:SourceAccount"},
		{"StringMatches", operatorNames(), "StringLike"},
		{"StringEqual", operatorNames(), "StringEquals"},
		{"Boolean", operatorNames(), "Bool"},
		{"ebs", viaServicePrefixes(), "ec2"},
		{"efs", viaServicePrefixes(), "elasticfilesystem"},
		{"ebs", []string{"s3", "rds"}, ""},
		{"Principle", PolicyGrammar().StatementElements, "Principal"},
		{"Actions", PolicyGrammar().StatementElements, "Action"},
		{"SYMMETRIC", Enum("KeySpec"), "SYMMETRIC_DEFAULT"},
		{"ECC_P256", Enum("KeySpec"), "ECC_NIST_P256"},
		{"SIGN", Enum("KeyUsage"), "SIGN_VERIFY"},
		{"kms", Enum("Origin"), "AWS_KMS"},
		{"china", partitionNames(), "aws-cn"},
	}
	for _, tt := range tests {
		if got, ok := Nearest(tt.word, tt.candidates); got != tt.want || ok != (tt.want != "") {
			t.Errorf("Nearest(%q) = %q, %v, want %q", tt.word, got, ok, tt.want)
		}
	}
}

// TestNearestIsUniqueWhateverTheOrder holds that the order of the candidates decides nothing.
func TestNearestIsUniqueWhateverTheOrder(t *testing.T) {
	for _, word := range []string{"kms:EnableKe", "kms:ListKey", "kms:UpdateAlia", "kms:Sing", "kms:VerifyMa", "kms:GetKey"} {
		names := ActionNames()
		want, _ := Nearest(word, names)
		slices.Reverse(names)
		if got, _ := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) is %q one way and %q the other", word, want, got)
		}
	}
}

func TestConfusions(t *testing.T) {
	known := slices.Concat(
		ActionNames(), conditionKeyNames(), operatorNames(), viaServicePrefixes(), partitionNames(),
		Enum("KeySpec"), Enum("KeyUsage"), Enum("Origin"), PolicyGrammar().StatementElements,
	)
	for _, word := range slices.Sorted(maps.Keys(confusionFile().Words)) {
		meant := confusionFile().Words[word]
		if word != strings.ToLower(word) {
			t.Errorf("%q is not in lower case", word)
		}
		if got, ok := Nearest(word, known); !ok || got != meant {
			t.Errorf("Nearest(%q) = %q, %v, want %q", word, got, ok, meant)
		}
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a", "", 1},
		{"", "abc", 3},
		{"ab", "ba", 1},
		{"abcd", "acbd", 1},
		{"kitten", "sitting", 3},
		{"é", "e", 1},
		{"abc", "abc", 0},
	}
	for _, tt := range tests {
		if got := distance(tt.a, tt.b, 9); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := distance(tt.b, tt.a, 9); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
	if got := distance("a", "abcde", 2); got <= 2 {
		t.Errorf("got %d, want more than the limit", got)
	}
}
