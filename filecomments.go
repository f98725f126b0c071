package keypolicy

import (
	"cmp"
	"slices"
	"sort"
)

// fileComments are the comments of a file that suppress findings, so that those about a line are found without looking at all: a
// file may have thousands of each.
type fileComments struct {
	list []*suppression // by the first line that each is about
	last []int          // the last line that each, or one before it, is about
}

func newFileComments(list []*suppression) *fileComments {
	c := &fileComments{list: slices.Clone(list)}
	slices.SortStableFunc(c.list, func(a, b *suppression) int { return cmp.Compare(a.line, b.line) })
	last := 0
	for _, one := range c.list {
		last = max(last, one.last)
		c.last = append(c.last, last)
	}
	return c
}

// about are the comments about a line, those that begin first first.
func (c *fileComments) about(line int) (list []*suppression) {
	for i := sort.Search(len(c.list), func(i int) bool { return c.list[i].line > line }) - 1; i >= 0 && c.last[i] >= line; i-- {
		if c.list[i].last >= line {
			list = append(list, c.list[i])
		}
	}
	slices.Reverse(list)
	return list
}

// inFiles are comments by the files that they are in.
func inFiles(comments map[string][]*suppression) map[string]*fileComments {
	files := make(map[string]*fileComments, len(comments))
	for name, list := range comments {
		files[name] = newFileComments(list)
	}
	return files
}
