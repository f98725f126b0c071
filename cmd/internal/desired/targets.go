// Package desired says which keys specs are for: the targets of a push, the keys that a spec which does not compile may be for, the
// files that keys have already, and which keys have none.
package desired

import (
	"bytes"
	"slices"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/cmd/internal/push"
	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
)

// Targets are what a file asks to be put: each of its policies, and each document that should have become one and did not.
func Targets(in compiler.Input, unit *compiler.Unit, found diag.List, o compiler.Options) []push.Target {
	digest := push.Digest(in.Text)
	var list []push.Target
	for _, d := range unit.Documents {
		t := push.Target{File: in.Name, Document: d.Index, Digest: digest}
		if d.Root != nil {
			t.Place = d.Root.Place
		}
		switch d.Kind {
		case compiler.KindTemplate, compiler.KindConfiguration, compiler.KindPlan, compiler.KindTerraform: // Terraform puts the policies of its keys
			continue
		case compiler.KindSpec, compiler.KindDocument, compiler.KindUnknown:
		}
		if len(d.Policies) == 0 {
			list = append(list, withoutPolicy(t, d)...)
			continue
		}
		for _, p := range d.Policies {
			each := t
			each.Key, each.Form, each.Policy = p.Key, p.Form, bytes.TrimRight(p.Document.JSON(true), "\n")
			list = append(list, each)
		}
	}
	for _, i := range unreadDocuments(unit, found) {
		list = append(list, push.Target{File: in.Name, Document: i, Digest: digest})
	}
	if len(list) == 0 && len(unit.Documents) == 0 {
		list = append(list, push.Target{File: in.Name, Digest: digest})
	}
	known := slices.Clone(list)
	for i := range list {
		if list[i].Policy == nil && list[i].Key.ID == "" {
			list[i].Claims = claims(in.Text, known, o)
		}
	}
	return list
}

// unreadDocuments are the indexes of the documents that could not be read at all.
func unreadDocuments(unit *compiler.Unit, found diag.List) []int {
	var list []int
	for _, f := range found {
		i := f.Place.Document
		if f.Severity == diag.Error && !slices.Contains(list, i) && !slices.ContainsFunc(unit.Documents, func(d *compiler.Document) bool { return d.Index == i }) {
			list = append(list, i)
		}
	}
	return list
}

// withoutPolicy are the keys of a document that became no policy: one in each Region that its spec gives.
func withoutPolicy(t push.Target, d *compiler.Document) []push.Target {
	if d.Spec == nil {
		return []push.Target{t}
	}
	t.Key = d.Spec.Key
	list := []push.Target{t}
	for i, region := range keypolicy.SpecRegions(d) {
		each := t
		each.Key.Region = region
		list = append(list[:i], each)
	}
	return list
}

// FindingsOf are the findings about a target's document. One that did not compile has one at least.
func FindingsOf(all diag.List, t push.Target) diag.List {
	var list diag.List
	for _, f := range all {
		if f.Place.File == t.File && f.Place.Document == t.Document {
			list = append(list, f)
		}
	}
	if t.Policy == nil && !list.HasErrors() {
		list = append(list, diag.Diagnostic{
			Rule: "compile", Severity: diag.Error, Place: t.Place,
			Message: "no policy was compiled from it", Help: "`keypolicy lint` says why",
		})
	}
	return list
}
