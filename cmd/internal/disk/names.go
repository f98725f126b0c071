package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/keypolicy/keypolicy"
)

// IsMissing reports whether there is no file of a name, or a link that leads nowhere.
func IsMissing(name string) bool {
	_, err := os.Stat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// InputFiles are the files that a run reads, by their names without folder and case: few have an output's name.
type InputFiles map[string][]string

// NewInputFiles are those of the inputs; stdin has no name of a file.
func NewInputFiles(inputs []keypolicy.Input) InputFiles {
	in := InputFiles{}
	for _, t := range inputs {
		name := strings.ToLower(filepath.Base(t.Name))
		in[name] = append(in[name], t.Name)
	}
	return in
}

// Has reports whether a name leads to one of them, by another name too.
func (in InputFiles) Has(name string) bool {
	info, err := os.Stat(name)
	if err != nil {
		return false
	}
	for _, input := range in[strings.ToLower(filepath.Base(name))] {
		if other, err := os.Stat(input); err == nil && os.SameFile(info, other) {
			return true
		}
	}
	return false
}

// Reason takes the path out of a file system's error: the sentence around it names the file.
func Reason(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
