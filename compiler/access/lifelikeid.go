package access

import (
	"slices"
	"strings"
)

// resourceIDs is what ids of networks and endpoints have after their prefix, in their long form.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
const resourceIDs = "0123456789abcdef0"

// filledIDs are ids of a form: an example, and the policies' patterns with something in place of the wildcards, as long as the example.
func (b *dimensionBuilder) filledIDs(prefix, example string) []string {
	var list []string
	for _, c := range b.conds {
		for i := range c.values {
			v := &c.values[i]
			if v.plain || v.pat == nil || !strings.ContainsAny(v.text, "*?") {
				continue
			}
			list = append(list, fillID(v.text, prefix, example))
		}
	}
	slices.Sort(list)
	return append(slices.Compact(list), prefix+example)
}

// fillID fills the first star of a pattern, so that the id is as long as the example, and leaves the other stars empty.
// `vpce-0abc*` becomes an id of seventeen digits that begins with 0abc: the pattern's own text is kept, so that
// the reader recognizes it.
func fillID(pattern, prefix, example string) string {
	text := strings.ReplaceAll(pattern, "?", example[:1])
	if rest, ok := strings.CutPrefix(text, "*"); ok && !strings.HasPrefix(text, prefix) {
		text = prefix + "*" + rest
	}
	missing := len(prefix) + len(example) - len(strings.ReplaceAll(text, "*", ""))
	text = strings.Replace(text, "*", example[len(example)-min(max(missing, 0), len(example)):], 1)
	return strings.ReplaceAll(text, "*", "")
}

// realOrganizations puts an example with AWS's form in the place of an organization's id that no policy has.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
func realOrganizations(ids, asked []string) []string {
	for i, id := range ids {
		if strings.HasPrefix(id, "o-") && !slices.Contains(asked, id) {
			for _, example := range []string{"o-exampleorgid", "o-anotherorgid"} {
				if !slices.Contains(ids, example) {
					ids[i] = example
					break
				}
			}
		}
	}
	return ids
}
