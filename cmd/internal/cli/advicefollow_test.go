package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// followed is a document that is changed as a help says.
type followed struct {
	document any   // the one that the finding is in
	path     []any // of the finding
	account  string
	region   string
}

// follow is the text of a file after what a finding's help says, for each of the forms that the help has.
func follow(d diag.Diagnostic, file []byte, account, region string) []string {
	var out []string
	for _, a := range advices {
		m := a.form.FindStringSubmatch(d.Help)
		if m == nil || a.follow == nil {
			continue
		}
		documents := documentsOf(file) // not shared, as it is changed
		if d.Place.Document >= len(documents) {
			return nil
		}
		f := followed{document: documents[d.Place.Document], path: steps(d.Place.Path), account: account, region: region}
		if !a.follow(&f, m) {
			continue
		}
		documents[d.Place.Document] = f.document
		var texts []string
		for _, document := range documents {
			text, err := json.MarshalIndent(document, "", "  ")
			if err != nil {
				return nil
			}
			texts = append(texts, string(text)+"\n")
		}
		out = append(out, strings.Join(texts, "---\n"))
	}
	return out
}

// documentsOf are a file's documents; none where it cannot be read.
func documentsOf(file []byte) []any {
	var documents []any
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	for {
		var document any
		err := decoder.Decode(&document)
		switch {
		case errors.Is(err, io.EOF):
			return documents
		case err != nil:
			return nil
		}
		documents = append(documents, document)
	}
}

// steps are those of a JSON pointer: numbers and names.
func steps(pointer string) []any {
	var path []any
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if i, err := strconv.Atoi(step); err == nil {
			path = append(path, i)
		} else {
			path = append(path, strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		}
	}
	return path
}

// at is what a path leads to.
func (f *followed) at(path []any) any {
	value := f.document
	for _, step := range path {
		switch v := value.(type) {
		case map[string]any:
			name, _ := step.(string)
			if i, isIndex := step.(int); isIndex { // a name of digits
				name = strconv.Itoa(i)
			}
			value = v[name]
		case []any:
			i, isIndex := step.(int)
			if !isIndex || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// set changes what a path leads to.
func (f *followed) set(path []any, to any) bool {
	if len(path) == 0 {
		f.document = to
		return true
	}
	switch v := f.at(path[:len(path)-1]).(type) {
	case map[string]any:
		name, _ := path[len(path)-1].(string)
		if name == "" {
			return false
		}
		v[name] = to
	case []any:
		i, _ := path[len(path)-1].(int)
		v[i] = to
	default:
		return false
	}
	return true
}

// remove takes what a path leads to out, and what holds nothing else after that.
func (f *followed) remove(path []any) bool {
	if len(path) == 0 {
		return false
	}
	above, last := path[:len(path)-1], path[len(path)-1]
	switch v := f.at(above).(type) {
	case map[string]any:
		delete(v, last.(string))
		if len(v) == 0 && len(above) > 0 {
			return f.remove(above)
		}
	case []any:
		if len(v) == 1 {
			return f.remove(above)
		}
		return f.set(above, slices.Delete(slices.Clone(v), last.(int), last.(int)+1))
	default:
		return false
	}
	return true
}

// replace writes values where the finding is, as one or as several of a list.
func (f *followed) replace(values ...any) bool {
	last, isPosition := f.path[len(f.path)-1].(int)
	if list, _ := f.at(f.path[:len(f.path)-1]).([]any); isPosition && last < len(list) {
		return f.set(f.path[:len(f.path)-1], slices.Replace(slices.Clone(list), last, last+1, values...))
	}
	if len(values) > 1 {
		return f.set(f.path, values)
	}
	return f.set(f.path, values[0])
}

// fields are those of a spec, or the elements of a document.
func (f *followed) fields() map[string]any {
	fields, _ := f.document.(map[string]any)
	if fields == nil { // an empty file
		fields = map[string]any{}
		f.document = fields
	}
	return fields
}

// statement is the one that the finding is in, with the path of the list or element that holds it; nil where it is in none.
func (f *followed) statement() map[string]any {
	for i, step := range f.path {
		if step != "Statement" && step != "statements" {
			continue
		}
		value := f.at(f.path[:i+1])
		if list, isList := value.([]any); isList && i+1 < len(f.path) {
			at, _ := f.path[i+1].(int)
			value = list[at]
		}
		st, _ := value.(map[string]any)
		return st
	}
	return nil
}

// addStatement adds one where those of the finding's policy are.
func (f *followed) addStatement(st map[string]any) bool {
	fields, name := f.fields(), "Statement"
	if policy, isMapping := fields["policy"].(map[string]any); isMapping {
		fields = policy
	} else if fields["Statement"] == nil {
		name = "statements"
	}
	if fields == nil {
		return false
	}
	fields[name] = append(asList(fields[name]), st)
	return true
}

// require writes a condition into the finding's statement.
func (f *followed) require(operator, key string, value any) bool {
	st := f.statement()
	if st == nil {
		return false
	}
	conditions, _ := st["Condition"].(map[string]any)
	if conditions == nil {
		conditions = map[string]any{}
	}
	block, _ := conditions[operator].(map[string]any)
	if block == nil {
		block = map[string]any{}
	}
	block[key] = value
	conditions[operator] = block
	st["Condition"] = conditions
	return true
}

// inPlace takes the condition out that the finding is at, if it is at one.
func (f *followed) inPlace() {
	if i := slices.Index(f.path, "Condition"); i >= 0 && len(f.path) > i+2 {
		f.remove(f.path[:i+3])
	}
}

// own takes actions into a statement of their own, with a condition.
func (f *followed) own(actions []string, without func(string) bool, operator, key string, value any) bool {
	st := f.statement()
	if st == nil {
		return false
	}
	var kept []any
	for _, action := range asList(st["Action"]) {
		switch text, _ := action.(string); {
		case text == "kms:Create*" && without("kms:CreateGrant"): // the rest of the pattern
			kept = append(kept, "kms:CreateAlias")
		case !without(text):
			kept = append(kept, action)
		}
	}
	if principals, _ := json.Marshal(st["Principal"]); !bytes.Contains(principals, []byte(f.account)) {
		kept = slices.DeleteFunc(kept, func(action any) bool { return !acrossAccounts.MatchString(action.(string)) })
	}
	condition := map[string]any{}
	if old, _ := st["Condition"].(map[string]any); old != nil {
		for name, block := range old {
			keys, _ := block.(map[string]any)
			keys = maps.Clone(keys)
			delete(keys, key) // what is written of it in another way
			if len(keys) > 0 {
				condition[name] = keys
			}
		}
	}
	block, _ := condition[operator].(map[string]any)
	if block == nil {
		block = map[string]any{}
	}
	block[key] = value
	condition[operator] = block
	if len(kept) == 0 {
		st["Action"], st["Condition"] = anys(actions), condition
		return true
	}
	st["Action"] = kept
	return f.addStatement(map[string]any{
		"Sid": "Own", "Effect": "Allow", "Principal": st["Principal"], "Action": anys(actions), "Resource": "*", "Condition": condition,
	})
}

// acrossAccounts are operations that work with a key of another account.
var acrossAccounts = regexp.MustCompile(`^kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey|DescribeKey|GetPublicKey|Sign|Verify)`)

// take takes the entry of a spec's list out.
func (f *followed) take() (any, bool) {
	if len(f.path) != 2 {
		return nil, false
	}
	entry := f.at(f.path)
	return entry, entry != nil && f.remove(f.path)
}

// list adds an entry to a list of a spec.
func (f *followed) list(name string, entries ...any) bool {
	fields := f.fields()
	if fields == nil {
		return false
	}
	fields[name] = append(asList(fields[name]), entries...)
	return true
}

func asList(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

func anys(texts []string) []any {
	var out []any
	for _, text := range texts {
		out = append(out, text)
	}
	return out
}

// flow reads a value as a help writes it.
func flow(text string) any {
	var value any
	if yaml.Unmarshal([]byte(text), &value) != nil {
		return nil
	}
	return value
}
