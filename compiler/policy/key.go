package policy

// Key is what is known of the key that a policy is for; "" is unknown.
type Key struct {
	ID          string // key id, key ARN, alias name or alias ARN, as written
	Alias       string // "alias/NAME" where ID names one
	Account     string // 12 digits
	Partition   string // never "": aws where nothing says otherwise
	Region      string
	Spec        string // KMS's KeySpec; "" for a plain policy document
	Usage       string // KMS's KeyUsage
	Origin      string // KMS's Origin
	MultiRegion bool
	Kind        string // the facts' key kind: symmetric_encryption …
}
