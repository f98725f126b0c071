package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/schemas"
)

// schema is a compiled JSON Schema with the text that it was compiled from.
type schema struct {
	compiled *jsonschema.Schema
	texts    map[string]any // by address, decoded
}

var (
	specSchema     = embedded("spec")
	templateSchema = embedded("template")
	configSchema   = embedded("config")
)

// embedded compiles one of our own schemas when it is first used. The tests compile all of them.
func embedded(name string) func() *schema {
	return sync.OnceValue(func() *schema {
		s, err := compile(schemas.Base+name+".schema.json", nil)
		if err != nil {
			panic(err)
		}
		return s
	})
}

// errOutside is the answer to a reference that leads out of what is embedded: nothing is ever fetched or opened.
var errOutside = errors.New("not an embedded schema")

// compile compiles the schema at an address. text is its text where it is none of ours.
func compile(address string, text []byte) (s *schema, err error) {
	// The library trusts its meta-schema to have caught everything, and it does not: "regexProperties", for one.
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("the schema cannot be compiled: %v", r)
		}
	}()
	s = &schema{texts: map[string]any{}}
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = func(wanted string) (io.ReadCloser, error) {
		found := text
		if wanted != address || text == nil {
			name, ours := strings.CutPrefix(wanted, schemas.Base)
			if !ours {
				return nil, errOutside
			}
			var err error
			if found, err = schemas.Source(strings.TrimSuffix(name, ".schema.json")); err != nil {
				return nil, errOutside
			}
		}
		decoder := json.NewDecoder(bytes.NewReader(found))
		decoder.UseNumber()
		var decoded any
		if err := decoder.Decode(&decoded); err != nil {
			return nil, err
		}
		s.texts[wanted] = decoded
		return io.NopCloser(bytes.NewReader(found)), nil
	}
	s.compiled, err = c.Compile(address)
	return s, err
}

// faults validates a node: every fault once, at the node that it is about.
func (s *schema) faults(n *source.Node) []fault {
	err := s.compiled.Validate(plain(n))
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) { // plain gives only the library's types, and a loop is found when a schema is compiled
		return []fault{{keyword: "schema", value: n}}
	}
	return s.flatten(invalid, n)
}
