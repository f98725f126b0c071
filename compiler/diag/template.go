package diag

// InTemplates says, for a place that a template brought in, where in the templates it stands.
func InTemplates(origins []Place) []Related {
	var related []Related
	for _, p := range origins {
		related = append(related, Related{Place: p, Message: "from this line of the template"})
	}
	return related
}
