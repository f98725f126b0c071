package keypolicy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// longestLiteral is how much of a literal is kept as it is, in characters; a longer one is identified by its digest.
const longestLiteral = 120

// identify says what makes a finding the same one after edits elsewhere: the element that it is in, and the literal at fault. The
// statement's digest distinguishes equal faults, and represents the literal where there is none. root is nil where the finding is
// of a file that is not being read, and at is what is there at the finding's place; text is the file's.
func identify(d diag.Diagnostic, root *source.Node, at spot, text []byte) diag.Identity {
	id := diag.Identity{Statement: digestStatement(at.statement)}
	id.Element, id.Literal = elementAt(d.Place, at, text)
	switch {
	case len(d.Among) > 0:
	case at.statement == nil && at.node != nil && at.node.Place.Range == d.Place.Range:
		id.Literal, id.Among = literalOf(at.node, id)
		return id
	default:
		return id
	}
	id.Among = true
	id.Literal = ""
	literals := make([]string, 0, len(d.Among))
	for _, place := range d.Among {
		element, literal := elementAt(place, spotAt(root, place.Path), text)
		id.Element = commonElement(id.Element, element)
		if place.File == d.Place.File && literal != "" {
			literals = append(literals, literal)
		}
	}
	if len(literals) == len(d.Among) && !d.Alike {
		slices.Sort(literals)
		id.Literal = short(strings.Join(slices.Compact(literals), diag.BetweenLiterals))
	}
	return id
}

// elementAt is the element at a place, and the literal there: a value, a field's name or a part of a value. It is "" for a list, a
// mapping and a Sid, which represents its statement and can be another tomorrow.
func elementAt(place diag.Place, at spot, text []byte) (element, literal string) {
	element = diag.Element(place.Path)
	whole := at.node != nil && at.node.Kind != source.Scalar && at.node.Place.Range == place.Range
	if sid := sidOf(at.statement); whole || sid != nil && sid.Value == at.node {
		return element, ""
	}
	if at.node != nil && at.node.Place.Range == place.Range { // however it is quoted and escaped
		return element, short(at.node.Text)
	}
	start, end := place.Range.Start, place.Range.End
	if start.Line == end.Line && start.Offset < end.Offset && end.Offset <= len(text) {
		literal = strings.Trim(string(text[start.Offset:end.Offset]), `"'`)
	}
	return element, short(literal)
}

// literalOf is the literal of an element outside of statements: of a list all that is in it, of which one may go, and of a mapping
// that is one of a list its digest.
func literalOf(node *source.Node, id diag.Identity) (literal string, among bool) {
	switch {
	case node.Kind == source.Sequence && len(node.Items) > 0 && !slices.ContainsFunc(node.Items, func(n *source.Node) bool { return n.Kind != source.Scalar }):
		literals := make([]string, 0, len(node.Items))
		for _, item := range node.Items {
			literals = append(literals, item.Text)
		}
		slices.Sort(literals)
		return short(strings.Join(slices.Compact(literals), diag.BetweenLiterals)), true
	case node.Kind == source.Mapping && strings.HasSuffix(id.Element, "/*"):
		text, err := json.Marshal(unordered(node.Any()))
		if err != nil {
			return id.Literal, false
		}
		return shortDigest(text), false
	}
	return id.Literal, false
}

// commonElement is the element that two elements are in.
func commonElement(a, b string) string {
	one, other := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(one) && n < len(other) && one[n] == other[n] {
		n++
	}
	return strings.Join(one[:n], "/")
}

// short is a literal, or the digest of a long one.
func short(literal string) string {
	if len(literal) > longestLiteral {
		return shortDigest([]byte(literal))
	}
	return literal
}

// identifyEmbedded is identify for a policy that is written as a text, in which no node can be found: what is too long for a literal
// is identified by the compiled statement.
func identifyEmbedded(d diag.Diagnostic, of *compiler.Document, id diag.Identity) diag.Identity {
	if id.Statement = digestStatement(compiledStatement(d.Statement, of)); id.Statement != "" && d.Place.Range.End.Offset-d.Place.Range.Start.Offset > longestLiteral {
		id.Literal = ""
	}
	return id
}

// compiledStatement is a statement of a document's first policy by its Sid or index; nil where there is none.
func compiledStatement(name string, of *compiler.Document) *source.Node {
	if of == nil || len(of.Policies) == 0 || name == "" {
		return nil
	}
	list := of.Policies[0].Document.Root.Get("Statement")
	if list == nil || list.Kind != source.Sequence {
		return list
	}
	for i, st := range list.Items {
		if sid := st.Get("Sid"); sid != nil && sid.Text == name || strconv.Itoa(i) == name {
			return st
		}
	}
	return nil
}

// unescapePointer undoes what a JSON pointer writes for / and ~ in a name.
// https://www.rfc-editor.org/rfc/rfc6901#section-3
var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// spot is what a JSON pointer leads to, with the last mapping on the way that is a statement. Within a policy that is written as a
// text node is nil.
type spot struct{ node, statement *source.Node }

func spotAt(root *source.Node, pointer string) (at spot) {
	at.node = root
	for i, token := range strings.Split(pointer, "/") {
		if i == 0 {
			continue
		}
		if at.node == nil {
			return at
		}
		switch at.node.Kind {
		case source.Mapping:
			at.node = at.node.Get(unescapePointer.Replace(token))
		case source.Sequence:
			index, err := strconv.Atoi(token)
			if err != nil || index < 0 || index >= len(at.node.Items) {
				return spot{nil, at.statement}
			}
			at.node = at.node.Items[index]
		default:
			return spot{nil, at.statement}
		}
		if isStatement(at.node) {
			at.statement = at.node
		}
	}
	return at
}

// isStatement reports whether a node is a policy's statement, in a policy's words or in a spec's.
func isStatement(n *source.Node) bool {
	return sidOf(n) != nil || n.Get("Effect") != nil || n.Get("effect") != nil
}

func sidOf(n *source.Node) *source.Member {
	for _, name := range []string{"Sid", "sid"} {
		if m := n.Member(name); m != nil {
			return m
		}
	}
	return nil
}

// digestStatement is the digest of a statement without its Sid, one value or a list of it, and lists in any order; "" where there
// is none.
func digestStatement(n *source.Node) string {
	if n == nil || n.Kind != source.Mapping {
		return ""
	}
	fields := map[string]any{}
	for _, m := range n.Members {
		if sid := sidOf(n); sid == nil || m.Key != sid.Key {
			fields[m.Key.Text] = unordered(m.Value.Any())
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return ""
	}
	return shortDigest(text)
}

// unordered writes one value as a list of it, and lists sorted.
func unordered(value any) any {
	switch v := value.(type) {
	case map[string]any:
		fields := make(map[string]any, len(v))
		for name, field := range v {
			fields[name] = unordered(field)
		}
		return fields
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			text, _ := json.Marshal(item) //nolint:errchkjson // a node's value always has a text
			list = append(list, string(text))
		}
		slices.Sort(list)
		return list
	default:
		return unordered([]any{v})
	}
}

func shortDigest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// identifyAll identifies the findings of a file.
func identifyAll(list diag.List, unit *compiler.Unit) {
	documents := map[string]*compiler.Document{} // by index, and of a carrier by address
	key := func(index int, resource string) string { return strconv.Itoa(index) + " " + resource }
	for _, d := range unit.Documents {
		documents[key(d.Index, d.Resource)] = d
	}
	for i := range list {
		d := &list[i]
		if d.Place.File != unit.File.Name {
			continue
		}
		of := documents[key(d.Place.Document, d.Resource)]
		var root *source.Node
		if of != nil {
			root = of.Root
		}
		at := spotAt(root, d.Place.Path)
		d.Identity = identify(*d, root, at, unit.File.Shown)
		if at.node == nil {
			d.Identity = identifyEmbedded(*d, of, d.Identity)
		}
		statement := at.statement
		if statement == nil && !isListed(d.Identity.Element) {
			statement = compiledStatement(d.Statement, of)
		}
		d.Identity.Scope = scopeOf(*d, statement)
	}
}

// isListed reports whether an element is one of a spec's lists: its literal is who is named, and the spec's fields say what they get.
func isListed(element string) bool {
	for _, list := range []string{"/key_users", "/key_users_roles", "/key_admins", "/key_admins_roles", "/key-admins-roles", "/external_accounts"} {
		if element == list || strings.HasPrefix(element, list+"/") {
			return true
		}
	}
	return false
}

// identifySources identifies the findings of a module, which are in several files. Of what is not text of one line the element, the
// resource and the compiled statement are all that there is.
func identifySources(list diag.List, files []*source.File, unit *compiler.Unit) {
	texts := map[string][]byte{}
	for _, f := range files {
		texts[f.Name] = f.Text
	}
	documents := map[string]*compiler.Document{}
	for _, d := range unit.Documents {
		documents[d.Resource] = d
	}
	for i := range list {
		d := &list[i]
		text, isSource := texts[d.Place.File]
		if !isSource {
			continue
		}
		statement := compiledStatement(d.Statement, documents[d.Resource])
		d.Identity = identify(*d, nil, spot{}, text)
		d.Identity.Scope = scopeOf(*d, statement)
		if d.Identity.Scope != nil {
			d.Identity.Statement = digestStatement(statement)
		}
	}
}

// identifyAcross identifies the findings of several files together.
func identifyAcross(list diag.List, texts *fileTexts) {
	for i := range list {
		if d := &list[i]; d.Identity == (diag.Identity{}) {
			d.Identity = identify(*d, nil, spot{}, texts.of(d.Place.File))
		}
	}
}
