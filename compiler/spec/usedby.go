package spec

import "github.com/keypolicy/keypolicy/compiler/source"

// UsedBy is a use that a key is said to be for, with what is given for its parameters.
type UsedBy struct {
	Entry      *source.Node // where it is written; nil where it is given from outside
	Name       string       // of facts.Use
	Parameters map[string][]string
}
