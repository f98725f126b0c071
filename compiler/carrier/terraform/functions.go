package terraform

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keypolicy/keypolicy/compiler/diag"
)

// invocation is a function's call with its arguments evaluated.
type invocation struct {
	e     *evaluator
	s     *scope
	r     hcl.Range
	place diag.Place
	args  []*value
	name  string
	more  *hole // of arguments that a list with "..." may have beside
}

// derived is a result that is not known.
func (c *invocation) derived() *value {
	h := c.more
	for _, a := range c.args {
		if h == nil {
			h = a.firstHole()
		}
	}
	return c.e.derived(c.s, c.r, h)
}

// known are the arguments as texts, where all of them are known.
func (c *invocation) known() ([]string, bool) {
	var out []string
	for _, a := range c.args {
		s, ok := a.known()
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, c.more == nil
}

// call evaluates a function's call.
func (e *evaluator) call(x *hclsyntax.FunctionCallExpr, s *scope) *value {
	name := strings.TrimPrefix(x.Name, "core::")
	c := &invocation{e: e, s: s, r: x.Range(), place: e.place(x.Range()), name: name}
	for i, a := range x.Args {
		v := e.value(a, s)
		if x.ExpandFinal && i == len(x.Args)-1 {
			if v.kind != list {
				c.more = e.derived(s, a.Range(), v.firstHole()).hole
				continue
			}
			c.args = append(c.args, v.items...)
			c.more = v.hole
			continue
		}
		c.args = append(c.args, v)
	}
	switch name {
	case "try":
		return c.try()
	case "can":
		if len(c.args) == 1 && c.args[0].kind != unknown {
			return newBool(c.args[0].kind != failed, c.place)
		}
		return c.derived()
	}
	for _, a := range c.args {
		if a.kind == failed {
			return a
		}
	}
	if f := functions[name]; f != nil {
		if v := f(c); v != nil {
			return v
		}
		return c.derived()
	}
	return c.stdlib()
}

// functions are those that take values of which parts are not known. Each gives nil where its result is not known.
var functions map[string]func(*invocation) *value

func init() {
	same := func(c *invocation) *value { return c.args0() }
	functions = map[string]func(*invocation) *value{
		"concat": (*invocation).concat, "flatten": (*invocation).flatten, "compact": (*invocation).compact, "distinct": (*invocation).distinct,
		"toset": (*invocation).distinct, "setunion": (*invocation).union, "tolist": same, "tomap": same, "tostring": (*invocation).tostring, "tonumber": same, "tobool": same,
		"nonsensitive": same, "sensitive": same, "sort": (*invocation).sorted, "reverse": (*invocation).reverse,
		"merge": (*invocation).merge, "format": (*invocation).format, "formatlist": (*invocation).formatlist, "join": (*invocation).join,
		"coalesce": (*invocation).coalesce, "coalescelist": (*invocation).coalescelist, "jsonencode": (*invocation).jsonencode, "jsondecode": (*invocation).jsondecode,
		"file": (*invocation).file, "templatefile": (*invocation).templatefile, "length": (*invocation).length, "contains": (*invocation).contains,
		"lookup": (*invocation).lookup, "element": (*invocation).element, "keys": (*invocation).keys, "values": (*invocation).values, "one": (*invocation).one,
		"split": (*invocation).split, "list": (*invocation).tuple, "map": (*invocation).mapping, "zipmap": (*invocation).zipmap, "slice": (*invocation).slice,
		"trimspace": (*invocation).trimspace, "setsubtract": (*invocation).subtract, "chomp": (*invocation).trimspace,
	}
}

func (c *invocation) args0() *value {
	if len(c.args) != 1 || c.more != nil {
		return nil
	}
	return c.args[0]
}

func (c *invocation) try() *value {
	for _, a := range c.args {
		if a.kind != failed {
			return a
		}
	}
	if c.more != nil {
		return c.derived()
	}
	return failure(c.place)
}

func (c *invocation) tostring() *value {
	v := c.args0()
	if v != nil && (v.kind == number || v.kind == boolean) {
		return newText(v.literal, v.place)
	}
	return v
}

// openness is the hole of a list that a function makes of others.
func (c *invocation) openness(from *hole) *hole {
	if from == nil {
		return nil
	}
	return c.e.derived(c.s, c.r, from).hole
}

func (c *invocation) concat() *value {
	out := newList(c.place)
	out.hole = c.more
	for _, a := range c.args {
		switch a.kind {
		case list:
			c.e.budget -= len(a.items)
			if c.e.budget < 0 {
				return nil
			}
			out.items = append(out.items, a.items...)
			if a.hole != nil {
				out.hole = a.hole
			}
		case unknown:
			out.hole = a.hole
		case handle:
			return nil
		default:
			return failure(c.place)
		}
	}
	if len(c.args) == 1 {
		out.place = c.args[0].place
	}
	return out
}

func (c *invocation) flatten() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := newList(v.place)
	out.hole = v.hole
	var walk func(items []*value)
	walk = func(items []*value) {
		for _, i := range items {
			c.e.budget--
			if c.e.budget < 0 {
				return
			}
			if i.kind != list {
				out.items = append(out.items, i)
				continue
			}
			if i.hole != nil {
				out.hole = i.hole
			}
			walk(i.items)
		}
	}
	walk(v.items)
	return out
}

func (c *invocation) compact() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := newList(v.place)
	out.hole = v.hole
	for _, i := range v.items {
		if i.kind != null && !i.isEmpty() {
			out.items = append(out.items, i)
		}
	}
	return out
}

func (c *invocation) distinct() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return v
	}
	out := newList(v.place)
	out.hole = v.hole
	have := map[string]bool{}
	for _, i := range v.items {
		if k := i.key(); !have[k] {
			have[k] = true
			out.items = append(out.items, i)
		}
	}
	return out
}

func (c *invocation) union() *value {
	all := c.concat()
	if all == nil || all.kind != list {
		return all
	}
	c.args, c.more = []*value{all}, nil
	return c.distinct()
}

func (c *invocation) subtract() *value {
	if len(c.args) != 2 || c.args[0].kind != list || c.args[1].kind != list || c.args[0].firstHole() != nil || c.args[1].firstHole() != nil {
		return nil
	}
	drop := map[string]bool{}
	for _, i := range c.args[1].items {
		drop[i.key()] = true
	}
	out := newList(c.place)
	for _, i := range c.args[0].items {
		if !drop[i.key()] {
			out.items = append(out.items, i)
		}
	}
	return out
}

func (c *invocation) sorted() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := *v
	out.items = slices.Clone(v.items)
	slices.SortStableFunc(out.items, func(a, b *value) int { return strings.Compare(a.shown(), b.shown()) })
	return &out
}

func (c *invocation) reverse() *value {
	v := c.args0()
	if v == nil || v.kind != list {
		return nil
	}
	out := *v
	out.items = slices.Clone(v.items)
	slices.Reverse(out.items)
	return &out
}

func (c *invocation) merge() *value {
	out := &value{kind: object, place: c.place, hole: c.more}
	for _, a := range c.args {
		switch a.kind {
		case null:
		case unknown: // it may replace what is there: nothing stays known
			return nil
		case object:
			if a.hole != nil && len(out.fields) > 0 {
				return nil
			}
			for _, f := range a.fields {
				out = out.with(f.name, f.value)
			}
			if a.hole != nil {
				out.hole = a.hole
			}
		default:
			return nil
		}
	}
	if len(c.args) == 1 {
		out.place = c.args[0].place
	}
	return out
}

var verb = regexp.MustCompile(`%(?:%|(\[[0-9]+\])?([a-zA-Z]))`)

// formatted puts values into a format's verbs, keeping what is not known.
func (c *invocation) formatted(format *value, args []*value) *value {
	out := &value{kind: text, place: format.place}
	next := 0
	for _, p := range format.pieces {
		if p.hole != nil || p.encoded != nil {
			return nil
		}
		at := 0
		for _, m := range verb.FindAllStringSubmatchIndex(p.literal, -1) {
			out.pieces = append(out.pieces, piece{literal: p.literal[at:m[0]], origin: p.origin.slice(at, m[0])})
			at = m[1]
			if p.literal[m[0]:m[1]] == "%%" {
				out.pieces = append(out.pieces, piece{literal: "%"})
				continue
			}
			if m[2] >= 0 {
				n, _ := strconv.Atoi(p.literal[m[2]+1 : m[3]-1])
				next = n - 1
			}
			if next < 0 || next >= len(args) {
				return failure(c.place)
			}
			pieces, ok := args[next].texts()
			next++
			kind := p.literal[m[4]:m[5]]
			if !ok || !strings.Contains("svdq", kind) {
				return nil
			}
			if kind == "q" {
				pieces = slices.Concat([]piece{{literal: `"`}}, pieces, []piece{{literal: `"`}})
			}
			out.pieces = append(out.pieces, pieces...)
		}
		rest := p.literal[at:]
		if strings.Contains(rest, "%") {
			return nil
		}
		out.pieces = append(out.pieces, piece{literal: rest, origin: p.origin.slice(at, len(p.literal))})
	}
	return out
}

func (c *invocation) format() *value {
	if len(c.args) == 0 || c.args[0].kind != text || c.more != nil {
		return nil
	}
	return c.formatted(c.args[0], c.args[1:])
}

func (c *invocation) formatlist() *value {
	if len(c.args) == 0 || c.args[0].kind != text || c.more != nil {
		return nil
	}
	out := newList(c.place)
	n := -1
	for _, a := range c.args[1:] {
		if a.kind == list {
			if n >= 0 && n != len(a.items) && a.hole == nil && out.hole == nil {
				return failure(c.place)
			}
			if n < 0 || len(a.items) < n {
				n = len(a.items)
			}
			if a.hole != nil {
				out.hole = c.openness(a.hole)
			}
		} else if a.kind == unknown { // one value, or a list of them
			n = 0
			out.hole = c.openness(a.hole)
		}
	}
	if n < 0 {
		n = 1
	}
	for i := range n {
		args := make([]*value, 0, len(c.args))
		for _, a := range c.args[1:] {
			if a.kind == list {
				a = a.items[i]
			}
			args = append(args, a)
		}
		v := c.formatted(c.args[0], args)
		if v == nil {
			return nil
		}
		out.items = append(out.items, v)
	}
	return out
}

func (c *invocation) join() *value {
	if len(c.args) < 2 {
		return nil
	}
	separator, ok := c.args[0].texts()
	if !ok {
		return nil
	}
	out := &value{kind: text, place: c.place}
	add := func(pieces ...piece) { out.pieces = append(out.pieces, pieces...) }
	first := true
	for _, l := range c.args[1:] {
		if l.kind != list {
			return nil
		}
		for _, i := range l.items {
			pieces, ok := i.texts()
			if !ok {
				return nil
			}
			if !first {
				add(separator...)
			}
			first = false
			add(pieces...)
		}
		if l.hole != nil {
			if !first {
				add(separator...)
			}
			first = false
			add(piece{hole: c.openness(l.hole)})
		}
	}
	if len(out.pieces) == 0 {
		return newText("", c.place)
	}
	return out
}

func (c *invocation) coalesce() *value {
	for _, a := range c.args {
		switch {
		case a.kind == null, a.isEmpty():
		case a.kind == unknown:
			if a.hole.Kind == "variable" || a.hole.Kind == "computed" {
				return nil
			}
			return a
		default:
			return a
		}
	}
	if c.more != nil {
		return nil
	}
	return failure(c.place)
}

func (c *invocation) coalescelist() *value {
	for _, a := range c.args {
		switch {
		case a.kind == null, a.kind == list && len(a.items) == 0 && a.hole == nil:
		case a.kind == list && len(a.items) == 0, a.kind == unknown:
			return nil
		default:
			return a
		}
	}
	return failure(c.place)
}

func (c *invocation) jsonencode() *value {
	v := c.args0()
	if v == nil {
		return nil
	}
	return &value{kind: text, place: v.place, encoded: v}
}

func (c *invocation) jsondecode() *value {
	v := c.args0()
	switch {
	case v == nil || v.kind != text:
		return nil
	case v.encoded != nil:
		return v.encoded
	}
	out, found := c.e.decode(v)
	if found.HasErrors() {
		if v.firstHole() != nil {
			return nil
		}
		return failure(c.place)
	}
	return out
}

func (c *invocation) length() *value {
	v := c.args0()
	switch {
	case v == nil:
		return nil
	case v.kind == list && v.hole == nil:
		return newNumber(strconv.Itoa(len(v.items)), c.place)
	case v.kind == object && v.hole == nil:
		return newNumber(strconv.Itoa(len(v.fields)), c.place)
	case v.kind == handle && c.e.expansionOf(v.block).known:
		return newNumber(strconv.Itoa(len(c.e.expansionOf(v.block).list)), c.place)
	case v.kind == list || v.kind == object:
		out := c.derived()
		out.least = len(v.items) + len(v.fields)
		return out
	case v.kind == text:
		if s, ok := v.known(); ok {
			return newNumber(strconv.Itoa(len([]rune(s))), c.place)
		}
	}
	return nil
}

func (c *invocation) contains() *value {
	if len(c.args) != 2 || c.args[0].kind != list {
		return nil
	}
	certain := c.args[0].hole == nil
	for _, i := range c.args[0].items {
		same, ok := equal(i, c.args[1])
		if ok && same {
			return newBool(true, c.place)
		}
		certain = certain && ok
	}
	if !certain {
		return nil
	}
	return newBool(false, c.place)
}

func (c *invocation) lookup() *value {
	if len(c.args) < 2 || c.args[0].kind != object {
		return nil
	}
	name, ok := c.args[1].known()
	if !ok {
		return nil
	}
	if v := c.args[0].get(name); v != nil {
		return v
	}
	switch {
	case c.args[0].hole != nil:
		return nil
	case len(c.args) == 3:
		return c.args[2]
	}
	return failure(c.place)
}

func (c *invocation) element() *value {
	if len(c.args) != 2 || c.args[0].kind != list || c.args[0].hole != nil || len(c.args[0].items) == 0 {
		return nil
	}
	s, ok := c.args[1].known()
	i, err := strconv.Atoi(s)
	if !ok || err != nil || i < 0 {
		return nil
	}
	return c.args[0].items[i%len(c.args[0].items)]
}

func (c *invocation) keys() *value {
	v := c.args0()
	if v == nil || v.kind != object && v.kind != handle {
		return nil
	}
	out := newList(v.place)
	out.hole = c.openness(v.hole)
	for _, kv := range c.e.pairs(v) {
		out.items = append(out.items, kv.key)
	}
	return out
}

func (c *invocation) values() *value {
	v := c.args0()
	if v != nil && v.kind == list {
		return failure(c.place)
	}
	if v == nil || v.kind != object && v.kind != handle {
		return nil
	}
	out := newList(v.place)
	out.hole = c.openness(v.hole)
	for _, kv := range c.e.pairs(v) {
		out.items = append(out.items, kv.value)
	}
	return out
}

func (c *invocation) one() *value {
	v := c.args0()
	switch {
	case v == nil || v.kind != list || v.hole != nil:
		return nil
	case len(v.items) == 0:
		return newNull(c.place)
	case len(v.items) == 1:
		return v.items[0]
	}
	return failure(c.place)
}

func (c *invocation) split() *value {
	args, ok := c.known()
	if !ok || len(args) != 2 {
		return nil
	}
	out := newList(c.place)
	if args[1] == "" {
		return newList(c.place, newText("", c.args[1].place))
	}
	at := 0
	for _, part := range strings.Split(args[1], args[0]) {
		item := newText(part, c.args[1].place)
		if pieces := c.args[1].pieces; len(pieces) == 1 {
			item.pieces[0].origin = pieces[0].origin.slice(at, at+len(part))
			if place, ok := item.pieces[0].origin.span(0, len(part)); ok {
				item.place = place
			}
		}
		at += len(part) + len(args[0])
		out.items = append(out.items, item)
	}
	return out
}

func (c *invocation) tuple() *value { return newList(c.place, c.args...).open(c.more) }

func (c *invocation) mapping() *value {
	out := &value{kind: object, place: c.place}
	for i := 0; i+1 < len(c.args); i += 2 {
		out = out.with(c.args[i], c.args[i+1])
	}
	return out
}

func (c *invocation) zipmap() *value {
	if len(c.args) != 2 || c.args[0].kind != list || c.args[1].kind != list || c.args[0].firstHole() != nil || len(c.args[0].items) != len(c.args[1].items) {
		return nil
	}
	out := &value{kind: object, place: c.place}
	for i, k := range c.args[0].items {
		out = out.with(k, c.args[1].items[i])
	}
	return out
}

func (c *invocation) slice() *value {
	if len(c.args) != 3 || c.args[0].kind != list || c.args[0].hole != nil {
		return nil
	}
	from, err1 := strconv.Atoi(c.args[1].literal)
	to, err2 := strconv.Atoi(c.args[2].literal)
	if err1 != nil || err2 != nil {
		return nil
	}
	if from < 0 || to < from || to > len(c.args[0].items) {
		return failure(c.place)
	}
	return newList(c.place, c.args[0].items[from:to]...)
}

// trimspace takes blanks off both ends; a text that is put together keeps its pieces.
func (c *invocation) trimspace() *value {
	v := c.args0()
	if v == nil || v.kind != text || v.encoded != nil || len(v.pieces) == 0 {
		return v
	}
	out := *v
	out.pieces = slices.Clone(v.pieces)
	last := len(out.pieces) - 1
	trimmed := strings.TrimRight(out.pieces[last].literal, " \t\r\n")
	out.pieces[last].origin = out.pieces[last].origin.slice(0, len(trimmed))
	out.pieces[last].literal = trimmed
	if c.name == "chomp" {
		return &out
	}
	start := out.pieces[0].literal
	trimmed = strings.TrimLeft(start, " \t\r\n")
	out.pieces[0].origin = out.pieces[0].origin.slice(len(start)-len(trimmed), len(start))
	out.pieces[0].literal = trimmed
	return &out
}

// pure are functions on values that are known as a whole.
var pure = map[string]function.Function{
	"lower": stdlib.LowerFunc, "upper": stdlib.UpperFunc, "title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
	"trimsuffix": stdlib.TrimSuffixFunc, "substr": stdlib.SubstrFunc, "strrev": stdlib.ReverseFunc, "max": stdlib.MaxFunc, "min": stdlib.MinFunc,
	"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc,
}

// stdlib calls a function on texts and numbers that are all known.
func (c *invocation) stdlib() *value {
	args, ok := c.known()
	if !ok {
		return c.derived()
	}
	switch c.name {
	case "replace":
		return c.replace(args)
	case "startswith", "endswith", "strcontains":
		if len(args) != 2 {
			return failure(c.place)
		}
		f := map[string]func(string, string) bool{"startswith": strings.HasPrefix, "endswith": strings.HasSuffix, "strcontains": strings.Contains}[c.name]
		return newBool(f(args[0], args[1]), c.place)
	}
	f, ok := pure[c.name]
	if !ok {
		return c.derived()
	}
	values := make([]cty.Value, len(args))
	for i, a := range args {
		values[i] = cty.StringVal(a)
		if n, err := cty.ParseNumberVal(a); err == nil && c.args[i].kind == number {
			values[i] = n
		}
	}
	out, err := f.Call(values)
	if err != nil || out.IsNull() || !out.IsKnown() {
		return failure(c.place)
	}
	switch out.Type() {
	case cty.String:
		place := c.place
		if len(c.args) > 0 {
			place = c.args[0].place
		}
		return newText(out.AsString(), place)
	case cty.Number:
		return newNumber(out.AsBigFloat().Text('f', -1), c.place)
	default:
		return c.derived()
	}
}

// replace is Terraform's: a pattern between slashes is a regular expression.
func (c *invocation) replace(args []string) *value {
	if len(args) != 3 {
		return failure(c.place)
	}
	const longest = 1 << 20
	if len(args[2])*(len(args[0])+1) > longest {
		return c.derived()
	}
	if p := args[1]; len(p) > 1 && p[0] == '/' && p[len(p)-1] == '/' {
		re, err := regexp.Compile(p[1 : len(p)-1])
		if err != nil {
			return failure(c.place)
		}
		return newText(re.ReplaceAllString(args[0], args[2]), c.args[0].place)
	}
	return newText(strings.ReplaceAll(args[0], args[1], args[2]), c.args[0].place)
}
