package source

import "gopkg.in/yaml.v3"

var scalarTypes = map[string]Type{
	"!!str": String, "!!int": Int, "!!float": Float, "!!bool": Bool, "!!null": Null, "!!timestamp": Timestamp,
}

// scalarType says what YAML takes a scalar for; a tag of its own decides, then quotes, then the text.
func scalarType(n *yaml.Node) Type {
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if quoted && n.Style&yaml.TaggedStyle == 0 {
		return String
	}
	if t, ok := scalarTypes[n.ShortTag()]; ok {
		return t
	}
	return String
}

// numberType says what YAML would take a JSON number for, so that both readers agree; one too large for either is a Float.
func numberType(text string) Type {
	n := yaml.Node{Kind: yaml.ScalarNode, Value: text}
	if t := scalarTypes[n.ShortTag()]; t == Int {
		return Int
	}
	return Float
}
