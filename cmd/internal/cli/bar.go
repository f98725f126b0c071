package cli

import (
	"github.com/schollz/progressbar/v3"
)

// bar shows how far a long work is, only on a terminal's stderr.
type bar struct{ shown *progressbar.ProgressBar }

func (a *app) bar(total int, what string) bar {
	if a.flags.quiet || total < 2 || !terminal(a.stdio.Err) {
		return bar{}
	}
	return bar{shown: progressbar.NewOptions(total,
		progressbar.OptionSetWriter(a.stdio.Err), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false))}
}

func (b bar) step() {
	if b.shown != nil {
		_ = b.shown.Add(1)
	}
}

func (b bar) close() {
	if b.shown != nil {
		_ = b.shown.Finish()
	}
}
