package uses

import (
	"strings"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/expand"
)

// part is a stretch of a form: text, or a reference.
type part struct{ text, name string }

func split(form string) []part {
	if list, ok := forms.Load(form); ok {
		return list.([]part) //nolint:forcetypeassert // nothing else is stored
	}
	parts, _ := expand.Split(form) // the facts' own forms are well formed: a test reads them
	list := make([]part, 0, len(parts))
	for _, p := range parts {
		list = append(list, part{text: p.Text, name: p.Name})
	}
	forms.Store(form, list)
	return list
}

// forms are the forms that were split: those of the facts, of which each is met for many ways to fill it in. Nobody changes the parts.
var forms sync.Map

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
