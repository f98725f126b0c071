//go:build unix

package cli

import "testing"

// OwnedBy makes another user the owner of every file.
func OwnedBy(t *testing.T, uid uint32) {
	before := ownerOf
	ownerOf = func(string) (uint32, error) { return uid, nil }
	t.Cleanup(func() { ownerOf = before })
}

// OwnedByAt makes another user the owner of one path.
func OwnedByAt(t *testing.T, path string, uid uint32) {
	before := ownerOf
	ownerOf = func(p string) (uint32, error) {
		if p == path {
			return uid, nil
		}
		return before(p)
	}
	t.Cleanup(func() { ownerOf = before })
}
