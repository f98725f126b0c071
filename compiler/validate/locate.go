package validate

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

var pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")

// steps takes a location of the library apart: a JSON pointer (RFC 6901) that is also percent-encoded.
func steps(pointer string) []string {
	if pointer = strings.TrimPrefix(pointer, "/"); pointer == "" {
		return nil
	}
	list := strings.Split(pointer, "/")
	for i, s := range list {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		list[i] = pointerUnescaper.Replace(s)
	}
	return list
}

// locate follows an instance's location in a node: the path, the last field's key where it is one, and the value.
// It stops at the last node that there is.
func locate(root *source.Node, location string) (path diag.Path, key, value *source.Node) {
	path, value = diag.Path{}, root
	for _, step := range steps(location) {
		if step == emptyName {
			step = ""
		}
		switch value.Kind {
		case source.Mapping:
			m := value.Member(step)
			if m == nil {
				return path, key, value
			}
			path, key, value = append(path, step), m.Key, m.Value
		case source.Sequence:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(value.Items) {
				return path, key, value
			}
			path, key, value = append(path, i), nil, value.Items[i]
		case source.Scalar:
			return path, key, value
		}
	}
	return path, key, value
}

// at gives the part of the schemas' texts at an absolute location; nil where it is not ours or the user's.
func (s *schema) at(location string) any {
	address, pointer, _ := strings.Cut(location, "#")
	v := s.texts[address]
	for _, step := range steps(pointer) {
		switch part := v.(type) {
		case map[string]any:
			v = part[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(part) {
				return nil
			}
			v = part[i]
		default:
			return nil
		}
	}
	return v
}
