package facts

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryContextHasItsPage(t *testing.T) {
	if len(ContextForms()) < 40 {
		t.Errorf("only %d forms are known", len(ContextForms()))
	}
	for _, f := range ContextForms() {
		if !strings.HasPrefix(f.Page, awsPages) {
			t.Errorf("%s: %s: the page is %q", f.Key, f.Form, f.Page)
		}
		if f.Key == "" || f.Service == "" || f.Use == "" || f.Form == "" {
			t.Errorf("%+v lacks a field", f)
		}
		if !slices.Contains([]string{"key", "any", "none"}, f.Region) || !slices.Contains([]string{"", "same"}, f.SourceARN) {
			t.Errorf("%s: %s: region %q, source_arn %q", f.Key, f.Form, f.Region, f.SourceARN)
		}
		if hasRegion := strings.Contains(f.Form, ":REGION:"); hasRegion == (f.Region == "none") && !strings.Contains(f.Form, "s3express") {
			t.Errorf("%s: %s: region is %q", f.Key, f.Form, f.Region)
		}
	}
}

// Each form takes its own example, what is wider, and no example with more at its start; its words in capitals are parts.
func TestContextFormsFit(t *testing.T) {
	for _, f := range ContextForms() {
		example := f.Example()
		for _, p := range []ContextPattern{
			{Text: example},
			{Text: strings.ToUpper(example), Fold: true},
			{Text: "*", Wildcards: true},
			{Text: example[:len(example)-1] + "*", Wildcards: true},
			{Text: example[:len(example)-1] + "?", Wildcards: true, ByPart: f.parts != nil},
		} {
			if !f.Fits(p) {
				t.Errorf("%s: %s does not fit %+v", f.Key, f.Form, p)
			}
		}
		if strings.HasPrefix(f.Form, "arn:") && f.Fits(ContextPattern{Text: "x" + example}) {
			t.Errorf("%s: %s fits x%s", f.Key, f.Form, example)
		}
		for _, word := range strings.FieldsFunc(f.Form, func(r rune) bool { return r < 'A' || r > 'Z' }) {
			if p, ok := partNamed(word); len(word) > 1 && (!ok || p.Name != word) {
				t.Errorf("%s: %s: %s is not a part", f.Key, f.Form, word)
			}
		}
	}
}

func TestContextFits(t *testing.T) {
	const group = "arn:aws:logs:eu-west-1:111122223333:log-group:"
	like, arn := ContextPattern{Wildcards: true}, ContextPattern{Wildcards: true, ByPart: true}
	tests := []struct {
		key, text string
		as        ContextPattern
		want      bool
	}{
		{"aws:logs:arn", group + "/app/api", arn, true},
		{"AWS:Logs:Arn", group + "/app/api", arn, true},
		{"aws:logs:arn", group + "/app/api:*", arn, false},
		{"aws:logs:arn", group + "*:*", like, false},
		{"aws:logs:arn", "arn:aws:logs:*:111122223333:*", arn, true},
		{"aws:logs:arn", "arn:*:log-group:*", like, true},
		{"SecretARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", ContextPattern{}, false},
		{"SecretARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-a1B2c3", ContextPattern{}, true},
		{"SecretARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-?????", like, false},
		{"aws:s3:arn", "arn:aws:s3:::bucket*", like, true},
		{"aws:s3:arn", "arn:aws:s3:eu-west-1::bucket", ContextPattern{}, false},
		{"aws:ebs:id", "vol-1", ContextPattern{}, true},
		{"aws:ebs:id", "VOL-1", ContextPattern{}, false},
		{"aws:ebs:id", "VOL-1", ContextPattern{Fold: true}, true},
		{"aws:ecs:clusterAccount", "1111222233334", ContextPattern{}, false},
	}
	for _, tt := range tests {
		tt.as.Text = tt.text
		got := slices.ContainsFunc(LookupContext(tt.key), func(f ContextForm) bool { return f.Fits(tt.as) })
		if got != tt.want {
			t.Errorf("%s: %q fits: %v, want %v", tt.key, tt.text, got, tt.want)
		}
	}
}

func TestContextKeysOf(t *testing.T) {
	for key, want := range map[string]string{
		"aws:s3:bucket": "aws:s3:arn aws:s3express:arn", "aws:secretsmanager:arn": "SecretARN", "Department": "", "aws:unheard:of": "",
	} {
		if got := strings.Join(ContextKeysOf(key), " "); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}
