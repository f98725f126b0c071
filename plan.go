package keypolicy

// Plan is what a plan or its application says of keys, as `keypolicy plan --format json` writes it. Nothing in this package
// makes one: it takes AWS.
type Plan struct {
	Version int            `json:"version"` // of this form: 1
	Run     *PlanRun       `json:"run,omitempty"`
	Keys    []PlannedKey   `json:"keys"`
	Summary map[string]int `json:"summary"` // how many keys are in which state
}

// PlanRun is what says later who has put what.
type PlanRun struct {
	ID      string   `json:"id"` // in CloudTrail: the end of a session's name, and in the user agent
	Time    string   `json:"time"`
	Version string   `json:"version"`
	Commit  string   `json:"commit"`
	Callers []string `json:"callers"`
	Journal string   `json:"journal"` // "" where nothing was begun
}

// PlannedKey is one key of a plan.
type PlannedKey struct {
	File     string      `json:"file"`
	Document int         `json:"document"`
	Key      string      `json:"key"`
	Region   string      `json:"region"`
	Account  string      `json:"account"`
	State    string      `json:"state"`  // unchanged, change, blocked, failed; of an application also updated, refused, unverified
	Reason   string      `json:"reason"` // of the state; "" where it says all
	Findings []Finding   `json:"findings"`
	Diff     *Difference `json:"diff"`
}
