package diag

// FromTemplate is what is said of a related place that is the template's line of a finding.
const FromTemplate = "from this line of the template"

// Copied gives, for the place of a copy, where the original is written: above in the same document, under
// the anchor that an alias or a merge key names, or in a template.
func Copied(place Place, origins []Place) []Related {
	var related []Related
	for _, o := range origins {
		message := FromTemplate
		if o.File == place.File && o.Document == place.Document {
			message = "the anchored value is written here"
		}
		related = append(related, Related{Place: o, Message: message})
	}
	return related
}
