package lift_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/expand"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/lift"
)

// The administrators' statement of the console before kms:RotateKeyOnDemand becomes a list, and what they gain is reported.
func TestSuggestTakesOlderConsolesForLists(t *testing.T) {
	p := compile(t, "a.json", `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
	{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ops"}, "Action": ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"], "Resource": "*"}]}`, options())
	s, err := lift.Suggest(p.Document, p.Key, options(), lift.Header)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(s.Text), "account: \"111122223333\"\nkey_admins_roles: [ops]\n"; got != want {
		t.Errorf("became\n%s", got)
	}
	if d := s.Difference; d.Equivalent || len(d.Added) != 1 || len(d.Removed) != 0 || d.Added[0].Actions[0] != "kms:RotateKeyOnDemand" || d.Added[0].Was != access.NeedsIdentityPolicy {
		t.Errorf("the difference is %+v", d)
	}
	// Nothing is suggested where it would gain nothing.
	own := compile(t, "b.json", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}]}`, options())
	if s, err := lift.Suggest(own.Document, own.Key, options(), lift.Header); err != nil || !s.Difference.Equivalent {
		t.Errorf("%v, %+v", err, s.Difference)
	}
}

const rootStatement = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`

// suggestion is what is suggested for statements beside the account's.
func suggestion(t *testing.T, statements string) lift.Suggestion {
	t.Helper()
	return suggestionFor(t, options(), `{"Version": "2012-10-17", "Statement": [`+statements+`]}`, "eu-west-1")
}

// suggestionFor compiles a suggestion again: it differs from the document by what it says, and by nothing else.
func suggestionFor(t *testing.T, opts compiler.Options, document, region string) lift.Suggestion {
	t.Helper()
	p := compile(t, "a.json", document, compiler.Options{Templates: expand.NewLibrary(nil), Flags: compiler.Defaults{Region: region}})
	s, err := lift.Suggest(p.Document, p.Key, opts, lift.Header)
	if err != nil {
		t.Fatal(err)
	}
	key := p.Key
	if s.Account != "" {
		key.Account = s.Account
	}
	again := compile(t, "again.keypolicy.yaml", string(s.Text), opts)
	d := access.Diff(p.Document, again.Document, access.EnvOf(key.Key), access.EnvOf(key.Key))
	if d.Equivalent != s.Difference.Equivalent || len(d.Added) != len(s.Difference.Added) || len(d.Removed) != len(s.Difference.Removed) {
		if s.Compiled != nil || len(d.Added)+len(d.Removed) > 0 { // what cannot be analyzed is as it is
			t.Errorf("the spec differs by %+v, and %+v is reported:\n%s", d, s.Difference, s.Text)
		}
	}
	return s
}

func TestSuggest(t *testing.T) {
	const role = `"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Resource": "*"`
	service := func(name, actions, conditions string) string {
		return `, {"Effect": "Allow", "Principal": {"Service": ` + name + `}, "Action": [` + actions + `], "Resource": "*"` + conditions + `}`
	}
	for _, test := range []struct {
		name, statements string
		want             string // of the spec, after its account and Region
		added, removed   []string
		lost             []string
		spare, kept      []int
	}{
		{
			name: "users of AWS's examples without grants", want: "include:\n  - template: named-users\n    parameters:\n      users: [app]\n      actions:\n        - kms:Encrypt\n        - kms:Decrypt\n        - kms:ReEncrypt*\n        - kms:GenerateDataKey\n        - kms:GenerateDataKeyWithoutPlaintext\n        - kms:DescribeKey\n",
			statements: rootStatement + `, {"Effect": "Allow", ` + role + `, "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]}`,
		},
		{
			name: "users of AWS's examples", want: "key_users_roles: [app]\n",
			statements: rootStatement + `, {"Effect": "Allow", ` + role + `, "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]}` +
				`, {"Effect": "Allow", ` + role + `, "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}`,
			added: []string{"kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext"},
		},
		{
			name: "verifiers of AWS's examples", want: "key_usage: SIGN_VERIFY\nkey_users_roles: [app]\n",
			statements: rootStatement + `, {"Effect": "Allow", ` + role + `, "Action": ["kms:Sign", "kms:Verify", "kms:DescribeKey"]}`,
			added:      []string{"kms:CreateGrant", "kms:GetPublicKey", "kms:ListGrants", "kms:RevokeGrant"},
		},
		{
			name: "not users: further actions", want: "statements:\n", kept: []int{1},
			statements: rootStatement + `, {"Effect": "Allow", ` + role + `, "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant"]}`,
		},
		{
			name: "every action", want: "key_admins_roles: [app]\nkey_users_roles: [app]\n",
			statements: rootStatement + `, {"Effect": "Allow", ` + role + `, "Action": "kms:*"}`,
			removed:    actionsIn([]string{"kms:*"}, consoleActions(t)),
		},
		{
			name: "the account's administration, as the CDK wrote it", want: "delegate_to_iam: false\ninclude:\n  - template: account-administration\n  - template: named-users\n    parameters:\n      users: [app]\n      actions:\n        - kms:Encrypt\n        - kms:Decrypt\n        - kms:ReEncrypt*\n        - kms:GenerateDataKey*\n        - kms:DescribeKey\n",
			statements: `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:GenerateDataKey"], "Resource": "*"}` +
				`, {"Effect": "Allow", ` + role + `, "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]}`,
			added:   []string{"kms:RotateKeyOnDemand", "kms:TagResource", "kms:UntagResource"},
			removed: []string{"kms:GenerateDataKey"},
		},
		{
			name: "log groups in an older wording", want: "include:\n  - template: cloudwatch-logs\n    parameters:\n      log_group: \"*\"\n",
			statements: rootStatement + service(`"logs.eu-west-1.amazonaws.com"`, `"kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"`,
				`, "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:*"}}`),
			removed: actionsIn([]string{"kms:Decrypt*", "kms:Encrypt*"}, []string{"kms:Decrypt", "kms:Encrypt"}),
		},
		{
			name: "log groups and everything else of the account", want: "include:\n  - template: cloudwatch-logs\n    parameters:\n      log_group: \"*\"\n",
			statements: rootStatement + service(`"logs.eu-west-1.amazonaws.com"`, `"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"`,
				`, "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:*"}}`),
			removed: actionsIn([]string{"kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"}, nil),
		},
		{
			name: "a service without conditions", want: "include:\n  - template: cloudwatch-logs\n    parameters:\n      log_group: \"*\"\n",
			statements: rootStatement + service(`"logs.eu-west-1.amazonaws.com"`, `"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"`, ""),
			removed:    actionsIn([]string{"kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"}, nil),
			lost:       []string{"cloudwatch-logs-export"},
		},
		{
			name: "a service without conditions that may describe the key, which no request for log groups needs", want: "include:\n  - template: cloudwatch-logs\n    parameters:\n      log_group: \"*\"\n",
			statements: rootStatement + service(`"logs.eu-west-1.amazonaws.com"`, `"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"`, ""),
			removed:    actionsIn([]string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"}, nil),
			lost:       []string{"cloudwatch-logs-export", "cloudwatch-logs-insights"},
		},
		{
			name: "the trail's bucket and more", want: "include:\n  - template: cloudtrail\n    parameters:\n      trail: org\n",
			statements: rootStatement + service(`"cloudtrail.amazonaws.com"`, `"kms:GenerateDataKey*", "kms:DescribeKey"`,
				`, "Condition": {"StringEquals": {"aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/org"}}`),
			removed: actionsIn([]string{"kms:GenerateDataKey*"}, nil),
		},
		{
			name: "two services in one statement", want: "include:\n  - template: eventbridge-to-sns\n  - template: guardduty-export\n    parameters:\n      detector_id: \"*\"\n",
			statements: rootStatement + service(`["events.amazonaws.com", "guardduty.amazonaws.com"]`, `"kms:GenerateDataKey*", "kms:Decrypt"`, ""),
			removed:    actionsIn([]string{"kms:Decrypt", "kms:GenerateDataKey*"}, nil),
		},
		{
			name: "two services of which one has no use", want: "statements:\n", kept: []int{1},
			statements: rootStatement + service(`["events.amazonaws.com", "macie.amazonaws.com"]`, `"kms:GenerateDataKey*", "kms:Decrypt"`, ""),
		},
		{
			name: "a service that may not do all that the use needs", want: "statements:\n", kept: []int{1},
			statements: rootStatement + service(`"logs.eu-west-1.amazonaws.com"`, `"kms:Decrypt*"`, ""),
		},
		{
			name:       "what everyone of the account may do is for no use",
			want:       "include:\n  - template: account-principals\n    parameters:\n      caller_account: \"111122223333\"\n      actions:\n        - kms:Encrypt\n        - kms:Decrypt\n        - kms:GenerateDataKey*\n",
			statements: rootStatement + `, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}`,
		},
		{
			name: "everything, for everyone of the account", want: "statements:\n", kept: []int{1},
			statements: rootStatement + `, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}`,
		},
		{
			name: "users of whose grants some are missing", want: "key_users_roles: [app]\n",
			statements: rootStatement + `, {"Effect": "Allow", ` + role + `, "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]}` +
				`, {"Effect": "Allow", ` + role + `, "Action": "kms:CreateGrant", "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}`,
			added: []string{"kms:ListGrants", "kms:RevokeGrant"},
		},
		{
			name: "users whose grants are not only for AWS resources", want: "include:\n  - template: named-users\n    parameters:\n      users: [app]\n      actions:\n        - kms:Encrypt\n        - kms:Decrypt\n        - kms:ReEncrypt*\n        - kms:GenerateDataKey*\n        - kms:DescribeKey\nstatements:\n  - Effect: Allow\n    Principal:\n      AWS: arn:aws:iam::111122223333:role/app\n    Resource: \"*\"\n    Action: kms:CreateGrant\n", kept: []int{2},
			statements: rootStatement + `, {"Effect": "Allow", ` + role + `, "Action": ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]}` +
				`, {"Effect": "Allow", ` + role + `, "Action": "kms:CreateGrant"}`,
		},
		{
			name: "trails of an account in another form of the template", want: "include:\n  - template: cloudtrail-account\n    parameters:\n      trail_account: \"111122223333\"\n",
			statements: rootStatement + service(`"cloudtrail.amazonaws.com"`, `"kms:GenerateDataKey*", "kms:ReEncryptFrom"`,
				`, "Condition": {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}`) +
				service(`"cloudtrail.amazonaws.com"`, `"kms:DescribeKey"`, ""),
			removed: []string{"kms:ReEncryptFrom"},
		},
		{
			name: "statements that allow nothing more", want: "delegate_to_iam: true\n", spare: []int{1, 2},
			statements: rootStatement + `, {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*"}, ` + rootStatement,
		},
		{
			name: "the account's principals through a service", want: "delegate_to_iam: false\ninclude:\n  - template: account-through-service\n    parameters:\n      service: elasticfilesystem\n  - template: account-metadata\n",
			statements: `{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"], "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333", "kms:ViaService": "elasticfilesystem.eu-west-1.amazonaws.com"}}}` +
				`, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"], "Resource": "*"}`,
		},
		{
			name: "a role that cannot be, which no template represents", want: "delegate_to_iam: true\n", spare: []int{1},
			statements: rootStatement + `, {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_0123456789abcdef"}, "Action": ["kms:CreateGrant", "kms:Decrypt"], "Resource": "*"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := suggestion(t, test.statements)
			if _, got, _ := strings.Cut(string(s.Text), "region: eu-west-1\n"); got != test.want && !(strings.HasSuffix(test.want, "statements:\n") && strings.HasPrefix(got, test.want)) {
				t.Errorf("became\n%swant\n%s", got, test.want)
			}
			var lost []string
			for _, step := range s.Steps {
				lost = append(lost, step.Lost...)
			}
			for _, c := range []struct {
				what      string
				got, want any
			}{
				{"added", actionsOf(s.Difference.Added), test.added},
				{"removed", actionsOf(s.Difference.Removed), test.removed},
				{"lost", lost, test.lost},
				{"spare", s.Spare, test.spare},
				{"kept", s.Verbatim, test.kept},
			} {
				if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
					t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
				}
			}
		})
	}
}

// actionsIn are KMS's actions on keys that patterns match and others do not, as the facts have them.
func actionsIn(patterns, others []string) []string {
	matches := func(patterns []string, name string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return slices.Contains(facts.MatchActions(p), name) })
	}
	var all []string
	for _, a := range facts.Actions() {
		if name := a.Name; a.EffectiveInKeyPolicy && matches(patterns, name) && !matches(others, name) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// consoleActions are the patterns of what AWS's console gives to administrators and to users of a key for encryption.
func consoleActions(t *testing.T) []string {
	t.Helper()
	users, ok := facts.ConsoleUsers("symmetric_encryption")
	if !ok {
		t.Fatal("the facts have no console statement for users")
	}
	return slices.Concat(facts.ConsoleAdministrators().Actions, users.Actions, facts.ConsoleGrants().Actions)
}

func actionsOf(changes []access.Change) []string {
	var all []string
	for _, c := range changes {
		all = append(all, c.Actions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The account is supposed where the document names no other, and that is reported.
func TestSuggestSupposesTheAccount(t *testing.T) {
	document := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "%s", "kms:ViaService": "ssm.eu-west-1.amazonaws.com"}}},
	{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": ["kms:Describe*", "kms:Get*", "kms:List*"], "Resource": "*"}]}`
	if s := suggestionFor(t, options(), fmt.Sprintf(document, "111122223333"), ""); s.Account != "111122223333" || len(s.Verbatim) > 0 {
		t.Errorf("the account is %q:\n%s", s.Account, s.Text)
	}
	if s := suggestionFor(t, options(), fmt.Sprintf(document, "444455556666"), ""); s.Account != "" {
		t.Errorf("the account is %q of two:\n%s", s.Account, s.Text)
	}
}

// What would fit if the key's Region were known is named, and no statement becomes something else for that.
func TestSuggestNamesWhatTheRegionIsMissingFor(t *testing.T) {
	const document = `{"Version": "2012-10-17", "Statement": [` + rootStatement + `, {"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}]}`
	if s := suggestionFor(t, options(), document, ""); fmt.Sprint(s.Placeless, s.Verbatim) != "[log-delivery] [1]" {
		t.Errorf("%v %v:\n%s", s.Placeless, s.Verbatim, s.Text)
	}
	if s := suggestionFor(t, options(), document, "eu-west-1"); fmt.Sprint(s.Placeless, s.Templates) != "[] [log-delivery]" {
		t.Errorf("%v %v:\n%s", s.Placeless, s.Templates, s.Text)
	}
}

// Of real policies half at least become only lists and templates.
func TestCorpusIsSuggested(t *testing.T) {
	folder := os.Getenv("KEYPOLICY_CORPUS")
	if folder == "" {
		t.Skip("KEYPOLICY_CORPUS names no folder of real policies")
	}
	files, err := filepath.Glob(filepath.Join(folder, "policies", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no policies: %v", err)
	}
	library := options()
	whole, equal := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if s := suggestionFor(t, library, string(text), ""); len(s.Verbatim) == 0 {
			whole++
			if s.Difference.Equivalent {
				equal++
			}
		}
	}
	t.Logf("%d of %d become only lists and templates, %d of them equivalent", whole, len(files), equal)
	if whole*2 < len(files) {
		t.Errorf("%d of %d become only lists and templates", whole, len(files))
	}
}

// Nothing is left out of a spec that has the whole policy.
func TestSuggestLeavesNothingOutOfAWholePolicy(t *testing.T) {
	p := compile(t, "a.json", `{"Version": "2012-10-17", "Statement": [
	{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
	{"Sid": "Freeze", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
	{"Sid": "All", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}]}`, options())
	s, err := lift.Suggest(p.Document, p.Key, options(), lift.Header)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range s.Spare {
		if sid := p.Document.Statements[i].Sid.Value; strings.Contains(string(s.Text), "Sid: "+sid) {
			t.Errorf("%s is left out and written:\n%s", sid, s.Text)
		}
	}
}
