package facts

import (
	"slices"
	"strings"
	"sync"
)

// ViaService is a service that kms:ViaService can name.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
type ViaService struct {
	// Prefix is the first part of the value, as in s3 for s3.us-east-1.amazonaws.com.
	Prefix string
	// Names are the services behind it.
	Names []string
	// Documented is false for a prefix that is not in the current list of KMS, and known from elsewhere.
	Documented bool
}

// ViaServicePair is two prefixes that one service uses, so that a condition must name both.
type ViaServicePair struct {
	Service  string   `json:"service"`
	Prefixes []string `json:"include_both"`
}

type viaServiceData struct {
	Suffix   string `json:"suffix_all_partitions"`
	Services []struct {
		Prefix string   `json:"prefix"`
		Names  []string `json:"services"`
	} `json:"services"`
	Pairs     []ViaServicePair `json:"pairs_needed"`
	Former    []string         `json:"in_2023_list_only"`
	Elsewhere []struct {
		Prefix string `json:"prefix"`
	} `json:"documented_elsewhere"`
}

var viaServices = sync.OnceValue(func() []ViaService {
	data := conditionKeyFile().ViaService
	var services []ViaService
	for _, s := range data.Services {
		services = append(services, ViaService{Prefix: s.Prefix, Names: s.Names, Documented: true})
	}
	for _, prefix := range data.Former {
		services = append(services, ViaService{Prefix: prefix})
	}
	for _, s := range data.Elsewhere {
		services = append(services, ViaService{Prefix: s.Prefix})
	}
	slices.SortFunc(services, func(a, b ViaService) int { return strings.Compare(a.Prefix, b.Prefix) })
	return services
})

// ViaServices returns the services that kms:ViaService can name, sorted by prefix.
func ViaServices() []ViaService {
	return slices.Clone(viaServices())
}

// LookupViaService finds a service by the first part of its kms:ViaService value.
func LookupViaService(prefix string) (ViaService, bool) {
	services := viaServices()
	i := slices.IndexFunc(services, func(s ViaService) bool { return s.Prefix == prefix })
	if i < 0 {
		return ViaService{}, false
	}
	return services[i], true
}

// SplitViaService takes a kms:ViaService value of the form SERVICE.REGION.amazonaws.com apart. It is false for another
// form; neither part need be known, and each can hold wildcards. The suffix is the same in every partition.
func SplitViaService(value string) (service, region string, ok bool) {
	rest, ok := strings.CutSuffix(value, conditionKeyFile().ViaService.Suffix)
	if !ok {
		return "", "", false
	}
	service, region, ok = strings.Cut(rest, ".")
	if !ok || service == "" || region == "" || strings.Contains(region, ".") {
		return "", "", false
	}
	return service, region, true
}
