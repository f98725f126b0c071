package source

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Write writes a value as a YAML document, ending in a newline: mappings and lists as blocks, lists of few short scalars
// in one line. Load reads it back as the same value.
func Write(root *Node) ([]byte, error) {
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if err := e.Encode(toYAML(root)); err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	if err := e.Close(); err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	return out.Bytes(), nil
}

func toYAML(n *Node) *yaml.Node {
	switch n.Kind {
	case Mapping:
		y := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, m := range n.Members {
			y.Content = append(y.Content, toYAML(m.Key), toYAML(m.Value))
		}
		return y
	case Sequence:
		y := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		if isShort(n) {
			y.Style = yaml.FlowStyle
		}
		for _, item := range n.Items {
			y.Content = append(y.Content, toYAML(item))
		}
		return y
	default:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: scalarTag(n), Value: n.Text, Style: scalarStyle(n)}
	}
}

// isShort reports whether a list reads better in one line.
func isShort(n *Node) bool {
	length := 0
	for _, item := range n.Items {
		if item.Kind != Scalar || strings.ContainsRune(item.Text, ':') {
			return false
		}
		length += len(item.Text) + 2
	}
	return length <= 70
}

func scalarTag(n *Node) string {
	switch n.Type {
	case Int:
		return "!!int"
	case Float:
		return "!!float"
	case Bool:
		return "!!bool"
	case Null:
		return "!!null"
	case String, Timestamp: // a timestamp's text is what counts
		return "!!str"
	}
	return "!!str"
}

// plain is what reads as a string in every reader of YAML, but for the words below.
var plain = regexp.MustCompile(`^[A-Za-z]([A-Za-z0-9_./*-]|:[A-Za-z0-9/*:]| [A-Za-z0-9])*$`)

// otherTypes are words that readers of YAML 1.1 take for booleans or null.
var otherTypes = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// scalarStyle puts strings into double quotes where other readers than this one could take them for something else.
func scalarStyle(n *Node) yaml.Style {
	if n.Type != String || plain.MatchString(n.Text) && !slices.Contains(otherTypes, strings.ToLower(n.Text)) {
		return 0
	}
	return yaml.DoubleQuotedStyle
}
