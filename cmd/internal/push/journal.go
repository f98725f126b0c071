package push

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// The files of a run's folder.
const (
	journalFile = "journal.jsonl"
	planName    = "plan.json"
)

// Journal is what a run writes down before and after each put. It lies in a folder of its own, readable by its owner
// only, beside what the run was asked to do and the policies that were there before.
type Journal struct {
	Folder string
	clock  Clock

	mu    sync.Mutex
	file  journalWriter
	size  int64         // of its whole lines
	torn  bool          // a part of a line is at its end, and could not be removed
	index map[*Item]int // in the plan
}

// journalWriter is a file that is added to.
type journalWriter interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

// The events of a journal.
const (
	eventBegin  = "begin"
	eventResume = "resume" // the run is taken up
	eventPut    = "put"    // a put is about to be made
	eventTaken  = "taken"  // KMS has answered that it took the policy
	eventState  = "state"  // what became of a key
	eventEnd    = "end"    // every key has a state
)

// record is one line of a journal.
type record struct {
	Time   string `json:"time"`
	Event  string `json:"event"`
	Index  int    `json:"index"`
	Key    string `json:"key,omitempty"`
	From   string `json:"from,omitempty"` // the digest of the live policy that was planned from
	To     string `json:"to,omitempty"`   // the digest of the applied policy
	Backup string `json:"backup,omitempty"`
	State  State  `json:"state,omitempty"`
	Reason string `json:"reason,omitempty"`
	Lost   bool   `json:"lost,omitempty"`  // of a policy that was taken: an earlier put of it had no answer, and may arrive later
	Audit  *Audit `json:"audit,omitempty"` // of a run's begin, and of each time that it is taken up
}

// Begin makes a run's folder in the state folder, with the plan of its items. Its name is the run's id.
func (s *StateDir) Begin(items []*Item, flags Flags, inputs []Input, c *Cloud) (*Journal, error) {
	if s.lock == nil {
		if err := s.make(); err != nil {
			return nil, err
		}
	}
	folder := filepath.Join(s.Path, c.run)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, fmt.Errorf("%s: the run's folder cannot be made: %w", folder, bare(err))
	}
	j := &Journal{Folder: folder, clock: c.options.Clock}
	audit := c.Audit(items)
	text, err := Pin(items, flags, inputs, audit).JSON()
	if err != nil {
		return nil, err
	}
	if err := writeSynced(filepath.Join(folder, planName), text); err != nil {
		return nil, err
	}
	j.attach(items)
	if err := j.open(); err != nil {
		return nil, err
	}
	if err := j.write(record{Event: eventBegin, Index: len(items), Audit: &audit}); err != nil {
		return nil, err
	}
	return j, syncFolder(s.Path)
}

// attach says which item is which of the plan's keys.
func (j *Journal) attach(items []*Item) {
	j.index = map[*Item]int{}
	for i, it := range items {
		j.index[it] = i
	}
}

func (j *Journal) open() error {
	f, err := os.OpenFile(filepath.Join(j.Folder, journalFile), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("%s: the journal cannot be opened: %w", j.Folder, bare(err))
	}
	j.file = f
	if j.size, err = dropTornLine(f); err != nil {
		return fmt.Errorf("%s: the journal cannot be resumed: %w", j.Folder, bare(err))
	}
	return syncFolder(j.Folder)
}

// dropTornLine takes out what a run that was killed wrote of its last line, and gives the size that is left.
func dropTornLine(f *os.File) (int64, error) {
	text, err := io.ReadAll(f)
	if err != nil {
		return 0, err
	}
	size := int64(bytes.LastIndexByte(text, '\n') + 1)
	return size, f.Truncate(size)
}

// Path is the journal's file, as apply --rollback takes it.
func (j *Journal) Path() string { return filepath.Join(j.Folder, journalFile) }

// write adds a line and does not return before it is on the disk.
func (j *Journal) write(r record) error {
	r.Time = j.clock.Now().UTC().Format(time.RFC3339Nano)
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.torn {
		return errTorn
	}
	n, err := j.file.Write(append(line, '\n'))
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil { // what follows may find room again, and must not follow half a line
		j.torn = j.file.Truncate(j.size) != nil
		return bare(err)
	}
	j.size += int64(n)
	return nil
}

var errTorn = errors.New("an earlier line could not be written whole")

// intend saves the live policy of an item and writes down that it is about to be overwritten.
func (j *Journal) intend(it *Item) error {
	i := j.index[it]
	name := backupName(i)
	path := filepath.Join(j.Folder, name)
	saved, err := os.ReadFile(path)
	if err != nil || !equal(string(saved), it.Live, it.env.Partition) {
		saved = []byte(it.Live)
		if err := writeSynced(path, saved); err != nil {
			return err
		}
	}
	return j.write(record{Event: eventPut, Index: i, Key: it.ARN, From: Digest(saved), To: Digest(it.Policy), Backup: name})
}

func backupName(i int) string { return fmt.Sprintf("backup-%04d.json", i) }

// backup is the file that an item's live policy was saved in.
func (j *Journal) backup(it *Item) string { return filepath.Join(j.Folder, backupName(j.index[it])) }

// took writes down that KMS has taken an item's policy, so that this is known also where the run ends before it is seen.
func (j *Journal) took(it *Item, lost bool) error {
	return j.write(record{Event: eventTaken, Index: j.index[it], Key: it.ARN, Lost: lost})
}

func (j *Journal) record(it *Item) error {
	return j.write(record{Event: eventState, Index: j.index[it], Key: it.ARN, State: it.State, Reason: it.Reason})
}

// end writes down that every key has a state, and closes the journal.
func (j *Journal) end() error {
	err := j.write(record{Event: eventEnd})
	return errors.Join(err, j.file.Close())
}

// history is what a journal says about a run.
type history struct {
	put   map[int]record
	taken map[int]record
	state map[int]record
	ended bool
}

// readHistory reads a journal. Its last line may be torn: the run was killed while it wrote it.
func readHistory(path string) (*history, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: the journal cannot be read: %w", path, bare(err))
	}
	h := &history{put: map[int]record{}, taken: map[int]record{}, state: map[int]record{}}
	lines := bytes.Split(text, []byte("\n"))
	for n, line := range lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			if n == len(lines)-1 {
				continue // torn: a whole line ends in a newline
			}
			return nil, fmt.Errorf("%s:%d: it is not a line of a journal: look at the run's keys, and move its folder away, with the backups in it", path, n+1)
		}
		switch r.Event {
		case eventPut:
			h.put[r.Index] = r
			delete(h.state, r.Index)
			h.ended = false
		case eventTaken:
			h.taken[r.Index] = r
		case eventState:
			h.state[r.Index] = r
		case eventEnd:
			h.ended = true
		}
	}
	return h, nil
}
