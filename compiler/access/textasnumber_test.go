package access

import "testing"

// An operator for numbers or dates can read an account ID. Whom it then lets in is said, or said not to be known.
func TestOperatorsThatReadATextAsANumber(t *testing.T) {
	for condition, want := range map[string]Answer{
		`"NumericLessThan": {"kms:CallerAccount": "500000000000"}`:                 Unknown,
		`"NumericLessThanEquals": {"aws:PrincipalAccount": "500000000000"}`:        Unknown,
		`"NumericLessThanIfExists": {"kms:CallerAccount": "500000000000"}`:         Unknown,
		`"NumericGreaterThan": {"kms:CallerAccount": "500000000000"}`:              Yes,
		`"NumericNotEquals": {"kms:CallerAccount": "500000000000"}`:                Yes,
		`"NumericEquals": {"kms:CallerAccount": "111122223333"}`:                   No,
		`"NumericEquals": {"kms:CallerAccount": ["111122223333", "444455556666"]}`: No,
		`"NumericEquals": {"kms:CallerAccount": "5e11"}`:                           Unknown,
		`"DateLessThan": {"kms:CallerAccount": "2040-01-01T00:00:00Z"}`:            Unknown,
		`"Bool": {"aws:username": "true"}`:                                         Unknown,
		`"StringLike": {"kms:CallerAccount": "4*"}`:                                Yes,
	} {
		doc := read(t, `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {`+condition+`}}}`)
		if got := Analyze(doc, Env{Account: "111122223333", Partition: "aws"}).Public; got != want {
			t.Errorf("%s: public is %s, want %s", condition, got, want)
		}
	}
}
