package cli_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

var actionList = regexp.MustCompile(`\[\n( *)"kms:\w+"(,\n *"kms:\w+")+\n *\]`)

// foldEveryAction is a program for scripts: it writes a JSON file with "kms:*", or "kms:* but" a few, in the place of a list of nearly
// every action that a key policy has a say in. So what a script compares with does not depend on how many AWS has.
func foldEveryAction() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprint(os.Stdout, string(actionList.ReplaceAllFunc(text, func(list []byte) []byte {
		var missing []string
		for _, a := range facts.Actions() {
			if a.EffectiveInKeyPolicy && !strings.Contains(string(list), `"`+a.Name+`"`) {
				missing = append(missing, a.Name)
			}
		}
		all := "kms:*"
		if len(missing) > 0 {
			all += " but " + strings.Join(missing, " ")
		}
		lines := strings.Split(string(list), "\n")
		if len(missing) > 3 || strings.Count(string(list), ",") < 10*len(missing) {
			return list
		}
		indent, _, _ := strings.Cut(lines[1], `"`)
		return []byte(lines[0] + "\n" + indent + `"` + all + `"` + "\n" + lines[len(lines)-1])
	})))
}
