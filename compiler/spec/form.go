package spec

// Form is how a policy was asked for.
type Form string

// The forms of a spec, a plain policy document, and one that a key has.
const (
	FormLists    Form = "lists"
	FormPolicy   Form = "policy"
	FormTemplate Form = "template"
	FormDefault  Form = "default"
	FormDocument Form = "document"
	FormReply    Form = "reply" // the policy document that a key has, in an API's reply
)
