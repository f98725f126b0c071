package desired

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/disk"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Specs are the specs that there are, by what their keys are known as.
type Specs struct {
	files map[string]string // identity of a key → the file of its spec
	keys  map[string]int    // file, in lower case as file systems may not distinguish case → how many keys it names
}

// Read reads the specs of a folder, and those that a run without a path reads.
func Read(l *keypolicy.Linter, dir string) (*Specs, error) {
	have := &Specs{files: map[string]string{}, keys: map[string]int{}}
	list := l.List(nil, false)
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		more := l.List([]string{filepath.ToSlash(dir)}, false)
		list.Inputs, list.Faults = append(list.Inputs, more.Inputs...), append(list.Faults, more.Faults...)
	}
	if len(list.Faults) > 0 {
		return nil, list.Faults[0]
	}
	l = l.WithKey(compiler.Defaults{}) // flags choose what is imported, and say nothing of the specs that there are
	for _, in := range list.Inputs {
		unit, err := l.Unit(in)
		if err != nil {
			return nil, err
		}
		have.keys[fold(in.Name)] = 0
		for _, d := range unit.Documents {
			for _, key := range keysOf(d) {
				have.keys[fold(in.Name)]++
				if id := push.Identity(key); id != "" && have.files[id] == "" {
					have.files[id] = in.Name
				}
			}
		}
	}
	return have, nil
}

// keysOf are the keys that a document's spec is for, one a Region, also where no policy was compiled from it.
func keysOf(d *compiler.Document) []spec.Key {
	if d.Kind != compiler.KindSpec || d.Spec == nil {
		return nil
	}
	if d.Spec.Key.ID == "" {
		return nil
	}
	var list []spec.Key
	for _, region := range keypolicy.SpecRegions(d) {
		key := d.Spec.Key
		key.Region = region
		list = append(list, key)
	}
	if len(list) == 0 {
		return []spec.Key{d.Spec.Key}
	}
	return list
}

func fold(file string) string { return strings.ToLower(filepath.ToSlash(filepath.Clean(file))) }

// Of is the file of a key's spec; "" where it has none.
func (h *Specs) Of(live push.LiveKey) string {
	for _, id := range live.Identities() {
		if file := h.files[id]; file != "" {
			return file
		}
	}
	return ""
}

// Wrote says that a file is written for a key.
func (h *Specs) Wrote(file string) { h.keys[fold(file)] = 1 }

// Free says that there is no such file.
func (h *Specs) Free(file string) bool {
	_, taken := h.keys[fold(file)]
	return !taken && disk.IsMissing(file)
}

// Keyless says that a file is there and is not known to be for a key.
func (h *Specs) Keyless(file string) bool {
	n, read := h.keys[fold(file)]
	return !disk.IsMissing(file) && (!read || n == 0)
}
