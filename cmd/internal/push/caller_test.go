package push

import "testing"

func TestCallersAreSpelledAsPoliciesNameThem(t *testing.T) {
	for answered, want := range map[string]string{
		"arn:aws:sts::123456789012:user/moto":            "arn:aws:iam::123456789012:user/moto",
		"arn:aws:iam::123456789012:user/a/b":             "arn:aws:iam::123456789012:user/a/b",
		"arn:aws:iam::123456789012:root":                 "arn:aws:iam::123456789012:root",
		"arn:aws-cn:sts::123456789012:assumed-role/ci/1": "arn:aws-cn:sts::123456789012:assumed-role/ci/1",
		"arn:aws:sts::123456789012:federated-user/f":     "arn:aws:sts::123456789012:federated-user/f",
	} {
		if got := callerARN(answered); got != want {
			t.Errorf("%s is spelled %s, not %s", answered, got, want)
		}
	}
}
