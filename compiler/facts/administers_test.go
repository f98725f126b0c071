package facts

import "testing"

func TestAdministers(t *testing.T) {
	for name, want := range map[string]bool{
		"kms:PutKeyPolicy": true, "kms:ScheduleKeyDeletion": true, "kms:TagResource": true, "kms:UpdateAlias": true,
		"kms:CreateGrant": false, "kms:RevokeGrant": false, "kms:RetireGrant": false, // grants are asked for by themselves
		"kms:Decrypt": false, "kms:DescribeKey": false, "kms:ListGrants": false,
		"kms:CreateKey": false, "kms:SynchronizeMultiRegionKey": false, // of no key policy, and not to be called
	} {
		if a, ok := LookupAction(name); !ok || a.Administers() != want {
			t.Errorf("%s: administers %v, want %v", name, a.Administers(), want)
		}
	}
}
