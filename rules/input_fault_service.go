package rules

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

func serviceFault(text string) (fault, nearest string) {
	switch {
	case textFault(text) != "":
		return textFault(text), ""
	case servicePrincipal.MatchString(text):
		return "", meantService(text)
	case servicePrincipal.MatchString(strings.ToLower(strings.TrimSpace(text))):
		return faultForm, strings.ToLower(strings.TrimSpace(text))
	}
	name, _ := strings.CutPrefix(strings.ToLower(text), "aws:")
	for _, candidate := range []string{name, name + ".amazonaws.com"} {
		if _, _, ok := facts.LookupServicePrincipal(candidate); ok {
			return faultForm, candidate
		}
	}
	return faultForm, ""
}

// meantService is the service that a principal of the right form was probably meant to be. No list of services is
// complete, so short names, in which one letter makes another service, and names that end in a digit are let pass.
func meantService(text string) string {
	if _, _, ok := facts.LookupServicePrincipal(text); ok {
		return ""
	}
	name, _, _ := strings.Cut(text, ".amazonaws.com")
	suffix := text[len(name):]
	region := ""
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		if _, ok := facts.PartitionOfRegion(name[at+1:]); ok {
			name, region = name[:at], name[at:]
		}
	}
	candidates := serviceNames()
	if _, ok := facts.LookupViaService(name); ok || slices.Contains(candidates, name) {
		return ""
	}
	nearest, ok := facts.Confusion(name, candidates)
	if !ok && len(name) >= 6 && !strings.ContainsAny(name[len(name)-1:], "0123456789") {
		nearest, ok = facts.Nearest(name, candidates)
	}
	if !ok {
		return ""
	}
	if nearest == "logs" && region == "" {
		region = ".REGION"
	}
	return nearest + region + suffix
}

func serviceNames() []string {
	var names []string
	for _, p := range facts.ServicePrincipals() {
		name := strings.TrimSuffix(p.Name, ".amazonaws.com")
		names = append(names, strings.TrimSuffix(name, ".REGION"))
	}
	return names
}

// serviceRegion is the Region in the name of a service principal that has the key's Region there.
func serviceRegion(pr policy.Principal) string {
	if pr.Element != "Service" {
		return ""
	}
	known, region, ok := facts.LookupServicePrincipal(pr.Text)
	if !ok || !known.Regional {
		return ""
	}
	return region
}
