package judge_test

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < 8*len(b); i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}

// family is a key's name without the part that is free.
func family(key string) string {
	for _, prefix := range []string{"kms:encryptioncontext:", "aws:principaltag/", "aws:resourcetag/", "kms:recipientattestation:"} {
		if strings.HasPrefix(key, prefix) {
			return prefix
		}
	}
	return key
}

// wild are values that no policy needs to name.
var wild = map[string][]string{
	"aws:principalorgid": {"o-fresh12345", org}, "aws:sourceorgid": {"o-fresh12345", org}, "aws:vpceorgid": {"o-fresh12345"}, "aws:resourceorgid": {org, "o-fresh12345"},
	"aws:principalorgpaths": {"o-fresh12345/r-zz99/", orgUnit, org + "/r-ab12/"},
	"aws:sourceorgpaths":    {"o-fresh12345/r-zz99/", orgUnit},
	"aws:sourceaccount":     {fresh, owner, partner}, "aws:vpceaccount": {fresh, owner},
	"aws:sourcearn":                              {"arn:aws:sns:us-east-1:123450987654:t", "arn:aws:cloudtrail:us-east-1:444455556666:trail/x", "arn:aws:s3:::bucket", "arn:aws:s3:::elsewhere", "arn:aws:sns:us-east-1:111122223333:topic"},
	"kms:viaservice":                             {"s3.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "lambda.us-east-1.amazonaws.com", "dynamodb.us-east-1.amazonaws.com"},
	"kms:encryptioncontext:":                     {"", "IT", "it", "a\nb", "line\x00", "ünï", "x*y", "Alpha"},
	"aws:principaltag/":                          {"Alpha", "Beta", "", "x", "true", "Alpha-1"},
	"aws:resourcetag/":                           {"Alpha", "Beta", "x"},
	"aws:sourceip":                               {"8.8.8.8", "203.0.113.9", "198.51.100.200", "2001:db8::1", "2600::1"},
	"aws:vpcsourceip":                            {"10.9.9.9", "172.16.0.1"},
	"aws:sourcevpce":                             {"vpce-99999999"},
	"aws:sourcevpc":                              {"vpc-99999999"},
	"aws:currenttime":                            {"2026-06-01T00:00:00Z", "2035-01-01T00:00:00Z"},
	"aws:multifactorauthage":                     {"0", "59", "100000"},
	"aws:tokenissuetime":                         {"2026-06-01T00:00:00Z", "2031-01-01T00:00:00Z"},
	"kms:granteeprincipal":                       {"arn:aws:iam::111122223333:role/app", "arn:aws:iam::123450987654:user/x", "arn:aws:iam::111122223333:role/team/deploy"},
	"kms:requestalias":                           {"alias/app", "alias/zzz"},
	"kms:resourcealiases":                        {"alias/app", "alias/zzz"},
	"aws:sourceidentity":                         {"alice", "zed"},
	"kms:recipientattestation:":                  {"aaaa", "cccc"},
	"kms:schedulekeydeletionpendingwindowindays": {"7", "8", "30"},
	"aws:calledvia":                              {"s3.amazonaws.com", "athena.amazonaws.com", "cloudformation.amazonaws.com"},
	"aws:calledviafirst":                         {"s3.amazonaws.com", "athena.amazonaws.com"},
	"aws:calledvialast":                          {"s3.amazonaws.com", "athena.amazonaws.com"},
	"kms:granteeserviceprincipal":                {"dynamodb.amazonaws.com", "rds.amazonaws.com"},
	"kms:retiringserviceprincipal":               {"dynamodb.amazonaws.com", "rds.amazonaws.com"},
	"kms:retiringprincipal":                      {"arn:aws:iam::111122223333:role/app", "arn:aws:iam::123450987654:user/x"},
	"kms:replicaregion":                          {"us-west-2", "eu-west-1"},
	"kms:primaryregion":                          {"us-west-2", "eu-west-1"},
	"kms:rotationperiodindays":                   {"365", "90"},
	"aws:ec2instancesourcevpc":                   {"vpc-99999999", "vpc-111bbb22"},
	"aws:resourceorgpaths":                       {org + "/r-ab12/", orgUnit},
	"aws:vpceorgpaths":                           {"o-fresh12345/r-zz99/", orgUnit},
}

func matchAny(text string, patterns ...string) bool {
	for _, p := range patterns {
		if glob(wildcards(p), text) {
			return true
		}
	}
	return false
}

func letters(text, more string) bool {
	for _, r := range text {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(more, r)) {
			return false
		}
	}
	return true
}

// canBe reports whether a key can certainly have a value.
func canBe(key, v string) bool {
	switch family(key) {
	case "aws:principalorgid", "aws:sourceorgid", "aws:vpceorgid", "aws:resourceorgid":
		return len(v) >= 12 && len(v) <= 34 && strings.HasPrefix(v, "o-") && letters(v[2:], "") && strings.ToLower(v) == v
	case "aws:principalorgpaths", "aws:sourceorgpaths":
		part := strings.Split(v, "/")
		return len(part) >= 3 && canBe("aws:principalorgid", part[0]) && matchAny(part[1], "r-????") && part[len(part)-1] == "" && letters(v, "-/") && strings.ToLower(v) == v &&
			!slices.ContainsFunc(part[2:len(part)-1], func(s string) bool { return !matchAny(s, "ou-????-????????") })
	case "aws:resourceorgpaths", "aws:vpceorgpaths":
		return canBe("aws:principalorgpaths", v)
	case "kms:replicaregion", "kms:primaryregion":
		return slices.Contains([]string{"us-east-1", "us-west-2", "eu-west-1"}, v)
	case "aws:calledviafirst", "aws:calledvialast":
		return canBe("aws:calledvia", v)
	case "kms:granteeserviceprincipal", "kms:retiringserviceprincipal":
		return matchAny(v, "?*.amazonaws.com") && letters(v, ".-")
	case "kms:retiringprincipal":
		return canBe("kms:granteeprincipal", v)
	case "aws:ec2instancesourcevpc":
		return canBe("aws:sourcevpc", v)
	case "kms:rotationperiodindays":
		n, err := strconv.Atoi(v)
		return err == nil && n >= 90 && n <= 2560
	case "aws:requestedregion":
		return v == region
	case "aws:resourceaccount":
		return v == owner
	case "aws:sourceaccount", "aws:vpceaccount":
		return accountID(v)
	case "aws:sourcearn":
		part := strings.SplitN(v, ":", 6)
		return len(part) == 6 && letters(v, ":/-") && (matchAny(v, "arn:aws:sns:us-east-1:*:*", "arn:aws:cloudtrail:us-east-1:*:trail/?*", "arn:aws:logs:us-east-1:*:*") && accountID(part[4]) && part[5] != "" ||
			matchAny(v, "arn:aws:s3:::???*") && strings.ToLower(v) == v && letters(part[5], ""))
	case "kms:viaservice":
		svc, at, ok := facts.SplitViaService(v)
		known, listed := facts.LookupViaService(svc)
		return ok && at == region && listed && known.Documented
	case "kms:encryptioncontext:":
		return !strings.Contains(v, "${")
	case "aws:principaltag/", "aws:resourcetag/":
		return letters(v, "_.:/=+-@ ")
	case "aws:sourceip":
		a, err := netip.ParseAddr(v)
		return err == nil && a.IsGlobalUnicast() && !a.IsPrivate()
	case "aws:vpcsourceip":
		a, err := netip.ParseAddr(v)
		return err == nil && a.IsPrivate()
	case "aws:sourcevpce":
		return strings.HasPrefix(v, "vpce-") && len(v) == 13 && letters(v[5:], "") && strings.ToLower(v) == v
	case "aws:sourcevpc":
		return strings.HasPrefix(v, "vpc-") && len(v) == 12 && letters(v[4:], "") && strings.ToLower(v) == v
	case "aws:currenttime", "aws:tokenissuetime", "aws:epochtime":
		t, err := time.Parse("2006-01-02T15:04:05Z", v)
		return err == nil && t.Year() >= 2000
	case "aws:multifactorauthage":
		n, err := strconv.Atoi(v)
		return err == nil && n >= 0
	case "kms:schedulekeydeletionpendingwindowindays":
		n, err := strconv.Atoi(v)
		return err == nil && n >= 7 && n <= 30
	case "kms:granteeprincipal":
		_, ok := parseCaller(v)
		return ok
	case "kms:requestalias", "kms:resourcealiases":
		return strings.HasPrefix(v, "alias/") && len(v) > 6 && letters(v, "/_-")
	case "aws:sourceidentity":
		return len(v) >= 2 && letters(v, "_+=,.@-")
	case "kms:recipientattestation:":
		return v != "" && letters(v, "") && strings.ToLower(v) == v
	case "aws:calledvia":
		return matchAny(v, "?*.amazonaws.com") && letters(v, ".-")
	case "kms:encryptioncontextkeys":
		return v != "" && !strings.ContainsAny(v, "*?$")
	case "aws:userid":
		id, _, _ := strings.Cut(v, ":")
		return len(id) == 21 && letters(id, "") && strings.ToUpper(id) == id
	}
	fact, _, ok := facts.LookupConditionKey(key)
	return ok && (fact.Values == nil || slices.Contains(fact.Values, v)) && isOfType(fact.Type, v)
}

// isOfType reports whether a key of a type can have a value.
func isOfType(typ, v string) bool {
	switch typ {
	case "Bool":
		return v == "true" || v == "false"
	case "Numeric":
		n, err := strconv.Atoi(v)
		return err == nil && n >= 0
	case "Date":
		t, err := time.Parse("2006-01-02T15:04:05Z", v)
		return err == nil && t.Year() >= 2000
	case "IP":
		a, err := netip.ParseAddr(v)
		return err == nil && a.IsPrivate()
	case "ARN":
		part := strings.SplitN(v, ":", 6)
		return len(part) == 6 && matchAny(v, "arn:aws:?*:us-east-1:????????????:?*") && accountID(part[4]) && letters(v, ":/-")
	}
	return v != ""
}
