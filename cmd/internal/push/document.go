package push

import (
	"errors"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

var errNoPolicy = errors.New("it is not a JSON object")

// read parses a policy's text.
func read(text []byte) (*policy.Document, error) {
	root, err := parse(text)
	if err != nil {
		return nil, err
	}
	return policy.Read(root), nil
}

// Policies are the live policy and the one to put, those of them that can be read.
func (it *Item) Policies() []*policy.Document {
	var list []*policy.Document
	for _, text := range [][]byte{[]byte(it.Live), it.Policy} {
		if doc, err := read(text); err == nil {
			list = append(list, doc)
		}
	}
	return list
}

// parse reads a JSON object.
func parse(text []byte) (*source.Node, error) {
	file, found := source.Load("policy.json", text, source.DefaultLimits)
	if found.HasErrors() {
		return nil, errors.New(found[0].Message)
	}
	if len(file.Documents) != 1 || file.Documents[0].Root == nil || file.Documents[0].Root.Kind != source.Mapping {
		return nil, errNoPolicy
	}
	return file.Documents[0].Root, nil
}

// settled says that two policies mean the same, also for actions that AWS may add.
func settled(d *access.Difference) bool { return d.Equivalent && len(d.Future) == 0 }

// alike reports whether two policies differ only in order, spelling and labels. It holds too where the meaning cannot
// be worked out.
func alike(x, y *policy.Document, partition string) bool {
	a, b := x.Canonical(partition), y.Canonical(partition)
	return a != nil && slices.Equal(a, b)
}

func lower(texts []policy.Text) []string {
	var list []string
	for _, t := range texts {
		list = append(list, strings.ToLower(t.Value))
	}
	return list
}

func set(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
