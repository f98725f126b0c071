//go:build unix

package cli

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// ownerOf is what tests change. The owner of a link is not that of what it leads to.
var ownerOf = func(path string) (uid uint32, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Uid, nil
	}
	return 0, fmt.Errorf("%s: no owner", path)
}

// foreignOwner names the owner of a path who is neither the user nor root. With sudo, the user is who called it.
func foreignOwner(path string) (name string, foreign bool) {
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
