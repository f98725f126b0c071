package spec

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// Sids are those of statements.
func Sids(statements []*source.Node) map[string]bool {
	sids := map[string]bool{}
	for _, st := range statements {
		if sid := st.Get("Sid"); sid.IsString() {
			sids[sid.Text] = true
		}
	}
	return sids
}

// FreeSid is a Sid that is not taken: the given one, or the first with a number from 2 behind it. IAM wants Sids to be unique.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
func FreeSid(sid string, taken map[string]bool) string {
	free := sid
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s%d", sid, n)
	}
	return free
}
