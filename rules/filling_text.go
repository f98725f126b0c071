package rules

import (
	"slices"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/symbol"
)

// text fills a text in for the place where it is.
func (f *filling) text(parts symbol.Text, path diag.Path) string {
	element := elementOf(path)
	whole := parts.Whole()
	field := principalField(path)
	switch {
	case len(path) > 0 && path[len(path)-1] == "": // the name of a field
		if conditionAt(path) == len(path)-1 {
			return [fillings]string{"StringEquals", "StringLike", "StringEquals"}[f.which]
		}
		return parts.Fill(func(h *symbol.Hole) string {
			if whole != nil {
				return "aws:PrincipalTag/" + f.name(h)
			}
			return f.name(h)
		})
	case element == "Version":
		return policy.Current
	case element == "Effect":
		return [fillings]string{"Allow", "Deny", "Allow"}[f.which]
	case element == "Action" || element == "NotAction":
		return f.action(parts)
	case (element == "Resource" || element == "NotResource") && whole != nil:
		if f.which == 0 || whole.Shape != symbol.AnyText {
			return "*"
		}
		return "arn:" + f.partition() + ":kms:" + f.region() + ":" + f.account() + ":key/1234abcd-12ab-34cd-56ef-1234567890ab"
	case element == "Id" && f.which == 1:
		return "auto-ebs-2"
	case element == "Principal" || element == "NotPrincipal":
		switch {
		case whole != nil:
			return f.principal(whole, field)
		case field == "Service":
			return f.service(parts)
		}
	case element == "Condition" && whole != nil:
		return f.value(whole, path)
	}
	return f.inside(parts)
}

// principalField is the field of Principal or NotPrincipal that a path leads into.
func principalField(path diag.Path) string {
	for i, step := range path[:max(0, len(path)-1)] {
		if step == "Principal" || step == "NotPrincipal" {
			field, _ := path[i+1].(string)
			return field
		}
	}
	return ""
}

// service is the name of a service that is known in part.
func (f *filling) service(parts symbol.Text) string {
	if name, known := serviceIn(parts, f.region()); known {
		return name
	}
	return f.inside(parts)
}

// serviceIn is a service's name of which only the Region or the partition's suffix is not known.
func serviceIn(parts symbol.Text, region string) (name string, known bool) {
	if parts == nil || parts.Whole() != nil {
		return "", false
	}
	for _, rest := range []string{region, "amazonaws.com"} {
		name = parts.Fill(func(*symbol.Hole) string { return rest })
		if _, _, known = facts.LookupServicePrincipal(name); known {
			return name, true
		}
	}
	return "", false
}

// action is one that the text can name: for use of the key, for its administration, all that it can be, or none of KMS's.
func (f *filling) action(parts symbol.Text) string {
	glob := parts.Fill(func(*symbol.Hole) string { return "*" })
	names := facts.MatchActions(glob)
	preferred := [fillings]string{"kms:Decrypt", "kms:PutKeyPolicy", "s3:GetObject"}[f.which]
	switch {
	case f.which == 1 && glob == "*" && parts.MayHaveWildcards():
		return "kms:*"
	case f.which == 1 && parts.MayHaveWildcards():
		return glob
	case glob == "*" || slices.Contains(names, preferred):
		return preferred
	case len(names) > 0:
		return names[f.which%len(names)]
	}
	return glob
}

// value is one that a condition's key can have.
func (f *filling) value(h *symbol.Hole, path diag.Path) string {
	if h.Shape != symbol.AnyText {
		return f.shaped(h)
	}
	at := conditionAt(path)
	if at+1 >= len(path) {
		return f.name(h)
	}
	operator, _ := path[at].(string)
	name, _ := path[at+1].(string)
	parsed, _ := facts.ParseOperator(operator)
	key, _, _ := facts.LookupConditionKey(name)
	lower := strings.ToLower(name)
	switch {
	case len(key.Values) > 0:
		return key.Values[f.which%len(key.Values)]
	case parsed.Base.Family == "Bool" || parsed.Base.Family == "Null" || key.Type == "Bool":
		return [fillings]string{"true", "false", "true"}[f.which]
	case parsed.Base.Family == "Numeric" || key.Type == "Numeric":
		return [fillings]string{"7", "30", "365"}[f.which]
	case parsed.Base.Family == "Date" || key.Type == "Date":
		return [fillings]string{"2099-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "2099-06-30T00:00:00Z"}[f.which]
	case parsed.Base.Family == "IpAddress" || key.Type == "IP":
		return [fillings]string{"203.0.113.0/24", "198.51.100.7/32", "2001:db8::/32"}[f.which]
	case lower == "kms:viaservice":
		return [fillings]string{"s3.", "sns.", "rds."}[f.which] + f.region() + ".amazonaws.com"
	case strings.HasSuffix(lower, "orgid"):
		return [fillings]string{"o-a1b2c3d4e5", "o-f6g7h8i9j0", "o-k1l2m3n4o5"}[f.which]
	case strings.HasSuffix(lower, "orgpaths"):
		return [fillings]string{"o-a1b2c3d4e5/*", "o-f6g7h8i9j0/*", "o-k1l2m3n4o5/*"}[f.which]
	case strings.HasSuffix(lower, "account"):
		return f.account()
	case strings.HasSuffix(lower, "region"):
		return f.region()
	case lower == "aws:sourcevpc":
		return "vpc-1a2b3c4d"
	case lower == "aws:sourcevpce":
		return "vpce-1a2b3c4d"
	case lower == "aws:principalarn" || strings.HasSuffix(lower, "principal"):
		return f.principal(h, "AWS")
	case key.Type == "ARN" || parsed.Base.Family == "Arn":
		return "arn:" + f.partition() + ":sns:" + f.region() + ":" + f.account() + ":" + f.name(h)
	}
	return f.name(h)
}

// inside fills the holes between literal parts in: in an ARN by the part of it that they are in.
func (f *filling) inside(parts symbol.Text) string {
	var b strings.Builder
	for _, p := range parts {
		switch before := b.String(); {
		case p.Hole == nil:
			b.WriteString(p.Literal)
		case p.Hole.Shape != symbol.AnyText:
			b.WriteString(f.shaped(p.Hole))
		case !strings.HasPrefix(before, "arn:"):
			b.WriteString(f.beside(before, p.Hole))
		default:
			b.WriteString([]string{f.partition(), "iam", f.region(), f.account(), f.name(p.Hole)}[min(strings.Count(before, ":"), 5)-1])
		}
	}
	return b.String()
}

// beside fills a hole in that follows a text which is not an ARN.
func (f *filling) beside(before string, h *symbol.Hole) string {
	if strings.HasSuffix(before, ".") && !strings.Contains(before, "/") { // service.REGION.amazonaws.com
		return f.region()
	}
	return f.name(h)
}
