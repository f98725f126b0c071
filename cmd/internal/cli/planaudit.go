package cli

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/gitfs"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
)

// besides is what a report of keys says beside them.
type besides struct {
	cloud   *push.Cloud
	journal *push.Journal // nil where nothing was begun
	audit   *push.Audit   // of a plan that is shown; nil is this run's
	brief   bool          // the question has shown the differences already
}

func (t besides) run(items []*push.Item) *keypolicy.PlanRun {
	audit := t.audit
	if audit == nil {
		own := t.cloud.Audit(items)
		audit = &own
	}
	r := &keypolicy.PlanRun{ID: audit.Run, Time: audit.Time, Version: audit.Version, Commit: audit.Commit, Callers: audit.Callers}
	if t.journal != nil {
		r.Journal = filepath.ToSlash(t.journal.Path())
	}
	return r
}

// commit is the commit that is checked out in the working folder; "" where there is none. Whether files differ from it is
// not asked: each key has the digest of its spec.
func commit(ctx context.Context) string {
	out, err := gitfs.Run(ctx, "rev-parse", "--verify", "--quiet", "HEAD")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// pinned is the plan of items as it is written to a file.
func (a *app) pinned(items []*push.Item, f *planFlags, c *keypolicy.Configuration, cloud *push.Cloud) *push.PlanFile {
	plan := push.Pin(items, a.chosen(f), inputs(c), cloud.Audit(items))
	if f.expires > 0 {
		plan.Expire(a.cloud.Now().Add(f.expires).Truncate(time.Second))
	}
	return plan
}
