package lift_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/lift"
)

// The administrators' statement of the console before kms:RotateKeyOnDemand becomes a list, and what they gain is told.
func TestSuggestTakesOlderConsolesForLists(t *testing.T) {
	p := compile(t, "a.json", `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
	{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/ops"}, "Action": ["kms:Create*", "kms:Describe*", "kms:Enable*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Revoke*", "kms:Disable*", "kms:Get*", "kms:Delete*", "kms:TagResource", "kms:UntagResource", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"], "Resource": "*"}]}`, options())
	s, err := lift.Suggest(p.Document, p.Key, options(), lift.Header(p.Key)...)
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
	if s, err := lift.Suggest(own.Document, own.Key, options(), lift.Header(own.Key)...); err != nil || !s.Difference.Equivalent {
		t.Errorf("%v, %+v", err, s.Difference)
	}
}
