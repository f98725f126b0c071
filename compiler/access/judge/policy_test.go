package judge_test

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// policy is a key policy as the judge reads it.
type policy struct {
	variables  bool // the version of the policy language knows policy variables
	statements []statement
}

type statement struct {
	allow        bool
	principals   []principal
	notPrincipal bool
	actions      []string // as patterns of lower-case names
	notAction    bool
	resources    []string
	conditions   []condition
}

// principal is one entry of Principal or NotPrincipal: its type (AWS, Service) and its text.
type principal struct{ kind, text string }

// condition is one key under one operator: it holds for any of its values.
type condition struct {
	set      string // "", ForAllValues or ForAnyValue
	operator string // without set operator and IfExists
	ifExists bool
	key      string // in lower case
	spelled  string // as the policy writes it
	values   []string
}

// parse reads a policy document. It knows only what the generator and real key policies write.
func parse(text string) (*policy, error) {
	var doc struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	var list []map[string]any
	if err := json.Unmarshal(doc.Statement, &list); err != nil {
		var one map[string]any
		if err := json.Unmarshal(doc.Statement, &one); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	p := &policy{variables: doc.Version == "2012-10-17"}
	for _, raw := range list {
		st := statement{allow: raw["Effect"] == "Allow", actions: words(raw["Action"]), resources: words(raw["Resource"])}
		if raw["Effect"] != "Allow" && raw["Effect"] != "Deny" {
			return nil, fmt.Errorf("effect %v", raw["Effect"])
		}
		if v, ok := raw["NotAction"]; ok {
			st.actions, st.notAction = words(v), true
		}
		for i, a := range st.actions {
			st.actions[i] = wildcards(strings.ToLower(a))
		}
		element := raw["Principal"]
		if v, ok := raw["NotPrincipal"]; ok {
			element, st.notPrincipal = v, true
		}
		switch v := element.(type) {
		case string:
			st.principals = []principal{{"AWS", v}}
		case map[string]any:
			for kind, entries := range v {
				for _, text := range words(entries) {
					st.principals = append(st.principals, principal{kind, text})
				}
			}
		}
		conditions, _ := raw["Condition"].(map[string]any)
		for operator, block := range conditions {
			keys, _ := block.(map[string]any)
			for key, values := range keys {
				st.conditions = append(st.conditions, newCondition(operator, key, words(values)))
			}
		}
		sort.Slice(st.conditions, func(i, j int) bool {
			return st.conditions[i].text() < st.conditions[j].text()
		})
		p.statements = append(p.statements, st)
	}
	return p, nil
}

func newCondition(operator, key string, values []string) condition {
	c := condition{operator: operator, key: strings.ToLower(key), spelled: key, values: values}
	if set, rest, ok := strings.Cut(operator, ":"); ok {
		c.set, c.operator = set, rest
	}
	c.operator, c.ifExists = strings.CutSuffix(c.operator, "IfExists")
	return c
}

func (c condition) text() string {
	return fmt.Sprint(c.set, c.operator, c.ifExists, c.key, c.values)
}

// words are the texts of a value that may be one or a list.
func words(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case bool, float64:
		return []string{fmt.Sprint(v)}
	case []any:
		var list []string
		for _, e := range v {
			list = append(list, words(e)...)
		}
		return list
	}
	return nil
}
