package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/keypolicy/keypolicy/compiler/access"
)

var leftOut = regexp.MustCompile(`Left out, as it does not fit: \d+ (?:changes or causes|change or cause), of (\d+) keys?`)

func TestMarkdownStaysUnderItsLimitAndSaysWhatItLeavesOut(t *testing.T) {
	long := strings.Repeat("x", 200)
	for name, keys := range map[string]Keys{
		"many different": func() (keys Keys) {
			for n := range 1000 {
				keys = append(keys, key(n, "change", "", gain(fmt.Sprintf("arn:aws:iam::%s:role/%s%d", own, long, n), "role", access.Allowed, access.ImplicitDeny)))
			}
			return keys
		}(),
		"long ones": func() (keys Keys) {
			for n := range 5 {
				var added []access.Change
				for i := range 300 {
					c := gain(fmt.Sprintf("arn:aws:iam::%s:role/%s%d", own, long, i), "role", access.Allowed, access.ImplicitDeny)
					c.Conditions.Text = fmt.Sprintf("only with n=%d%d", n, i)
					added = append(added, c)
				}
				keys = append(keys, key(n, "change", "", added...))
			}
			return keys
		}(),
		"many places": func() (keys Keys) {
			for n := range 3000 {
				k := key(n, "failed", "so")
				k.Account, k.Region = fmt.Sprintf("%012d", n), long
				keys = append(keys, k)
			}
			return keys
		}(),
		"wide characters": func() (keys Keys) {
			for n := range 1000 {
				keys = append(keys, key(n, "failed", fmt.Sprint(n, strings.Repeat("語", 100))))
			}
			return keys
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			md := write(t, keys, KeysOptions{Format: "markdown"})
			if size := utf8.RuneCountInString(md); size >= markdownLimit {
				t.Errorf("it has %d characters", size)
			}
			shown := strings.Count(md, "\n### `")
			for _, found := range regexp.MustCompile(`### The same for (\d+) keys`).FindAllStringSubmatch(md, -1) {
				n, _ := strconv.Atoi(found[1])
				shown += n
			}
			left := 0
			if found := leftOut.FindStringSubmatch(md); found != nil {
				left, _ = strconv.Atoi(found[1])
			}
			if shown+left != len(keys) || shown == 0 {
				t.Errorf("%d keys are shown and %d are said to be left out, of %d", shown, left, len(keys))
			}
			if name == "long ones" && !strings.Contains(md, "more lines of this change are left out") {
				t.Error("that lines are left out is not said")
			}
		})
	}
}
