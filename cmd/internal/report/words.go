package report

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/access"
)

// decision colours what is allowed green, what is denied red, and what is between yellow.
func (p painter) decision(d access.Decision, text string) string {
	switch d {
	case access.Allowed:
		return p.paint("1;32", text)
	case access.ExplicitDeny, access.ImplicitDeny:
		return p.paint("1;31", text)
	case access.NeedsIdentityPolicy, access.Undecided:
	}
	return p.paint("1;33", text)
}

func verb(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func number(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
