package judge_test

import (
	"reflect"
	"slices"
)

// shrink makes policies smaller for as long as they still fail.
func shrink(p rawPolicy, second *rawPolicy, fails func(rawPolicy, *rawPolicy) bool) (rawPolicy, *rawPolicy) {
	for {
		smaller := false
		if second != nil { // the same step in both, so that what they share stays shared
			for _, step := range steps(p) {
				q, s := p.clone(), second.clone()
				step(&q)
				step(&s)
				if !reflect.DeepEqual(q, p) && valid(q) && valid(s) && fails(q, &s) {
					p, second, smaller = q, &s, true
					break
				}
			}
		}
		for _, step := range steps(p) {
			if smaller {
				break
			}
			q := p.clone()
			step(&q)
			if !reflect.DeepEqual(q, p) && valid(q) && fails(q, second) {
				p, smaller = q, true
			}
		}
		if !smaller && second != nil {
			for _, step := range steps(*second) {
				q := second.clone()
				step(&q)
				if !reflect.DeepEqual(q, *second) && valid(q) && fails(p, &q) {
					second, smaller = &q, true
					break
				}
			}
		}
		if !smaller {
			return p, second
		}
	}
}

func valid(p rawPolicy) bool { return len(p.Statement) > 0 }

// steps are ways to make a policy smaller. One that no longer applies does nothing.
func steps(p rawPolicy) []func(*rawPolicy) {
	var list []func(*rawPolicy)
	at := func(i int, f func(*rawStatement)) {
		list = append(list, func(q *rawPolicy) {
			if i < len(q.Statement) {
				f(&q.Statement[i])
			}
		})
	}
	for i, s := range p.Statement {
		list = append(list, func(q *rawPolicy) {
			if i < len(q.Statement) {
				q.Statement = slices.Delete(q.Statement, i, i+1)
			}
		})
		for op, block := range s.Condition {
			for key, v := range block {
				at(i, func(s *rawStatement) {
					delete(s.Condition[op], key)
					if len(s.Condition[op]) == 0 {
						delete(s.Condition, op)
					}
				})
				values, _ := v.([]string)
				for j := range values {
					at(i, func(s *rawStatement) {
						if now, ok := s.Condition[op][key].([]string); ok && j < len(now) && len(now) > 1 {
							s.Condition[op][key] = slices.Delete(slices.Clone(now), j, j+1)
						}
					})
				}
			}
		}
		if m, ok := s.Principal.(map[string][]string); ok {
			for kind, entries := range m {
				for j := range entries {
					at(i, func(s *rawStatement) {
						m, _ := s.Principal.(map[string][]string)
						if now := m[kind]; j < len(now) && len(now) > 1 {
							m[kind] = slices.Delete(slices.Clone(now), j, j+1)
						}
					})
				}
			}
		}
		for j := range s.Action {
			at(i, func(s *rawStatement) {
				if j < len(s.Action) && len(s.Action) > 1 {
					s.Action = slices.Delete(slices.Clone(s.Action), j, j+1)
				}
			})
		}
	}
	return list
}
