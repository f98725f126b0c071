package source

import (
	"bytes"
	"regexp"
	"sort"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

const ignoreWord = "keypolicy:ignore"

var suppressionComment = regexp.MustCompile(`^#+[ \t]*` + ignoreWord + `(?:[ \t]+(.*))?$`)

// suppressions finds the comments of a YAML file that suppress findings.
func suppressions(f *File) []Suppression {
	if !strings.Contains(string(f.Text), ignoreWord) {
		return nil
	}
	scalars := scalarSpans(f)
	next := nextContent(f)
	var all []Suppression
	for line, start := range f.lines.starts {
		end := f.lines.lineEnd(start)
		at := commentStart(f.Text, start, end, scalars)
		if at < 0 {
			continue
		}
		text := strings.TrimRight(string(f.Text[at:end]), " \t\r")
		match := suppressionComment.FindStringSubmatch(text)
		if match == nil {
			continue
		}
		s := parseSuppression(match[1])
		s.Line = line + 1
		if blank(f.Text[start:at]) {
			s.Line = next[line+1] + 1
		}
		s.locate(f, at, text)
		all = append(all, s)
	}
	return all
}

// locate gives the places of a comment that starts at an offset, and of the rules in it.
func (s *Suppression) locate(f *File, at int, text string) {
	s.Place = diag.Place{File: f.Name, Document: documentAt(f, at), Range: f.lines.span(at, at+len(text))}
	name := at + strings.Index(text, ignoreWord) + len(ignoreWord)
	for _, rule := range s.Rules { // between two there are only commas and blanks
		name += strings.Index(string(f.Text[name:at+len(text)]), rule)
		s.Places = append(s.Places, diag.Place{File: f.Name, Document: s.Place.Document, Range: f.lines.span(name, name+len(rule))})
		name += len(rule)
	}
}

var commentMarks = regexp.MustCompile(`^(?:#+[ \t]*|//+[ \t]*|/[*\s]*)`)

// MaySuppress reports whether a comment of the text may suppress findings.
func (f *File) MaySuppress() bool { return bytes.Contains(f.Text, []byte(ignoreWord)) }

// Suppress takes a comment of another language between two offsets, with #, // or /* */, where it suppresses findings. It is about
// its own line, or where it is by itself about the line after it that next gives, and on to the line that last gives for that.
func (f *File) Suppress(start, end int, next, last func(line int) int) {
	text := strings.TrimSpace(string(f.Text[start:end]))
	content := strings.TrimRight(strings.TrimSuffix(text, "*/"), " \t\r\n*")
	content = commentMarks.ReplaceAllString(content, "# ")
	match := suppressionComment.FindStringSubmatch(content)
	if match == nil || strings.Contains(content, "\n") {
		return
	}
	s := parseSuppression(match[1])
	s.Line = f.lines.pos(start).Line
	if blank(f.Text[f.lines.starts[s.Line-1]:start]) {
		s.Line = next(f.lines.pos(start + len(text)).Line)
	}
	s.Last = last(s.Line)
	s.locate(f, start, text)
	f.Suppressions = append(f.Suppressions, s)
}

func parseSuppression(text string) Suppression {
	var s Suppression
	words := strings.Fields(text)
	for len(words) > 0 {
		rules := strings.Split(words[0], ",")
		more := strings.HasSuffix(words[0], ",") // "a, b" is two rules as well
		for _, r := range rules {
			if r != "" {
				s.Rules = append(s.Rules, r)
			}
		}
		words = words[1:]
		if !more {
			break
		}
	}
	if len(words) > 0 {
		if until, ok := strings.CutPrefix(words[0], "until="); ok {
			s.Until = until
			words = words[1:]
		}
	}
	s.Reason = strings.Join(words, " ")
	return s
}

// commentStart finds the "#" that starts a line's comment, -1 where it has none.
func commentStart(text []byte, start, end int, scalars []span) int {
	for i := start; i < end; i++ {
		if text[i] != '#' || i > start && !blankBefore(text, i) {
			continue
		}
		if !within(scalars, i) {
			return i
		}
	}
	return -1
}

// nextContent gives for each line, from 0, and for the one behind the last, the line at or behind it that is more than a comment; the last line where none is.
func nextContent(f *File) []int {
	starts := f.lines.starts
	next := make([]int, len(starts)+1)
	content := len(starts) - 1
	next[len(starts)] = content
	for line := len(starts) - 1; line >= 0; line-- {
		if hasContent(f.Text[starts[line]:f.lines.lineEnd(starts[line])]) {
			content = line
		}
		next[line] = content
	}
	return next
}

func documentAt(f *File, off int) int {
	i := sort.Search(len(f.Documents), func(i int) bool { return f.Documents[i].Range.Start.Offset > off })
	if i == 0 {
		return 0
	}
	return f.Documents[i-1].Index
}

// span is a stretch of a file.
type span struct{ start, end int }

// scalarSpans gives where scalars are, in order. Of a block scalar it leaves out the line of its indicators, which may have a comment.
func scalarSpans(f *File) []span {
	var all []span
	var walk func(n *Node)
	walk = func(n *Node) {
		if n == nil {
			return
		}
		if n.Kind == Scalar && len(n.Origins) == 0 && n.end > n.start {
			s := span{n.start, n.end}
			if n.Style == Literal || n.Style == Folded {
				s.start = min(skipLine(f.Text, n.start), n.end)
			}
			all = append(all, s)
		}
		for _, item := range n.Items {
			walk(item)
		}
		for _, m := range n.Members {
			walk(m.Key)
			walk(m.Value)
		}
	}
	for _, d := range f.Documents {
		walk(d.Root)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].start < all[j].start })
	return all
}

func within(spans []span, off int) bool {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].end > off })
	return i < len(spans) && spans[i].start <= off
}
