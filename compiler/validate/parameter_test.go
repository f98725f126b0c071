package validate_test

import (
	"testing"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/validate"
)

func parameter(root *source.Node) diag.List {
	return validate.NewParameterCheck("p", root.Get("schema")).Value(root.Get("value"))
}

func TestParameter(t *testing.T) {
	run(t, parameter, []test{
		{"good", "schema: {type: string, pattern: '^[a-z]+$'}\nvalue: abc\n", ""},
		{
			"list", "schema: {type: array, items: {type: string}, minItems: 1}\nvalue: a\n",
			"2:8-2:9 template-parameter: the parameter `p` is a list; this is a string | write `[a]`",
		},
		{
			"too few", "schema: {type: array, items: {type: string}, minItems: 1}\nvalue: []\n",
			"2:8-2:10 template-parameter: the parameter `p` is empty | give it 1 or more",
		},
		{
			"entry", "schema: {type: array, items: {type: string}}\nvalue: [a, 5]\n",
			"2:12-2:13 template-parameter: an entry of the parameter `p` is a string; this is a number | put it in quotes: `\"5\"`",
		},
		{
			"number", "schema: {type: string}\nvalue: 012345678901\n",
			"2:8-2:20 template-parameter: the parameter `p` is a string; this is a number | put it in quotes: `\"012345678901\"`",
		},
		{
			"string for a number", "schema: {type: integer}\nvalue: \"5\"\n",
			"2:8-2:11 template-parameter: the parameter `p` is a whole number; this is a string | write the digits, without quotes",
		},
		{
			"pattern", "schema: {type: string, pattern: '^[a-z]+$', description: Small letters.}\nvalue: ABC\n",
			"2:8-2:11 template-parameter: the parameter `p` is `ABC`, which does not match `^[a-z]+$` | write a value that matches it: small letters",
		},
		{
			"enum", "schema: {enum: [dev, prod]}\nvalue: prd\n",
			"2:8-2:11 template-parameter: the parameter `p` is `prd`, which is not accepted there | did you mean `prod`?",
		},
		{
			"enum of numbers", "schema: {enum: [1, 2]}\nvalue: 3\n",
			"2:8-2:9 template-parameter: the parameter `p` is `3`, which is not accepted there | write `1` or `2`",
		},
		{
			"enum and a list", "schema: {enum: [a]}\nvalue: [a]\n",
			"2:8-2:11 template-parameter: the parameter `p` has a value that is not accepted there | write `a`",
		},
		{
			"const", "schema: {const: a}\nvalue: b\n",
			"2:8-2:9 template-parameter: the parameter `p` is `b`, which is not accepted there | write `a`",
		},
		{
			"format", "schema: {type: string, format: date}\nvalue: tomorrow\n",
			"2:8-2:16 template-parameter: the parameter `p` is `tomorrow`, which is not a date | write one",
		},
		{
			"lengths", "schema: {items: {minLength: 2, maxLength: 3}}\nvalue: [\"\", a, abcd]\n",
			"2:9-2:11 template-parameter: an entry of the parameter `p` is empty | give it a value\n" +
				"2:13-2:14 template-parameter: an entry of the parameter `p` is `a`, which is too short | write 2 characters or more\n" +
				"2:16-2:20 template-parameter: an entry of the parameter `p` is `abcd`, which is too long | write no more than 3 characters",
		},
		{
			"counts", "schema: {items: {maxItems: 1, uniqueItems: true}}\nvalue: [[a, b], [c]]\n",
			"2:9-2:15 template-parameter: an entry of the parameter `p` has 2 entries, which is too many | give it no more than 1",
		},
		{
			"repeats", "schema: {uniqueItems: true}\nvalue: [a, b, a]\n",
			"2:8-2:17 template-parameter: the parameter `p` has an entry twice | remove the repeats",
		},
		{
			"limits", "schema: {items: {minimum: 2, maximum: 5, multipleOf: 1}}\nvalue: [1, 6, 2.5]\n",
			"2:9-2:10 template-parameter: an entry of the parameter `p` is `1`, which is too small | write 2 or more\n" +
				"2:12-2:13 template-parameter: an entry of the parameter `p` is `6`, which is too great | write 5 or less\n" +
				"2:15-2:18 template-parameter: an entry of the parameter `p` is `2.5`, which is not a multiple of 1 | write a multiple of 1",
		},
		{
			"open limits", "schema: {items: {exclusiveMinimum: 2, exclusiveMaximum: 5}}\nvalue: [2, 5]\n",
			"2:9-2:10 template-parameter: an entry of the parameter `p` is `2`, which is too small | write more than 2\n" +
				"2:12-2:13 template-parameter: an entry of the parameter `p` is `5`, which is too great | write less than 5",
		},
		{
			"fields", "schema: {type: object, properties: {a: {type: string}}, patternProperties: {'^x': {}}, additionalProperties: false, required: [a, b]}\nvalue: {xa: 1, c: 2, a: 3}\n",
			"2:8-2:27 template-parameter: the parameter `p` lacks `b` | add `b: …`\n" +
				"2:16-2:17 template-parameter: `c` is not a field of the parameter `p` | did you mean `a`?\n" +
				"2:25-2:26 template-parameter: `a` of the parameter `p` is a string; this is a number | put it in quotes: `a: \"3\"`",
		},
		{
			"how many fields", "schema: {items: {minProperties: 1, maxProperties: 2}}\nvalue: [{}, {a: 1, b: 2, c: 3}]\n",
			"2:9-2:11 template-parameter: an entry of the parameter `p` has too few fields | give it 1 or more\n" +
				"2:13-2:31 template-parameter: an entry of the parameter `p` has too many fields | give it no more than 2",
		},
		{
			"names of fields", "schema: {propertyNames: {pattern: '^[a-z]+$'}}\nvalue: {A: 1}\n",
			"2:9-2:10 template-parameter: `A` is not accepted as a name in the parameter `p` | write a name that matches `^[a-z]+$`",
		},
		{
			"string or list", "schema: {oneOf: [{type: string}, {type: array, items: {type: string}}]}\nvalue: {a: b}\n",
			"2:8-2:14 template-parameter: the parameter `p` is a list or a string; this is a mapping | write a list: put `- ` before the entry",
		},
		{
			"string or list, an entry", "schema: {oneOf: [{type: string}, {type: array, items: {type: string}}]}\nvalue: [a, [b]]\n",
			"2:12-2:15 template-parameter: an entry of the parameter `p` is a string; this is a list | write `b`",
		},
		{
			"two of one type", "schema: {anyOf: [{type: string, pattern: '^a'}, {type: string, pattern: '^b'}]}\nvalue: c\n",
			"2:8-2:9 template-parameter: the parameter `p` does not fit its JSON Schema (`anyOf`) | see what the schema asks for",
		},
		{
			"too many fit", "schema: {oneOf: [{type: string}, {minLength: 1}]}\nvalue: c\n",
			"2:8-2:9 template-parameter: the parameter `p` does not fit its JSON Schema (`oneOf`) | see what the schema asks for",
		},
		{
			"all of", "schema: {allOf: [{type: string}, {minLength: 2}]}\nvalue: c\n",
			"2:8-2:9 template-parameter: the parameter `p` is `c`, which is too short | write 2 characters or more",
		},
		{
			"said twice", "schema: {allOf: [{type: string}, {type: string}]}\nvalue: [c, d]\n",
			"2:8-2:14 template-parameter: the parameter `p` is a string; this is a list | write a string",
		},
		{
			"not", "schema: {not: {const: a}}\nvalue: a\n",
			"2:8-2:9 template-parameter: the parameter `p` does not fit its JSON Schema (`not`) | see what the schema asks for",
		},
		{
			"nothing", "schema: false\nvalue: a\n",
			"2:8-2:9 template-parameter: the parameter `p` is not accepted here | remove it",
		},
		{"anything", "schema: true\nvalue: a\n", ""},
		{
			"contains", "schema: {contains: {const: a}}\nvalue: [b]\n",
			"2:8-2:11 template-parameter: the parameter `p` does not fit its JSON Schema (`minContains`) | see what the schema asks for",
		},
		{
			"if", "schema: {if: {type: string}, then: {minLength: 2}}\nvalue: c\n",
			"2:8-2:9 template-parameter: the parameter `p` is `c`, which is too short | write 2 characters or more",
		},
		{
			"needs another", "schema: {dependentRequired: {a: [b]}}\nvalue: {a: 1}\n",
			"2:8-2:14 template-parameter: the parameter `p` does not fit its JSON Schema (`dependentRequired`) | see what the schema asks for",
		},
		{
			"forbidden field", "schema: {properties: {a: false}, unevaluatedProperties: false}\nvalue: {a: 1, b: 2}\n",
			"2:9-2:10 template-parameter: `a` of the parameter `p` is not accepted here | remove it\n" +
				"2:15-2:16 template-parameter: `b` of the parameter `p` is not accepted here | remove it",
		},
		{
			"own definitions", "schema: {$ref: '#/$defs/a', $defs: {a: {type: string}}}\nvalue: [b]\n",
			"2:8-2:11 template-parameter: the parameter `p` is a string; this is a list | write `b`",
		},
		{
			"names to decode", "schema: {additionalProperties: {type: string}}\nvalue: {'a b': 1, 'aws:PrincipalTag/Team': 2, 'é%~': 3, '': 4}\n",
			"2:16-2:17 template-parameter: `a b` of the parameter `p` is a string; this is a number | put it in quotes: `\"a b\": \"1\"`\n" +
				"2:44-2:45 template-parameter: `aws:PrincipalTag/Team` of the parameter `p` is a string; this is a number | put it in quotes: `aws:PrincipalTag/Team: \"2\"`\n" +
				"2:54-2:55 template-parameter: `é%~` of the parameter `p` is a string; this is a number | put it in quotes: `\"é%~\": \"3\"`\n" +
				"2:61-2:62 template-parameter: `\"\"` of the parameter `p` is a string; this is a number | put it in quotes: `\"\": \"4\"`",
		},
		{
			"null", "schema: {type: [string, 'null']}\nvalue: 5\n",
			"2:8-2:9 template-parameter: the parameter `p` is a string or empty; this is a number | put it in quotes: `\"5\"`",
		},
		{
			"null value", "schema: {type: string}\nvalue:\n",
			"2:7-2:7 template-parameter: the parameter `p` is a string; this is empty (null) | give it a value",
		},
		{
			"boolean", "schema: {type: boolean}\nvalue: \"no\"\n",
			"2:8-2:12 template-parameter: the parameter `p` is `true` or `false`; this is a string | write `false`",
		},
		{
			"numbers beyond reckoning", "schema: {type: integer, minimum: 1}\nvalue: 1e999999999\n",
			"2:8-2:19 template-parameter: the parameter `p` is a whole number; this is a string | write the digits, without quotes",
		},
		{
			"not a number of JSON", "schema: {type: number}\nvalue: .inf\n",
			"2:8-2:12 template-parameter: the parameter `p` is a number; this is `.inf` | write a number",
		},
		{
			"hexadecimal", "schema: {type: integer, maximum: 30}\nvalue: 0x1F\n",
			"2:8-2:12 template-parameter: the parameter `p` is `0x1F`, which is too great | write 30 or less",
		},
		{
			"long value", "schema: {pattern: '^b'}\nvalue: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
			"2:8-2:97 template-parameter: the parameter `p` is `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`, which does not match `^b` | write a value that matches it",
		},
		{
			"schema outside", "schema: {type: array, items: {$ref: 'file:///etc/hostname'}}\nvalue: [a]\n",
			"1:37-1:59 template-parameter: `$ref: file:///etc/hostname` leads out of the template, and nothing is fetched | write what it refers to under `$defs` of this schema, and refer to `#/$defs/NAME`",
		},
	})
}
