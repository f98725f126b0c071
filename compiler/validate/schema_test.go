package validate

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/schemas"
)

// standAlone compiles a schema as users get it, with nothing else to be had. The library checks it against the
// meta-schema of draft 2020-12.
func standAlone(t *testing.T, name, part string) *jsonschema.Schema {
	t.Helper()
	text, err := schemas.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	address := schemas.Base + name + ".schema.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	c.LoadURL = func(string) (io.ReadCloser, error) { return nil, errOutside }
	if err := c.AddResource(address, strings.NewReader(string(text))); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(address + part)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

func TestSchemasStandAlone(t *testing.T) {
	for _, name := range schemas.Names() {
		if s := standAlone(t, name, ""); s.Draft != jsonschema.Draft2020 {
			t.Errorf("%s is of another draft", name)
		}
	}
}

func TestSchemasFit(t *testing.T) {
	tests := []struct {
		schema, part, text string
		fits               bool
	}{
		{"spec", "", `{"key_users": ["user2"]}`, true},
		{"spec", "", `{"external_accounts": [111122223333]}`, false},
		{"spec", "", `{"account": "12"}`, false},
		{"spec", "", `{"policy": {"Version": "2012-10-17", "Statement": []}}`, false},
		{"spec", "", `{"policy": "{}"}`, true},
		{"spec", "", `{"statements": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}`, true},
		{"spec", "", `{"statements": [{"Efect": "Allow"}]}`, false},
		{"template", "", `{"template": "a", "key_users": "$(users)", "statements": [{"Principal": "$(all)"}]}`, true},
		{"template", "", `{"template": "a", "key_users": "users"}`, false},
		{"config", "", `{"ignore": [{"rule": "a", "reason": "b", "until": "2027-03-31"}]}`, true},
		{"config", "", `{"ignore": [{"rule": "a", "until": "2027-03-31"}]}`, false},
		{"document", "", `{"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": ["a"]}, "NotAction": "kms:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": true}}}}`, true},
		{"document", "", `{"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}`, false},
		{"document", "", `{"Statement": [{"Effect": "allow", "Principal": "*"}]}`, false},
		{"document", "", `{"Statement": [{"Effect": "Allow", "Principal": ["*"]}]}`, false},
		{"document", "", `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "a", "NotAction": "b"}]}`, false},
		{"document", "", `{"Statement": [], "Version": "2012-10-17"}`, false},
		{"document", "", `{"Statement": [5]}`, false},
		{"document", "", `{"Version": "2012-10-17"}`, false},
	}
	for _, test := range tests {
		decoder := json.NewDecoder(strings.NewReader(test.text))
		decoder.UseNumber()
		var v any
		if err := decoder.Decode(&v); err != nil {
			t.Fatal(err)
		}
		err := standAlone(t, test.schema, test.part).Validate(v)
		var invalid *jsonschema.ValidationError
		if err != nil && !errors.As(err, &invalid) {
			t.Fatal(err)
		}
		if (err == nil) != test.fits {
			t.Errorf("%s%s fits %s: %v, want %v: %v", test.text, test.part, test.schema, err == nil, test.fits, err)
		}
	}
}

// TestEnums holds that the schema has the values that KMS has.
func TestEnums(t *testing.T) {
	for name, fact := range map[string]string{"keySpec": "KeySpec", "keyUsage": "KeyUsage", "origin": "Origin"} {
		part, _ := specSchema().at(schemas.Base + "spec.schema.json#/$defs/" + name).(map[string]any)
		got, want := texts(part["enum"]), slices.Clone(facts.Enum(fact))
		slices.Sort(got)
		slices.Sort(want)
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", name, got, want)
		}
	}
}

// TestOrigins holds that a finding in what a template brought in names the template's place too.
func TestOrigins(t *testing.T) {
	use := diag.Place{File: "spec.yaml", Range: diag.Range{Start: diag.Pos{Line: 3, Column: 1}, End: diag.Pos{Line: 3, Column: 2, Offset: 1}}}
	line := diag.Place{File: "template.yaml", Range: diag.Range{Start: diag.Pos{Line: 7, Column: 1}, End: diag.Pos{Line: 7, Column: 2, Offset: 1}}}
	value := source.NewScalar("alice", use)
	value.Origins = []diag.Place{line}
	found := Body(source.NewMapping(use, source.NewMember("key_users", use, value)))
	if len(found) != 1 || found[0].Place != use || len(found[0].Related) != 1 || found[0].Related[0].Place != line {
		t.Errorf("got %+v", found)
	}
	if Spec(nil) != nil || NewParameterCheck("a", nil).Value(value) != nil || NewParameterCheck("a", source.NewMapping(use)).Value(nil) != nil {
		t.Error("something is wrong with nothing")
	}
}

// TestPlainNumbers holds that a number that the library does not survive is given to it as text.
func TestPlainNumbers(t *testing.T) {
	for text, want := range map[string]any{
		"5": json.Number("5"), "1e400": "1e400", "1e-99999999": "1e-99999999", "0x1F": json.Number("31"), "1.50": json.Number("1.50"),
	} {
		if got := plain(&source.Node{Kind: source.Scalar, Type: source.Float, Style: source.Plain, Text: text}); got != want {
			t.Errorf("plain of %s is %#v, want %#v", text, got, want)
		}
	}
}

// TestNothingIsFetched holds that the compiler itself follows no reference, whatever looked at the schema before.
func TestNothingIsFetched(t *testing.T) {
	for _, ref := range []string{"file:///etc/hostname", "https://example.com/a", schemas.Base + "none.schema.json", schemas.Base + "../a"} {
		text, _ := json.Marshal(map[string]string{"$ref": ref})
		if _, err := compile(parameterAddress, text); !errors.Is(err, errOutside) {
			t.Errorf("%s: %v", ref, err)
		}
	}
}

// TestConcurrent holds that schemas are compiled and used from many goroutines at once; -race watches.
func TestConcurrent(t *testing.T) {
	file, _ := source.Load("a.yaml", []byte("key_usrs: [a]\nkey_admins: b\n"), source.DefaultLimits)
	want := len(Spec(file.Documents[0].Root))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for _, check := range []func(*source.Node) diag.List{Spec, Template, Config, Body} {
				check(file.Documents[0].Root)
			}
			if got := len(Spec(file.Documents[0].Root)); got != want {
				t.Errorf("%d findings, want %d", got, want)
			}
		})
	}
	wait.Wait()
}

func BenchmarkSpec(b *testing.B) {
	file, _ := source.Load("a.yaml", []byte("key_users: [a, b]\nkey_admins_roles: [c]\naccount: \"111122223333\"\n"), source.DefaultLimits)
	for b.Loop() {
		Spec(file.Documents[0].Root)
	}
}

func BenchmarkParameter(b *testing.B) {
	file, _ := source.Load("a.yaml", []byte("schema: {type: array, items: {type: string, pattern: '^[a-z]+$'}, minItems: 1}\nvalue: [a, b]\n"), source.DefaultLimits)
	root := file.Documents[0].Root
	b.Run("compile", func(b *testing.B) {
		for b.Loop() {
			NewParameterCheck("p", root.Get("schema")).Value(root.Get("value"))
		}
	})
	b.Run("check", func(b *testing.B) {
		c := NewParameterCheck("p", root.Get("schema"))
		for b.Loop() {
			c.Value(root.Get("value"))
		}
	})
}
