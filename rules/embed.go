package rules

import "embed"

// embedded is the rules built in, their examples and the helpers that they share.
//
//go:embed index.json */*.rego */*.txtar
var embedded embed.FS
