package tfplan

import (
	"bytes"
	"slices"
	"strings"
)

// A plan may be of 50 MB, nearly all of it resources that are not keys, and it holds secrets. So what is not needed is
// written over with blanks before anything is read of it: all places stay those of the file, and no node of another
// resource is ever made.

// selector blanks the values of a JSON text that are not needed. Where the text is not valid JSON, ok ends as false and
// the text is of no use: the reader of the whole text says what is wrong with it.
type selector struct {
	text []byte // the copy in which is blanked
	bad  bool
}

// member is a field of an object or an item of a list: the offsets of its value.
type member struct {
	name       string // fields only, as written between the quotes
	start, end int    // of the value
}

// selected is a plan's text with blanks in place of all that is not about keys; nil where it is not valid JSON.
func selected(text []byte) []byte {
	s := &selector{text: bytes.Clone(text)}
	for _, m := range s.members(skipBlank(text, bomLength(text))) {
		switch m.name {
		case "format_version", "terraform_version", "errored":
		case "resource_changes":
			s.resources(m)
		case "deferred_changes":
			s.fields(m, func(deferred member) {
				s.fields(deferred, func(part member) {
					if part.name == "resource_change" {
						s.resource(part)
					} else {
						s.blank(part)
					}
				})
			})
		case "prior_state":
			s.fields(m, func(state member) {
				if state.name == "values" {
					s.stateValues(state)
				} else {
					s.blank(state)
				}
			})
		case "values":
			s.stateValues(m)
		case "configuration":
			s.configuration(m)
		default:
			s.blank(m)
		}
	}
	if s.bad {
		return nil
	}
	return s.text
}

// fields visits the fields of an object or the items of a list.
func (s *selector) fields(of member, visit func(m member)) {
	for _, m := range s.members(of.start) {
		visit(m)
	}
}

// attributes are the attributes of a resource that have a say in a key's policy; descriptions, tags and all else are left out.
var attributes = []string{
	"policy", "bypass_policy_lockout_safety_check", "arn", "id", "key_id", "region", "key_usage", "customer_master_key_spec", "key_spec", "multi_region",
	"account_id", "statement", "version", "policy_id", "source_json", "override_json", "source_policy_documents", "override_policy_documents",
}

// resources keeps those of a list that have a say in a key.
func (s *selector) resources(of member) { s.fields(of, s.resource) }

// resource keeps the attributes that have a say in a key.
func (s *selector) resource(r member) {
	if s.text[r.start] != '{' { // the reader says what is wrong with it
		return
	}
	if !isOfInterest(s.field(r, "type")) {
		s.blank(r)
		return
	}
	s.fields(r, func(part member) {
		switch part.name {
		case "change":
			s.fields(part, func(side member) {
				if side.name != "actions" {
					s.attributes(side)
				}
			})
		case "values", "sensitive_values":
			s.attributes(part)
		}
	})
}

func (s *selector) attributes(of member) {
	s.fields(of, func(m member) {
		if m.name != "" && !slices.Contains(attributes, m.name) {
			s.blank(m)
		}
	})
}

func (s *selector) stateValues(of member) {
	s.fields(of, func(m member) {
		if m.name == "root_module" {
			s.module(m, 0)
		} else {
			s.blank(m)
		}
	})
}

// deepest is more levels of modules than anybody nests. What is deeper is left as it is: the reader takes it, or says that it is
// nested too deep.
const deepest = 64

func (s *selector) module(of member, level int) {
	s.fields(of, func(m member) {
		switch {
		case m.name == "resources":
			s.resources(m)
		case m.name == "child_modules":
			if level < deepest {
				s.fields(m, func(child member) { s.module(child, level+1) })
			}
		case m.name != "address":
			s.blank(m)
		}
	})
}

func (s *selector) configuration(of member) {
	s.fields(of, func(m member) {
		switch m.name {
		case "provider_config":
			s.fields(m, func(p member) {
				if name := s.field(p, "name"); name != "aws" && name != "awscc" {
					s.blank(p)
				}
			})
		case "root_module":
			s.moduleConfiguration(m, 0)
		default:
			s.blank(m)
		}
	})
}

func (s *selector) moduleConfiguration(of member, level int) {
	s.fields(of, func(m member) {
		switch {
		case m.name == "resources":
			s.fields(m, func(r member) {
				switch kind := s.field(r, "type"); {
				case isOfInterest(kind):
				case isPrincipal(kind):
					s.fields(r, func(part member) {
						if part.name == "expressions" || part.name == "provisioners" {
							s.blank(part)
						}
					})
				default:
					s.blank(r)
				}
			})
		case m.name == "outputs":
		case m.name == "module_calls":
			if level >= deepest {
				return
			}
			s.fields(m, func(call member) {
				s.fields(call, func(part member) {
					switch part.name {
					case "module":
						s.moduleConfiguration(part, level+1)
					case "expressions", "count_expression", "for_each_expression":
						// what a variable of the module represents
					default:
						s.blank(part)
					}
				})
			})
		default: // variables among them, whose defaults may be secrets
			s.blank(m)
		}
	})
}

// field is the text of an object's field as written; "" where it has none.
func (s *selector) field(of member, name string) string {
	for _, m := range s.members(of.start) {
		if m.name == name && s.text[m.start] == '"' {
			return string(s.text[m.start+1 : m.end-1])
		}
	}
	return ""
}

// blank writes 0 and blanks over a value. Line breaks stay, so that lines are those of the file.
func (s *selector) blank(m member) {
	s.text[m.start] = '0'
	for i := m.start + 1; i < m.end; i++ {
		if c := s.text[i]; c != '\n' && c != '\r' {
			s.text[i] = ' '
		}
	}
}

// members are the fields of the object, or the items of the list, that starts at an offset; none of other values.
func (s *selector) members(start int) []member {
	text := s.text
	if start >= len(text) || text[start] != '{' && text[start] != '[' {
		return nil
	}
	object, closing := text[start] == '{', text[start]+2 // '[' and ']', '{' and '}' are two apart
	var list []member
	for i := skipBlank(text, start+1); ; {
		if i >= len(text) {
			s.bad = true
			return nil
		}
		if text[i] == closing {
			return list
		}
		m := member{start: i}
		if object {
			end := skipValue(text, i)
			if text[i] != '"' || end < 0 {
				s.bad = true
				return nil
			}
			m.name = string(text[i+1 : end-1])
			if i = skipBlank(text, end); i >= len(text) || text[i] != ':' {
				s.bad = true
				return nil
			}
			m.start = skipBlank(text, i+1)
		}
		if m.end = skipValue(text, m.start); m.end < 0 {
			s.bad = true
			return nil
		}
		list = append(list, m)
		i = skipBlank(text, m.end)
		if i < len(text) && text[i] == ',' {
			i = skipBlank(text, i+1)
		}
	}
}

// skipValue is the offset behind the value that starts at an offset, -1 where none does. It nests as deep as the text does
// without a stack of its own.
func skipValue(text []byte, i int) int {
	depth := 0
	for i < len(text) {
		switch c := text[i]; c {
		case '"':
			if i = skipString(text, i); i < 0 {
				return -1
			}
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ' ', '\t', '\r', '\n', ',', ':':
			if depth == 0 {
				return -1
			}
			i++
			continue
		default:
			i = skipWord(text, i)
		}
		if depth < 0 {
			return -1
		}
		if depth == 0 {
			return i
		}
	}
	return -1
}

// skipString is the offset behind the string that starts at an offset, -1 where it is not closed.
func skipString(text []byte, i int) int {
	for i++; i < len(text); i++ {
		n := bytes.IndexAny(text[i:], `"\`)
		if n < 0 {
			return -1
		}
		i += n
		if text[i] == '"' {
			return i + 1
		}
		i++ // the escaped character
	}
	return -1
}

func skipWord(text []byte, i int) int {
	for i < len(text) && !strings.ContainsRune(" \t\r\n,:[]{}\"", rune(text[i])) {
		i++
	}
	return i
}

func skipBlank(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n') {
		i++
	}
	return i
}

func bomLength(text []byte) int {
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return len("\ufeff")
	}
	return 0
}
