package uses

import (
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/expand"
)

// part is a stretch of a form: text, or a reference.
type part struct{ text, name string }

func split(form string) []part { return forms.of(form) }

// forms are the forms that were split: those of the facts, of which each is met for many ways to fill it in. Nobody changes the parts.
var forms = kept[[]part]{find: func(form string) []part {
	parts, _ := expand.Split(form) // the facts' own forms are well formed: a test reads them
	list := make([]part, 0, len(parts))
	for _, p := range parts {
		list = append(list, part{text: p.Text, name: p.Name})
	}
	return list
}}

// kept is what is found of texts of the facts, each once.
type kept[T any] struct {
	find func(text string) T
	all  sync.Map
}

func (k *kept[T]) of(text string) T {
	found, ok := k.all.Load(text)
	if !ok {
		found, _ = k.all.LoadOrStore(text, k.find(text))
	}
	return found.(T) //nolint:forcetypeassert // nothing else is stored
}

// known fills in the references of a form that have a value.
func (s supposed) known(parts []part) []part {
	list := make([]part, 0, len(parts))
	for _, p := range parts {
		if value := s[p.name]; p.name != "" && value != "" {
			p = part{text: value}
		}
		list = append(list, p)
	}
	return list
}

// substitute fills a form in.
func (s supposed) substitute(form string) string {
	var b strings.Builder
	for _, p := range s.known(split(form)) {
		b.WriteString(p.text)
	}
	return b.String()
}
