//go:build !unix

package disk

import "errors"

// Owner is for systems where a file's owner is a user id.
func Owner(string) (uid uint32, err error) { return 0, errors.ErrUnsupported }

// ForeignOwner is for systems where a file's owner is a user id.
func ForeignOwner(string, func(string) (uint32, error)) (name string, foreign bool) { return "", false }
