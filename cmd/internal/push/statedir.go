package push

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// StateDir is the folder of journals and backups. One run at a time works in it.
type StateDir struct {
	Path string
	lock *os.File
}

// errLocked says that another run has the folder.
var errLocked = errors.New("locked")

// OpenStateDir takes the folder for this run. One that is not there is made when a run begins, readable only for its owner, so that
// a run that puts nothing leaves nothing behind. A folder that is there already stays as it is: it may be for other things
// too, and each run's own folder is readable only for its owner.
func OpenStateDir(path string) (*StateDir, error) {
	s := &StateDir{Path: path}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	return s, s.take()
}

// make makes and takes a folder that was not there.
func (s *StateDir) make() error {
	if err := os.MkdirAll(filepath.Dir(s.Path), 0o700); err != nil {
		return fmt.Errorf("%s: the folder for the journal cannot be made: %w", s.Path, bare(err))
	}
	switch err := makeStateDir(s.Path); {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("another run has begun in %s meanwhile%s: plan again", s.Path, holder(s.Path))
	case err != nil:
		return fmt.Errorf("%s: the folder for the journal cannot be made: %w", s.Path, bare(err))
	}
	return s.take()
}

// take locks the folder.
func (s *StateDir) take() error {
	path := s.Path
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("%s: the folder for the journal cannot be used: %w", path, bare(err))
	}
	if err := lockFile(lock); err != nil {
		_ = lock.Close()
		if !errors.Is(err, errLocked) {
			return fmt.Errorf("%s: the folder for the journal cannot be locked, so nothing is applied: %w; give a --state-dir on another file system", path, err)
		}
		return fmt.Errorf("another run works in %s%s: wait until it is done, or give another --state-dir", path, holder(path))
	}
	hold(lock)
	s.lock = lock
	return nil
}

// hold writes who has the folder into its lock. It is for people: the lock itself is the system's.
func hold(lock *os.File) {
	host, _ := os.Hostname()
	text := fmt.Sprintf("process %d on %s, since %s\n", os.Getpid(), cmp.Or(host, "an unnamed host"), time.Now().UTC().Format(time.RFC3339))
	if lock.Truncate(0) == nil {
		_, _ = lock.WriteAt([]byte(text), 0)
	}
}

// holder says who has the folder; "" where it is not known.
func holder(path string) string {
	text, err := os.ReadFile(filepath.Join(path, "lock"))
	line, _, _ := strings.Cut(string(text), "\n")
	if err != nil || line == "" {
		return ""
	}
	return " (" + line + ")"
}

// makeStateDir makes the folder, and keeps it out of the repository: what was live is not part of it.
func makeStateDir(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(path, ".gitignore"), []byte("*\n"), 0o600); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// Close gives the folder free.
func (s *StateDir) Close() {
	if s.lock != nil {
		_ = s.lock.Close()
	}
}

// runs lists the folders of runs, the oldest first.
func (s *StateDir) runs() ([]string, error) {
	if s.lock == nil { // it is not there
		return nil, nil
	}
	entries, err := os.ReadDir(s.Path)
	if err != nil {
		return nil, fmt.Errorf("%s: it cannot be read: %w", s.Path, bare(err))
	}
	var list []string
	for _, e := range entries {
		folder := filepath.Join(s.Path, e.Name())
		if _, err := os.Stat(filepath.Join(folder, journalFile)); err == nil && e.IsDir() {
			list = append(list, folder)
		}
	}
	slices.Sort(list)
	return list, nil
}

// Unfinished gives the folder of the latest run that was not brought to its end; "" where there is none.
func (s *StateDir) Unfinished() (string, error) {
	return s.latest(func(h *history) bool { return !h.ended })
}

func (s *StateDir) latest(fits func(*history) bool) (string, error) {
	list, err := s.runs()
	if err != nil {
		return "", err
	}
	for _, folder := range slices.Backward(list) {
		h, err := readHistory(filepath.Join(folder, journalFile))
		if err != nil {
			return "", err
		}
		if fits(h) {
			return folder, nil
		}
	}
	return "", nil
}

// putAfter gives the keys that runs after the one of a folder have put a policy on, or were about to.
func (s *StateDir) putAfter(folder string) (map[string]bool, error) {
	list, err := s.runs()
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	for _, f := range list {
		if f <= folder {
			continue
		}
		h, err := readHistory(filepath.Join(f, journalFile))
		if err != nil {
			return nil, err
		}
		for _, r := range h.put {
			keys[r.Key] = true
		}
	}
	return keys, nil
}

// writeSynced writes a file that only its owner can read and does not return before it is on the disk, whole.
func writeSynced(path string, text []byte) (err error) {
	temporary := path + ".new"
	f, err := os.OpenFile(temporary, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, bare(err))
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, bare(err))
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, bare(err))
	}
	return syncFolder(filepath.Dir(path))
}

// bare takes the path out of a file system's error: the sentence around it names it.
func bare(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}
