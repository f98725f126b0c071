package validate

import "testing"

func TestWrongARN(t *testing.T) {
	const sender = `^arn:aws[a-z-]*:(events|sns):[a-z0-9-]+:[0-9]{12}:.+$`
	for _, c := range []struct{ pattern, text, message, help string }{
		{sender, "arn:aws:s3:::orders", "whose service is `s3`, which is not accepted there", "write an ARN whose service is `events` or `sns`"},
		{sender, "arn:aws:snss:eu-west-1:111122223333:a", "whose service is `snss`, which is not accepted there", "did you mean `arn:aws:sns:eu-west-1:111122223333:a`?"},
		{sender, "arn:aws:snss:eu-west-1::a", "whose service is `snss`, which is not accepted there", "write an ARN whose service is `events` or `sns`"},
		{sender, "arn:AWS:sns:eu-west-1:111122223333:a", "whose partition is `AWS`, which is not accepted there", "write another partition"},
		{sender, "arn:aws:sns::111122223333:a", "which has no Region", "write the ARN with its Region"},
		{sender, "arn:aws:sns:eu-west-1::a", "which has no account", "write the ARN with its account"},
		{sender, "arn:aws:sns:eu-west-1:1111:a", "whose account is `1111`, which is not 12 digits", "write the account's 12 digits"},
		{sender, "arn:aws:sns:eu-west-1:111122223333:", "which has no resource", "write the ARN with its resource"},
		{sender, "arn:aws:sns", "which has too few parts for an ARN", "write `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`"},
		{`^arn:aws:iam::111122223333:role/.+$`, "arn:aws:iam::444455556666:role/a", "whose account is `444455556666`, which is not accepted there", "write an ARN whose account is `111122223333`"},
		{`^arn:aws:s3:::a$|^arn:aws:sns:.*$`, "arn:aws:s3:::b", "", ""},
		{`^arn:(aws:s3|aws-cn:s3):.+$`, "arn:aws:s3:::b:c", "", ""},
		{`^arn:aws:s3`, "arn:aws:sns:::b", "", ""},
	} {
		got, ok := wrongARN(c.text, map[string]any{"pattern": c.pattern})
		if got.message != c.message || got.help != c.help || ok != (c.message != "") {
			t.Errorf("%s against %s: %q, %q, %v", c.text, c.pattern, got.message, got.help, ok)
		}
	}
}

func TestNameInARN(t *testing.T) {
	for _, c := range []struct{ pattern, text, want string }{
		{"^[a-z*-]+$", "arn:aws:sns:eu-central-1:111122223333:orders", "orders"},
		{"^[a-z.-]{3,63}$", "arn:aws:s3:::invoices", "invoices"},
		{"^[a-z/*-]+$", "arn:aws:logs:eu-central-1:111122223333:log-group:/app/x:*", "/app/x"},
		{"^[a-z/*-]+$", "arn:aws:logs:eu-central-1:111122223333:log-group:*", "*"},
		{"^[a-z]+$", "arn:aws:cloudtrail:eu-central-1:111122223333:trail/main", "main"},
		{"^AWSServiceRoleFor[A-Z]+$", "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", "AWSServiceRoleForX"},
		{"^[a-z]+$", "arn:aws:sns", ""},
		{"^[a-z]+$", "trail/main", ""},
		{"^[0-9]+$", "arn:aws:sns:eu-central-1:111122223333:orders", ""},
	} {
		if got := nameIn(c.text, map[string]any{"pattern": c.pattern}); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.text, c.pattern, got, c.want)
		}
	}
}
