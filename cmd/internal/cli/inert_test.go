package cli_test

import (
	"regexp"
	"testing"
)

// What a template says of itself is not a command to a CI runner, in any format for people.
func TestNoCommandPrintsAWorkflowCommand(t *testing.T) {
	project(t, map[string]string{
		".keypolicy.yaml":    "templates: [t]\n",
		"t/a.keypolicy.yaml": "template: bad\ndescription: \"a ##[error]b\"\nkey_users_roles: [a]\n# ::error::c\n::error::d: 1\n",
		"t/b.keypolicy.yaml": "template: worse\ndescription: \"a ##[error]b\"\nkey_users_roles: [a] # ##vso[x]\n",
	})
	command := regexp.MustCompile(`(?m)^[ \t]*::|##(vso)?\[`)
	for _, format := range []string{"text", "markdown"} {
		for _, args := range [][]string{{"templates"}, {"templates", "worse"}, {"lint", "t"}} {
			if args[0] == "lint" && format == "markdown" {
				continue
			}
			r := keypolicy(t, "", append(args, "--format", format)...)
			if found := command.FindString(r.out + r.errors); found != "" {
				t.Errorf("%v as %s prints %q: %s%s", args, format, found, r.out, r.errors)
			}
			if r.out == "" && args[0] == "templates" {
				t.Errorf("%v as %s: %s", args, format, r.errors)
			}
		}
	}
}
