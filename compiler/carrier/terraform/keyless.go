package terraform

import "path"

// Most modules make no key, and what calls of them are given is evaluated only where a key's policy refers to it.

// isKeyless reports whether a call can be passed over in search of keys: there are none in its module and below, and nothing to report
// of these. Their files count as read, as a suppression in one of them has nothing to suppress.
func (e *evaluator) isKeyless(in *instance, name string) bool {
	source, _ := literal(in.config.calls[name].Body, "source")
	if !isPath(source) {
		return false
	}
	folder := path.Join(in.config.folder, source)
	if !e.modules.isKeyless(folder) {
		return false
	}
	if e.skipped[folder] {
		return true
	}
	for below := range e.modules.reached([]string{folder}, e.modules.calledBy) {
		e.skipped[below] = true
		_, _ = e.load(below) // without an error: the folder would not be keyless
	}
	return true
}

// isKeyless reports whether a folder's module, and every one that it calls, is there and faultless, has no key, and leads to none
// that is not there. It says no of modules that call one another in a circle: that is reported where they are evaluated.
func (m *Modules) isKeyless(folder string) bool {
	m.judging.Lock()
	defer m.judging.Unlock()
	return m.judge(folder)
}

func (m *Modules) judge(folder string) bool {
	if known, judged := m.keyless[folder]; judged {
		return known
	}
	m.keyless[folder] = false // where it is met again before it is judged
	c, err := m.load(folder)
	if err != nil || len(c.found) > 0 {
		return false
	}
	for _, address := range c.addresses {
		if isAboutKeys(block{name: address}) {
			return false
		}
	}
	for _, name := range c.callOrder {
		if source, _ := literal(c.calls[name].Body, "source"); !isPath(source) || !m.judge(path.Join(folder, source)) {
			return false
		}
	}
	m.keyless[folder] = true
	return true
}

// reached are folders, and those that their modules lead to by calls.
func (m *Modules) reached(from []string, calls func(*config) []string) map[string]bool {
	seen := map[string]bool{}
	for left := from; len(left) > 0; {
		folder := left[len(left)-1]
		left = left[: len(left)-1 : len(left)-1]
		if c, err := m.load(folder); err == nil && !seen[folder] {
			seen[folder] = true
			left = append(left, calls(c)...)
		}
	}
	return seen
}
