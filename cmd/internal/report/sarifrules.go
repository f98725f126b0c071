package report

import (
	"maps"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// sarifRules describes the run's rules and the stages that found something; index is where each is, by name.
func sarifRules(all Findings) (descriptors []object, index map[string]int) {
	descriptors, index = []object{}, map[string]int{}
	add := func(name string, severity diag.Severity, more object) {
		if _, have := index[name]; have {
			return
		}
		d := object{
			"id": name, "name": name, "defaultConfiguration": object{"level": sarifLevels[severity]},
			"properties": object{"security-severity": securitySeverities[severity], "tags": []string{"security"}},
		}
		maps.Copy(d, more)
		index[name] = len(descriptors)
		descriptors = append(descriptors, d)
	}
	for _, m := range all.Rules {
		add(m.Name, m.Severity, sarifHelp(m))
	}
	for _, d := range all.List {
		add(d.Rule, d.Severity, object{"shortDescription": object{"text": d.Rule}})
	}
	return descriptors, index
}

// securitySeverities are scores from 0 to 10 as GitHub reads them: high, medium and low.
var securitySeverities = map[diag.Severity]string{diag.Error: "8.0", diag.Warning: "5.0", diag.Info: "2.0"}

func sarifHelp(m rules.Metadata) object {
	more := object{"shortDescription": object{"text": m.Title}}
	if m.Description != "" {
		more["fullDescription"] = object{"text": m.Description}
	}
	if m.Remedy != "" {
		more["help"] = object{"text": m.Remedy}
	}
	if page := rules.PageURL(m.Name); page != "" {
		more["helpUri"] = page
	}
	return more
}
