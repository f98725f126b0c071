package validate_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

func parameterSchema(root *source.Node) diag.List {
	return validate.ParameterSchema("p", root.Get("schema"))
}

func TestParameterSchema(t *testing.T) {
	run(t, parameterSchema, []test{
		{"good", "schema: {type: string, pattern: '^[a-z]+$', default: abc, examples: [{$ref: x}]}\n", ""},
		{"boolean", "schema: true\n", ""},
		{"reported elsewhere", "schema: [a]\n", ""},
		{
			"file", "schema: {$ref: 'file:///etc/hostname'}\n",
			"1:16-1:38 template-parameter: `$ref: file:///etc/hostname` leads out of the template, and nothing is fetched | write what it refers to under `$defs` of this schema, and refer to `#/$defs/NAME`",
		},
		{
			"network", "schema: {allOf: [{type: string}, {items: {$ref: 'https://json-schema.org/draft/2020-12/schema'}}]}\n",
			"1:49-1:95 template-parameter: `$ref: https://json-schema.org/draft/2020-12/schema` leads out of the template, and nothing is fetched | write what it refers to under `$defs` of this schema, and refer to `#/$defs/NAME`",
		},
		{
			"embedded", "schema: {$ref: 'https://keypolicy.dev/schemas/spec.schema.json'}\n",
			"1:16-1:64 template-parameter: `$ref: https://keypolicy.dev/schemas/spec.schema.json` leads out of the template, and nothing is fetched | write what it refers to under `$defs` of this schema, and refer to `#/$defs/NAME`",
		},
		{
			"another id", "schema: {$id: 'file:///etc/', $ref: '#/x'}\n",
			"1:37-1:42 template-parameter: `#/x` is nowhere in the JSON Schema of the parameter `p` | refer to one of its own `$defs`",
		},
		{
			"nowhere", "schema: {$ref: '#/$defs/a'}\n",
			"1:16-1:27 template-parameter: `#/$defs/a` is nowhere in the JSON Schema of the parameter `p` | refer to one of its own `$defs`",
		},
		{
			"circle", "schema: {$ref: '#'}\n",
			"1:9-1:20 template-parameter: the JSON Schema of the parameter `p` cannot be used | write it as JSON Schema draft 2020-12, with references only to its own `$defs`",
		},
		{
			"version", "schema: {$schema: 'http://example.com/x'}\n",
			"1:19-1:41 template-parameter: `http://example.com/x` is not a version of JSON Schema | remove it: parameters are JSON Schema draft 2020-12",
		},
		{"old version", "schema: {$schema: 'https://json-schema.org/draft/2019-09/schema', type: string}\n", ""},
		{
			"unknown version", "schema: {$schema: 'https://json-schema.org/x', type: string}\n",
			"1:9-1:61 template-parameter: the JSON Schema of the parameter `p` cannot be used | write it as JSON Schema draft 2020-12, with references only to its own `$defs`",
		},
		{
			"type", "schema: {type: strng}\n",
			"1:16-1:21 template-parameter: `strng` is not a type of JSON Schema | did you mean `string`?",
		},
		{
			"type far off", "schema: {properties: {a: {type: date}}}\n",
			"1:33-1:37 template-parameter: `date` is not a type of JSON Schema | write `array`, `boolean`, `integer`, `null`, `number`, `object` or `string`",
		},
		{
			"type's type", "schema: {type: {a: b}}\n",
			"1:16-1:22 template-parameter: `type` of the parameter `p` cannot be a mapping | see JSON Schema draft 2020-12 on `type`",
		},
		{
			"pattern", "schema: {pattern: '['}\n",
			"1:19-1:22 template-parameter: `[` is not a regular expression that can be used | write it in RE2's syntax, which has no look-around and no back-references",
		},
		{
			"look-ahead", "schema: {pattern: '(?!a)b'}\n",
			"1:19-1:27 template-parameter: `(?!a)b` is not a regular expression that can be used | write it in RE2's syntax, which has no look-around and no back-references",
		},
		{
			"pattern of fields", "schema: {patternProperties: {'[': {}}}\n",
			"1:30-1:33 template-parameter: `[` is not a regular expression that can be used | write it in RE2's syntax, which has no look-around and no back-references",
		},
		{
			"length", "schema: {minLength: x, maxLength: -1, minItems: 1.5}\n",
			"1:21-1:22 template-parameter: `minLength` of the parameter `p` cannot be `x` | see JSON Schema draft 2020-12 on `minLength`\n" +
				"1:35-1:37 template-parameter: `maxLength` of the parameter `p` cannot be `-1` | see JSON Schema draft 2020-12 on `maxLength`\n" +
				"1:49-1:52 template-parameter: `minItems` of the parameter `p` cannot be `1.5` | see JSON Schema draft 2020-12 on `minItems`",
		},
		{
			"several", "schema: {required: a, enum: b, items: 5}\n",
			"1:20-1:21 template-parameter: `required` of the parameter `p` cannot be `a` | see JSON Schema draft 2020-12 on `required`\n" +
				"1:29-1:30 template-parameter: `enum` of the parameter `p` cannot be `b` | see JSON Schema draft 2020-12 on `enum`\n" +
				"1:39-1:40 template-parameter: `items` of the parameter `p` cannot be `5` | see JSON Schema draft 2020-12 on `items`",
		},
		{
			"a limit beyond reckoning", "schema: {minimum: 1e999999999}\n",
			"1:19-1:30 template-parameter: `minimum` of the parameter `p` cannot be `1e999999999` | see JSON Schema draft 2020-12 on `minimum`",
		},
		{
			"what the library does not look at", "schema: {regexProperties: x}\n",
			"1:9-1:29 template-parameter: the JSON Schema of the parameter `p` cannot be used | write it as JSON Schema draft 2020-12, with references only to its own `$defs`",
		},
		{
			"default", "schema: {type: string, default: 5}\n",
			"1:33-1:34 template-parameter: the parameter `p` is a string; this is a number | put it in quotes: `\"5\"`",
		},
	})
}
