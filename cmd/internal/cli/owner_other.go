//go:build !unix

package cli

// foreignOwner is for systems where a file's owner is a user id.
func foreignOwner(string) (name string, foreign bool) { return "", false }
