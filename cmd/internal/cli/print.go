package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/cmd/internal/report"
	"github.com/keypolicy/keypolicy/rules"
)

// prints gathers what rules print(): files are judged side by side, and are shown one after the other.
type prints struct {
	mu  sync.Mutex
	all []rules.Printed
}

func (p *prints) add(printed rules.Printed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, printed)
}

// flush writes what was printed, as "RULE FILE:LINE: TEXT (FILE)", sorted by the files that rules were asked about.
func (p *prints) flush(w io.Writer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	slices.SortStableFunc(p.all, func(a, b rules.Printed) int { return strings.Compare(a.About, b.About) })
	for _, printed := range p.all {
		about := ""
		if printed.About != "" {
			about = " (" + report.Escape(printed.About) + ")"
		}
		_, _ = fmt.Fprintf(w, "%s:%d: %s%s\n", report.Escape(printed.File), printed.Line, report.Escape(printed.Text), about)
	}
	p.all = nil
}
