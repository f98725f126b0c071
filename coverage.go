package keypolicy

// Coverage says which keys have no spec, and which specs no key, as `keypolicy drift --coverage --format json` writes it. Nothing in this
// package makes one: it takes AWS.
type Coverage struct {
	Version         int         `json:"version"`
	KeysWithoutSpec []Uncovered `json:"keys_without_spec"`
	SpecsWithoutKey []Uncovered `json:"specs_without_key"`
	Summary         struct {
		Keys            int `json:"keys"` // customer managed ones that are not to be deleted
		KeysWithoutSpec int `json:"keys_without_spec"`
		SpecsWithoutKey int `json:"specs_without_key"`
		NotRead         int `json:"not_read"`
	} `json:"summary"`
}

// Uncovered is a key without a spec, or a spec without a key.
type Uncovered struct {
	Key      string   `json:"key"`
	Aliases  []string `json:"aliases,omitempty"`
	File     string   `json:"file,omitempty"`
	Document int      `json:"document,omitempty"`
	Account  string   `json:"account"`
	Region   string   `json:"region"`
}
