package access

import "strings"

// piece is a part of a condition value: text, or a variable.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
type piece struct {
	text     string // literal text, where variable is ""
	escaped  bool   // the text is ${*}, ${?} or ${$}: no wildcards in it
	variable string // a condition key, in lower case
	fallback *string
}

// parsePieces splits a value at its variables. ok is false where one is not well formed.
func parsePieces(text string) (pieces []piece, ok bool) {
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '}')
		if end < 0 {
			return nil, false
		}
		if start > 0 {
			pieces = append(pieces, piece{text: text[:start]})
		}
		p, ok := parseVariable(text[start+2 : start+end])
		if !ok {
			return nil, false
		}
		pieces = append(pieces, p)
		text = text[start+end+1:]
	}
	if text != "" || len(pieces) == 0 {
		pieces = append(pieces, piece{text: text})
	}
	return pieces, true
}

// `${*}`, `${?}` and `${$}` are how a policy writes these characters themselves. A name without a colon is not a
// condition key, and AWS does not say what it does with it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
func parseVariable(inside string) (piece, bool) {
	switch inside {
	case "*", "?", "$":
		return piece{text: inside, escaped: true}, true
	}
	key, fallback, has := strings.Cut(inside, ",")
	key = strings.TrimSpace(key)
	if key == "" || !strings.Contains(key, ":") {
		return piece{}, false
	}
	p := piece{variable: strings.ToLower(key)}
	if has {
		f := strings.TrimSpace(fallback)
		if len(f) < 2 || f[0] != '\'' || f[len(f)-1] != '\'' {
			return piece{}, false
		}
		f = f[1 : len(f)-1]
		p.fallback = &f
	}
	return p, true
}
