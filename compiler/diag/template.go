package diag

// FromTemplate is what is said of a related place that is the template's line of a finding.
const FromTemplate = "from this line of the template"

// InTemplates says, for a place that a template brought in, where in the templates it stands.
func InTemplates(origins []Place) []Related {
	var related []Related
	for _, p := range origins {
		related = append(related, Related{Place: p, Message: FromTemplate})
	}
	return related
}
