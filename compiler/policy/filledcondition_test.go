package policy_test

import "testing"

// TestAConditionThatIsYetToBeFilledIn: a text with a placeholder may become a mapping, and any other text is of the wrong type.
func TestAConditionThatIsYetToBeFilledIn(t *testing.T) {
	for condition, problems := range map[string]int{
		`"${conditions}"`: 0, `{"StringEquals": "${keys}"}`: 0, `"none"`: 1, `{"StringEquals": "none"}`: 1,
	} {
		doc := read(t, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": `+condition+`}]}`)
		more := len(doc.Statements[0].MoreOf("Condition"))
		if len(doc.Problems) != problems || more != 1-problems {
			t.Errorf("%s: problems %v, and %d conditions that are not known", condition, doc.Problems, more)
		}
	}
}
