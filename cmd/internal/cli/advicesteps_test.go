package cli

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

func (f *followed) writeElement(m []string) bool {
	var value any
	text := strings.NewReplacer("ACCOUNT", "111122223333", "NAME", "app").Replace(m[2])
	if json.Unmarshal([]byte(text), &value) != nil {
		return false
	}
	if m[1] == "Version" {
		f.fields()["Version"] = value
		return true
	}
	st := f.statement()
	if st == nil {
		return false
	}
	delete(st, "Not"+m[1])
	st[m[1]] = value
	return true
}

// writeActions writes those that the help lists.
func (f *followed) writeActions(m []string) bool {
	st := f.statement()
	if st == nil {
		return false
	}
	st["Action"] = anys(actionInHelp.FindAllString(m[1], -1))
	return true
}

func isService(name string) bool { return strings.HasSuffix(name, ".amazonaws.com") }

// requireAccount requires for whom a service acts, in place of a condition that the finding is at.
func (f *followed) requireAccount(_ []string) bool {
	f.inPlace()
	return f.require("StringEquals", "aws:SourceAccount", f.account)
}

// separately takes principals out of the finding's statement, and allows them what it does in one of their own, with other elements. They are
// left out where there are none.
func (f *followed) separately(who func(name string) bool, elements map[string]any) bool {
	st := f.statement()
	principals, _ := st["Principal"].(map[string]any)
	own := map[string]any{}
	for kind, names := range principals {
		var kept, taken []any
		for _, name := range asList(names) {
			if text, _ := name.(string); who(text) {
				taken = append(taken, name)
			} else {
				kept = append(kept, name)
			}
		}
		delete(principals, kind)
		if len(kept) > 0 {
			principals[kind] = kept
		}
		if len(taken) > 0 {
			own[kind] = taken
		}
	}
	if elements == nil {
		return true
	}
	whole := maps.Clone(st)
	whole["Sid"], whole["Principal"] = "Own", own
	maps.Copy(whole, elements)
	return f.addStatement(whole)
}

// requireAt writes a key beside the one that the path led to.
func (f *followed) requireAt(path []any, key string, value any) bool {
	i := slices.Index(path, any("Condition"))
	operator, _ := path[i+1].(string)
	return f.require(operator, key, value)
}

// writeOperator moves the key, or all keys of the operator that the finding is at.
func (f *followed) writeOperator(m []string) bool {
	i := slices.Index(f.path, any("Condition"))
	if i < 0 || len(f.path) < i+2 {
		return false
	}
	block, _ := f.at(f.path[:i+2]).(map[string]any)
	for key, value := range block {
		if len(f.path) > i+2 && f.path[i+2] != key {
			continue
		}
		f.remove(slices.Concat(f.path[:i+2], []any{key}))
		if !f.require(m[1], key, value) {
			return false
		}
	}
	return true
}

// throughAccount names the account of a principal in a statement of its own, with a pattern of the principal.
func (f *followed) throughAccount(m []string) bool {
	whole := map[string]any{"Sid": "ByPattern", "Effect": "Allow", "Action": anys(useActions), "Resource": "*"}
	if st := f.statement(); st != nil {
		for _, name := range []string{"Effect", "Action", "Resource"} {
			whole[name] = st[name]
		}
		if slices.Contains(f.path, any("AWS")) && len(asList(f.at(f.path[:slices.Index(f.path, any("AWS"))+1]))) > 1 {
			f.remove(f.path)
		} else {
			whole["Sid"] = st["Sid"]
			st["Principal"] = map[string]any{"AWS": m[1]}
			return f.require("ArnLike", "aws:PrincipalArn", m[2])
		}
	} else {
		f.take()
	}
	whole["Principal"] = map[string]any{"AWS": m[1]}
	whole["Condition"] = map[string]any{"ArnLike": map[string]any{"aws:PrincipalArn": m[2]}}
	return f.addStatement(whole)
}

// throughService allows a user of a service in the service's place.
func (f *followed) throughService(prefix string) bool {
	st := f.statement()
	if st == nil {
		return false
	}
	st["Principal"] = map[string]any{"AWS": "arn:aws:iam::" + f.account + ":role/app"}
	st["Condition"] = map[string]any{"StringEquals": map[string]any{"kms:ViaService": prefix + "." + f.region + ".amazonaws.com"}}
	return true
}
