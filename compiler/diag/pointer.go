package diag

import (
	"fmt"
	"strconv"
	"strings"
)

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// PointerToken writes one step of a path, a string or an int, as a token of a JSON pointer (RFC 6901).
func PointerToken(step any) string {
	switch s := step.(type) {
	case string:
		return pointerEscaper.Replace(s)
	case int:
		return strconv.Itoa(s)
	default:
		return pointerEscaper.Replace(fmt.Sprint(s))
	}
}

// Element is a JSON pointer with each position in a list as *.
func Element(pointer string) string {
	if !strings.ContainsAny(pointer, "0123456789") {
		return pointer
	}
	tokens := strings.Split(pointer, "/")
	for i, token := range tokens {
		if token == "" || strings.Trim(token, "0123456789") != "" {
			continue
		}
		if _, err := strconv.ParseUint(token, 10, 32); err == nil { // a longer number is a name, as an account's
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}
