package report

import (
	"io"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/access"
)

// Access is who may do what by one policy.
type Access struct {
	Policy Policy
	Report *access.Report
	Caller string // whose lockout safety check was asked for, "" for nobody's
}

type jsonAccess struct {
	Account        keypolicy.Account `json:"account"`
	Lockout        access.Lockout    `json:"lockout"`
	External       []access.External `json:"external"`
	Public         access.Answer     `json:"public"`
	ConfusedDeputy []access.Deputy   `json:"confused_deputy"`
	Statements     []jsonStatus      `json:"statements"`
	Matrix         []access.Row      `json:"matrix"`
	Unknown        []access.Reason   `json:"unknown"`
}

type jsonStatus struct {
	Index  int           `json:"index"`
	Sid    string        `json:"sid"`
	Status access.Status `json:"status"`
	By     []int         `json:"by"`
	Why    string        `json:"why"`
	Line   int           `json:"line"`
}

// WriteAccess writes a report in a format: text, json or markdown.
func WriteAccess(w io.Writer, format string, a Access, colors bool) error {
	var text string
	switch format {
	case "json":
		return WriteValue(w, a.json())
	case "markdown":
		text = a.markdown()
	default:
		text = a.text(painter(colors))
	}
	_, err := io.WriteString(w, Inert(text))
	return err
}

func (a Access) json() jsonAccess {
	r := a.Report
	out := jsonAccess{
		Account: a.Policy.Account, Lockout: r.Lockout, External: listed(r.External), Public: r.Public,
		ConfusedDeputy: listed(r.ConfusedDeputy), Statements: []jsonStatus{}, Matrix: listed(r.Matrix), Unknown: listed(r.Unknown),
	}
	out.Lockout.Principals = listed(out.Lockout.Principals)
	for _, st := range r.Statements {
		out.Statements = append(out.Statements, jsonStatus{st.Index, st.Sid, st.Status, listed(st.By), st.Why, a.Policy.statement(st.Index).Line})
	}
	return out
}

// listed is a list that JSON writes as [] where it is empty.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
