package push

import (
	"slices"
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// memo keeps differences by what they were worked out of, as many keys of an organization have the same policies. One that
// is being worked out for a key is waited for by the others.
type memo struct {
	mu   sync.Mutex
	made map[string]func() *access.Difference
}

func (m *memo) of(question string, work func() *access.Difference) *access.Difference {
	m.mu.Lock()
	if m.made == nil {
		m.made = map[string]func() *access.Difference{}
	}
	made := m.made[question]
	if made == nil {
		made = sync.OnceValue(work)
		m.made[question] = made
	}
	m.mu.Unlock()
	return made()
}

// difference is that of an item's policies.
func (m *memo) difference(it *Item, live, wanted *policy.Document, work func() *access.Difference) *access.Difference {
	if isOfItsKey(it, live) || isOfItsKey(it, wanted) {
		return work()
	}
	return m.of(question(it, form(it.Live, it.env.Partition), string(it.Policy)), work)
}

// question is all that an answer about an item's policies depends on, but its own ARN.
func question(it *Item, texts ...string) string {
	e := it.env
	multiRegion := "unknown"
	if e.MultiRegion != nil {
		multiRegion = map[bool]string{true: "true", false: "false"}[*e.MultiRegion]
	}
	return Digest([]byte(strings.Join(append(texts, e.Account, e.Partition, e.Region, e.KeySpec, e.KeyUsage, e.Origin, multiRegion), "\x00")))
}

// isOfItsKey reports whether what a policy means can depend on the key's own ARN or id.
func isOfItsKey(it *Item, doc *policy.Document) bool {
	id := it.ARN[strings.LastIndexByte(it.ARN, '/')+1:]
	if doc.Root == nil || strings.Contains(policy.Compact(doc.Root), id) {
		return true
	}
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if len(st.NotResources) > 0 || slices.ContainsFunc(st.Resources, func(r policy.Text) bool { return r.Value != "*" }) {
			return true
		}
	}
	return false
}
