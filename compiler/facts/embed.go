// Package facts holds what AWS says about KMS key policies as data: actions, condition keys, operators, services, the
// statements that the AWS console writes, and the limits of the API.
//
// The data is embedded JSON, one file a subject, each with its sources and its date. A file is parsed when one of its
// facts is first asked for, and once. Slices inside the values that this package returns are shared: read them, do not
// write to them. Lists that a function returns are the caller's own.
package facts

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed *.json
var files embed.FS

// lazy returns a function that parses an embedded file on its first call. The files are part of the program and its
// tests read all of them, so one that does not parse is a fault of the build: it panics.
func lazy[T any](name string) func() *T {
	return sync.OnceValue(func() *T {
		value := new(T)
		data, err := files.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, value)
		}
		if err != nil {
			panic(fmt.Sprintf("facts: %s: %v", name, err))
		}
		return value
	})
}
