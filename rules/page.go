package rules

import (
	"io/fs"
	"path"
	"strings"
	"sync"
)

// pages is where the pages of the rules built in are, one a rule.
const pages = "https://github.com/keypolicy/keypolicy/blob/main/docs/rules/"

// PageURL is the address of a built-in rule's page; "" for a user's rule and for a stage that reports under its own name.
func PageURL(name string) string {
	if !withPage()[name] {
		return ""
	}
	return pages + name + ".md"
}

// withPage holds the names of the rules built in.
var withPage = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	files, err := fs.Glob(embedded, "*/*.txtar") // each rule has its examples, and nothing else has any
	if err != nil {
		panic(err) // the pattern is malformed
	}
	for _, file := range files {
		names[strings.TrimSuffix(path.Base(file), ".txtar")] = true
	}
	return names
})
