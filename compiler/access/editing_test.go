package access

import (
	"reflect"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/policy"
)

const (
	keyAdminStatement  = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/KeyAdmin"}, "Action": "kms:Put*", "Resource": "*"}`
	denyAllStatement   = `{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}`
	denyPutStatement   = `{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:PutKeyPolicy", "Resource": "*"}`
	denyOtherStatement = `{"Effect": "Deny", "Principal": "*", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}`
	denyFarStatement   = `{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*",
		"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}`
	denyButAdminStatement = `{"Effect": "Deny", "Principal": "*", "Action": "kms:PutKeyPolicy", "Resource": "*",
		"Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/KeyAdmin"}}}`
	rootBehindMFAStatement = `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*",
		"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`
	rootUserOnlyStatement = `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*",
		"Condition": {"StringEquals": {"aws:PrincipalType": "Account"}}}`
	rootOfCallerStatement = `{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*",
		"Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}`
)

func TestEditing(t *testing.T) {
	for name, c := range map[string]struct {
		statements string
		want       Editing
	}{
		"root":                  {rootStatement, Editing{EditorsAlways, EditorsAlways, []int{}}},
		"named":                 {keyAdminStatement, Editing{EditorsNone, EditorsAlways, []int{}}},
		"root behind MFA":       {rootBehindMFAStatement, Editing{EditorsConditional, EditorsConditional, []int{}}},
		"only the root user":    {rootUserOnlyStatement, Editing{EditorsNone, EditorsAlways, []int{}}},
		"condition is a fact":   {rootOfCallerStatement, Editing{EditorsAlways, EditorsAlways, []int{}}},
		"denied to all":         {rootStatement + "," + denyAllStatement, Editing{EditorsNone, EditorsAlways, []int{1}}},
		"denied twice":          {rootStatement + "," + denyAllStatement + "," + denyPutStatement, Editing{EditorsNone, EditorsAlways, []int{1, 2}}},
		"denied to all but one": {rootStatement + "," + denyButAdminStatement, Editing{EditorsNone, EditorsAlways, []int{}}},
		"other is denied":       {rootStatement + "," + denyOtherStatement, Editing{EditorsAlways, EditorsAlways, []int{}}},
		"denied from afar":      {rootStatement + "," + denyOtherStatement + "," + denyFarStatement, Editing{EditorsConditional, EditorsAlways, []int{2}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := NewAnalysis(statements(t, c.statements), testEnv()).Editing()
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestEditingIsUnknownWithTheAccount(t *testing.T) {
	got := NewAnalysis(statements(t, rootStatement), Env{}).Editing()
	if got.Account != EditorsUnknown || got.Undenied != EditorsUnknown {
		t.Errorf("%+v for a key of an account that is not known", got)
	}
}

func TestAble(t *testing.T) {
	reader := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"}, "Action": ["kms:GetKeyPolicy", "kms:ScheduleKeyDeletion"], "Resource": "*"}`
	partner := `{"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": ["kms:Decrypt", "kms:DescribeKey"], "Resource": "*"}`
	for name, c := range map[string]struct {
		statements string
		want       Able
	}{
		"root":    {rootStatement, Able{ReadPolicy: Yes, Describe: Yes, ScheduleDeletion: Yes, CancelDeletion: Yes, Enable: Yes, Use: Yes}},
		"reader":  {reader, Able{ReadPolicy: Yes, Describe: No, ScheduleDeletion: Yes, CancelDeletion: No, Enable: No, Use: No}},
		"partner": {partner, Able{ReadPolicy: No, Describe: No, ScheduleDeletion: No, CancelDeletion: No, Enable: No, Use: Yes}},
		"denied":  {rootStatement + "," + denyOtherStatement, Able{ReadPolicy: Yes, Describe: Yes, ScheduleDeletion: No, CancelDeletion: Yes, Enable: Yes, Use: Yes}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := NewAnalysis(statements(t, c.statements), testEnv()).Able(); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
	if got := NewAnalysis(statements(t, reader), Env{}).Able(); got.ReadPolicy != Unknown || got.Describe != No {
		t.Errorf("%+v for a key of an account that is not known", got)
	}
}

func TestUnattested(t *testing.T) {
	enclave := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/enclave"}, "Action": "kms:Decrypt", "Resource": "*",
		"Condition": {"StringEqualsIgnoreCase": {"kms:RecipientAttestation:PCR0": "d8e7"}}}`
	plain := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*"}`
	closed := `{"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
		"Condition": {"StringNotEqualsIgnoreCase": {"kms:RecipientAttestation:PCR0": "d8e7"}}}`
	onlyEncrypt := `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Encrypt", "Resource": "*"}`
	for name, c := range map[string]struct {
		statements        string
		direct, delegated []int
	}{
		"none asked for": {rootStatement + "," + plain, []int{}, []int{}},
		"by root":        {rootStatement + "," + enclave, []int{}, []int{0}},
		"by a role":      {enclave + "," + plain, []int{1}, []int{}},
		"closed":         {enclave + "," + plain + "," + closed, []int{}, []int{}},
		"encryption":     {enclave + "," + onlyEncrypt, []int{}, []int{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := NewAnalysis(statements(t, c.statements), testEnv()).Unattested()
			if !reflect.DeepEqual(got.Direct, c.direct) || !reflect.DeepEqual(got.Delegated, c.delegated) {
				t.Errorf("directly by %v, by identity policies with %v; want %v and %v", got.Direct, got.Delegated, c.direct, c.delegated)
			}
			if (got.Witness != nil) != (len(c.direct) > 0) {
				t.Errorf("witness %v", got.Witness)
			}
		})
	}
}

// TestIdentityPoliciesOfWhomThePolicyDoesNotName: they let nobody in where the account statement is for its root user.
func TestIdentityPoliciesOfWhomThePolicyDoesNotName(t *testing.T) {
	limited := func(condition string) string {
		return strings.Replace(rootStatement, `"Resource"`, `"Condition": {`+condition+`}, "Resource"`, 1)
	}
	for name, c := range map[string]struct {
		statements  string
		by, editors Editors
	}{
		"the account":              {rootStatement, EditorsAlways, EditorsAlways},
		"the root user by type":    {limited(`"StringEquals": {"aws:PrincipalType": "Account"}`), EditorsNone, EditorsAlways},
		"the root user by its ARN": {limited(`"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:root"}`), EditorsNone, EditorsAlways},
		"all but for a Deny":       {rootStatement + `, {"Effect": "Deny", "Principal": "*", "Action": "kms:PutKeyPolicy", "Resource": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:root"}}}`, EditorsNone, EditorsAlways},
	} {
		if l := NewAnalysis(statements(t, c.statements), testEnv()).Lockout(); l.ByIdentityPolicy != c.by || l.Editors != c.editors || !l.RootUser {
			t.Errorf("%s: by an identity policy %s, want %s; editors %s, the root user %v", name, l.ByIdentityPolicy, c.by, l.Editors, l.RootUser)
		}
	}
}

// TestLawEditorsAreNamed: where somebody can change the policy, it is said who: also where a Deny of the user leaves the federated user who
// bears its name.
func TestLawEditorsAreNamed(t *testing.T) {
	named := func(t *testing.T, doc *policy.Document) {
		t.Helper()
		l := NewAnalysis(doc, testEnv()).Lockout()
		if is := l.Editors == EditorsAlways || l.Editors == EditorsConditional; is != (len(l.Principals) > 0) && l.Editors != EditorsUnknown {
			t.Errorf("editors %s are %q", l.Editors, l.Principals)
		}
	}
	for _, condition := range []string{
		`"StringLike": {"aws:PrincipalArn": "*:user/*"}`,
		`"StringEquals": {"aws:PrincipalType": "User"}`,
		`"StringLike": {"aws:username": "*"}`,
		`"Null": {"aws:MultiFactorAuthPresent": "true"}`,
	} {
		named(t, statements(t, allowAlice+`"Action": "kms:*"}, `+denyAll+`{`+condition+`}}`))
	}
	eachSmall(t, 41, func(t *testing.T, _ *small, list []lawStatement) { named(t, read(t, documentOf(list))) })
}
