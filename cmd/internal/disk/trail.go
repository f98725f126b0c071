package disk

import (
	"os"
	"path/filepath"
)

// Trail is who may say what a file holds: the file and its folder and, where it is a symbolic link, those that it leads
// to, one after the other.
func Trail(file string) []string {
	var list []string
	for range 40 { // as many links as systems follow
		folder := filepath.Dir(file)
		list = append(list, file, folder)
		if resolved, err := filepath.EvalSymlinks(folder); err == nil && resolved != folder {
			list = append(list, resolved)
		}
		to, err := os.Readlink(file)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(file), to)
		}
		file = to
	}
	return list
}
