package access

import "strings"

// addCompanions adds to a witness the keys that a request has beside others, where no policy looks at them: the organization
// that a path begins with, and the pairs of an encryption context whose names are given.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context-keys
func (s *space) addCompanions(r *request, context map[string][]string) {
	add := func(name, value string) {
		if lower := strings.ToLower(name); s.dim(lower) == nil && !r.gives(lower) {
			context[name] = []string{value}
		}
	}
	for _, c := range []struct{ paths, id string }{
		{"aws:principalorgpaths", "aws:PrincipalOrgID"},
		{"aws:sourceorgpaths", "aws:SourceOrgID"},
		{"aws:vpceorgpaths", "aws:VpceOrgID"},
	} {
		if paths := r.ctx[c.paths]; len(paths) > 0 {
			organization, _, _ := strings.Cut(paths[0], "/")
			add(c.id, organization)
		}
	}
	for _, name := range r.ctx[keyEncryptionKeys] {
		add(encryptionKey+name, "example")
	}
}

// encryptionKey is what the name of a condition key on one pair of an encryption context begins with.
const encryptionKey = "kms:EncryptionContext:"
