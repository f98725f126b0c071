package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// model is the API model of KMS, as the Python package botocore carries it.
type model struct {
	version    string
	Operations map[string]struct {
		Documentation string `json:"documentation"`
		Deprecated    bool   `json:"deprecated"`
	} `json:"operations"`
	Shapes map[string]struct {
		Enum    []string       `json:"enum"`
		Members map[string]any `json:"members"`
	} `json:"shapes"`
}

var botocoreVersion = regexp.MustCompile(`(?m)^__version__ = ['"]([0-9.]+)['"]`)

// readModel reads the package in dir, as pip installs it; the model may be compressed.
func readModel(dir string) (model, error) {
	var m model
	about, err := os.ReadFile(filepath.Join(dir, "__init__.py"))
	if err != nil {
		return m, err
	}
	match := botocoreVersion.FindSubmatch(about)
	if match == nil {
		return m, fmt.Errorf("%s: no __version__ in __init__.py", dir)
	}
	m.version = string(match[1])
	path := filepath.Join(dir, "data", "kms", "2014-11-01", "service-2.json")
	file, err := os.Open(path)
	var in io.Reader = file
	if os.IsNotExist(err) {
		if file, err = os.Open(path + ".gz"); err == nil {
			in, err = gzip.NewReader(file)
		}
	}
	if err != nil {
		return m, err
	}
	defer func() { _ = file.Close() }() // It was only read.
	if err := json.NewDecoder(in).Decode(&m); err != nil {
		return m, fmt.Errorf("%s: %w", path, err)
	}
	if len(m.Operations) == 0 || len(m.Shapes) == 0 {
		return m, fmt.Errorf("%s: no operations or shapes", path)
	}
	return m, nil
}

var crossAccount = regexp.MustCompile(`<b>Cross-account use</b>:?\s*(?:<[a-z]+>)?\s*(Yes|No\b|Not applicable)`)

// crossAccount returns what the operation's page says of use from another account: yes, no, not_applicable or unknown.
func (m model) crossAccount(operation string) string {
	match := crossAccount.FindStringSubmatch(m.Operations[operation].Documentation)
	if match == nil {
		return "unknown"
	}
	return strings.ReplaceAll(strings.ToLower(match[1]), " ", "_")
}

// takes reports whether the operation's request has the parameter.
func (m model) takes(operation, parameter string) bool {
	_, has := m.Shapes[operation+"Request"].Members[parameter]
	return has
}

// returns reports whether the operation's response has the field.
func (m model) returns(operation, field string) bool {
	_, has := m.Shapes[operation+"Response"].Members[field]
	return has
}

// enums are the names of the facts' lists of values and those of the model's shapes, in the order of the facts.
var enums = []struct{ name, shape string }{
	{"KeySpec", "KeySpec"},
	{"KeyUsage", "KeyUsageType"},
	{"Origin", "OriginType"},
	{"GrantOperation", "GrantOperation"},
	{"EncryptionAlgorithm", "EncryptionAlgorithmSpec"},
	{"SigningAlgorithm", "SigningAlgorithmSpec"},
	{"MacAlgorithm", "MacAlgorithmSpec"},
	{"KeyAgreementAlgorithm", "KeyAgreementAlgorithmSpec"},
	{"MessageType", "MessageType"},
	{"DataKeyPairSpec", "DataKeyPairSpec"},
	{"DataKeySpec", "DataKeySpec"},
	{"WrappingAlgorithm", "AlgorithmSpec"},
	{"WrappingKeySpec", "WrappingKeySpec"},
	{"ExpirationModel", "ExpirationModelType"},
	{"MultiRegionKeyType", "MultiRegionKeyType"},
	{"KeyManager", "KeyManagerType"},
	{"KeyState", "KeyState"},
}

// values returns the values of a list of the facts, in the model's order.
func (m model) values(name string) ([]string, error) {
	for _, e := range enums {
		if e.name == name && len(m.Shapes[e.shape].Enum) > 0 {
			return m.Shapes[e.shape].Enum, nil
		}
	}
	return nil, fmt.Errorf("the KMS model has no values for %s", name)
}
