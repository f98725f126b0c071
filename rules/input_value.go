package rules

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/glob"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
)

// valuesTerm writes the values of a condition, each with what can be said of it under its operator and key.
func valuesTerm(st *policy.Statement, c policy.Condition, skip int, read fields) *ast.Term {
	op, known := facts.ParseOperator(c.Operator.Value)
	family := op.Base.Family
	if !known && !op.Miscased {
		family = ""
	}
	key, _, _ := facts.LookupConditionKey(c.Key.Value)
	return terms(c.Values, func(v policy.Text) *ast.Term {
		if v.Parts != nil {
			return holeTerm(st.Node, v, len(st.Path), skip)
		}
		_, value := st.Node.Resolve(v.Path[len(st.Path):])
		open := hasVariable(v.Value)
		written := []member{
			read.text("text", v.Value), read.term("path", pathTerm(v.Path, skip)), read.text("type", typeName(value)),
			read.truth("quoted", isWithQuotes(value)),
			read.truth("variable", open), read.truth("parses", open || parses(family, v.Value)),
			read.text("day", dayOf(family, v.Value)),
			read.noted("doubtful", family == "Date" && !open && isDoubtfulDate(v.Value)),
		}
		if len(key.Values) > 0 {
			possible, nearest := open || isPossible(op, key.Values, v.Value), ""
			if !possible {
				nearest, _ = facts.Nearest(v.Value, key.Values)
			}
			written = append(written, read.truth("possible", possible), read.text("nearest", nearest))
		} else if possible, ok := access.CanHave(key.Name, op, v.Value); ok && family == "String" {
			written = append(written, read.truth("possible", open || possible))
		}
		if prefix, ok := parseNetwork(v.Value); family == "IpAddress" && ok {
			written = append(written, read.lazy("network", func() *ast.Term { return networkTerm(prefix) }))
		}
		if key.Name == "kms:ViaService" && !open {
			written = append(written, read.lazy("via", func() *ast.Term { return viaTerm(v.Value) }))
		}
		if !open && (known || op.Miscased) {
			written = append(written, read.lazy("context", func() *ast.Term { return contextTerm(op, c.Key.Value, v.Value) }))
		}
		return object(written...)
	})
}

func isWithQuotes(n *source.Node) bool { return n != nil && n.Quoted() }

// hasVariable reports whether AWS, a template or a person still has to fill the text in.
func hasVariable(text string) bool {
	for _, mark := range []string{"${", "$(", "{{", "<"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// parses reports whether a text has the form that a family of operators compares.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func parses(family, text string) bool {
	switch family {
	case "Bool", "Null":
		return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
	case "Numeric":
		_, err := strconv.ParseFloat(text, 64)
		return err == nil
	case "Date":
		_, form := policy.ParseDate(text)
		return form == policy.SureDate
	case "IpAddress":
		_, ok := parseNetwork(text)
		return ok
	case "Binary":
		_, err := base64.StdEncoding.DecodeString(text)
		return err == nil
	case "Arn":
		_, ok := policy.ParseARN(text)
		return ok || text == "*"
	}
	return true
}

func isDoubtfulDate(text string) bool {
	_, form := policy.ParseDate(text)
	return form == policy.DoubtfulDate
}

// dayOf is the day of a date, as 2026-01-31.
func dayOf(family, text string) string {
	if family != "Date" && family != "Numeric" {
		return ""
	}
	if t, form := policy.ParseDate(text); form == policy.SureDate {
		return t.Format(time.DateOnly)
	}
	return ""
}

func parseNetwork(text string) (netip.Prefix, bool) {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix, true
	}
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	return netip.Prefix{}, false
}

func networkTerm(p netip.Prefix) *ast.Term {
	return object(
		every.truth("private", isPrivate(p)), every.text("range", p.Masked().String()), every.truth("exact", p == p.Masked()),
		every.number("bits", p.Bits()),
	)
}

// privateNetworks are those from which no request reaches a public endpoint of AWS.
// https://www.rfc-editor.org/rfc/rfc1918, rfc4193, rfc3927, rfc6598 and the loopback addresses.
var privateNetworks = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("::1/128"),
}

func isPrivate(p netip.Prefix) bool {
	return slices.ContainsFunc(privateNetworks, func(private netip.Prefix) bool {
		return private.Bits() <= p.Bits() && private.Contains(p.Addr())
	})
}

// isPossible reports whether the key can have a value that the operator finds equal.
func isPossible(op facts.ParsedOperator, values []string, text string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		switch {
		case op.Base.Family != "String":
			return true
		case op.Base.Wildcards:
			return glob.Match(text, value)
		case strings.Contains(op.Base.Name, "IgnoreCase"):
			return strings.EqualFold(text, value)
		}
		return text == value
	})
}

// viaTerm takes a value of kms:ViaService apart.
func viaTerm(value string) *ast.Term {
	service, region, ok := facts.SplitViaService(value)
	var prefixes []string
	for _, s := range facts.ViaServices() {
		prefixes = append(prefixes, s.Prefix)
	}
	nearest := ""
	if ok && !slices.Contains(prefixes, service) {
		nearest, _ = nearestService(service, prefixes)
	}
	return object(
		every.text("service", service), every.text("region", region), every.truth("known", slices.Contains(prefixes, service)),
		every.text("nearest", nearest),
	)
}

// shortest is the length from which a word that differs by a letter is a slip: acm, drs and q are services of their own.
const shortest = 6

func nearestService(service string, prefixes []string) (string, bool) {
	if len(service) < shortest {
		return facts.Confusion(service, prefixes)
	}
	return facts.Nearest(service, prefixes)
}
