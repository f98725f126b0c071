package access

import (
	"encoding/json"
	"testing"

	awspolicy "github.com/hashicorp/awspolicyequivalence"
)

// TestEquivalentAsTerraform: whatever Terraform's comparison of policies calls equivalent is equivalent.
func TestEquivalentAsTerraform(t *testing.T) {
	alike := 0
	for seed := range rounds(t, 300) {
		w := newWide(uint64(seed) + 1<<40)
		text := w.policy()
		other := w.rewritten(t, text)
		same, err := awspolicy.PoliciesAreEquivalent(text, other)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s\n%s", seed, err, text, other)
		}
		if !same {
			continue
		}
		alike++
		if answer, why := Equivalent(read(t, text), read(t, other), testEnv(), testEnv()); answer == No || answer == Unknown && len(why) == 0 {
			t.Fatalf("seed %d: %s: %v\n%s\n%s", seed, answer, why, text, other)
		}
	}
	if alike < 100 {
		t.Errorf("%d pairs alike only", alike)
	}
	t.Logf("%d pairs alike", alike)
}

// rewritten is the same policy in other words: lists in another order, one value with and without its list, an account's
// id and its ARN, statements in another order; now and then something else changes too.
func (w *wide) rewritten(t *testing.T, text string) string {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	list := doc["Statement"].([]any)
	w.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for i := range list {
		list[i] = w.reword(list[i])
	}
	if len(list) == 1 && w.IntN(2) == 0 {
		doc["Statement"] = list[0]
	}
	if w.IntN(10) == 0 {
		doc["Version"] = "2012-10-17"
	}
	return string(mustJSON(doc))
}

func (w *wide) reword(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = w.reword(v[k])
		}
	case []any:
		w.Shuffle(len(v), func(i, j int) { v[i], v[j] = v[j], v[i] })
		for i := range v {
			v[i] = w.reword(v[i])
		}
		if len(v) == 1 && w.IntN(2) == 0 {
			return v[0]
		}
	case string:
		return w.rewordText(v)
	}
	return v
}

func (w *wide) rewordText(text string) any {
	swaps := map[string]string{"arn:aws:iam::111122223333:root": testAccount, otherAccount: "arn:aws:iam::444455556666:root", "kms:Decrypt": "kms:decrypt", "false": "False"}
	if other, ok := swaps[text]; ok && w.IntN(2) == 0 {
		return other
	}
	return text
}
