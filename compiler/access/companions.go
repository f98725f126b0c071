package access

import (
	"strings"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

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
	for _, pair := range facts.KeyPairs() {
		paths := r.ctx[pair.Long]
		if len(paths) == 0 || !pair.Says.IsOrganizationPath() || pair.Says == facts.ResourceOrganizationPath {
			continue // the key's own organization is not for the caller to choose
		}
		organization, _, _ := strings.Cut(paths[0], "/")
		add(keyNamed(pair.ID).name, organization)
	}
	for _, name := range r.ctx[keyEncryptionKeys] {
		add(keyNamed(encryptionPrefix+name).name, "example")
	}
}
