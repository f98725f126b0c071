// Package symbol has the values that are not known before a run: what a variable, a reference to another resource or a
// placeholder will be. Such a value is a hole. A text may have holes between literal parts, and a list or a mapping may have
// more members than are written, which is a hole as well: source.Node carries both, and policy and access take them from there.
//
// A hole is never filled with a placeholder value that a user could see: messages name its reference.
package symbol
