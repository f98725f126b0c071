package validate

import (
	"fmt"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// wrongSize reports a value that is too short, too long, too small, too great, or does not fit its schema in a rarer way.
func (s subject) wrongSize(f fault) sentence {
	label, limit := s.label(f.path), f.schema[f.keyword]
	t := sentence{}
	switch f.keyword {
	case "minLength":
		if f.value.Text == "" {
			t.message, t.help = label+" is empty", "give it a value"+meaning(f.schema)
			break
		}
		t.message, t.help = fmt.Sprintf("%s is %s, which is too short", label, shown(f.value)), fmt.Sprintf("write %v characters or more", limit)
	case "maxLength":
		t.message, t.help = fmt.Sprintf("%s is %s, which is too long", label, shown(f.value)), fmt.Sprintf("write no more than %v characters", limit)
	case "minItems":
		t.message, t.help = fmt.Sprintf("%s has %s, which is too few", label, count(f.value)), fmt.Sprintf("give it %v or more", limit)
		if len(f.value.Items) == 0 {
			t.message = label + " is empty"
		}
	case "maxItems":
		t.message, t.help = fmt.Sprintf("%s has %s, which is too many", label, count(f.value)), fmt.Sprintf("give it no more than %v", limit)
	case "minProperties":
		t.message, t.help = label+" has too few fields", fmt.Sprintf("give it %v or more", limit)
	case "maxProperties":
		t.message, t.help = label+" has too many fields", fmt.Sprintf("give it no more than %v", limit)
	case "uniqueItems":
		t.message, t.help = label+" has an entry twice", "remove the repeats"
	case "minimum":
		t.message, t.help = tooSmall(label, f), fmt.Sprintf("write %v or more", limit)
	case "exclusiveMinimum":
		t.message, t.help = tooSmall(label, f), fmt.Sprintf("write more than %v", limit)
	case "maximum":
		t.message, t.help = tooGreat(label, f), fmt.Sprintf("write %v or less", limit)
	case "exclusiveMaximum":
		t.message, t.help = tooGreat(label, f), fmt.Sprintf("write less than %v", limit)
	case "multipleOf":
		t.message = fmt.Sprintf("%s is %s, which is not a multiple of %v", label, shown(f.value), limit)
		t.help = fmt.Sprintf("write a multiple of %v", limit)
	default:
		t.message, t.help = label+" does not fit its JSON Schema (`"+f.keyword+"`)", "see what the schema asks for"+meaning(f.schema)
	}
	return t
}

func tooSmall(label string, f fault) string {
	return fmt.Sprintf("%s is %s, which is too small", label, shown(f.value))
}

func tooGreat(label string, f fault) string {
	return fmt.Sprintf("%s is %s, which is too great", label, shown(f.value))
}

func count(n *source.Node) string {
	if len(n.Items) == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", len(n.Items))
}
