package access

import (
	"strings"
	"testing"
)

// An action that the facts do not list may be one that KMS has by now: who is allowed it differs, and is not known.
func TestActionsThatAreNotListedDiffer(t *testing.T) {
	const young = `{"Effect":"Allow","Principal":"*","Action":%,"Resource":"*"}`
	with := func(action string) string { return rootStatement + "," + strings.ReplaceAll(young, "%", action) }
	for name, c := range map[string]struct {
		older, newer string
		future       string // an action that is reported; "" is none
	}{
		"added":             {rootStatement, with(`"kms:TeleportKey"`), "kms:TeleportKey"},
		"removed":           {with(`"kms:TeleportKey"`), rootStatement, "kms:TeleportKey"},
		"beside a known":    {with(`"kms:Decrypt"`), with(`["kms:Decrypt","kms:TeleportKey"]`), "kms:TeleportKey"},
		"another":           {with(`"kms:TeleportKey"`), with(`"kms:Teleport"`), "kms:Teleport"},
		"in a pattern":      {with(`"kms:Tele*"`), with(`["kms:Tele*","kms:TeleportKey"]`), ""},
		"letters":           {with(`"kms:TeleportKey"`), with(`"KMS:teleportKEY"`), ""},
		"another service's": {rootStatement, with(`"s3:GetObject"`), ""},
		"without effect":    {rootStatement, with(`"kms:CreateKey"`), ""},
	} {
		d := Diff(statements(t, c.older), statements(t, c.newer), testEnv(), testEnv())
		reported := false
		for _, ch := range d.Future {
			for _, a := range ch.Actions {
				reported = reported || a == c.future
			}
		}
		if reported != (c.future != "") || d.Equivalent == reported || (len(d.Unknown) > 0) != reported {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
