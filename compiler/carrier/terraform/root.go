package terraform

// begin makes the evaluator of a root as Terraform would evaluate it, or goes on with the one that counted its keys: what that has
// evaluated is what reading evaluates, with the same values. Its root is nil where the files have errors.
func (m *Modules) begin(folder string) (*evaluator, error) {
	m.mu.Lock()
	e := m.begun[folder]
	delete(m.begun, folder) // reading adds findings, for one reader
	m.mu.Unlock()
	if e != nil {
		return e, nil
	}
	e = m.evaluator(false, nil)
	c, err := e.load(folder)
	if err != nil {
		return nil, err
	}
	e.found = append(e.found, e.newOf(c)...)
	if !c.found.HasErrors() {
		e.begin(c, e.valuesOf(c))
	}
	return e, nil
}

// begin makes the instance of the root module.
func (e *evaluator) begin(c *config, values map[string]*value) {
	e.root = newInstance(c, "")
	e.root.values = values
	e.worlds = e.modules.newWorlds(c.folder, e)
}
