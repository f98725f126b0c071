//go:build unix

package cli

import "testing"

// OwnedBy makes another user the owner of every file.
func OwnedBy(t *testing.T, uid uint32) {
	before := ownerOf
	ownerOf = func(string) (uint32, error) { return uid, nil }
	t.Cleanup(func() { ownerOf = before })
}
