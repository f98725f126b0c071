package keypolicy

import "github.com/keypolicy/keypolicy/compiler/expand"

// TemplateInfo is a template, as `keypolicy templates --format json` writes it.
type TemplateInfo struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	File        string `json:"file"`           // "" for one that is built in
	Text        string `json:"text,omitempty"` // where one template is shown
}

// NewTemplateInfo says what a template is for, without its text.
func NewTemplateInfo(e *expand.Entry) TemplateInfo {
	r := TemplateInfo{Name: e.Template.Name.Text}
	if d := e.Template.Description; d != nil {
		r.Description = d.Text
	}
	if !e.Template.Builtin {
		r.File = e.Template.Root.Place.File
	}
	return r
}
