package templates_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// companions are the parts of a documented use that have a template of their own, because not every key needs them.
var companions = map[string][]string{
	"cloudtrail":      {"cloudtrail-readers"},
	"cloudwatch-logs": {"cloudwatch-logs-callers"},
}

// statement is what the tests need of a documented statement.
type statement struct {
	Principal json.RawMessage
	Action    []string
	Condition map[string]map[string]any
}

// grants maps "PRINCIPAL ACTION" to the condition keys that are next to it, with their operators.
type grants map[string][]string

func TestEveryDocumentedUseHasItsTemplate(t *testing.T) {
	uses := 0
	for _, use := range facts.ServiceUses() {
		if use.Verified != "aws_doc" {
			continue
		}
		uses++
		t.Run(use.ID, func(t *testing.T) {
			want := grants{}
			for _, raw := range use.Statements {
				var s statement
				if err := json.Unmarshal(raw, &s); err != nil {
					t.Fatal(err)
				}
				var conditions []string
				for operator, keys := range s.Condition {
					for key := range keys {
						conditions = append(conditions, operator+" "+key)
					}
				}
				for _, p := range documentedPrincipals(t, s.Principal) {
					want.add(p, s.Action, conditions)
				}
			}
			got := grants{}
			for _, name := range append([]string{use.ID}, companions[use.ID]...) {
				for _, s := range load(t, name).Get("statements").Items {
					got.addStatement(s)
				}
			}
			for _, g := range slices.Sorted(maps.Keys(want)) {
				if !slices.Equal(got[g], want[g]) {
					t.Errorf("%s: conditions %q, documented %q", g, got[g], want[g])
				}
			}
			for g := range got {
				if _, ok := want[g]; !ok {
					t.Errorf("%s is not documented", g)
				}
			}
		})
	}
	if uses == 0 {
		t.Error("the facts name no documented use")
	}
}

// add notes an Allow. DescribeKey carries no encryption context, so such a condition next to it is not compared:
// a template may give it a statement of its own.
func (g grants) add(principal string, actions, conditions []string) {
	for _, action := range actions {
		keys := []string{}
		for _, c := range conditions {
			if action != "kms:DescribeKey" || !strings.Contains(c, "kms:EncryptionContext:") {
				keys = append(keys, c)
			}
		}
		slices.Sort(keys)
		g[principal+" "+action] = keys
	}
}

func (g grants) addStatement(s *source.Node) {
	var conditions, actions []string
	if condition := s.Get("Condition"); condition != nil {
		for _, operator := range condition.Members {
			for _, key := range operator.Value.Members {
				conditions = append(conditions, operator.Key.Text+" "+key.Key.Text)
			}
		}
	}
	for _, a := range s.Get("Action").Items {
		actions = append(actions, a.Text)
	}
	p := s.Get("Principal")
	if p.Kind == source.Scalar {
		g.add(p.Text, actions, conditions)
	}
	for _, m := range p.Members {
		for _, value := range append([]*source.Node{m.Value}, m.Value.Items...) {
			if value.Kind == source.Scalar {
				g.add(principal(m.Key.Text, value.Text), actions, conditions)
			}
		}
	}
}

func documentedPrincipals(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	var everyone string
	if json.Unmarshal(raw, &everyone) == nil {
		return []string{everyone}
	}
	var kinds map[string]any
	if err := json.Unmarshal(raw, &kinds); err != nil {
		t.Fatal(err)
	}
	var list []string
	for kind, value := range kinds {
		switch v := value.(type) {
		case string:
			list = append(list, principal(kind, v))
		case []any:
			for _, item := range v {
				s, _ := item.(string)
				list = append(list, principal(kind, s))
			}
		}
	}
	return list
}

// principal gives a principal in one form, whether it has the facts' placeholders or a template's references.
func principal(kind, value string) string {
	switch {
	case kind == "Service" && value == "$(service)":
		return "Service SERVICE.amazonaws.com"
	case kind == "Service":
		return "Service " + strings.ReplaceAll(value, "$(region)", "REGION")
	case value == "*", strings.HasSuffix(value, ":root"):
		return kind + " " + value[strings.LastIndex(value, ":")+1:]
	}
	return kind + " named"
}
