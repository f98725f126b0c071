package kmstest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// page is how many of a list our server gives at once.
const page = 2

func (s *Server) listKeys(account, region string, in map[string]any) (map[string]any, refused) {
	var list []map[string]any
	for _, arn := range slices.Sorted(maps.Keys(s.keys)) {
		if k := s.keys[arn]; k.Account == account && k.Region == region {
			list = append(list, map[string]any{"KeyArn": arn, "KeyId": arn[strings.LastIndexByte(arn, '/')+1:]})
		}
	}
	return paged("Keys", list, in), refused{}
}

func (s *Server) listAliases(account, region string) map[string]any {
	list := []map[string]any{{"AliasName": "alias/aws/s3"}}
	for _, arn := range slices.Sorted(maps.Keys(s.keys)) {
		if k := s.keys[arn]; k.Account == account && k.Region == region {
			for _, alias := range k.Aliases {
				list = append(list, map[string]any{"AliasName": alias, "TargetKeyId": arn[strings.LastIndexByte(arn, '/')+1:]})
			}
		}
	}
	return map[string]any{"Aliases": list}
}

func listGrants(key *Key, in map[string]any) map[string]any {
	var list []map[string]any
	for i, grantee := range key.Grants {
		list = append(list, map[string]any{"GrantId": fmt.Sprintf("grant-%d", i+1), "GranteePrincipal": grantee, "KeyId": key.ARN})
	}
	return paged("Grants", list, in)
}

func paged(field string, list []map[string]any, in map[string]any) map[string]any {
	from := 0
	if marker, ok := in["Marker"].(string); ok {
		_, _ = fmt.Sscanf(marker, "from-%d", &from)
	}
	to := min(from+page, len(list))
	out := map[string]any{field: list[from:to], "Truncated": to < len(list)}
	if to < len(list) {
		out["NextMarker"] = fmt.Sprintf("from-%d", to)
	}
	return out
}
