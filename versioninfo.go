package keypolicy

// VersionInfo is what `keypolicy version --format json` writes. Nothing in this package makes one: a version is a program's.
type VersionInfo struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	Facts   string `json:"facts"` // the date of what is known of AWS
}
