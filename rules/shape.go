package rules

import (
	"crypto/sha256"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// shape is a target without the names that only tell it from others: those of IAM users and roles, and its key's. Two
// targets of one shape get the same findings, each in its own names, from rules that know no name.
type shape struct {
	sum   [sha256.Size]byte
	names []string // those left out, in the order of the target
}

// namesLimit bounds the names of a target that is given a shape: each is held against each.
const namesLimit = 48

// shaper writes shapes. A name is left out only if no rule can know it: its words are not all words of the rules, it
// has none that a rule looks for in texts, it stands nowhere else in the target, and no pattern of the target is about
// names.
type shaper struct {
	words   map[string]bool // of the rules' texts, in small letters
	literal []string        // what rules look for in texts, in small letters
	trust   string
}

var (
	wordPattern    = regexp.MustCompile(`[A-Za-z0-9]+`)
	literalPattern = regexp.MustCompile("\"[^\"\n]*\"|`[^`\n]*`")
	searches       = regexp.MustCompile(`\b(startswith|endswith|contains|indexof|indexof_n|split|trim\w*|replace|regex\.\w+|glob\.\w+|strings\.\w+|sprintf)\(`)
	plainName      = regexp.MustCompile(`^[A-Za-z0-9_+=.@-]{3,64}$`)
	keyID          = regexp.MustCompile(`^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)
)

// newShaper reads what rules know from their text.
func newShaper(texts [][]byte, trust Trust) *shaper {
	s := &shaper{words: map[string]bool{}, trust: strings.ToLower(strings.Join(slices.Concat(trust.Accounts, trust.Organizations), " "))}
	literals := map[string]bool{}
	for _, text := range texts {
		code := strings.ToLower(string(text))
		s.know(code)
		if !searches.MatchString(code) {
			continue
		}
		for _, literal := range literalPattern.FindAllString(code, -1) {
			if strings.Contains(literal, " ") {
				continue // a message
			}
			for _, word := range wordPattern.FindAllString(literal, -1) {
				if len(word) > 2 {
					literals[word] = true
				}
			}
		}
	}
	for _, names := range [][]string{facts.ActionNames(), conditionKeyNames(), operatorNames()} {
		s.know(strings.ToLower(strings.Join(names, " ")))
	}
	literals["aws"] = true // the roles of AWS's own are told by their names, before rules see them
	for word := range literals {
		s.literal = append(s.literal, word)
	}
	slices.Sort(s.literal)
	return s
}

func (s *shaper) know(text string) {
	for _, word := range wordPattern.FindAllString(text, -1) {
		s.words[word] = true
	}
}

// of gives a target its shape; false where it has none of its own.
func (s *shaper) of(t Target) (shape, bool) {
	w := &shapeWriter{shaper: s, index: map[string]int{}, split: map[string]int{}}
	w.collect(t)
	if w.tooMany() || w.patterned(t) {
		return shape{}, false
	}
	w.target(t)
	return w.finish()
}

// shapeWriter writes one shape: all that rules see of the target, with marks where names stand.
type shapeWriter struct {
	*shaper
	out   []byte
	names []string
	index map[string]int // of names
	split map[string]int // of texts that end in a name: where it begins
	texts []string       // the same, in order
}

// collect finds the texts that end in a name.
func (w *shapeWriter) collect(t Target) {
	if t.Spec != nil && t.Spec.Root != nil {
		for _, m := range t.Spec.Root.Members {
			l, ok := listField(m.Key.Text)
			switch {
			case ok && m.Value.Kind == source.Sequence:
				for _, item := range m.Value.Items {
					if item.Kind == source.Scalar && item.IsString() {
						pr, _ := readEntry(l, item.Text)
						w.principal(pr)
					}
				}
			case m.Key.Text == "key" && m.Value.IsString(), m.Key.Text == "name" && m.Value.IsString():
				w.add(m.Value.Text, strings.LastIndexAny(m.Value.Text, "/:")+1)
			}
		}
		w.key(t.Spec.Key)
	}
	for _, p := range t.Policies {
		w.key(p.Key)
		for i := range p.Document.Statements {
			st := &p.Document.Statements[i]
			for _, pr := range st.Principals {
				w.principal(pr)
			}
			for _, pr := range st.NotPrincipals {
				w.principal(pr)
			}
		}
	}
}

func (w *shapeWriter) key(k policy.Key) {
	w.add(k.ID, strings.LastIndexAny(k.ID, "/:")+1)
	w.add(k.Alias, strings.LastIndexByte(k.Alias, '/')+1)
}

func (w *shapeWriter) principal(p policy.Principal) {
	if (p.Kind == policy.User || p.Kind == policy.Role) && p.Name != "" && strings.HasSuffix(p.Text, p.Name) {
		w.add(p.Text, len(p.Text)-len(p.Name))
	}
}

func (w *shapeWriter) add(text string, cut int) {
	if _, known := w.split[text]; known || cut >= len(text) {
		return
	}
	w.split[text] = cut
	w.texts = append(w.texts, text)
	if name := text[cut:]; w.index[name] == 0 {
		w.names = append(w.names, name)
		w.index[name] = len(w.names)
	}
}

func (w *shapeWriter) tooMany() bool { return len(w.names) > namesLimit || len(w.texts) > 2*namesLimit }

// patterned says whether patterns of the target may tell names apart: a condition on who calls, a policy variable or a
// wildcard inside of a principal.
func (w *shapeWriter) patterned(t Target) bool {
	for _, p := range t.Policies {
		for i := range p.Document.Statements {
			st := &p.Document.Statements[i]
			for _, c := range st.Conditions {
				key := strings.ToLower(c.Key.Value)
				who := strings.HasPrefix(key, "aws:principal") || strings.HasPrefix(key, "aws:user")
				for _, v := range c.Values {
					if strings.Contains(v.Value, "${") || who && strings.ContainsAny(v.Value, "*?") {
						return true
					}
				}
			}
			for _, pr := range st.Principals {
				if pr.HasWildcard() {
					return true
				}
			}
			for _, pr := range st.NotPrincipals {
				if pr.HasWildcard() {
					return true
				}
			}
		}
	}
	return false
}

func (w *shapeWriter) target(t Target) {
	w.flag(t.Template)
	w.flag(t.Spec != nil && t.Spec.Root != nil)
	if t.Spec != nil && t.Spec.Root != nil {
		w.keyFields(t.Spec.Key)
		for _, f := range t.Spec.Forms {
			w.text(string(f))
		}
		w.node(t.Spec.Root)
	}
	for _, p := range t.Policies {
		w.text(string(p.Form))
		w.keyFields(p.Key)
		if p.Document.Root != nil {
			w.node(p.Document.Root)
		}
	}
}

func (w *shapeWriter) keyFields(k policy.Key) {
	for _, text := range []string{k.ID, k.Alias, k.Account, string(k.AccountFrom), k.Partition, k.Region, k.Spec, k.Usage, k.Origin, k.Kind} {
		w.text(text)
	}
	w.flag(k.MultiRegion)
}

// node writes a node and what is below it, with the spec's list that it was written in.
func (w *shapeWriter) node(n *source.Node) {
	w.out = append(w.out, byte(n.Kind), byte(n.Type))
	switch n.Kind {
	case source.Mapping:
		w.count(len(n.Members))
		for _, m := range n.Members {
			w.text(m.Key.Text)
			w.node(m.Value)
		}
	case source.Sequence:
		w.count(len(n.Items))
		for _, item := range n.Items {
			w.node(item)
		}
	default:
		w.flag(n.Quoted())
		w.text(listOf(n))
		w.text(n.Text)
	}
}

func (w *shapeWriter) flag(b bool) {
	if b {
		w.out = append(w.out, 1)
		return
	}
	w.out = append(w.out, 0)
}

func (w *shapeWriter) count(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

// text writes a text with its length; a name at its end is written as its position among the names.
func (w *shapeWriter) text(text string) {
	cut, ok := w.split[text]
	if !ok {
		cut = len(text)
	}
	w.count(cut)
	w.out = append(w.out, text[:cut]...)
	if ok {
		w.count(w.index[text[cut:]])
		return
	}
	w.count(0)
}

// finish writes what is to be known of the names, and sums up.
func (w *shapeWriter) finish() (shape, bool) {
	written := strings.ToLower(string(w.out)) + " " + w.trust
	var sh shape
	for _, name := range w.names {
		if !w.unknown(name, written) {
			w.out = append(append(w.out, 0), name...)
			w.out = append(w.out, 0)
			continue
		}
		sh.names = append(sh.names, name)
		w.form(name)
	}
	w.relations()
	w.order(w.names)
	w.order(slices.DeleteFunc(slices.Clone(w.texts), func(text string) bool { return !strings.HasPrefix(text, "arn:") }))
	sh.sum = sha256.Sum256(w.out)
	return sh, true
}

// unknown says whether no rule can know a name, and nothing else in the target can stand for it.
func (w *shapeWriter) unknown(name, written string) bool {
	lower := strings.ToLower(name)
	if !plainName.MatchString(name) || hasPlaceholder(name) || strings.Contains(written, lower) {
		return false
	}
	for _, literal := range w.literal {
		if strings.Contains(lower, literal) {
			return false
		}
	}
	for start, inside := 0, false; start <= len(lower); {
		end := start
		for end < len(lower) && isWordByte(lower[end]) {
			end++
		}
		inside = inside || end > start && !w.words[lower[start:end]]
		if end == len(lower) {
			return inside
		}
		start = end + 1
	}
	return false
}

func isWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// form writes a name's length and which of its characters are digits, small and capital letters; of a key's id that it is one.
func (w *shapeWriter) form(name string) {
	if keyID.MatchString(name) {
		w.out = append(w.out, 2, byte(len(name)))
		return
	}
	w.out = append(w.out, 1)
	for i := range len(name) {
		switch b := name[i]; {
		case b >= '0' && b <= '9':
			b = '0'
			w.out = append(w.out, b)
		case b >= 'a' && b <= 'z':
			w.out = append(w.out, 'a')
		case b >= 'A' && b <= 'Z':
			w.out = append(w.out, 'A')
		default:
			w.out = append(w.out, b)
		}
	}
	w.out = append(w.out, 0)
}

// relations writes which names are parts of others, and which are equal but for their case.
func (w *shapeWriter) relations() {
	for i, a := range w.names {
		for j, b := range w.names {
			if i == j {
				continue
			}
			if at := strings.Index(b, a); at >= 0 {
				w.out = append(w.out, byte(i), byte(j), byte(at))
			}
			if strings.EqualFold(a, b) {
				w.out = append(w.out, byte(i), byte(j), 255)
			}
		}
	}
}

// order writes how texts are sorted: sets are written in that order.
func (w *shapeWriter) order(texts []string) {
	positions := make([]int, len(texts))
	for i := range positions {
		positions[i] = i
	}
	slices.SortFunc(positions, func(a, b int) int { return strings.Compare(texts[a], texts[b]) })
	for _, p := range positions {
		w.count(p)
	}
}
