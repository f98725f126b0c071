//go:build unix

package push

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes a lock that ends with the process, however it ends. errLocked says that another has it.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}

// syncFolder makes sure that a folder's entries are on the disk.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return bare(err)
	}
	err = f.Sync()
	_ = f.Close()
	return bare(err)
}
