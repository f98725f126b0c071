//go:build unix

package disk

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// Owner is the id of the user whose file a path is. The owner of a link is not that of what it leads to.
func Owner(path string) (uid uint32, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Uid, nil
	}
	return 0, fmt.Errorf("%s: no owner", path)
}

// ForeignOwner names the owner of a path, as ownerOf gives it, who is neither the user nor root. With sudo, the user is who called it.
func ForeignOwner(path string, ownerOf func(path string) (uid uint32, err error)) (name string, foreign bool) {
	uid, err := ownerOf(path)
	me := os.Geteuid()
	if err != nil || uid == 0 || int(uid) == me {
		return "", false
	}
	id := strconv.Itoa(int(uid))
	if me == 0 && os.Getenv("SUDO_UID") == id {
		return "", false
	}
	if owner, err := user.LookupId(id); err == nil {
		return owner.Username, true
	}
	return "user id " + id, true
}
