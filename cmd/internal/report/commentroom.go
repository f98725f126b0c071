package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// markdownLimit is how many characters Markdown has at most: GitHub takes 65,536 in a comment, and a pipeline may have to say
	// something of its own.
	markdownLimit = 65000
	// tailRoom is left for what says what is left out.
	tailRoom = 600
)

// commentRoom is a Markdown text with what is left of its room.
type commentRoom struct {
	strings.Builder
	used int
}

func (r *commentRoom) left() int { return markdownLimit - tailRoom - r.used }

// add writes a text if there is room for it.
func (r *commentRoom) add(text string) bool {
	size := utf8.RuneCountInString(text)
	if size > r.left() {
		return false
	}
	_, _ = r.WriteString(text)
	r.used += size
	return true
}

// cutLines is a text in the room that there is, a number of characters, with fewer lines where it is too long, which it says. It gives
// false where not even the least number of lines fits.
func cutLines(text string, room, least int) (string, bool) {
	if utf8.RuneCountInString(text) <= room {
		return text, true
	}
	const cut = "\n*%d more lines of this change are left out, as they do not fit.*\n"
	room -= len(cut) + 10
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	n := 0
	for n < len(lines) && room >= utf8.RuneCountInString(lines[n]) {
		room -= utf8.RuneCountInString(lines[n])
		n++
	}
	if n < min(len(lines), least) {
		return "", false
	}
	return strings.Join(lines[:n], "") + fmt.Sprintf(cut, len(lines)-n), true
}
