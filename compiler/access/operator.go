package access

import (
	"strings"
)

// setOperator is how a condition takes the values of a key with several.
type setOperator uint8

const (
	plain setOperator = iota
	forAllValues
	forAnyValue
)

// family is what the values of an operator are.
type family uint8

const (
	familyUnknown family = iota
	familyString
	familyARN
	familyBool
	familyNumeric
	familyDate
	familyIP
	familyBinary
	familyNull
)

// comparison is how a value is held against another.
type comparison uint8

const (
	compareEquals comparison = iota
	compareFold
	compareLike
	compareLess
	compareLessEquals
	compareGreater
	compareGreaterEquals
)

// operator is a condition operator, taken apart.
type operator struct {
	set      setOperator
	family   family
	compare  comparison
	negated  bool
	ifExists bool
}

// parseOperator reads an operator's name; its family is familyUnknown where AWS has none of that name.
func parseOperator(name string) operator {
	var op operator
	if prefix, rest, ok := strings.Cut(name, ":"); ok {
		switch prefix {
		case "ForAllValues":
			op.set = forAllValues
		case "ForAnyValue":
			op.set = forAnyValue
		default:
			return operator{}
		}
		name = rest
	}
	base, ifExists := strings.CutSuffix(name, "IfExists")
	op.ifExists = ifExists
	switch base {
	case "Null":
		op.family = familyNull
		if ifExists || op.set != plain {
			return operator{}
		}
	case "Bool":
		op.family = familyBool
	case "BinaryEquals":
		op.family = familyBinary
	case "IpAddress", "NotIpAddress":
		op.family, op.negated = familyIP, base == "NotIpAddress"
	default:
		op.parseCompared(base)
	}
	return op
}

func (op *operator) parseCompared(base string) {
	var rest string
	switch {
	case strings.HasPrefix(base, "String"):
		op.family, rest = familyString, base[len("String"):]
	case strings.HasPrefix(base, "Arn"):
		op.family, rest = familyARN, base[len("Arn"):]
	case strings.HasPrefix(base, "Numeric"):
		op.family, rest = familyNumeric, base[len("Numeric"):]
	case strings.HasPrefix(base, "Date"):
		op.family, rest = familyDate, base[len("Date"):]
	}
	rest, op.negated = strings.CutPrefix(rest, "Not")
	ordered := op.family == familyNumeric || op.family == familyDate
	text := op.family == familyString || op.family == familyARN
	switch {
	case rest == "Equals":
		op.compare = compareEquals
		if op.family == familyARN {
			op.compare = compareLike // ArnEquals and ArnLike are the same
		}
	case rest == "Like" && text:
		op.compare = compareLike
	case rest == "EqualsIgnoreCase" && op.family == familyString:
		op.compare = compareFold
	case rest == "LessThan" && ordered && !op.negated:
		op.compare = compareLess
	case rest == "LessThanEquals" && ordered && !op.negated:
		op.compare = compareLessEquals
	case rest == "GreaterThan" && ordered && !op.negated:
		op.compare = compareGreater
	case rest == "GreaterThanEquals" && ordered && !op.negated:
		op.compare = compareGreaterEquals
	default:
		op.family = familyUnknown
	}
}

// onAbsent is the outcome where the key is not in the request.
func (op operator) onAbsent() tri {
	switch {
	case op.family == familyUnknown:
		return maybe
	case op.set == forAllValues:
		return yes
	case op.set == forAnyValue && op.ifExists:
		return maybe // IAM's text says true, observation says false
	case op.set == forAnyValue:
		return no
	default:
		return truth(op.negated || op.ifExists)
	}
}
